"""One neighbour as another may see them: a name, a place, what they wrote. Nobody is told who looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from stoep.access import works
from stoep.access.gate import may
from stoep.access.limits import Limit
from stoep.access.seen import A_DAY, may_see
from stoep.access.works import Work
from stoep.media.queries import shown_people
from stoep.people.models import Person
from stoep.people.naming import ShownPerson
from stoep.people.skills import SKILLS, skills_of

POSTS_SHOWN = 10
# Different profiles that one person may look at (docs/trust.md 1.2, T4); looking twice counts once in each window.
BUDGETS = (Limit("profiles-hour", 50, timedelta(hours=1)), A_DAY)


class TooManyProfiles(Exception):
    """This person looked at more different neighbours than anybody needs to."""


@dataclass(frozen=True)
class Profile:
    """`is_own`: how others see the reader. `works`: only what the reader may see; `skills`: for who lives there too."""

    person: Person
    shown: ShownPerson
    works: list[Work]
    skills: list[Promise]
    is_own: bool
    is_muted: bool


def profile_of(person: Person, *, reader: Person, now: datetime) -> Profile:
    """What the reader sees of them. Counts; raises TooManyProfiles."""
    if not may_see(reader.pk, [person.pk], budgets=BUDGETS, now=now):
        raise TooManyProfiles
    return Profile(
        person=person,
        shown=shown_name(person, reader=reader),
        works=works.recent(reader, person.pk, most=POSTS_SHOWN),
        skills=_skills(person, reader=reader),
        is_own=person.pk == reader.pk,
        is_muted=person.pk in reader.standing.muted,
    )


def _skills(person: Person, *, reader: Person) -> list[Promise]:
    """What they ticked, in words: for their own neighbourhood, not for whoever read a message of theirs elsewhere."""
    if not may(reader, "neighbours:person:read", person):
        return []
    return [SKILLS[key] for key in skills_of([person.pk]).get(person.pk, [])]


def shown_name(person: Person, *, reader: Person) -> ShownPerson:
    """By where they live now; the naming rule decides how much of it."""
    return shown_people([person], reader=reader)[person.pk]
