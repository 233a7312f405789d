"""The city tells streets something: the preview says whom, exactly they read it, and what is withdrawn is gone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.gate import NotAllowed
from stoep.access.models import AccessLog
from stoep.cityhall.actions import withdraw_announcement
from stoep.cityhall.models import Announcement
from stoep.cityhall.tests.townspeople import move_in, part
from stoep.common import clock
from stoep.delivery.models import Mail, MailChoices, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.feed.models import Post
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Department, Membership, Person, Role
from stoep.people.models import RoleName as R

SignIn = Callable[[Client, Person], Client]
TITLE = "De weg ligt open"
THREE_STREETS = [("Diestersteenweg", "Kermt"), ("Koorstraat", "Kermt"), ("Alkenstraat", "Stevoort")]

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(cast: Cast, sign_in: SignIn, client: Client) -> Client:
    Person.objects.update(language="en")
    return sign_in(client, cast["editor"])


def message(cast: Cast, **changes: Any) -> dict[str, Any]:
    """A message to three streets, as the form sends it."""
    return {
        "department": str(cast.departments["Communicatie"].pk),
        "title": TITLE,
        "body": "Van maandag tot vrijdag. Fietsers kunnen door.",
        "where": "some",
        "streets": [str(part(cast, *street).pk) for street in THREE_STREETS],
        "request_key": str(uuid4()),
    } | changes


def look(client: Client, words: dict[str, Any]) -> Any:
    return client.post(reverse("new_announcement"), words | {"preview": "1"})


def send(client: Client, words: dict[str, Any]) -> Any:
    """Looks at the preview first, as everybody must."""
    page = look(client, words).content.decode()
    found = re.search(r'name="previewed" value="(\w+)"', page)
    digest = found[1] if found else ""
    return client.post(reverse("new_announcement"), words | {"send": "1", "previewed": digest})


def sent(cast: Cast) -> Announcement:
    return Announcement.objects.get(department__municipality=cast.cities["hasselt"])


def mailed() -> set[str]:
    """Whom the mails of what was told go to, where everybody wants the city's messages at once."""
    at_once = [MailChoices(person=person, city=Pace.NOW, changed_at=clock.now()) for person in Person.objects.all()]
    MailChoices.objects.bulk_create(at_once, ignore_conflicts=True)
    for entry in OutboxEntry.objects.filter(handled_at=None):
        handle_entry(entry.pk, now=clock.now())
    return {mail.person.name for mail in Mail.objects.select_related("person") if mail.person}


def readers_in_their_feed(cast: Cast, sign_in: SignIn) -> set[str]:
    neighbours = [key for key, person in cast.items() if not person.is_staff_member]
    return {key for key in neighbours if TITLE in sign_in(Client(), cast[key]).get("/").content.decode()}


