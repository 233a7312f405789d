"""Half an hour: begun by a yes, named on every page, over when it is over, and never alive again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.desk.actions import WORDS, end_overdue, forget_old_sessions
from stoep.desk.models import DeskAct, DeskSession
from stoep.desk.tests.counter import NAME, Resident, ask, at_desk, begin, page, resident, say, say_yes
from stoep.feed.models import Post
from stoep.joining.tests.door import browser, join_by_email, letter, mails, post_comes, text_of
from stoep.operations.cast import Cast
from stoep.people.models import Consent, Person, Role
from stoep.people.models import RoleName as R

PAGES = (
    "desk_session",
    "desk_message",
    "desk_own_key",
    "desk_letter",
    "desk_email",
    "desk_name",
    "desk_confirmation",
    "desk_leaving",
)
MORE = {"email": "a@b.example", "name": "Nora Nieuw"}
OTHERS = ["editor", "approver", "analyst", "rollout", "city-admin", "moderator", "dpo", "operator"]


@pytest.fixture
def who(cast: Cast) -> Resident:
    return resident(cast)


@pytest.fixture
def client(cast: Cast) -> Client:
    return at_desk(cast)


def later(client: Client, **by: int) -> Any:
    del client
    return clock.frozen(clock.now() + timedelta(**by))


def test_nothing_begins_without_a_yes(who: Resident, client: Client) -> None:
    ask(client, who.letter.code)
    refused = client.post(reverse("desk_consent"), {"channel": "desk", "request_key": str(uuid4())})
    assert refused.status_code == 422
    assert "Without their yes" in text_of(refused)
    assert client.post(reverse("desk_consent"), {"said_yes": "on"}).status_code == 422
    assert client.post(reverse("desk_consent"), {"said_yes": "on", "channel": "mail"}).status_code == 422
    assert not DeskSession.objects.exists()
    assert not Consent.objects.filter(purpose=Consent.Purpose.ACTING_FOR).exists()


def test_a_yes_is_a_consent_a_session_and_a_line_in_the_log(who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who, channel="phone")
    assert (session.staff, session.person, session.channel) == (cast["desk"], who.person, "phone")
    assert session.ends_at - session.started_at == timedelta(minutes=30)
    consent = Consent.objects.get(person=who.person, purpose=Consent.Purpose.ACTING_FOR)
    assert (session.consent, consent.version, consent.form, consent.withdrawn_at) == (consent, WORDS, "phone", None)
    log = AccessLog.objects.get(action="desk:session:start")
    assert log.person == cast["desk"]


def test_a_yes_said_twice_begins_once(who: Resident, client: Client) -> None:
    ask(client, who.letter.code)
    key = str(uuid4())
    first = say_yes(client, request_key=key)
    ask(client, who.letter.code)
    second = say_yes(client, request_key=key)
    assert first.headers["Location"] == second.headers["Location"]
    assert DeskSession.objects.count() == 1


def test_who_was_found_is_forgotten_after_ten_minutes(who: Resident, client: Client) -> None:
    ask(client, who.letter.code)
    with later(client, minutes=11):
        assert say_yes(client).headers["Location"] == reverse("desk")
    assert not DeskSession.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_for_whom_and_until_when_and_how_to_stop(name: str, who: Resident, client: Client) -> None:
    session = begin(client, who)
    text = text_of(client.get(page(name, session)))
    assert f"You act for {NAME}" in text
    assert "until" in text
    assert f'action="{page("desk_end", session)}"' in text


@pytest.mark.parametrize("name", PAGES)
def test_after_half_an_hour_nothing_works(name: str, who: Resident, client: Client) -> None:
    session = begin(client, who)
    before = Person.objects.get(pk=who.person.pk).password
    with later(client, minutes=30):
        for answer in (client.get(page(name, session)), client.post(page(name, session), say(**MORE))):
            assert answer.status_code in ({405, 410} if name == "desk_session" else {410})
        assert NAME not in text_of(client.get(page(name, session)))
    assert Person.objects.get(pk=who.person.pk).password == before
    assert not Post.objects.exists()
    assert not DeskAct.objects.exists()


def test_what_was_stopped_is_never_alive_again(who: Resident, client: Client) -> None:
    session = begin(client, who)
    assert client.post(page("desk_end", session)).headers["Location"] == page("desk_slip", session)
    stopped = DeskSession.objects.get(pk=session.pk).ended_at
    assert stopped is not None
    with later(client, minutes=1):
        assert client.post(page("desk_end", session)).status_code == 302
        assert client.post(page("desk_message", session), say()).status_code == 410
    assert DeskSession.objects.get(pk=session.pk).ended_at == stopped
    assert not Post.objects.exists()
    consent = Consent.objects.get(person=who.person, purpose=Consent.Purpose.ACTING_FOR)
    assert consent.withdrawn_at == stopped


def test_a_new_yes_begins_a_new_session_and_ends_the_one_before(who: Resident, client: Client, cast: Cast) -> None:
    first = begin(client, who)
    other = resident(cast, name="Rik Daems", paper=letter(cast, street="Koorstraat", at=0))
    second = begin(client, other)
    assert client.get(page("desk_session", first)).status_code == 410
    assert client.get(page("desk_session", second)).status_code == 200
    assert Consent.objects.filter(purpose=Consent.Purpose.ACTING_FOR, withdrawn_at=None).get().person == other.person


def test_two_members_of_staff_at_once_stand_on_one_consent(who: Resident, client: Client, cast: Cast) -> None:
    colleague = Person.objects.create(
        municipality=cast.cities["hasselt"], kind=Person.Kind.STAFF, name="Dora Desk", joined_at=clock.now()
    )
    Role.objects.create(person=colleague, role=R.DESK, granted_at=clock.now())
    cast.people["colleague"] = colleague
    mine, theirs = begin(client, who), begin(hers := at_desk(cast, "colleague"), who)
    assert mine.consent == theirs.consent
    for one, browser_of, other in ((mine, client, theirs), (theirs, hers, mine)):
        assert browser_of.get(page("desk_session", one)).status_code == 200
        for name in (*PAGES, "desk_slip"):
            assert browser_of.get(page(name, other)).status_code == 404
        assert browser_of.post(page("desk_end", other)).status_code == 404
    client.post(page("desk_end", mine))
    assert hers.post(page("desk_message", theirs), say()).status_code == 302
    assert Consent.objects.get(pk=mine.consent_id).withdrawn_at is None
    hers.post(page("desk_end", theirs))
    assert Consent.objects.get(pk=mine.consent_id).withdrawn_at is not None


@pytest.mark.parametrize("other", OTHERS)
def test_other_staff_has_no_desk(other: str, who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who)
    theirs = at_desk(cast, other)
    for name in PAGES:
        assert theirs.get(page(name, session)).status_code == 403
    assert theirs.post(page("desk_end", session)).status_code == 403
    assert theirs.post(reverse("desk_join"), {}).status_code == 403


def test_neighbours_and_visitors_have_no_desk(who: Resident, client: Client) -> None:
    session = begin(client, who)
    for name in PAGES:
        assert who.client.get(page(name, session)).status_code == 404
        assert browser().get(page(name, session)).headers["Location"].startswith("/sign-in/")


def test_who_loses_the_task_can_do_nothing_on_the_next_request(who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who)
    Role.objects.filter(person=cast["desk"]).update(ended_at=clock.now())
    assert client.post(page("desk_message", session), say()).status_code == 403
    assert not Post.objects.exists()


def test_the_resident_sees_who_acted_and_stops_it(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_message", session), say())
    text = text_of(who.client.get(reverse("helped")))
    assert "By Hilde, Stadhuis van Hasselt" in text
    assert "Thijs" not in text
    assert "Placed a message" in text
    assert who.client.post(page("helped_end", session)).status_code == 302
    assert client.get(page("desk_session", session)).status_code == 410
    assert "Stop this now" not in text_of(who.client.get(reverse("helped")))


def test_nobody_else_sees_or_stops_it(who: Resident, client: Client, cast: Cast) -> None:
    session = begin(client, who)
    for key in ("neighbour", "suspended", "other-city"):
        other = Client()
        other.force_login(cast[key], backend="stoep.people.backend.PersonBackend")
        assert "Hilde" not in text_of(other.get(reverse("helped")))
        assert other.post(page("helped_end", session)).status_code == 404
    assert client.get(reverse("helped")).status_code == 404
    assert client.get(page("desk_session", session)).status_code == 200


def test_who_can_be_reached_is_told_at_once_and_after_half_an_hour(client: Client, cast: Cast) -> None:
    paper = letter(cast, street="Koorstraat")
    person = join_by_email(browser(), paper.code, name=NAME)
    Person.objects.filter(pk=person.pk).update(email_confirmed_at=clock.now())
    post_comes()
    session = begin(client, Resident(person, paper, "", client))
    client.post(page("desk_own_key", session))
    assert [mail.kind for mail in mails() if mail.kind.startswith("desk/")] == [
        "desk/mail/session_started",
        "desk/mail/session_done",
    ]
    started, done = (mail for mail in mails() if mail.kind.startswith("desk/"))
    assert "Hilde of Hasselt acts for you" in started.text
    assert "/me/helped/" in started.text
    assert "Made a new own key" in done.text
    assert all(mail.recipient == "jan@post.example" for mail in (started, done))


def test_the_summary_waits_for_the_end_of_the_half_hour(who: Resident, client: Client) -> None:
    from stoep.delivery.models import OutboxEntry

    session = begin(client, who)
    entry = OutboxEntry.objects.get(notice="desk.session_done")
    assert entry.due_at == session.ends_at


def test_who_has_no_address_gets_no_mail(who: Resident, client: Client) -> None:
    begin(client, who)
    assert [mail for mail in mails() if mail.kind.startswith("desk/")] == []


def test_what_nobody_stopped_is_written_down_as_over(who: Resident, client: Client) -> None:
    session = begin(client, who)
    assert end_overdue(now=session.ends_at - timedelta(seconds=1)) == 0
    assert end_overdue(now=session.ends_at + timedelta(hours=5)) == 1
    session.refresh_from_db()
    assert session.ended_at == session.ends_at
    assert Consent.objects.get(pk=session.consent_id).withdrawn_at == session.ends_at


def test_sessions_are_kept_two_years(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_message", session), say())
    client.post(page("desk_end", session))
    assert forget_old_sessions(now=session.started_at + timedelta(days=729)) == 0
    forget_old_sessions(now=session.started_at + timedelta(days=731))
    assert not DeskSession.objects.exists()
    assert not DeskAct.objects.exists()


def test_the_database_knows_no_longer_session_and_no_second_open_one(who: Resident, client: Client) -> None:
    session = begin(client, who)
    for wrong in (
        {"ends_at": session.started_at + timedelta(minutes=31)},
        {"ended_at": session.ends_at + timedelta(seconds=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeskSession.objects.filter(pk=session.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskSession.objects.create(
            municipality=session.municipality,
            staff=session.staff,
            person=session.person,
            channel="desk",
            started_at=session.started_at,
            ends_at=session.ends_at,
        )


def test_the_desks_own_page_remembers_when_and_how_much_and_no_name(who: Resident, client: Client) -> None:
    session = begin(client, who)
    client.post(page("desk_message", session), say())
    assert f"You still act for {NAME}" in text_of(client.get(reverse("desk")))
    client.post(page("desk_end", session))
    text = text_of(client.get(reverse("desk")))
    assert "1 thing done" in text
    assert "Dürr" not in text
