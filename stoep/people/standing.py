"""What somebody is and where: read by one statement, without loading a model."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from stoep.common import clock
from stoep.people.roles import RoleName

# A provisional member reads this far back and no further (docs/trust.md 1.3).
PROVISIONAL_HORIZON = timedelta(days=30)
# With fewer members a neighbourhood is only beginning: its pages show how to fill it.
ENOUGH_NEIGHBOURS = 10


class StandingRow(NamedTuple):
    """The columns of both statements below, in their order."""

    membership_id: UUID | None
    neighbourhood_id: UUID | None
    neighbourhood_name: str | None
    member_count: int | None
    street_id: UUID | None
    standing: str | None
    inviter_id: UUID | None
    suspended: bool
    roles: list[str]
    apart: list[UUID]
    muted: list[UUID]
    groups: list[UUID]


STANDING_COLUMNS = """
m.id AS its_membership_id, m.neighbourhood_id AS its_neighbourhood_id, n.name AS its_neighbourhood_name,
n.member_count AS its_member_count, a.street_id AS its_street_id, m.standing AS its_standing,
m.invited_by_id AS its_inviter_id,
EXISTS (SELECT 1 FROM people_suspension s WHERE s.person_id = p.id AND s.ended_at IS NULL) AS its_suspended,
ARRAY(SELECT r.role FROM people_role r WHERE r.person_id = p.id AND r.ended_at IS NULL) AS its_roles,
ARRAY(SELECT b.blocked_id FROM people_block b WHERE b.person_id = p.id
      UNION SELECT b.person_id FROM people_block b WHERE b.blocked_id = p.id
      UNION SELECT b.person_id FROM people_block b WHERE b.household_id = m.household_id AND b.person_id <> p.id
      UNION SELECT o.person_id FROM people_block b JOIN people_membership o ON o.household_id = b.household_id
            WHERE b.person_id = p.id AND o.ended_at IS NULL AND o.person_id <> p.id) AS its_apart,
ARRAY(SELECT u.muted_id FROM people_mute u WHERE u.person_id = p.id) AS its_muted,
ARRAY(SELECT g.group_id FROM people_groupmember g WHERE g.person_id = p.id AND g.joined_at IS NOT NULL) AS its_groups
"""
STANDING_TABLES = """
FROM people_person p
LEFT JOIN people_membership m ON m.person_id = p.id AND m.ended_at IS NULL
LEFT JOIN places_neighbourhood n ON n.id = m.neighbourhood_id
LEFT JOIN people_household h ON h.id = m.household_id
LEFT JOIN places_address a ON a.id = h.address_id
"""
ONE_PERSON = "WHERE p.id = %s AND p.left_at IS NULL"
STANDING_SQL = f"SELECT {STANDING_COLUMNS} {STANDING_TABLES} {ONE_PERSON}"


@dataclass(frozen=True)
class Standing:
    """What a person is and where, at one moment. `horizon`: nothing older is visible; None: no limit.

    `apart`: people with whom a block stands, whoever of the two set it; `muted`: whom this person wants to see less of;
    `groups`: those they are in.
    """

    person_id: UUID
    municipality_id: UUID
    roles: frozenset[str]
    membership_id: UUID | None = None
    neighbourhood_id: UUID | None = None
    neighbourhood_name: str = ""
    member_count: int = 0
    street_id: UUID | None = None
    inviter_id: UUID | None = None
    horizon: datetime | None = None
    apart: frozenset[UUID] = frozenset()
    muted: frozenset[UUID] = frozenset()
    groups: frozenset[UUID] = frozenset()

    @property
    def is_member(self) -> bool:
        return not self.roles.isdisjoint({RoleName.NEIGHBOUR, RoleName.PROVISIONAL})

    @property
    def is_provisional(self) -> bool:
        return RoleName.PROVISIONAL in self.roles

    @property
    def is_beginning(self) -> bool:
        """Whether one lives where few neighbours are yet; by the kept number, never by counting."""
        return self.is_member and self.member_count < ENOUGH_NEIGHBOURS

    @property
    def is_suspended(self) -> bool:
        return RoleName.SUSPENDED in self.roles


def standing_of(person_id: UUID, municipality_id: UUID) -> Standing:
    """Roles, place and limits of a person, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING_SQL, [person_id])
        row = cursor.fetchone()
    if row is None:
        return Standing(person_id, municipality_id, frozenset())
    return standing_from(person_id, municipality_id, StandingRow(*row))


def standing_from(person_id: UUID, municipality_id: UUID, row: StandingRow) -> Standing:
    """What the columns of one row say."""
    return Standing(
        person_id=person_id,
        municipality_id=municipality_id,
        roles=_roles(membership=row.standing, suspended=row.suspended, appointed=row.roles),
        membership_id=row.membership_id,
        neighbourhood_id=row.neighbourhood_id,
        neighbourhood_name=row.neighbourhood_name or "",
        member_count=row.member_count or 0,
        street_id=row.street_id,
        inviter_id=row.inviter_id,
        horizon=clock.now() - PROVISIONAL_HORIZON if row.standing == "provisional" else None,
        apart=frozenset(row.apart),
        muted=frozenset(row.muted),
        groups=frozenset(row.groups),
    )


def _roles(*, membership: str | None, suspended: bool, appointed: list[str]) -> frozenset[str]:
    if suspended:
        return frozenset({RoleName.SUSPENDED})
    by_membership = {"full": {RoleName.NEIGHBOUR}, "provisional": {RoleName.PROVISIONAL}}
    return frozenset({*appointed, *by_membership.get(membership or "", set())})