def test_three_streets_are_told_and_nobody_else(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    far = move_in(cast, "Alkenstraat", "Stevoort", 2)
    move_in(cast, "Zolderse kiezel", "Tuilt", 2)

    answer = send(editor, message(cast))

    announcement = sent(cast)
    assert (answer.status_code, answer["Location"]) == (302, reverse("announcement", args=[announcement.pk]) + "?sent")
    expected = {"Marie Peeters", "Jos Vandersmissen", "Ahmed El Amrani", *(person.name for person in far)}
    assert set(announcement.post.audience.people().values_list("name", flat=True)) == expected
    assert mailed() == expected
    assert readers_in_their_feed(cast, sign_in) == {"neighbour", "second-neighbour", "ambassador"}
    # The gate noted who spoke for the city.
    assert AccessLog.objects.filter(person=cast["editor"], action="cityhall:announcement:create").exists()


def test_a_street_that_lies_in_two_neighbourhoods_is_told_where_it_was_ticked(cast: Cast, editor: Client) -> None:
    in_kermt = move_in(cast, "Heerstraat", "Kermt", 2)
    move_in(cast, "Heerstraat", "Tuilt", 2)

    send(editor, message(cast, streets=[str(part(cast, "Heerstraat", "Kermt").pk)]))

    # Sofie lives in the Heerstraat of Tuilt; Karel in that of Kermt, but his access is paused.
    assert mailed() == {person.name for person in in_kermt}
    assert "Heerstraat (Kermt)" in editor.get(reverse("announcements")).content.decode()


def test_a_neighbourhood_and_the_whole_city(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    kermt = str(cast.neighbourhoods["Kermt"].pk)
    send(editor, message(cast, streets=[], neighbourhoods=[kermt]))
    assert readers_in_their_feed(cast, sign_in) == {"neighbour", "second-neighbour", "ambassador", "newcomer"}
    Post.objects.update(removed_at=JOINED_AT)

    send(editor, message(cast, where="city"))
    everybody = {"neighbour", "second-neighbour", "ambassador", "newcomer", "next-neighbourhood"}
    assert readers_in_their_feed(cast, sign_in) == everybody


def test_the_whole_city_counts_all_its_households(cast: Cast, editor: Client) -> None:
    page = look(editor, message(cast, where="city")).content.decode()
    assert f"<dd>{14 + 12 + 4 + 12 + 11 + 12}</dd>" in page
    assert "Everybody in the city" in page


def test_only_what_the_preview_showed_is_sent(cast: Cast, editor: Client) -> None:
    words = message(cast)
    page = look(editor, words).content.decode()
    found = re.search(r'name="previewed" value="(\w+)"', page)
    assert found

    answer = editor.post(reverse("new_announcement"), words | {"where": "city", "send": "1", "previewed": found[1]})

    assert answer.status_code == 200
    assert "You changed something" in answer.content.decode()
    assert Announcement.objects.count() == 0


def test_a_double_click_sends_once(cast: Cast, editor: Client) -> None:
    words = message(cast)
    first, second = send(editor, words), send(editor, words)

    assert first["Location"] == second["Location"]
    assert (Announcement.objects.count(), Post.objects.count()) == (1, 1)
    assert OutboxEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 71}, "at most 70"),
        ({"body": ""}, "This field is required"),
        ({"where": ""}, "This field is required"),
        ({"streets": []}, "Choose at least one neighbourhood or street"),
        ({"streets": ["not an id"]}, "not a valid"),
        ({"streets": [str(uuid4())]}, "Select a valid choice"),
        ({"department": str(uuid4())}, "Select a valid choice"),
        ({"request_key": "x"}, "valid UUID"),
        ({"body": "Bel de man van 85.07.30-033.28 op."}, "national register number"),
        ({"title": "\u200b\u2060"}, "title that can be read"),
        ({"title": "Een\x00twee"}, "Null characters"),
    ],
)
def test_bad_input_is_explained_and_kept(cast: Cast, editor: Client, changes: dict[str, Any], said: str) -> None:
    words = message(cast, **changes)
    answer = send(editor, words)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Something is not right yet" in page
    assert "Fietsers kunnen door" in page or "body" in changes
    assert Announcement.objects.count() == 0


def test_what_was_ticked_stays_ticked_after_an_error(cast: Cast, editor: Client) -> None:
    page = look(editor, message(cast, title="")).content.decode()
    for street in THREE_STREETS:
        assert f'value="{part(cast, *street).pk}" checked' in page


def test_places_of_another_city_are_no_choice(cast: Cast, editor: Client) -> None:
    theirs = part(cast, "Heidestraat", "Rooierheide")
    for words in (
        message(cast, streets=[str(theirs.pk)]),
        message(cast, streets=[], neighbourhoods=[str(theirs.neighbourhood_id)]),
    ):
        assert look(editor, words).status_code == 422
    assert "Heidestraat" not in editor.get(reverse("new_announcement")).content.decode()


def test_an_editor_speaks_for_the_own_department_only(cast: Cast, editor: Client) -> None:
    works = cast.departments["Openbare werken"]
    assert "Openbare werken" not in editor.get(reverse("new_announcement")).content.decode()
    assert send(editor, message(cast, department=str(works.pk))).status_code == 422

    Role.objects.filter(person=cast["editor"]).update(department=None)
    assert send(editor, message(cast, department=str(works.pk))).status_code == 302
    assert sent(cast).department == works


