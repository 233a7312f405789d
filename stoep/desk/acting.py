"""What staff can do for a resident: each goes through the real action, as the resident, and is written down.

Staff reads nothing by it: neither the square, nor what neighbours answered.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stoep.access.audience import home_audience
from stoep.access.gate import NotAllowed
from stoep.delivery.choosing import stop_all_mail
from stoep.desk.actions import acting, note, stop_session
from stoep.desk.handed_down import handed_down
from stoep.desk.models import DeskAct, DeskSession
from stoep.feed.actions import publish_post
from stoep.joining.confirming import correct_email
from stoep.joining.disputes import open_dispute_at_desk
from stoep.joining.models import LetterCode
from stoep.joining.phones import change_number
from stoep.joining.reissuing import reissue_letter, renew_own_key
from stoep.joining.vouching import confirm_newcomer
from stoep.neighbours.actions import change_name
from stoep.people.models import Person
from stoep.places.models import Neighbourhood


@dataclass(frozen=True)
class Words:
    """A message as the resident dictates it."""

    kind: str
    title: str
    body: str
    request_key: UUID


def place_message(*, staff: Person, session: DeskSession, words: Words, now: datetime) -> None:
    """To the resident's own neighbours and nobody else. Raises SessionOver, NotAllowed and TextRefused."""
    with acting(staff=staff, session=session, now=now) as person:
        if person.standing.neighbourhood_id is None:
            raise NotAllowed
        home = Neighbourhood.objects.get(pk=person.standing.neighbourhood_id)
        post = publish_post(
            author=person,
            audience=home_audience(home),
            kind=words.kind,
            title=words.title,
            body=words.body,
            request_key=words.request_key,
            now=now,
        )
        note(session, DeskAct.What.MESSAGE, UUID(str(post.pk)), now=now)


def give_own_key(*, staff: Person, session: DeskSession, now: datetime) -> str:
    """A new own key for the letter in hand. Raises SessionOver."""
    with acting(staff=staff, session=session, now=now) as person:
        own_key = renew_own_key(person=person, code_hash=session.code_hash, now=now)
        note(session, DeskAct.What.OWN_KEY, None, now=now)
    return own_key


def give_letter(*, staff: Person, session: DeskSession, now: datetime) -> str:
    """A new code for the resident's door. Raises SessionOver and joining.reissuing.NoLetterbox."""
    with acting(staff=staff, session=session, now=now) as person:
        code = reissue_letter(person=person, now=now)
        DeskSession.objects.filter(pk=session.pk).update(code_hash=person.return_credential.code_hash)
        note(session, DeskAct.What.LETTER, None, now=now)
    return code


def note_email(*, staff: Person, session: DeskSession, email: str, now: datetime) -> None:
    """Ask the address; nothing else goes there before it is confirmed. Raises SessionOver and limits.TooMany."""
    with acting(staff=staff, session=session, now=now) as person:
        correct_email(person=person, email=email, now=now)
        note(session, DeskAct.What.EMAIL, None, now=now)


def note_number(*, staff: Person, session: DeskSession, number: str, now: datetime) -> None:
    """Ask the number by text; it opens nothing before it is confirmed. Raises SessionOver and limits.TooMany."""
    with acting(staff=staff, session=session, now=now) as person:
        change_number(person=person, number=number, now=now)
        note(session, DeskAct.What.PHONE, None, now=now)


def stop_mail_for(*, staff: Person, session: DeskSession, now: datetime) -> None:
    """Nothing more, but what they ask for themselves. Raises SessionOver."""
    with acting(staff=staff, session=session, now=now) as person:
        stop_all_mail(person=person, now=now)
        note(session, DeskAct.What.MAIL_STOPPED, None, now=now)


def dispute_for(*, staff: Person, session: DeskSession, now: datetime) -> LetterCode | None:
    """Somebody else used their letter: all of that address wait until the desk has decided. Raises SessionOver.

    Answers the letter; None: they came by invitation, and there is no letter that anybody could have used.
    """
    with acting(staff=staff, session=session, now=now):
        letter = LetterCode.objects.filter(
            municipality=session.municipality_id, code_hash=session.code_hash, address__isnull=False
        ).first()
        if letter is not None:
            open_dispute_at_desk(actor=staff, code=letter, now=now)
            note(session, DeskAct.What.DISPUTE, None, now=now)
    return letter


def correct_name(*, staff: Person, session: DeskSession, name: str, now: datetime) -> None:
    """By the rules of joining. Raises SessionOver, NameRefused and neighbours.actions.TooManyNames."""
    with acting(staff=staff, session=session, now=now) as person:
        change_name(person=person, name=name, now=now)
        note(session, DeskAct.What.NAME, None, now=now)


def confirm_home(*, staff: Person, session: DeskSession, now: datetime) -> None:
    """Who came by invitation has shown that they live here. This one is the desk's own act. Raises SessionOver."""
    with acting(staff=staff, session=session, now=now) as person:
        if confirm_newcomer(actor=staff, newcomer=person, now=now):
            note(session, DeskAct.What.CONFIRMED, None, now=now)


def leave_for(*, staff: Person, session: DeskSession, now: datetime) -> None:
    """Hidden at once, 14 days to come back, as by their own hand; with it the session ends. Raises SessionOver."""
    with acting(staff=staff, session=session, now=now) as person:
        if handed_down.leave is None:
            raise NotAllowed
        handed_down.leave(person=person, now=now)
        note(session, DeskAct.What.LEAVING, None, now=now)
        stop_session(staff=staff, session=session, now=now)
