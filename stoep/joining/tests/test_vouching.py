"""A newcomer becomes a full member when two neighbours of two addresses say so, and in no other way of this kind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from stoep.access.audience import home_audience
from stoep.access.gate import NotAllowed, NotVisible
from stoep.common import clock
from stoep.delivery.models import Mail, OutboxEntry
from stoep.feed.models import Post
from stoep.joining.models import Vouch
from stoep.joining.tests.door import browser, mails, text_of
from stoep.joining.tests.test_inviting import as_
from stoep.joining.tests.test_races import together
from stoep.joining.vouching import Progress, VouchRefused, confirm_newcomer, vouch
from stoep.operations.cast import Cast
from stoep.people.models import Block, Household, Membership, Person
from stoep.people.queries import person_with_standing
from stoep.places.models import Address

pytestmark = pytest.mark.django_db


def home_of(person: Person) -> Membership:
    return Membership.objects.select_related("person", "neighbourhood").get(person=person, ended_at=None)


def fresh(person: Person) -> Person:
    found = person_with_standing(person.pk)
    assert found is not None
    return found


def speaks(person: Person, membership: Membership, now: datetime | None = None) -> Progress:
    return vouch(person=fresh(person), membership=membership, now=now or clock.now())


def another_newcomer(cast: Cast, name: str = "Nog Iemand") -> Membership:
    person = Person.objects.create(municipality=cast.cities["hasselt"], name=name, joined_at=clock.now())
    return Membership.objects.create(
        person=person,
        neighbourhood=cast.neighbourhoods["Kermt"],
        standing=Membership.Standing.PROVISIONAL,
        proof=Membership.Proof.INVITATION,
        invited_by=cast["neighbour"],
        started_at=clock.now(),
    )


def test_two_neighbours_of_two_addresses_let_a_newcomer_in(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    there = reverse("know", args=[newcomer.pk])
    client = as_(cast["neighbour"])
    assert "Do you know Lucia Romano?" in text_of(client.get(there))
    assert "1 more neighbour is needed" in text_of(client.post(there))
    newcomer.refresh_from_db()
    assert newcomer.standing == "provisional"
    assert "1 neighbour must still say" in text_of(as_(cast["newcomer"]).get(reverse("known")))

    assert "is a full member now" in text_of(as_(cast["second-neighbour"]).post(there))

    newcomer.refresh_from_db()
    assert (newcomer.standing, newcomer.household, newcomer.shown_street) == ("full", None, None)
    told = [mail for mail in mails() if mail.kind == "joining/mail/let_in"]
    assert [mail.person for mail in told] == [cast["newcomer"]]
    assert "You are in, fully" in text_of(as_(cast["newcomer"]).get(reverse("known")))


def test_the_newcomer_never_hears_who_said_yes(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    speaks(cast["second-neighbour"], newcomer)
    assert "Ahmed" not in text_of(as_(cast["newcomer"]).get(reverse("known")))
    speaks(cast["ambassador"], newcomer)
    assert not any("Ahmed" in mail.text + mail.html for mail in mails() if mail.person == cast["newcomer"])


def test_one_neighbour_twice_is_one_yes(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    for _each in range(3):
        assert speaks(cast["neighbour"], newcomer).said == 1


def test_two_people_of_one_address_are_one_yes(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    Membership.objects.filter(person=cast["second-neighbour"]).update(household=home_of(cast["neighbour"]).household)
    speaks(cast["neighbour"], newcomer)
    answer = as_(cast["second-neighbour"]).post(reverse("know", args=[newcomer.pk]))
    assert answer.status_code == 422
    assert "Somebody of your address said yes already." in text_of(answer)
    assert Vouch.objects.count() == 1


def test_three_times_a_month_and_no_fourth_until_the_next(cast: Cast) -> None:
    now = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    newcomers = [another_newcomer(cast, f"Gast {letter}") for letter in ("Een", "Twee", "Drie", "Vier")]
    for each in newcomers[:3]:
        speaks(cast["neighbour"], each, now)
    with pytest.raises(VouchRefused, match="month"):
        speaks(cast["neighbour"], newcomers[3], now)
    with pytest.raises(VouchRefused, match="month"):
        speaks(cast["neighbour"], newcomers[3], datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    assert speaks(cast["neighbour"], newcomers[3], datetime(2026, 11, 30, 23, 1, tzinfo=UTC)).said == 1


def test_the_database_itself_refuses_a_fourth_a_second_of_one_address_and_ones_own(cast: Cast) -> None:
    newcomer, other = home_of(cast["newcomer"]), another_newcomer(cast)
    speaks(cast["neighbour"], newcomer)
    said = Vouch.objects.get()
    facts = {"household": said.household, "month": said.month, "created_at": said.created_at}
    wrong = [
        {"membership": other, "newcomer": other.person, "voucher": said.voucher, "slot": 4, **facts},
        {"membership": other, "newcomer": other.person, "voucher": said.voucher, "slot": said.slot, **facts},
        {"membership": newcomer, "newcomer": newcomer.person, "voucher": cast["ambassador"], "slot": 1, **facts},
        {"membership": other, "newcomer": other.person, "voucher": other.person, "slot": 1, **facts},
    ]
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Vouch.objects.create(**row)


def test_only_who_joined_with_a_letter_counts(cast: Cast) -> None:
    """Not a neighbour whom others let in, not one whom the desk confirmed, not the newcomer, not next door."""
    newcomer = home_of(cast["newcomer"])
    for proof in (Membership.Proof.INVITATION, Membership.Proof.DESK):
        Membership.objects.filter(person=cast["second-neighbour"]).update(proof=proof)
        with pytest.raises(NotAllowed):
            speaks(cast["second-neighbour"], newcomer)
    assert "Only neighbours who joined with a letter" in text_of(
        as_(cast["second-neighbour"]).get(reverse("know", args=[newcomer.pk]))
    )
    for who in ("newcomer", "next-neighbourhood", "other-city", "suspended", "editor", "desk"):
        with pytest.raises((NotAllowed, NotVisible)):
            speaks(cast[who], newcomer)
    assert Vouch.objects.count() == 0


def test_a_chain_of_invited_people_lets_nobody_in(cast: Cast) -> None:
    """Whoever was let in by others has no word in letting in the next."""
    first = home_of(cast["newcomer"])
    speaks(cast["neighbour"], first)
    speaks(cast["second-neighbour"], first)
    second = another_newcomer(cast)
    with pytest.raises(NotAllowed):
        speaks(cast["newcomer"], second)


def test_nobody_is_asked_about_who_came_with_a_letter(cast: Cast) -> None:
    there = reverse("know", args=[home_of(cast["second-neighbour"]).pk])
    client = as_(cast["neighbour"])
    assert client.get(there).status_code == client.post(there).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_at_one_moment_let_in_once_and_tell_once(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    voices = [cast[key] for key in ("neighbour", "second-neighbour", "ambassador")]

    def speaking(person: Person) -> Callable[[], Progress]:
        return lambda: speaks(person, newcomer)

    together(*[speaking(person) for person in voices], *[speaking(person) for person in voices])

    newcomer.refresh_from_db()
    assert newcomer.standing == "full"
    assert OutboxEntry.objects.filter(notice="joining.let_in").count() == 1
    assert Vouch.objects.count() == Vouch.NEEDED
    assert len([mail for mail in mails() if mail.kind == "joining/mail/let_in"]) == 1


@pytest.mark.django_db(transaction=True)
def test_one_neighbour_at_one_moment_says_no_more_than_three(cast: Cast) -> None:
    newcomers = [another_newcomer(cast, f"Gast {letter}") for letter in ("Een", "Twee", "Drie", "Vier", "Vijf")]

    def speaking(newcomer: Membership) -> Callable[[], str]:
        def speak() -> str:
            try:
                speaks(cast["neighbour"], newcomer)
            except VouchRefused as error:
                return error.reason
            return "said"

        return speak

    answers = together(*[speaking(each) for each in newcomers])
    assert sorted(answers) == ["month", "month", "said", "said", "said"]


def test_the_desk_confirms_once_and_only_the_desk(cast: Cast) -> None:
    newcomer = cast["newcomer"]
    for who in ("neighbour", "editor", "city-admin", "newcomer"):
        with pytest.raises(NotAllowed):
            confirm_newcomer(actor=cast[who], newcomer=newcomer, now=clock.now())
    assert confirm_newcomer(actor=cast["desk"], newcomer=newcomer, now=clock.now()) is True
    assert confirm_newcomer(actor=cast["desk"], newcomer=newcomer, now=clock.now()) is False
    assert (home_of(newcomer).standing, home_of(newcomer).proof) == ("full", "desk")
    assert OutboxEntry.objects.filter(notice="joining.let_in").count() == 1


# What a provisional member may (docs/trust.md 1.3).


@pytest.fixture
def square(cast: Cast) -> dict[str, Post]:
    now, kermt = clock.now(), home_audience(cast.neighbourhoods["Kermt"])

    def post(author: str, title: str, days: int) -> Post:
        return Post.objects.create(
            author=cast[author],
            audience=kermt,
            membership=home_of(cast[author]),
            kind="question",
            title=title,
            created_at=now - timedelta(days=days),
        )

    return {
        "of the inviter": post("neighbour", "Wie heeft een ladder?", 1),
        "of another": post("second-neighbour", "Wie past er op de kat?", 2),
        "old": post("neighbour", "Zomerbarbecue", 31),
    }


def test_a_newcomer_reads_thirty_days_with_first_names_and_initials(cast: Cast, square: dict[str, Post]) -> None:
    client = as_(cast["newcomer"])
    page = text_of(client.get("/"))
    assert "Wie heeft een ladder?" in page
    assert "Zomerbarbecue" not in page
    assert client.get(f"/posts/{square['old'].pk}/").status_code == 404
    seen = page + text_of(client.get(f"/posts/{square['of another'].pk}/"))
    assert "Marie P." in seen
    assert "Ahmed" in seen
    for hidden in ("Peeters", "El Amrani", "Koorstraat", "Diestersteenweg"):
        assert hidden not in seen


def test_a_newcomer_answers_the_inviter_only_and_places_nothing(cast: Cast, square: dict[str, Post]) -> None:
    client = as_(cast["newcomer"])
    given = {"body": "Ik heb er een.", "request_key": str(uuid4())}
    assert client.post(f"/posts/{square['of the inviter'].pk}/comments/", given).status_code == 302
    given = {"body": "Ik ook.", "request_key": str(uuid4())}
    assert client.post(f"/posts/{square['of another'].pk}/comments/", given).status_code == 403
    post = {"kind": "question", "title": "Hallo", "body": "Dag", "request_key": str(uuid4())}
    assert client.post("/posts/", post).status_code == 403
    assert not Post.objects.filter(title="Hallo").exists()


def test_let_in_a_newcomer_reads_further_back_with_whole_names(cast: Cast, square: dict[str, Post]) -> None:
    newcomer = home_of(cast["newcomer"])
    speaks(cast["neighbour"], newcomer)
    speaks(cast["second-neighbour"], newcomer)
    client: Client = as_(cast["newcomer"])
    assert client.get(f"/posts/{square['old'].pk}/").status_code == 200
    assert "Marie Peeters" in text_of(client.get("/"))


def test_a_visitor_learns_nothing_at_a_newcomers_link(cast: Cast) -> None:
    answer = browser().get(reverse("know", args=[home_of(cast["newcomer"]).pk]))
    assert answer.status_code == 302
    assert not Mail.objects.exists()
    assert Household.objects.filter(address__in=Address.objects.all()).exists()


def test_between_whom_a_block_stands_neither_hears_of_the_other_by_a_newcomers_link(cast: Cast) -> None:
    newcomer = home_of(cast["newcomer"])
    there = reverse("know", args=[newcomer.pk])
    assert as_(cast["second-neighbour"]).get(there).status_code == 200
    Block.objects.create(person=cast["newcomer"], blocked=cast["second-neighbour"], created_at=clock.now())
    client = as_(cast["second-neighbour"])
    assert client.get(there).status_code == 404
    assert client.post(there).status_code == 404
    assert not Vouch.objects.exists()
