"""How far a rule reaches. Each scope answers twice: for one person (`holds`) and for all (`people`); tests compare."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from stoep.access.models import Audience, Audienced
from stoep.common import clock
from stoep.people.models import Membership, Person, Suspension
from stoep.people.queries import PROVISIONAL_HORIZON, Standing, apart_from
from stoep.places.models import Municipality, Neighbourhood


class Scope(Protocol):
    @property
    def sign(self) -> str:
        """How the printed table of permissions writes it."""

    def holds(self, standing: Standing, subject: Any) -> bool:
        """Whether the subject lies within reach of this person."""

    def people(self, subject: Any) -> QuerySet[Person]:
        """Everybody within whose reach the subject lies, whatever their role."""


def audience_of_subject(subject: Any) -> Audience | None:
    if isinstance(subject, Audience):
        return subject
    return subject.audience if isinstance(subject, Audienced) else None


def municipality_id_of(subject: Any) -> UUID | None:
    """The tenant a subject belongs to: of itself, or by its audience."""
    if isinstance(subject, Municipality):
        return UUID(str(subject.pk))
    audience = audience_of_subject(subject)
    found: UUID | None = getattr(audience or subject, "municipality_id", None)
    return found


@dataclass(frozen=True)
class Own:
    """What one wrote or is oneself."""

    sign: str = "o"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return standing.person_id == _owner_id(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        owner = _owner_id(subject)
        return Person.objects.none() if owner is None else Person.objects.filter(pk=owner)


def _owner_id(subject: Any) -> UUID | None:
    found: UUID | None = subject.pk if isinstance(subject, Person) else getattr(subject, "author_id", None)
    return found


@dataclass(frozen=True)
class InAudience:
    """A member of the subject's audience, unless a block stands between; a provisional one within their horizon."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        audience = audience_of_subject(subject)
        if audience is None or not _within_horizon(standing, subject):
            return False
        if not standing.apart.isdisjoint(_writers(subject)):
            return False
        return audience.includes(standing)

    def people(self, subject: Any) -> QuerySet[Person]:
        audience = audience_of_subject(subject)
        if audience is None:
            return Person.objects.none()
        inside = audience.people().exclude(memberships__in=_provisional_beyond_horizon(subject))
        writers = _writers(subject)
        return inside.exclude(pk__in=apart_from(writers).values("pk")) if writers else inside


@dataclass(frozen=True)
class InAudienceOfAnother:
    """As `InAudience`, but not its author: nobody helps themselves."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return standing.person_id != _owner_id(subject) and InAudience().holds(standing, subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        owner = _owner_id(subject)
        others = InAudience().people(subject)
        return others if owner is None else others.exclude(pk=owner)


def _writers(subject: Any) -> set[UUID]:
    """Whose words the subject is, and under whose it stands. What a department says is nobody's: no block hides it."""
    written = (subject, getattr(subject, "post", subject))
    return {each.author_id for each in written if isinstance(each, Audienced) and each.speaking_for_id is None}


def _provisional_beyond_horizon(subject: Any) -> QuerySet[Membership]:
    created_at = getattr(subject, "created_at", None)
    if created_at is None or created_at >= clock.now() - PROVISIONAL_HORIZON:
        return Membership.objects.none()
    return Membership.objects.filter(standing=Membership.Standing.PROVISIONAL, ended_at=None)


def _within_horizon(standing: Standing, subject: Any) -> bool:
    created_at = getattr(subject, "created_at", None)
    return standing.horizon is None or created_at is None or created_at >= standing.horizon


