"""Sessions: begun when a resident said yes, over after half an hour at the latest, never alive again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from stoep.access.gate import require
from stoep.access.once import once
from stoep.access.visitors import Visitor
from stoep.common.ids import new_id
from stoep.delivery.outbox import tell
from stoep.desk.finding import WRONG_OF_STAFF, Found, one_of
from stoep.desk.models import SESSION_LENGTH, DeskAct, DeskSession
from stoep.joining import codes
from stoep.joining.actions import Wishes, check_way_in, join
from stoep.joining.limits import guarded
from stoep.joining.reissuing import people_of_letter
from stoep.people.models import Consent, Person

# The words that are read aloud; a new wording is a new version.
WORDS = "2026-11"
KEPT_FOR = timedelta(days=730)


class SessionOver(Exception):
    """The half hour is past, or somebody said stop."""


@dataclass(frozen=True)
class Yes:
    """What the resident said yes to, and how; `request_key`: said once, however often the button is pressed."""

    channel: str
    request_key: UUID


def start_session(*, staff: Person, found: Found, yes: Yes, now: datetime) -> DeskSession:
    """The resident said yes: half an hour begins. An earlier session of the same member of staff ends."""
    require(staff, "desk:session:start", staff.municipality, now=now)

    def write() -> UUID:
        Person.objects.select_for_update().get(pk=staff.pk)  # one after the other, also from two windows
        person = Person.objects.select_for_update().get(pk=found.person.pk, municipality=staff.municipality_id)
        for earlier in DeskSession.objects.filter(staff=staff, ended_at=None):
            _end(earlier, now=now)
        session = DeskSession.objects.create(
            id=new_id(now),
            municipality=staff.municipality,
            staff=staff,
            person=person,
            consent=_consent(person, yes, now=now),
            channel=yes.channel,
            code_hash=found.code_hash,
            started_at=now,
            ends_at=now + SESSION_LENGTH,
        )
        city, key = staff.municipality_id, session.pk
        tell("desk.session_started", municipality_id=city, subject_id=key, actor=staff, now=now)
        tell("desk.session_done", municipality_id=city, subject_id=key, actor=staff, now=now, wait=SESSION_LENGTH)
        return UUID(str(key))

    key, _is_new = once(person=staff, action="desk:session:start", key=yes.request_key, now=now, write=write)
    return DeskSession.objects.get(pk=key)


def join_for(
    *, staff: Person, typed_code: str, name: str, yes: Yes, wishes: Wishes, visitor: Visitor, now: datetime
) -> tuple[DeskSession, str]:
    """Somebody with a letter or an invitation joins by our hands, and a session begins. Answers it and the own key.

    Who joined with this letter before is acted for and joins no second time: then the key is empty.
    Raises CodeRefused, NameRefused and limits.TooMany, as the residents' door does.
    """
    require(staff, "desk:session:start", staff.municipality, now=now)
    with guarded((WRONG_OF_STAFF, str(staff.pk)), now=now) as own:
        code = check_way_in(municipality=staff.municipality, typed=typed_code, visitor=visitor, now=now)
        own.right()
    with transaction.atomic():
        known = one_of(people_of_letter(staff.municipality_id, code.code_hash), name)
        if known is not None and known.pk != yes.request_key:
            return start_session(staff=staff, found=Found(known, code.code_hash), yes=yes, now=now), ""
        own_key = codes.new_own_key()
        key = yes.request_key
        person = join(code=code, name=name, own_key=own_key, wishes=wishes, said_at="desk", request_key=key, now=now)
        session = start_session(staff=staff, found=Found(person, code.code_hash), yes=yes, now=now)
        is_new = note(session, DeskAct.What.JOINED, person.pk, now=now)
    return session, own_key if is_new else ""


def stop_session(*, staff: Person, session: DeskSession, now: datetime) -> None:
    """Stopped before its time; stopped twice, it stays as it was."""
    require(staff, "desk:session:act", session, now=now)
    with transaction.atomic():
        _end(session, now=now)


def take_yes_back(*, person: Person, session: DeskSession, now: datetime) -> None:
    """The resident stops it from their own page."""
    require(person, "neighbours:person:change", session.person, now=now)
    with transaction.atomic():
        _end(session, now=now)


def end_sessions_of(person: Person, now: datetime) -> None:
    """The consent was taken back."""
    for session in DeskSession.objects.filter(person=person, ended_at=None):
        _end(session, now=now)


@contextmanager
def acting(*, staff: Person, session: DeskSession, now: datetime) -> Iterator[Person]:
    """The resident for whom something is done now. Raises SessionOver; nothing of the block stays if it fails.

    The session's row is held meanwhile: whoever says stop is heard before the next act.
    """
    with transaction.atomic():
        require(staff, "desk:session:act", session, now=now)
        held = DeskSession.objects.select_for_update().get(pk=session.pk)
        person = Person.objects.select_related("municipality").get(pk=held.person_id)
        if not held.is_running(now) or person.left_at is not None:
            raise SessionOver
        yield person


def note(session: DeskSession, what: DeskAct.What, subject_id: UUID | None, *, now: datetime) -> bool:
    """Write down what was done; the same thing done once more by a second click is not written twice."""
    _act, is_new = DeskAct.objects.get_or_create(
        session=session, what=what, subject_id=subject_id, defaults={"at": now}
    )
    return is_new


def end_overdue(*, now: datetime) -> int:
    """Sessions that nobody stopped are written down as over, and so is the consent. Answers how many."""
    overdue = list(DeskSession.objects.filter(ended_at=None, ends_at__lte=now))
    for session in overdue:
        with transaction.atomic():
            _end(session, now=now)
    return len(overdue)


def forget_old_sessions(*, now: datetime) -> int:
    """What staff did is kept two years (docs/trust.md 4.3)."""
    gone, _by_model = DeskSession.objects.filter(started_at__lt=now - KEPT_FOR, ended_at__isnull=False).delete()
    return gone


def _end(session: DeskSession, *, now: datetime) -> None:
    """The consent goes with the last session that it carried."""
    DeskSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=min(now, session.ends_at))
    others = DeskSession.objects.filter(consent=session.consent_id, ended_at=None)
    if session.consent_id is not None and not others.exists():
        Consent.objects.filter(pk=session.consent_id, withdrawn_at=None).update(withdrawn_at=min(now, session.ends_at))


def _consent(person: Person, yes: Yes, *, now: datetime) -> Consent:
    """Two members of staff at once stand on one consent; one whose half hour is past stands for nothing."""
    for overdue in DeskSession.objects.filter(person=person, ended_at=None, ends_at__lte=now):
        _end(overdue, now=now)
    consent, _is_new = Consent.objects.get_or_create(
        person=person,
        purpose=Consent.Purpose.ACTING_FOR,
        withdrawn_at=None,
        defaults={"version": WORDS, "form": yes.channel, "given_at": now},
    )
    return consent
