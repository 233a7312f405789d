"""A new letter moves the same person: the audience changes at once, old posts stay, the old place is gone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.audience import home_audience
from stoep.common import clock
from stoep.feed.models import Post
from stoep.joining.codes import new_codes
from stoep.joining.models import CodeUse, LetterCode
from stoep.joining.newcomers import end_newcomers, remind_newcomers
from stoep.joining.tests.door import Letter, browser, join_by_own_key, letter, mails, person_in, text_of
from stoep.joining.tests.test_inviting import as_, come_by_link, invitation_of, path_of
from stoep.joining.tests.test_vouching import another_newcomer, fresh, home_of, speaks
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Neighbourhood

pytestmark = pytest.mark.django_db


def post_by(person: Person, place: Neighbourhood, title: str) -> Post:
    return Post.objects.create(
        author=person,
        audience=home_audience(place),
        membership=home_of(person),
        kind="question",
        title=title,
        created_at=clock.now(),
    )


def move(client: Client, post: Letter) -> str:
    """Both screens; what the first one said."""
    said = client.post(reverse("moving"), {"code": post.shown})
    assert said.status_code == 200
    assert client.post(reverse("moving"), {"code": post.shown, "confirmed": "1"}).status_code == 302
    return text_of(said)


def test_with_the_letter_of_the_new_address_the_same_person_lives_there(cast: Cast) -> None:
    marie, kermt, tuilt = cast["neighbour"], cast.neighbourhoods["Kermt"], cast.neighbourhoods["Tuilt"]
    mine = post_by(marie, kermt, "Van Marie in Kermt")
    other = post_by(cast["second-neighbour"], kermt, "Van Ahmed in Kermt")
    there = post_by(cast["next-neighbourhood"], tuilt, "Van Sofie in Tuilt")
    old = home_of(marie)
    client = as_(marie)
    counts = {place.name: place.member_count for place in Neighbourhood.objects.all()}

    said = move(client, letter(cast, neighbourhood="Tuilt", street="Zolderse kiezel"))

    assert "You move to Zolderse kiezel, in Tuilt" in said
    assert home_of(marie).neighbourhood == tuilt
    assert (home_of(marie).standing, home_of(marie).proof) == ("full", "letter")
    page = text_of(client.get("/"))
    assert "Van Sofie in Tuilt" in page
    assert "Van Ahmed in Kermt" not in page
    assert client.get(f"/posts/{there.pk}/").status_code == 200
    assert client.get(f"/posts/{other.pk}/").status_code == 404
    old.refresh_from_db()
    mine.refresh_from_db()
    assert old.ended_at is not None
    assert mine.membership == old
    assert "Van Marie in Kermt" in text_of(as_(cast["second-neighbour"]).get("/"))
    now = {place.name: place.member_count for place in Neighbourhood.objects.all()}
    assert (now["Kermt"], now["Tuilt"]) == (counts["Kermt"] - 1, counts["Tuilt"] + 1)


def test_nothing_happens_before_it_is_confirmed(cast: Cast) -> None:
    post = letter(cast, neighbourhood="Tuilt")
    assert as_(cast["neighbour"]).post(reverse("moving"), {"code": post.code}).status_code == 200
    assert home_of(cast["neighbour"]).neighbourhood.name == "Kermt"
    post.row.refresh_from_db()
    assert post.row.uses == 0


def test_confirmed_twice_it_is_one_move(cast: Cast) -> None:
    post, client = letter(cast, neighbourhood="Tuilt"), as_(cast["neighbour"])
    for _each in range(2):
        client.post(reverse("moving"), {"code": post.code, "confirmed": "1"})
    post.row.refresh_from_db()
    assert post.row.uses == 1
    assert Membership.objects.filter(person=cast["neighbour"]).count() == 2


def test_the_new_household_hears_that_somebody_came_and_not_who(cast: Cast) -> None:
    post = letter(cast, neighbourhood="Tuilt")
    household = home_of(cast["next-neighbourhood"]).household
    assert household is not None
    LetterCode.objects.filter(pk=post.row.pk).update(address=household.address_id)
    move(as_(cast["neighbour"]), post)
    (told,) = [mail for mail in mails() if mail.kind == "joining/mail/household_joined"]
    assert told.person == cast["next-neighbourhood"]
    assert "Marie" not in told.text


def test_who_moves_within_the_neighbourhood_gets_the_new_street(cast: Cast) -> None:
    marie = cast["neighbour"]
    move(as_(marie), letter(cast, street="Koorstraat"))
    assert home_of(marie).shown_street == cast.streets["Koorstraat"]
    assert fresh(marie).standing.street_id == cast.streets["Koorstraat"].pk


def test_a_task_for_the_old_neighbours_does_not_move_along(cast: Cast) -> None:
    move(as_(cast["ambassador"]), letter(cast, neighbourhood="Tuilt"))
    assert fresh(cast["ambassador"]).standing.roles == {"neighbour"}


def test_an_own_key_opens_with_the_new_letter_and_no_longer_with_the_old(cast: Cast) -> None:
    old, new = letter(cast, at=0), letter(cast, neighbourhood="Tuilt")
    client = browser()
    person, key = join_by_own_key(client, old.code)
    move(client, new)
    back = browser()
    assert back.post(reverse("sign_in_letter"), {"code": old.code, "own_key": key}).status_code == 422
    assert back.post(reverse("sign_in_letter"), {"code": new.code, "own_key": key}).status_code == 302
    assert person_in(back) == person
    assert CodeUse.objects.get(person=person).code == new.row


def test_ones_own_letter_changes_nothing(cast: Cast) -> None:
    household = home_of(cast["neighbour"]).household
    assert household is not None
    post = letter(cast)
    LetterCode.objects.filter(pk=post.row.pk).update(address=household.address_id)
    answer = as_(cast["neighbour"]).post(reverse("moving"), {"code": post.code})
    assert "You live there already" in text_of(answer)
    move(as_(cast["neighbour"]), post)
    assert Membership.objects.filter(person=cast["neighbour"]).count() == 1


@pytest.mark.parametrize(
    "facts", [{"uses": 8}, {"withdrawn_at": clock.now()}, {"expires_at": clock.now()}], ids=["full", "withdrawn", "old"]
)
def test_a_letter_that_lets_nobody_in_moves_nobody(cast: Cast, facts: dict[str, Any]) -> None:
    post = letter(cast, neighbourhood="Tuilt", **facts)
    answer = as_(cast["neighbour"]).post(reverse("moving"), {"code": post.code, "confirmed": "1"})
    assert answer.status_code == 422
    assert home_of(cast["neighbour"]).neighbourhood.name == "Kermt"


def test_a_letter_of_another_city_and_an_invitation_move_nobody(cast: Cast) -> None:
    client = as_(cast["neighbour"])
    for code in (letter(cast, neighbourhood="Rooierheide").code, invitation_of(cast["next-neighbourhood"]).code):
        assert client.post(reverse("moving"), {"code": code, "confirmed": "1"}).status_code == 422
    assert home_of(cast["neighbour"]).neighbourhood.name == "Kermt"


def test_who_is_paused_or_staff_moves_nowhere(cast: Cast) -> None:
    post = letter(cast, neighbourhood="Tuilt")
    given = {"code": post.code, "confirmed": "1"}
    assert as_(cast["suspended"]).post(reverse("moving"), given).status_code == 403
    assert as_(cast["editor"]).post(reverse("moving"), given).status_code == 404
    assert browser().post(reverse("moving"), given).status_code == 302
    post.row.refresh_from_db()
    assert post.row.uses == 0


def test_wrong_codes_count_here_as_at_the_door(cast: Cast) -> None:
    client = as_(cast["neighbour"])
    for code in new_codes(10):
        assert client.post(reverse("moving"), {"code": code}).status_code == 422
    right = {"code": letter(cast, neighbourhood="Tuilt").code, "confirmed": "1"}
    assert client.post(reverse("moving"), right).status_code == 429
    assert home_of(cast["neighbour"]).neighbourhood.name == "Kermt"


# A newcomer's other ways: a letter, or the end.


def test_a_newcomer_with_a_letter_is_a_full_member_with_a_street(cast: Cast) -> None:
    client = come_by_link(invitation_of(cast["neighbour"]))
    person = person_in(client)
    before = home_of(person)
    said = move(client, letter(cast, street="Koorstraat"))
    assert "You live in Koorstraat, in Kermt" in said
    after = home_of(person)
    assert after.pk == before.pk
    assert (after.standing, after.proof) == ("full", "letter")
    assert after.shown_street == cast.streets["Koorstraat"]
    speaks(person, another_newcomer(cast))


def test_a_newcomer_of_whom_nobody_speaks_hears_it_once_and_leaves_after_three_months(cast: Cast) -> None:
    client = come_by_link(invitation_of(cast["neighbour"]))
    person = person_in(client)
    Person.objects.filter(pk=person.pk).update(email_confirmed_at=clock.now())
    Membership.objects.filter(person=cast["newcomer"]).delete()
    came = home_of(person).started_at
    members = Neighbourhood.objects.get(name="Kermt").member_count

    assert remind_newcomers(now=came + timedelta(days=59)) == 0
    assert remind_newcomers(now=came + timedelta(days=60)) == 1
    assert remind_newcomers(now=came + timedelta(days=61)) == 0
    assert end_newcomers(now=came + timedelta(days=89)) == 0
    assert len([mail for mail in mails() if mail.kind == "joining/mail/newcomer_waits"]) == 1
    assert end_newcomers(now=came + timedelta(days=90)) == 1
    assert end_newcomers(now=came + timedelta(days=91)) == 0

    assert [mail.person for mail in mails() if mail.kind == "joining/mail/newcomer_ended"] == [person]
    assert Neighbourhood.objects.get(name="Kermt").member_count == members - 1
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("moving"))
    assert "You belong to no neighbourhood now" in text_of(client.get(reverse("moving")))
    assert client.post("/posts/", {"request_key": str(uuid4())}).status_code == 302
    move(client, letter(cast))
    assert client.get("/").status_code == 200
    assert home_of(person).proof == "letter"


def test_nobody_goes_without_having_heard_of_it_in_time(cast: Cast) -> None:
    """The nightly job stood still for months."""
    newcomer = home_of(cast["newcomer"])
    late = newcomer.started_at + timedelta(days=200)
    assert end_newcomers(now=late) == 0
    remind_newcomers(now=late)
    assert end_newcomers(now=late + timedelta(days=13)) == 0
    assert end_newcomers(now=late + timedelta(days=14)) == 1


def test_who_was_let_in_stays(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    remind_newcomers(now=newcomer.started_at + timedelta(days=60))
    speaks(cast["neighbour"], newcomer)
    speaks(cast["second-neighbour"], newcomer)
    assert end_newcomers(now=newcomer.started_at + timedelta(days=400)) == 0


def test_who_moved_away_invites_nobody_any_more(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    move(as_(cast["neighbour"]), letter(cast, neighbourhood="Tuilt"))
    client = browser()
    client.get(path_of(invitation))
    assert client.get(reverse("join_invited")).status_code == 410


def test_whoever_belongs_to_no_neighbourhood_any_more_still_decides_about_their_own_data(cast: Cast) -> None:
    client = come_by_link(invitation_of(cast["neighbour"]))
    person = person_in(client)
    Membership.objects.filter(person=person).update(ended_at=clock.now())
    for page in ("my_data", "my_consents", "download", "leave", "mail_choices"):
        assert client.get(reverse(page)).status_code == 200, page
    assert client.post(reverse("mail_stop")).status_code == 302
    assert client.post(reverse("download")).status_code == 302
    assert client.get(reverse("new_post")).headers["Location"] == reverse("moving")
    assert client.post(reverse("leave")).status_code == 200
    assert Person.objects.get(pk=person.pk).left_at is not None
