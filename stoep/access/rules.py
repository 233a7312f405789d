"""The one table of rules: who may do what, and how far each role reaches. `docs/permissions.md` is printed from it.

Signs: o own · h own neighbourhood (the audience) · i of my inviter · m own municipality · s shared with the city ·
g everywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stoep.access.scopes import (
    Either,
    InAudience,
    InMunicipality,
    MyHome,
    Official,
    OfficialEverywhere,
    OfMyInviter,
    Own,
    Scope,
    SharedWithCity,
)
from stoep.people.models import RoleName as R

OWN, AUDIENCE, HOME, INVITER = Own(), InAudience(), MyHome(), OfMyInviter()
MUNICIPALITY, OFFICIAL, SHARED = InMunicipality(), Official(), SharedWithCity()
MINE_OR_OURS = Either((OWN, AUDIENCE))
SHARED_OR_OFFICIAL = Either((SHARED, OFFICIAL))


def is_live(subject: Any) -> bool:
    """Not removed, and neither is the post under which it stands."""
    return bool(subject.is_live and getattr(subject, "post", subject).is_live)


def is_removed_by_its_author(subject: Any) -> bool:
    """What somebody else took away, its author cannot put back."""
    return not subject.is_live and subject.removed_by_id == subject.author_id


def takes_answers(subject: Any) -> bool:
    return is_live(subject) and bool(subject.comments_open)


def asks_for_help(subject: Any) -> bool:
    return is_live(subject) and bool(subject.is_open_request)


def is_not_official(subject: Any) -> bool:
    return is_live(subject) and subject.speaking_for_id is None


@dataclass(frozen=True)
class Rule:
    """Who (role → scope), and in what state the subject must be. `logged`: the gate writes it down."""

    roles: Mapping[str, Scope]
    when: Callable[[Any], bool] | None = None
    logged: bool = False
    reads: str = field(default="")  # the action by which the same subject is read: invisible is 404, not 403


def _staff(scope: Scope, *roles: str) -> dict[str, Scope]:
    return dict.fromkeys(roles, scope)


ACTIONS: dict[str, Rule] = {
    "cityhall:announcement:create": Rule(_staff(MUNICIPALITY, R.EDITOR, R.CITY_ADMIN), logged=True),
    "cityhall:announcement:withdraw": Rule(
        _staff(OFFICIAL, R.EDITOR, R.CITY_ADMIN), when=is_live, logged=True, reads="feed:post:read"
    ),
    "cityhall:department:add": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "cityhall:staff:appoint": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "feed:comment:create": Rule(
        {R.NEIGHBOUR: AUDIENCE, R.PROVISIONAL: INVITER, R.EDITOR: OFFICIAL}, when=takes_answers, reads="feed:post:read"
    ),
    "feed:comment:edit": Rule({R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, when=is_live, reads="feed:comment:read"),
    "feed:comment:read": Rule(
        {
            R.NEIGHBOUR: MINE_OR_OURS,
            R.PROVISIONAL: MINE_OR_OURS,
            R.EDITOR: SHARED_OR_OFFICIAL,
            R.APPROVER: SHARED_OR_OFFICIAL,
        },
        when=is_live,
    ),
    "feed:comment:remove": Rule({R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, when=is_live, reads="feed:comment:read"),
    "feed:comment:restore": Rule(
        {R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, when=is_removed_by_its_author, reads="feed:comment:restore"
    ),
    "feed:post:create": Rule({R.NEIGHBOUR: HOME}),
    "feed:post:edit": Rule({R.NEIGHBOUR: OWN}, when=is_not_official, reads="feed:post:read"),
    "feed:post:read": Rule(
        {
            R.NEIGHBOUR: MINE_OR_OURS,
            R.PROVISIONAL: MINE_OR_OURS,
            R.EDITOR: SHARED_OR_OFFICIAL,
            R.APPROVER: SHARED_OR_OFFICIAL,
            **_staff(OFFICIAL, R.ANALYST, R.CITY_ADMIN, R.MODERATOR, R.DPO),
            R.OPERATOR: OfficialEverywhere(),
        },
        when=is_live,
    ),
    "feed:post:remove": Rule({R.NEIGHBOUR: OWN}, when=is_not_official, reads="feed:post:read"),
    "feed:post:restore": Rule({R.NEIGHBOUR: OWN}, when=is_removed_by_its_author, reads="feed:post:restore"),
    "feed:post:solve": Rule({R.NEIGHBOUR: OWN}, when=asks_for_help, reads="feed:post:read"),
    "feed:post:thank": Rule({R.NEIGHBOUR: AUDIENCE, R.PROVISIONAL: AUDIENCE}, when=is_live, reads="feed:post:read"),
    "neighbours:person:change": Rule(dict.fromkeys([*R], OWN)),
    "rollout:address:place": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:letters:create": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:letters:edit_text": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:letters:fetch": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:neighbourhood:open": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:page:read": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN, R.ANALYST, R.DPO)),
    "rollout:places:import": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
}
