"""A letter that somebody else used, decided at the desk: from the letter in hand, with the card in sight, for good."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.desk.tests.counter import Resident, at_desk, begin, page, resident
from stoep.joining.disputes import open_dispute
from stoep.joining.models import Dispute, LetterCode
from stoep.joining.tests.door import Letter, browser, letter, text_of, type_code
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.people.models import RoleName as R

THIEF = "Dirk Dief"


@pytest.fixture
def client(cast: Cast) -> Client:
    return at_desk(cast)


@pytest.fixture
def thief(cast: Cast) -> Resident:
    return resident(cast, name=THIEF)


def bring(client: Client, paper: Letter) -> str:
    answer = client.post(reverse("desk_disputes"), {"code": paper.code})
    assert answer.headers["Location"] == reverse("desk_dispute")
    return text_of(client.get(reverse("desk_dispute")))


def decide(client: Client, paper: Letter, answer: str, **more: str) -> str:
    waiting = Dispute.objects.filter(address=paper.row.address_id, decided_at=None)
    given = {str(one.pk): answer for one in waiting} | {"saw_card": "on"} | more
    return text_of(client.post(reverse("desk_dispute"), given))


def is_inside(who: Resident) -> bool:
    return bool(Person.objects.get(pk=who.person.pk).standing.is_member)


def test_the_resident_with_the_letter_gets_their_door_back(client: Client, thief: Resident, cast: Cast) -> None:
    open_dispute(code=thief.letter.row, now=clock.now())
    assert "1 person waits for a decision" in text_of(client.get(reverse("desk_disputes")))
    assert THIEF in bring(client, thief.letter)
    text = decide(client, thief.letter, "out")
    code = text.split('code-shown">')[1].split("<")[0].replace(" ", "")
    assert not is_inside(thief)
    assert type_code(browser(), thief.letter.code).status_code == 422
    assert type_code(browser(), code).status_code == 302
    log = AccessLog.objects.filter(action="joining:dispute:decide")
    assert {row.person for row in log} == {cast["desk"]}


def test_who_lives_there_reads_on_and_no_code_is_made(client: Client, thief: Resident) -> None:
    open_dispute(code=thief.letter.row, now=clock.now())
    bring(client, thief.letter)
    assert "code-shown" not in decide(client, thief.letter, "in")
    assert is_inside(thief)
    assert not LetterCode.objects.filter(address=thief.letter.row.address_id, withdrawn_at=None).exists()


def test_decided_twice_the_first_word_counts_and_no_second_code_is_made(client: Client, thief: Resident) -> None:
    open_dispute(code=thief.letter.row, now=clock.now())
    bring(client, thief.letter)
    given = {str(Dispute.objects.get().pk): "out", "saw_card": "on"}
    client.post(reverse("desk_dispute"), given)
    again = client.post(reverse("desk_dispute"), given)
    assert again.headers["Location"] == reverse("desk_disputes")
    assert LetterCode.objects.filter(address=thief.letter.row.address_id, withdrawn_at=None).count() == 1


@pytest.mark.parametrize("missing", ["card", "answer"])
def test_without_a_card_or_an_answer_nothing_is_decided(missing: str, client: Client, thief: Resident) -> None:
    open_dispute(code=thief.letter.row, now=clock.now())
    bring(client, thief.letter)
    key = str(Dispute.objects.get().pk)
    given = {key: "out"} if missing == "card" else {"saw_card": "on"}
    answer = client.post(reverse("desk_dispute"), given)
    assert answer.status_code == 422
    assert Dispute.objects.get().decided_at is None


def test_names_stand_there_only_once_it_is_asked(client: Client, thief: Resident) -> None:
    text = bring(client, thief.letter)
    assert THIEF not in text
    assert "1 person joined at this address" in text
    assert is_inside(thief)
    for _each in range(2):
        assert client.post(reverse("desk_dispute_opening")).status_code == 302
    assert THIEF in text_of(client.get(reverse("desk_dispute")))
    assert not is_inside(thief)
    assert Dispute.objects.count() == 1


def test_a_full_or_an_old_letter_tells_it_too(client: Client, thief: Resident) -> None:
    LetterCode.objects.filter(pk=thief.letter.row.pk).update(uses=8, expires_at=clock.now() - timedelta(days=1))
    bring(client, thief.letter)
    client.post(reverse("desk_dispute_opening"))
    decide(client, thief.letter, "out")
    assert not is_inside(thief)


@pytest.mark.parametrize(("code", "words"), [("482917365500", "One digit"), ("482917365501", "We know no letter")])
def test_without_a_letter_of_ours_nothing_is_shown(code: str, words: str, client: Client) -> None:
    answer = client.post(reverse("desk_disputes"), {"code": code})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert client.get(reverse("desk_dispute")).headers["Location"] == reverse("desk_disputes")
    assert client.post(reverse("desk_dispute_opening")).headers["Location"] == reverse("desk_disputes")


def test_wrong_codes_are_counted_with_the_desks_other_guesses(client: Client) -> None:
    answers = [client.post(reverse("desk_disputes"), {"code": "482917365501"}) for _each in range(11)]
    assert answers[-1].status_code == 429


def test_a_letter_brought_long_ago_must_be_shown_again(client: Client, thief: Resident) -> None:
    bring(client, thief.letter)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert client.get(reverse("desk_dispute")).headers["Location"] == reverse("desk_disputes")


def test_within_a_session_the_letter_in_hand_is_the_one(client: Client, cast: Cast) -> None:
    paper = letter(cast, street="Koorstraat")
    who, other = resident(cast, paper=paper), resident(cast, name=THIEF, paper=paper)
    session = begin(client, who)
    assert client.get(page("desk_used_letter", session)).status_code == 200
    assert is_inside(other)
    answer = client.post(page("desk_used_letter", session))
    assert answer.headers["Location"] == reverse("desk_dispute")
    assert list(session.acts.values_list("what", flat=True)) == ["dispute"]
    given = {
        str(one.pk): "out" if one.person == other.person else "in" for one in Dispute.objects.filter(decided_at=None)
    }
    assert client.post(reverse("desk_dispute"), given | {"saw_card": "on"}).status_code == 200
    assert is_inside(who)
    assert not is_inside(other)
    assert Membership.objects.filter(person=who.person, ended_at=None).exists()


def test_who_works_elsewhere_in_the_city_decides_nothing(cast: Cast, thief: Resident) -> None:
    open_dispute(code=thief.letter.row, now=clock.now())
    for key in (R.MODERATOR.value, "city-admin"):
        stranger = at_desk(cast, key)
        assert stranger.post(reverse("desk_disputes"), {"code": thief.letter.code}).status_code == 403
        assert stranger.post(reverse("desk_dispute"), {}).status_code == 403
    assert Dispute.objects.get().decided_at is None
