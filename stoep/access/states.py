"""In what state a subject must be for a rule to hold. The rules name these; the printed table writes their names."""

from typing import Any

from stoep.access.scopes import municipality_id_of
from stoep.common import clock
from stoep.people.models import Group, Membership
from stoep.places.queries import crisis_since


def is_live(subject: Any) -> bool:
    """Not removed, and neither is the post under which it stands."""
    return bool(subject.is_live and getattr(subject, "post", subject).is_live)


def is_calm(subject: Any) -> bool:
    """It is there, and its city is not in crisis mode."""
    municipality_id = municipality_id_of(subject)
    return is_live(subject) and (municipality_id is None or crisis_since(municipality_id, clock.now()) is None)


def brings_together(subject: Any) -> bool:
    """Neighbours may meet now; or it is the city that asks them to, and the city knows what it does."""
    return is_calm(subject) or (is_live(subject) and subject.speaking_for_id is not None)


def is_removed_by_its_author(subject: Any) -> bool:
    """What somebody else took away, its author cannot put back."""
    return not subject.is_live and subject.removed_by_id == subject.author_id


def is_open(subject: Any) -> bool:
    return bool(subject.is_open)


def takes_answers(subject: Any) -> bool:
    return is_live(subject) and bool(subject.comments_open)


def takes_answers_of_neighbours(subject: Any) -> bool:
    return takes_answers(subject) and subject.speaking_for_id is None


def is_closed_to_answers(subject: Any) -> bool:
    return is_live(subject) and not subject.comments_open and subject.speaking_for_id is None


def asks_for_help(subject: Any) -> bool:
    return is_live(subject) and bool(subject.is_open_request)


def is_group(subject: Any) -> bool:
    return bool(subject.is_group)


def is_not_official(subject: Any) -> bool:
    return is_live(subject) and subject.speaking_for_id is None


def is_current(subject: Any) -> bool:
    """A group that goes on."""
    return isinstance(subject, Group) and subject.closed_at is None


def is_wish(subject: Any) -> bool:
    """A neighbour looks for something to borrow."""
    return is_live(subject) and subject.kind == "borrow"


def stands_alone(subject: Any) -> bool:
    """A thing that no message tells of."""
    return bool(subject.is_live and subject.told_by_id is None)


def is_waiting(subject: Any) -> bool:
    return bool(subject.is_waiting)


def is_agreed(subject: Any) -> bool:
    return bool(subject.is_agreed)


def is_promised(subject: Any) -> bool:
    """Agreed, and not over."""
    return bool(subject.is_promised)


def is_not_handed_over(subject: Any) -> bool:
    return bool(subject.is_not_handed_over)


def is_out(subject: Any) -> bool:
    return bool(subject.is_out)


def was_out(subject: Any) -> bool:
    return bool(subject.was_out)


def is_invited(subject: Any) -> bool:
    """A membership that began with a neighbour's invitation, and goes on."""
    return isinstance(subject, Membership) and subject.ended_at is None and subject.proof == Membership.Proof.INVITATION