@dataclass(frozen=True)
class OfMyInviter:
    """Written by the neighbour who invited me, for my neighbourhood: what a provisional member may answer."""

    sign: str = "i"

    def holds(self, standing: Standing, subject: Any) -> bool:
        is_by_inviter = standing.inviter_id is not None and standing.inviter_id == _owner_id(subject)
        return is_by_inviter and InAudience().holds(standing, subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        invited = Membership.objects.filter(invited_by=_owner_id(subject), ended_at=None)
        return InAudience().people(subject).filter(memberships__in=invited)


@dataclass(frozen=True)
class MyHome:
    """An audience I may write to: a group I am in, or whole neighbourhoods: my own, and some next to it."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        if not isinstance(subject, Audience):
            return False
        return subject.includes(standing) if _is_of_group(subject) else standing.neighbourhood_id in _homes(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        if isinstance(subject, Audience) and _is_of_group(subject):
            return subject.people()
        homes = _homes(subject) if isinstance(subject, Audience) else []
        inside = Membership.objects.filter(neighbourhood__in=homes, ended_at=None)
        return Person.objects.filter(pk__in=inside.values("person"), left_at=None).exclude(
            suspensions__in=Suspension.objects.filter(ended_at=None)
        )


def _is_of_group(audience: Audience) -> bool:
    return audience.atoms.exists() and not audience.atoms.filter(group=None).exists()


def _homes(audience: Audience) -> list[UUID]:
    """The neighbourhoods from which this audience is 'mine and some next door'."""
    atoms = list(audience.atoms.all())
    if any(atom.neighbourhood_id is None or atom.street_id or atom.group_id for atom in atoms):
        return []
    members = {atom.neighbourhood_id for atom in atoms}
    return [home for home in members if home and members <= {home, *_next_to(home)}]


def _next_to(neighbourhood_id: UUID) -> set[UUID]:
    through = Neighbourhood.adjacent.through.objects.filter(from_neighbourhood_id=neighbourhood_id)
    return set(through.values_list("to_neighbourhood_id", flat=True))


@dataclass(frozen=True)
class NextDoor:
    """Somebody else who lives in my neighbourhood (their membership), unless a block stands between."""

    sign: str = "h"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return _is_next_door(standing, subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return _next_door(subject)


@dataclass(frozen=True)
class LetterProven:
    """As `NextDoor`, for who joined with a letter: their word counts for a newcomer's."""

    sign: str = "l"

    def holds(self, standing: Standing, subject: Any) -> bool:
        mine = standing.membership_id
        return mine is not None and _is_next_door(standing, subject) and _by_letter().filter(pk=mine).exists()

    def people(self, subject: Any) -> QuerySet[Person]:
        return _next_door(subject).filter(pk__in=_by_letter().values("person"))


def _is_next_door(standing: Standing, subject: Any) -> bool:
    is_home = isinstance(subject, Membership) and subject.neighbourhood_id == standing.neighbourhood_id
    return is_home and subject.person_id not in {standing.person_id, *standing.apart}


def _next_door(subject: Any) -> QuerySet[Person]:
    if not isinstance(subject, Membership):
        return Person.objects.none()
    there = Membership.objects.filter(neighbourhood=subject.neighbourhood_id, ended_at=None)
    others = Person.objects.filter(pk__in=there.values("person"), left_at=None).exclude(pk=subject.person_id)
    return others.exclude(pk__in=apart_from([subject.person_id]).values("pk"))


def _by_letter() -> QuerySet[Membership]:
    return Membership.objects.filter(proof=Membership.Proof.LETTER, household__isnull=False, ended_at=None)


@dataclass(frozen=True)
class SharedWithCity:
    """What its author shared with the city; an answer only if the same author wrote it."""

    sign: str = "s"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return standing.municipality_id == municipality_id_of(subject) and _is_shared(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return people_of_municipality(subject) if _is_shared(subject) else Person.objects.none()


def _is_shared(subject: Any) -> bool:
    audience = audience_of_subject(subject)
    post = getattr(subject, "post", subject)
    return audience is not None and audience.shared_with_city and post.author_id == subject.author_id


@dataclass(frozen=True)
class Official:
    """What a department of the own municipality said, and the answers to it."""

    sign: str = "m"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return standing.municipality_id == municipality_id_of(subject) and _is_official(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return people_of_municipality(subject) if _is_official(subject) else Person.objects.none()


def _is_official(subject: Any) -> bool:
    return getattr(getattr(subject, "post", subject), "speaking_for_id", None) is not None


@dataclass(frozen=True)
class InMunicipality:
    """Anything of the own municipality."""

    sign: str = "m"

    def holds(self, standing: Standing, subject: Any) -> bool:
        return standing.municipality_id == municipality_id_of(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return people_of_municipality(subject)


@dataclass(frozen=True)
class OfficialEverywhere:
    """What any department said: for the operator of the installation."""

    sign: str = "g"

    def holds(self, _standing: Standing, subject: Any) -> bool:
        return _is_official(subject)

    def people(self, subject: Any) -> QuerySet[Person]:
        return Person.objects.filter(left_at=None) if _is_official(subject) else Person.objects.none()


@dataclass(frozen=True)
class Either:
    """Within reach of one scope or of the other."""

    scopes: tuple[Scope, ...]

    @property
    def sign(self) -> str:
        return "".join(dict.fromkeys(scope.sign for scope in self.scopes))

    def holds(self, standing: Standing, subject: Any) -> bool:
        return any(scope.holds(standing, subject) for scope in self.scopes)

    def people(self, subject: Any) -> QuerySet[Person]:
        condition = Q(pk__in=[])
        for scope in self.scopes:
            condition |= Q(pk__in=scope.people(subject).values("pk"))
        return Person.objects.filter(condition)


def people_of_municipality(subject: Any) -> QuerySet[Person]:
    return Person.objects.filter(municipality=municipality_id_of(subject), left_at=None)
