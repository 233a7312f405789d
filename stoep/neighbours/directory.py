"""The neighbours of one's own neighbourhood by name, with what they can help with; found by name, street or skill.

It is a list to look somebody up in, not to copy: paged, counted, in no order that tells who lives beside whom.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Collate, Concat, Left, Lower
from django.utils.functional import Promise

from stoep.access.limits import Limit
from stoep.access.seen import A_DAY, may_see
from stoep.media.queries import profile_photos
from stoep.people.models import Membership, Person
from stoep.people.naming import ShownPerson, shown_to
from stoep.people.queries import listed_members
from stoep.people.skills import SKILLS, skills_of

PAGE, SKILLS_SHOWN, MOST_WORDS = 20, 3, 6
BUDGETS = (Limit("listed-hour", 100, timedelta(hours=1)), A_DAY)


class TooManyNeighbours(Exception):
    """This person read more different names than anybody needs to."""


@dataclass(frozen=True)
class Wish:
    """Whom somebody looks for. `letter`: where in the alphabet to begin; `after`: the last one of the page before."""

    question: str = ""
    skill: str = ""
    letter: str = ""
    after: UUID | None = None


@dataclass(frozen=True)
class Listed:
    """A line of the list. `skills`: the first few, in words; `more`: how many others."""

    person_id: UUID
    shown: ShownPerson
    skills: list[Promise]
    more: int
    is_own: bool


@dataclass(frozen=True)
class Directory:
    lines: list[Listed] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    next_after: UUID | None = None


def directory_of(reader: Person, wish: Wish, *, now: datetime) -> Directory:
    """One page of it. The number of queries does not depend on how many there are. Raises TooManyNeighbours."""
    everybody = _members(reader)
    rows = list(_wished(everybody, wish)[: PAGE + 1])
    shown = rows[:PAGE]
    if not may_see(reader.pk, [row.person_id for row in shown], budgets=BUDGETS, now=now):
        raise TooManyNeighbours
    return Directory(
        lines=_lines(reader, shown),
        letters=_letters(everybody),
        next_after=shown[-1].person_id if len(rows) > PAGE else None,
    )


def _members(reader: Person) -> QuerySet[Any]:
    """`plain_name`: without capitals and accents, compared letter by letter whatever the database's language."""
    here = reader.standing.neighbourhood_id
    if here is None:
        return Membership.objects.none()
    listed = listed_members(here).exclude(person__in=list(reader.standing.apart))
    plain = _plain(Concat("person__name", Value(" "), Coalesce("shown_street__name", Value(""))))
    return listed.annotate(plain_name=Collate(_plain(F("person__name")), "C"), plain_words=plain)


def _wished(everybody: QuerySet[Any], wish: Wish) -> QuerySet[Any]:
    found = everybody
    for word in wish.question.split()[:MOST_WORDS]:
        found = found.filter(plain_words__contains=_plain(Value(word)))
    if wish.skill:
        found = found.filter(person__skills__skill=wish.skill)
    if wish.letter:
        found = found.filter(plain_name__gte=wish.letter)
    last = everybody.filter(person=wish.after).values_list("plain_name", flat=True).first() if wish.after else None
    if last is not None:
        found = found.filter(Q(plain_name__gt=last) | Q(plain_name=last, person_id__gt=wish.after))
    return found.select_related("person", "neighbourhood", "shown_street").order_by("plain_name", "person_id")


def _letters(everybody: QuerySet[Any]) -> list[str]:
    """Those with which a name begins."""
    found = everybody.order_by().values_list(Left("plain_name", 1), flat=True).distinct()
    return sorted(letter for letter in found if letter.isalpha())


def _lines(reader: Person, rows: Iterable[Membership]) -> list[Listed]:
    rows = list(rows)
    ids = [row.person_id for row in rows]
    photos, skills = profile_photos(ids), skills_of(ids)
    return [_line(reader, row, photos.get(row.person_id), skills.get(row.person_id, [])) for row in rows]


def _line(reader: Person, row: Membership, photo_id: UUID | None, skills: list[str]) -> Listed:
    shown = shown_to(
        reader.standing,
        name=row.person.name,
        neighbourhood_id=row.neighbourhood_id,
        neighbourhood_name=row.neighbourhood.name,
        street_name=row.shown_street.name if row.shown_street else None,
        photo_id=photo_id,
    )
    words = [SKILLS[key] for key in skills[:SKILLS_SHOWN]]
    return Listed(row.person_id, shown, words, max(len(skills) - SKILLS_SHOWN, 0), row.person_id == reader.pk)


def _plain(words: Any) -> Func:
    return Func(Lower(words), function="unaccent")