def test_a_binding_of_another_task_binds_no_editor(cast: Cast, editor: Client) -> None:
    works, city = cast.departments["Openbare werken"], cast.departments["Communicatie"]
    Role.objects.create(person=cast["editor"], role=R.APPROVER, department=works, granted_at=JOINED_AT)
    assert "Openbare werken" not in editor.get(reverse("new_announcement")).content.decode()
    assert send(editor, message(cast, department=str(works.pk))).status_code == 422

    Role.objects.filter(person=cast["editor"], role=R.EDITOR).update(department=None)
    assert send(editor, message(cast, department=str(city.pk))).status_code == 302
    assert sent(cast).department == city


def test_an_editor_withdraws_for_the_own_department_only(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    works = cast.departments["Openbare werken"]
    admin = sign_in(Client(), cast["city-admin"])
    send(admin, message(cast, department=str(works.pk)))
    page = reverse("announcement", args=[sent(cast).pk])
    withdrawal = reverse("announcement_withdrawal", args=[sent(cast).pk])

    assert "Withdraw the message" not in editor.get(page).content.decode()
    assert editor.post(withdrawal).status_code == 403
    assert sent(cast).post.is_live
    with pytest.raises(NotAllowed):
        withdraw_announcement(person=cast["editor"], announcement=sent(cast), now=clock.now())

    Role.objects.filter(person=cast["editor"]).update(department=works)
    assert "Withdraw the message" in editor.get(page).content.decode()
    assert editor.post(withdrawal).status_code == 302
    assert not sent(cast).post.is_live


@pytest.mark.parametrize("key", ["editor", "city-admin"])
def test_what_a_closed_department_said_can_still_be_withdrawn(
    cast: Cast, editor: Client, sign_in: SignIn, key: str
) -> None:
    send(editor, message(cast))
    Department.objects.update(closed_at=JOINED_AT)
    answer = sign_in(Client(), cast[key]).post(reverse("announcement_withdrawal", args=[sent(cast).pk]))
    assert (answer.status_code, sent(cast).post.is_live) == (302, False)


def test_who_moves_away_no_longer_reads_it(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    send(editor, message(cast))
    Membership.objects.filter(person=cast["neighbour"]).update(ended_at=JOINED_AT)

    assert "Marie Peeters" not in mailed()
    assert readers_in_their_feed(cast, sign_in) == {"second-neighbour", "ambassador"}


def test_withdrawn_it_is_gone_everywhere_and_stays_in_the_citys_list(
    cast: Cast, editor: Client, sign_in: SignIn
) -> None:
    send(editor, message(cast))
    announcement = sent(cast)
    page = reverse("announcement", args=[announcement.pk])
    post = reverse("post", args=[announcement.post_id])
    assert "Withdraw the message" in editor.get(page).content.decode()
    assert sign_in(Client(), cast["neighbour"]).get(post).status_code == 200

    for _twice in range(2):
        answer = editor.post(reverse("announcement_withdrawal", args=[announcement.pk]))
        assert (answer.status_code, answer["Location"]) == (302, page)

    assert readers_in_their_feed(cast, sign_in) == set()
    assert sign_in(Client(), cast["neighbour"]).get(post).status_code == 404
    assert mailed() == set()
    assert "nobody sees it any more" in editor.get(page).content.decode()
    assert "Withdrawn" in editor.get(reverse("announcements")).content.decode()


def test_the_page_says_whom_it_reached_when_it_was_sent(cast: Cast, editor: Client) -> None:
    move_in(cast, "Koorstraat", "Kermt", 8)
    send(editor, message(cast))

    def reach() -> str:
        page = editor.get(reverse("announcement", args=[sent(cast).pk])).content.decode()
        return page.split('class="reach"')[1].split("</dl>")[0]

    before = reach()
    Membership.objects.update(ended_at=JOINED_AT)
    assert reach() == before
    assert "<dd>38</dd>" in before


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("analyst", 403), ("rollout", 403), ("dpo", 403), ("moderator", 403)],
)
def test_who_may_not_look(cast: Cast, sign_in: SignIn, client: Client, key: str, expected: int) -> None:
    sign_in(client, cast[key])
    for name in ("announcements", "new_announcement"):
        assert client.get(reverse(name)).status_code == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("approver", 403), ("analyst", 403), ("operator", 403)],
)
def test_who_may_not_write(cast: Cast, sign_in: SignIn, client: Client, key: str, expected: int) -> None:
    answer = sign_in(client, cast[key]).post(reverse("new_announcement"), message(cast) | {"send": "1"})
    assert (answer.status_code, Announcement.objects.count()) == (expected, 0)


