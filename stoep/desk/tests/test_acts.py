"""What the desk does for a resident is the resident's own act, under their own rules, and staff reads nothing by it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.delivery.models import MailChoices, OutboxEntry, Pace, Stream, TextMessage
from stoep.delivery.sending import handle_entry
from stoep.desk.models import DeskAct, DeskSession
from stoep.desk.tests.counter import NAME, Resident, at_desk, begin, page, resident, say
from stoep.feed.models import Post
from stoep.joining.inviting import invite
from stoep.joining.models import LetterCode
from stoep.joining.tests.door import Letter, browser, letter, other_than, signed_in, text_of, type_code
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Phone, Suspension, number_hash
from stoep.privacy.actions import take_back

TITLE = "Wie brengt mijn boeken terug?"


@pytest.fixture
def who(cast: Cast) -> Resident:
    return resident(cast)


@pytest.fixture
def client(cast: Cast) -> Client:
    return at_desk(cast)


def come_back(code: str, own_key: str) -> Person | None:
    client = browser()
    client.post(reverse("sign_in_letter"), {"code": code, "own_key": own_key})
    return signed_in(client)


def made(client: Client, session: DeskSession) -> str:
    """The digits that the page of the session shows."""
    text = text_of(client.get(page("desk_session", session)))
    return text.split('code-shown">')[1].split("<")[0]


def test_a_message_is_hers_and_stands_in_her_neighbourhood_only(who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who)
    assert client.post(page("desk_message", session), say(TITLE)).status_code == 302
    post = Post.objects.get(title=TITLE)
    assert post.author == who.person
    assert not post.audience.shared_with_city
    assert TITLE in text_of(who.client.get(reverse("feed")))
    seen = {key for key in cast if Post.objects.visible_to(cast[key]).filter(pk=post.pk).exists()}
    assert seen == {"neighbour", "second-neighbour", "ambassador", "newcomer"}


def test_staff_cannot_read_what_they_placed_nor_the_answers(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_message", session), say(TITLE))
    post = Post.objects.get(title=TITLE)
    assert client.get(reverse("post", args=[post.pk])).status_code == 404
    client.post(page("desk_end", session))
    pages = [reverse("desk"), page("desk_slip", session), page("desk_session", session)]
    assert all(TITLE not in text_of(client.get(one)) for one in pages)


def test_a_message_pressed_twice_stands_once_and_is_noted_once(who: Resident, client: Client) -> None:
    session = begin(client, who)
    words = say(TITLE)
    for _each in range(2):
        client.post(page("desk_message", session), words)
    assert Post.objects.filter(title=TITLE).count() == 1
    assert DeskAct.objects.get().subject_id == Post.objects.get(title=TITLE).pk


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Give the message a title"),
        ({"title": "Mijn nummer is 85.07.30-033.28"}, "national register number"),
        ({"kind": "announcement"}, "Select a valid choice"),
        ({"title": "x" * 101}, "at most 100"),
    ],
    ids=["empty", "national number", "not a neighbour's", "too long"],
)
def test_the_same_rules_hold_for_her_words(wrong: dict[str, str], words: str, who: Resident, client: Client) -> None:
    session = begin(client, who)
    answer = client.post(page("desk_message", session), {**say(), "body": "Bij voorbaat dank", **wrong})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Bij voorbaat dank" in text_of(answer)
    assert not Post.objects.exists()
    assert not DeskAct.objects.exists()


@pytest.mark.parametrize("state", ["paused", "provisional"])
def test_what_she_may_not_do_herself_is_not_done_for_her(state: str, who: Resident, client: Client) -> None:
    session = begin(client, who)
    if state == "paused":
        Suspension.objects.create(person=who.person, reason="Test", started_at=clock.now())
    else:
        Membership.objects.filter(person=who.person).update(standing="provisional")
    answer = client.post(page("desk_message", session), say())
    assert answer.status_code == 422
    assert "This cannot be done for them now" in text_of(answer)
    assert not Post.objects.exists()


def test_who_leaves_meanwhile_is_acted_for_no_more(who: Resident, client: Client) -> None:
    session = begin(client, who)
    Person.objects.filter(pk=who.person.pk).update(left_at=clock.now())
    for name in ("desk_message", "desk_own_key", "desk_letter", "desk_email", "desk_name", "desk_confirmation"):
        assert client.post(page(name, session), say(email="a@b.example", name="Nora Nieuw")).status_code == 410
    assert not DeskAct.objects.exists()


def test_a_new_own_key_works_and_the_old_one_is_dead(who: Resident, client: Client) -> None:
    session = begin(client, who)
    assert client.get(page("desk_own_key", session)).status_code == 200  # a question first
    assert come_back(who.letter.code, who.own_key) == who.person
    assert client.post(page("desk_own_key", session)).status_code == 302
    key = made(client, session)
    assert come_back(who.letter.code, who.own_key) is None
    assert come_back(who.letter.code, other_than(key)) is None
    assert come_back(who.letter.code, key) == who.person
    assert who.client.get(reverse("feed")).headers["Location"].startswith("/sign-in/")  # signed out everywhere


def test_a_new_letter_code_kills_the_old_one_and_keeps_who_is_in(who: Resident, client: Client) -> None:
    session = begin(client, who)
    assert client.post(page("desk_letter", session)).status_code == 302
    code = made(client, session).replace(" ", "")
    assert "This code is too old" in text_of(type_code(browser(), who.letter.code))
    assert type_code(browser(), code).status_code == 302
    assert come_back(code, who.own_key) == who.person
    new = LetterCode.objects.latest("created_at", "id")
    assert new.address == who.letter.row.address
    assert new.uses == 1
    # She holds the new letter now, and the desk finds her by it.
    client.post(page("desk_end", session))
    assert begin(client, Resident(who.person, type(who.letter)(code, new), who.own_key, who.client))


def test_a_new_letter_makes_no_room_for_a_ninth(client: Client, cast: Cast) -> None:
    paper = letter(cast, street="Koorstraat")
    household = [resident(cast, name=f"Rik {'abcdefgh'[at]}daems", paper=paper) for at in range(8)]
    session = begin(client, household[0])
    client.post(page("desk_letter", session))
    answer = type_code(browser(), made(client, session))
    assert "Eight people have joined" in text_of(answer)


def test_who_has_no_letterbox_gets_no_code(who: Resident, client: Client) -> None:
    session = begin(client, who)
    Membership.objects.filter(person=who.person).update(household=None)
    answer = client.post(page("desk_letter", session))
    assert answer.status_code == 422
    assert "There is no letterbox" in text_of(answer)
    assert LetterCode.objects.filter(withdrawn_at=None).count() == 1


def test_an_address_is_asked_about_and_nothing_else_is_mailed(who: Resident, client: Client) -> None:
    session = begin(client, who)
    assert client.post(page("desk_email", session), {"email": "not one"}).status_code == 422
    assert client.post(page("desk_email", session), {"email": "lieve@post.example"}).status_code == 302
    person = Person.objects.get(pk=who.person.pk)
    assert (person.email, person.email_confirmed_at) == ("lieve@post.example", None)
    for name in ("desk_session", "desk_email"):
        assert "lieve@post.example" not in text_of(client.get(page(name, session)))


def test_a_number_is_asked_about_by_text_and_shown_to_nobody(who: Resident, client: Client) -> None:
    session = begin(client, who)
    for wrong in ("", "12", "011 23 90 00", "+1 202 555 0143"):
        assert client.post(page("desk_phone", session), {"number": wrong}).status_code == 422
    assert client.post(page("desk_phone", session), {"number": "0470 12 34 56"}).status_code == 302
    phone = Phone.objects.get(person=who.person)
    assert (phone.number, phone.confirmed_at) == ("+32470123456", None)
    assert TextMessage.objects.get().kind == "joining/sms/confirm_phone"
    for name in ("desk_session", "desk_phone"):
        assert "470" not in text_of(client.get(page(name, session)))
    assert list(session.acts.values_list("what", flat=True)) == ["phone"]


def test_all_mail_stops_when_they_ask(who: Resident, client: Client) -> None:
    session = begin(client, who)
    assert client.get(page("desk_mail_stop", session)).status_code == 200
    assert not MailChoices.objects.exists()
    assert client.post(page("desk_mail_stop", session)).status_code == 302
    choices = MailChoices.objects.get(pk=who.person.pk)
    assert {choices.pace_of(stream) for stream in Stream} == {Pace.NEVER}
    assert list(session.acts.values_list("what", flat=True)) == ["mail_stopped"]


def test_who_is_reached_by_text_alone_hears_of_it_by_text(who: Resident, client: Client) -> None:
    number = "+32470123456"
    now = clock.now()
    Phone.objects.create(
        person=who.person,
        purpose="reach",
        number=number,
        number_hash=number_hash(number),
        confirmed_at=now,
        created_at=now,
    )
    session = begin(client, who)
    client.post(page("desk_own_key", session))
    client.post(page("desk_end", session))
    for entry in OutboxEntry.objects.filter(notice__startswith="desk."):
        handle_entry(entry.pk, now=now)
    started, done = TextMessage.objects.filter(person=who.person).order_by("kind").values_list("kind", "words")[::-1]
    assert (started[0], done[0]) == ("desk/sms/session_started", "desk/sms/session_done")
    assert "Hilde" in started[1]
    assert "/me/helped/" in done[1]


def test_a_name_is_corrected_by_the_doors_own_rules(who: Resident, client: Client) -> None:
    session = begin(client, who)
    for wrong in ("Godelieve", "Politie Hasselt", ""):
        assert client.post(page("desk_name", session), {"name": wrong}).status_code == 422
    for name in ("Lieve Peeters", "Godelieve Peeters", "Lieve Dürr"):
        assert client.post(page("desk_name", session), {"name": name}).status_code == 302
    assert "You act for Lieve Dürr" in text_of(client.get(page("desk_session", session)))
    assert client.post(page("desk_name", session), {"name": "Lieve Maes"}).status_code == 422
    assert list(session.acts.values_list("what", flat=True)) == ["name"]


def test_who_came_by_invitation_is_confirmed_by_the_desk(client: Client, cast: Cast) -> None:
    invitation = invite(person=cast["neighbour"], request_key=uuid4(), now=clock.now())
    paper = Letter(invitation.code, letter(cast).row)  # a flyer: only its code is asked
    who = resident(cast, name="Lies Nieuw", paper=paper)
    session = begin(client, who)
    assert "They live here" in text_of(client.get(page("desk_session", session)))
    for _each in range(2):
        assert client.post(page("desk_confirmation", session)).status_code == 302
    membership = Membership.objects.get(person=who.person, ended_at=None)
    assert (membership.standing, membership.proof) == ("full", "desk")
    assert list(session.acts.values_list("what", flat=True)) == ["confirmed"]
    assert "They live here" not in text_of(client.get(page("desk_session", session)))


def test_a_full_member_needs_no_confirming(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_confirmation", session))
    assert Membership.objects.get(person=who.person).proof == "letter"
    assert not DeskAct.objects.exists()


def test_leaving_for_her_hides_all_of_it_at_once_and_ends_the_session(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_message", session), say(TITLE))
    assert client.get(page("desk_leaving", session)).status_code == 200
    assert Person.objects.get(pk=who.person.pk).left_at is None
    assert client.post(page("desk_leaving", session)).headers["Location"] == page("desk_slip", session)
    assert Person.objects.get(pk=who.person.pk).left_at is not None
    assert "Left the neighbourhood for you" in text_of(client.get(page("desk_slip", session)))
    assert client.post(page("desk_message", session), say()).status_code == 410
    assert not Membership.objects.filter(person=who.person, ended_at=None).exists()


def test_a_consent_taken_back_on_her_own_page_ends_the_session(who: Resident, client: Client) -> None:
    session = begin(client, who)
    take_back(person=Person.objects.get(pk=who.person.pk), purpose="acting_for", now=clock.now())
    assert client.post(page("desk_message", session), say()).status_code == 410
    assert not Post.objects.exists()


def test_every_act_names_the_staff_and_holds_no_words(who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who)
    client.post(page("desk_message", session), say(TITLE))
    client.post(page("desk_own_key", session))
    client.post(page("desk_letter", session))
    client.post(page("desk_email", session), {"email": "lieve@post.example"})
    acts = DeskAct.objects.filter(session=session).values_list("what", flat=True)
    assert list(acts) == ["message", "own_key", "letter", "email"]
    log = AccessLog.objects.filter(action="desk:session:act")
    assert {(row.person, row.subject_id) for row in log} == {(cast["desk"], session.pk)}
    assert log.count() == 4


def test_the_slip_says_all_of_it_and_the_key_only_until_it_is_handed_over(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_own_key", session))
    key = made(client, session)
    assert client.get(page("desk_slip", session)).status_code == 404  # not before the end
    client.post(page("desk_end", session))
    text = text_of(client.get(page("desk_slip", session)))
    for words in (NAME, "By Hilde", "Made a new own key", key, "/sign-in/letter/", "011 23 99 99"):
        assert words in text
    assert "Thijs" not in text.split("<article")[1].split("</article>")[0]
    assert client.post(page("desk_slip", session)).status_code == 302
    assert key not in text_of(client.get(page("desk_slip", session)))


def test_the_slip_holds_no_house_number(who: Resident, client: Client) -> None:
    address = who.letter.row.address
    assert address is not None
    address.number = "7391"
    address.save()
    session = begin(client, who)
    seen = [text_of(client.get(page(name, session))) for name in ("desk_session", "desk_letter", "desk_message")]
    client.post(page("desk_letter", session))
    client.post(page("desk_end", session))
    seen.append(text_of(client.get(page("desk_slip", session))))
    assert all("7391" not in text and "Koorstraat" not in text for text in seen)


def test_the_slip_is_gone_half_an_hour_later(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_end", session))
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert client.get(page("desk_slip", session)).status_code == 404


def test_the_next_resident_never_sees_the_key_of_the_one_before(who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who)
    client.post(page("desk_own_key", session))
    key = made(client, session)
    other = resident(cast, name="Rik Daems", paper=letter(cast, street="Koorstraat", at=0))
    second = begin(client, other)
    assert key not in text_of(client.get(page("desk_session", second)))


def give(code: str, name: str = NAME, **more: str) -> dict[str, str]:
    given = {"code": code, "name": name, "channel": "desk", "said_yes": "on", "request_key": str(uuid4())}
    return {**given, **more}


def test_who_has_never_joined_joins_by_our_hands_with_an_own_key(client: Client, cast: Cast) -> None:
    paper = letter(cast, street="Koorstraat")
    answer = client.post(reverse("desk_join"), give(paper.code))
    session = DeskSession.objects.get()
    assert answer.headers["Location"] == page("desk_session", session)
    assert (session.person.name, session.person.standing.neighbourhood_name) == (NAME, "Kermt")
    assert list(session.acts.values_list("what", flat=True)) == ["joined"]
    assert session.person.consents.get(purpose="house_rules").form == "desk"
    assert come_back(paper.code, made(client, session)) == session.person


def test_joining_pressed_twice_makes_one_person_and_one_key(client: Client, cast: Cast) -> None:
    paper = letter(cast, street="Koorstraat")
    given = give(paper.code)
    first, second = (client.post(reverse("desk_join"), given) for _each in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    person = Person.objects.get(name=NAME)
    assert come_back(paper.code, made(client, DeskSession.objects.get())) == person


def test_who_is_in_already_is_acted_for_and_joins_no_second_time(who: Resident, client: Client) -> None:
    client.post(reverse("desk_join"), give(who.letter.code, "godelieve durr peeters"))
    assert DeskSession.objects.get().person == who.person
    assert come_back(who.letter.code, who.own_key) == who.person
    assert not DeskAct.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"name": "Godelieve"}, 422, "first and the last name"),
        ({"name": "Politie Hasselt"}, 422, "speaks for an office"),
        ({"said_yes": ""}, 422, "Without their yes"),
        ({"code": "482917365500"}, 422, "One digit is not right"),
        ({"code": "482917365501"}, 422, "We do not know this code"),
    ],
    ids=["short", "office", "no yes", "typo", "unknown"],
)
def test_joining_has_the_doors_own_rules(
    wrong: dict[str, str], status: int, words: str, client: Client, cast: Cast
) -> None:
    before = Person.objects.count()
    answer = client.post(reverse("desk_join"), {**give(letter(cast).code), **wrong})
    assert answer.status_code == status
    assert words in text_of(answer)
    assert Person.objects.count() == before
    assert not DeskSession.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"expires_at": clock.now() - timedelta(days=1)}, "lets nobody in any more"),
        ({"uses": 8}, "Eight people"),
    ],
    ids=["expired", "full"],
)
def test_a_letter_that_enrols_nobody_enrols_nobody_here(
    facts: dict[str, Any], words: str, client: Client, cast: Cast
) -> None:
    answer = client.post(reverse("desk_join"), give(letter(cast, **facts).code))
    assert answer.status_code == 422
    assert words in text_of(answer)