def test_the_approver_reads_along_and_withdraws_nothing(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    send(editor, message(cast))
    approver = sign_in(Client(), cast["approver"])

    assert TITLE in approver.get(reverse("announcements")).content.decode()
    page = approver.get(reverse("announcement", args=[sent(cast).pk])).content.decode()
    assert "Withdraw" not in page
    answer = approver.post(reverse("announcement_withdrawal", args=[sent(cast).pk]))
    assert (answer.status_code, sent(cast).post.is_live) == (403, True)


def test_a_visitor_is_sent_to_sign_in(cast: Cast, client: Client) -> None:
    for name in ("announcements", "new_announcement"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))
    assert client.post(reverse("new_announcement"), message(cast)).status_code == 302
    assert Announcement.objects.count() == 0


def test_another_citys_announcement_does_not_exist(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    send(editor, message(cast))
    stranger = Person.objects.create(
        municipality=cast.cities["diepenbeek"], kind=Person.Kind.STAFF, name="Stan Vreemd", joined_at=JOINED_AT
    )
    Role.objects.create(person=stranger, role=R.EDITOR, granted_at=JOINED_AT)
    theirs = sign_in(Client(), stranger)

    assert theirs.get(reverse("announcement", args=[sent(cast).pk])).status_code == 404
    assert theirs.post(reverse("announcement_withdrawal", args=[sent(cast).pk])).status_code == 404
    assert sent(cast).post.is_live
    assert TITLE not in theirs.get(reverse("announcements")).content.decode()


def test_a_role_that_ended_writes_nothing_from_the_next_request_on(cast: Cast, editor: Client) -> None:
    Role.objects.filter(person=cast["editor"]).update(ended_at=JOINED_AT)
    assert send(editor, message(cast)).status_code == 403
    assert Announcement.objects.count() == 0


def test_an_empty_list_invites_to_the_first_message(editor: Client) -> None:
    page = editor.get(reverse("announcements")).content.decode()
    assert "Nothing was said yet" in page
    assert "Write the first message" in page


def test_the_list_goes_on_over_pages(cast: Cast, editor: Client) -> None:
    for number in range(21):
        send(editor, message(cast, title=f"Bericht {number}"))
    first, second = (editor.get(reverse("announcements") + query).content.decode() for query in ("", "?page=2"))
    assert "Bericht 20" in first
    assert "Bericht 0" not in first
    assert "Bericht 0" in second


def test_the_streets_of_a_neighbourhood_come_as_a_map(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    kermt = cast.neighbourhoods["Kermt"]
    address = reverse("announcement_streets", args=[kermt.pk])
    assert address in editor.get(reverse("new_announcement")).content.decode()

    page = editor.get(address).content.decode()

    assert page.count("<path data-area") == 3
    assert f'data-area="{part(cast, "Koorstraat", "Kermt").pk}"' in page
    assert "<html" not in page
    theirs = reverse("announcement_streets", args=[cast.neighbourhoods["Rooierheide"].pk])
    assert editor.get(theirs).status_code == 404
    for key, expected in (("neighbour", 404), ("analyst", 403), ("approver", 403)):
        assert sign_in(Client(), cast[key]).get(address).status_code == expected
    assert Client().get(address).status_code == 302


def test_what_takes_place_stands_on_the_agenda_of_those_addressed(cast: Cast, editor: Client, sign_in: SignIn) -> None:
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    plan = {"event-on": day, "event-at": "19:30", "event-place": "Town hall"}
    assert "Town hall" in look(editor, message(cast, **plan)).content.decode()
    send(editor, message(cast, **plan))
    agendas = {
        key: sign_in(Client(), cast[key]).get("/agenda/").content.decode() for key in ("neighbour", "other-city")
    }
    assert TITLE in agendas["neighbour"]
    assert TITLE not in agendas["other-city"]


def test_a_day_without_a_place_is_explained(cast: Cast, editor: Client) -> None:
    answer = send(editor, message(cast, **{"event-on": "2020-01-01", "event-at": "19:30"}))
    assert answer.status_code == 422
    assert "Say where." in answer.content.decode()
    assert "This moment is past." in answer.content.decode()
    assert Announcement.objects.count() == 0
