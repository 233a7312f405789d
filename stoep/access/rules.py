"""The one table of rules: who may do what, and how far each role reaches. `docs/permissions.md` is printed from it.

Signs: d own department · o own · h own neighbourhood (the audience) · i of my inviter · l own neighbourhood, for who
came by letter · m own municipality · p takes part in it · s shared with the city · r reported, while its case is open ·
g everywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stoep.access.departments import InOwnName, OurDepartment
from stoep.access.grouped import GroupHere, InGroup, KeeperOf
from stoep.access.moderated import CaseNextDoor, Concerned, Granted, Moderated
from stoep.access.neighbourly import MyInviter, NotApart, OtherNeighbour, SameNeighbourhood, TakesPart
from stoep.access.scopes import (
    Either,
    InAudience,
    InAudienceOfAnother,
    InMunicipality,
    LetterProven,
    MyHome,
    NextDoor,
    Official,
    OfficialEverywhere,
    OfMyInviter,
    Own,
    Scope,
    SharedWithCity,
)
from stoep.access.sides import Side
from stoep.access.states import (
    asks_for_help,
    brings_together,
    is_agreed,
    is_calm,
    is_closed_to_answers,
    is_current,
    is_group,
    is_invited,
    is_live,
    is_not_handed_over,
    is_not_official,
    is_open,
    is_out,
    is_promised,
    is_removed_by_its_author,
    is_waiting,
    is_wish,
    stands_alone,
    takes_answers,
    takes_answers_of_neighbours,
    was_out,
)
from stoep.people.models import RoleName as R

OWN, AUDIENCE, HOME, INVITER = Own(), InAudience(), MyHome(), OfMyInviter()
CASE_NEXT_DOOR, CONCERNED, GRANTED, MODERATED = CaseNextDoor(), Concerned(), Granted(), Moderated()
GROUP_HERE, IN_GROUP, KEEPER = GroupHere(), InGroup(), KeeperOf()
IN_OWN_NAME, OUR_DEPARTMENT = InOwnName(), OurDepartment()
OTHER, NEIGHBOURHOOD = OtherNeighbour(), SameNeighbourhood()
NOT_APART, MY_INVITER, TAKES_PART = NotApart(), MyInviter(), TakesPart()
MUNICIPALITY, OFFICIAL, SHARED = InMunicipality(), Official(), SharedWithCity()
NEXT_DOOR, LETTER_PROVEN = NextDoor(), LetterProven()
OF_ANOTHER, LENDER, ANSWERER = InAudienceOfAnother(), Side("lender"), Side("answerer")
EITHER_SIDE = Either((LENDER, Side("borrower")))
MINE_OR_OURS = Either((OWN, AUDIENCE))
SHARED_OR_OFFICIAL = Either((SHARED, OFFICIAL))
GRANTED_OR_OFFICIAL = Either((GRANTED, OFFICIAL))


@dataclass(frozen=True)
class Rule:
    """Who (role → scope), and in what state the subject must be. `logged`: the gate writes it down; `logged_of_staff`:
    where staff does it, and not where a neighbour does.
    """

    roles: Mapping[str, Scope]
    when: Callable[[Any], bool] | None = None
    logged: bool = False
    logged_of_staff: bool = False
    reads: str = field(default="")  # the action by which the same subject is read: invisible is 404, not 403

    @property
    def everybodys(self) -> Scope | None:
        """The scope of a rule that holds for each role alike: whoever lost every role keeps it, for it is their own."""
        scopes = set(self.roles.values())
        return scopes.pop() if set(self.roles) == set(R) and len(scopes) == 1 else None


def _staff(scope: Scope, *roles: str) -> dict[str, Scope]:
    return dict.fromkeys(roles, scope)


ACTIONS: dict[str, Rule] = {
    "ambassadors:ambassador:release": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "ambassadors:desk:read": Rule({R.AMBASSADOR: OWN}),
    "ambassadors:hello:put_away": Rule({R.NEIGHBOUR: OWN}),
    "ambassadors:link:create": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "ambassadors:newcomer:welcome": Rule({R.AMBASSADOR: NEIGHBOURHOOD}, reads="neighbours:person:read"),
    "ambassadors:task:accept": Rule({R.NEIGHBOUR: OWN}),
    "cityhall:announcement:create": Rule(_staff(MUNICIPALITY, R.EDITOR, R.CITY_ADMIN), logged=True),
    "cityhall:announcement:withdraw": Rule(
        _staff(OFFICIAL, R.EDITOR, R.CITY_ADMIN), when=is_live, logged=True, reads="feed:post:read"
    ),
    "cityhall:contact:change": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "cityhall:crisis:switch": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "cityhall:department:add": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "cityhall:look:change": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "cityhall:staff:appoint": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "cityhall:staff:reset": Rule(_staff(MUNICIPALITY, R.CITY_ADMIN), logged=True),
    "conversations:conversation:create": Rule(
        {R.NEIGHBOUR: NOT_APART, R.PROVISIONAL: MY_INVITER}, reads="conversations:conversation:create"
    ),
    "conversations:conversation:extend": Rule(
        {R.NEIGHBOUR: TAKES_PART}, when=is_group, reads="conversations:conversation:read"
    ),
    "conversations:conversation:leave": Rule(
        {R.NEIGHBOUR: TAKES_PART, R.PROVISIONAL: TAKES_PART}, when=is_group, reads="conversations:conversation:read"
    ),
    "conversations:conversation:read": Rule({R.NEIGHBOUR: TAKES_PART, R.PROVISIONAL: TAKES_PART}),
    "conversations:message:create": Rule(
        {R.NEIGHBOUR: TAKES_PART, R.PROVISIONAL: TAKES_PART}, when=is_open, reads="conversations:conversation:read"
    ),
    "conversations:message:read": Rule(
        {R.NEIGHBOUR: TAKES_PART, R.PROVISIONAL: TAKES_PART, R.MODERATOR: GRANTED}, when=is_live
    ),
    "conversations:message:remove": Rule(
        {R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, when=is_live, reads="conversations:message:read"
    ),
    "delivery:mail:choose": Rule(dict.fromkeys([*R], OWN)),
    "desk:resident:find": Rule(_staff(MUNICIPALITY, R.DESK), logged=True),
    "desk:session:act": Rule(_staff(OWN, R.DESK), logged=True, reads="desk:session:act"),
    "desk:session:start": Rule(_staff(MUNICIPALITY, R.DESK), logged=True),
    "exchange:help:choose": Rule({R.NEIGHBOUR: OWN}, when=asks_for_help, reads="feed:post:read"),
    "exchange:help:keep_distance": Rule({R.NEIGHBOUR: OWN}, when=asks_for_help, reads="feed:post:read"),
    "exchange:help:offer": Rule({R.NEIGHBOUR: OF_ANOTHER}, when=asks_for_help, reads="feed:post:read"),
    "exchange:item:borrow": Rule({R.NEIGHBOUR: OF_ANOTHER}, when=is_live, reads="exchange:item:read"),
    "exchange:item:change": Rule({R.NEIGHBOUR: OWN}, when=stands_alone, reads="exchange:item:read"),
    "exchange:item:create": Rule({R.NEIGHBOUR: HOME}),
    "exchange:item:read": Rule(
        {R.NEIGHBOUR: MINE_OR_OURS, R.PROVISIONAL: MINE_OR_OURS, R.MODERATOR: GRANTED}, when=is_live
    ),
    "exchange:item:remove": Rule({R.NEIGHBOUR: OWN}, when=stands_alone, reads="exchange:item:read"),
    "exchange:loan:agree": Rule({R.NEIGHBOUR: ANSWERER}, when=is_waiting, reads="exchange:loan:read"),
    "exchange:loan:cancel": Rule({R.NEIGHBOUR: EITHER_SIDE}, when=is_not_handed_over, reads="exchange:loan:read"),
    "exchange:loan:extend": Rule({R.NEIGHBOUR: EITHER_SIDE}, when=is_out, reads="exchange:loan:read"),
    "exchange:loan:hand_over": Rule({R.NEIGHBOUR: EITHER_SIDE}, when=is_agreed, reads="exchange:loan:read"),
    "exchange:loan:keep_distance": Rule({R.NEIGHBOUR: EITHER_SIDE}, when=is_promised, reads="exchange:loan:read"),
    "exchange:loan:note_damage": Rule({R.NEIGHBOUR: EITHER_SIDE}, when=was_out, reads="exchange:loan:read"),
    "exchange:loan:read": Rule({R.NEIGHBOUR: EITHER_SIDE, R.PROVISIONAL: EITHER_SIDE}),
    "exchange:loan:refuse": Rule({R.NEIGHBOUR: ANSWERER}, when=is_waiting, reads="exchange:loan:read"),
    "exchange:loan:return": Rule({R.NEIGHBOUR: LENDER}, when=is_out, reads="exchange:loan:read"),
    "exchange:lost_found:close": Rule({R.NEIGHBOUR: OWN}, when=takes_answers_of_neighbours, reads="feed:post:read"),
    "exchange:post:widen": Rule({R.NEIGHBOUR: OWN}, when=takes_answers_of_neighbours, reads="feed:post:read"),
    "exchange:wish:answer": Rule({R.NEIGHBOUR: OF_ANOTHER}, when=is_wish, reads="feed:post:read"),
    "events:calendar:change": Rule({R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}),
    "events:event:attend": Rule({R.NEIGHBOUR: AUDIENCE}, when=is_live, reads="feed:post:read"),
    "events:event:cancel": Rule(
        {R.NEIGHBOUR: IN_OWN_NAME, R.EDITOR: OUR_DEPARTMENT, R.CITY_ADMIN: OFFICIAL},
        when=is_live,
        logged_of_staff=True,
        reads="feed:post:read",
    ),
    "events:event:change": Rule({R.NEIGHBOUR: OWN}, when=is_not_official, reads="feed:post:read"),
    "events:event:count": Rule({R.NEIGHBOUR: AUDIENCE}, when=is_calm, reads="feed:post:read"),
    "events:event:gather": Rule({R.NEIGHBOUR: AUDIENCE}, when=brings_together, reads="feed:post:read"),
    "events:event:meet": Rule({R.NEIGHBOUR: AUDIENCE}, when=is_live, reads="feed:post:read"),
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
            R.MODERATOR: GRANTED,
        },
        when=is_live,
    ),
    "feed:comment:remove": Rule({R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, when=is_live, reads="feed:comment:read"),
    "feed:comment:restore": Rule(
        {R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, when=is_removed_by_its_author, reads="feed:comment:restore"
    ),
    "feed:draft:keep": Rule({R.NEIGHBOUR: OWN}),
    "feed:post:close": Rule({R.AMBASSADOR: AUDIENCE}, when=takes_answers_of_neighbours, reads="feed:post:read"),
    "feed:post:create": Rule({R.NEIGHBOUR: HOME}),
    "feed:post:edit": Rule({R.NEIGHBOUR: OWN}, when=is_not_official, reads="feed:post:read"),
    "feed:post:open": Rule({R.AMBASSADOR: AUDIENCE}, when=is_closed_to_answers, reads="feed:post:read"),
    "feed:post:read": Rule(
        {
            R.NEIGHBOUR: MINE_OR_OURS,
            R.PROVISIONAL: MINE_OR_OURS,
            R.EDITOR: SHARED_OR_OFFICIAL,
            R.APPROVER: SHARED_OR_OFFICIAL,
            **_staff(OFFICIAL, R.ANALYST, R.CITY_ADMIN, R.DESK, R.DPO),
            R.MODERATOR: GRANTED_OR_OFFICIAL,
            R.OPERATOR: OfficialEverywhere(),
        },
        when=is_live,
    ),
    "feed:post:remove": Rule({R.NEIGHBOUR: OWN}, when=is_not_official, reads="feed:post:read"),
    "feed:post:restore": Rule({R.NEIGHBOUR: OWN}, when=is_removed_by_its_author, reads="feed:post:restore"),
    "feed:post:solve": Rule({R.NEIGHBOUR: OWN}, when=asks_for_help, reads="feed:post:read"),
    "feed:post:thank": Rule({R.NEIGHBOUR: AUDIENCE, R.PROVISIONAL: AUDIENCE}, when=is_live, reads="feed:post:read"),
    "joining:dispute:decide": Rule(_staff(MUNICIPALITY, R.DESK, R.OPERATOR), logged=True),
    "joining:dispute:open": Rule(_staff(MUNICIPALITY, R.DESK), logged=True),
    "joining:home:prove": Rule({R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}),
    "joining:invitation:create": Rule({R.NEIGHBOUR: OWN}),
    "joining:invitation:end": Rule({R.NEIGHBOUR: OWN}, reads="joining:invitation:end"),
    "joining:letters:decline": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN, R.DESK), logged=True),
    "joining:newcomer:confirm": Rule(_staff(MUNICIPALITY, R.DESK), logged=True),
    "joining:newcomer:read": Rule({R.NEIGHBOUR: NEXT_DOOR}, when=is_invited, reads="joining:newcomer:read"),
    "joining:newcomer:vouch": Rule({R.NEIGHBOUR: LETTER_PROVEN}, when=is_invited, reads="joining:newcomer:read"),
    "joining:provider:set": Rule({R.OPERATOR: MUNICIPALITY}, logged=True),
    "media:photo:change": Rule({R.NEIGHBOUR: OWN, R.PROVISIONAL: OWN}, reads="media:photo:change"),
    "media:photo:create": Rule({R.NEIGHBOUR: OWN}),
    "moderation:appeal:decide": Rule({R.MODERATOR: MODERATED}, logged=True),
    "moderation:case:decide": Rule({R.MODERATOR: MODERATED}, logged=True),
    "moderation:case:hold": Rule({R.AMBASSADOR: CASE_NEXT_DOOR}, when=is_open, logged=True),
    "moderation:case:read": Rule({R.MODERATOR: MODERATED}, logged=True),
    "moderation:decision:appeal": Rule(dict.fromkeys([*R], CONCERNED), reads="moderation:decision:appeal"),
    "moderation:report:create": Rule({R.NEIGHBOUR: MUNICIPALITY, R.PROVISIONAL: MUNICIPALITY}),
    "neighbours:directory:read": Rule({R.NEIGHBOUR: OWN}),
    "neighbours:group:change": Rule({R.NEIGHBOUR: KEEPER}, when=is_current, reads="neighbours:group:read"),
    "neighbours:group:create": Rule({R.NEIGHBOUR: OWN}),
    "neighbours:group:join": Rule({R.NEIGHBOUR: GROUP_HERE}, when=is_current, reads="neighbours:group:read"),
    "neighbours:group:leave": Rule({R.NEIGHBOUR: IN_GROUP}, reads="neighbours:group:read"),
    "neighbours:group:read": Rule({R.NEIGHBOUR: GROUP_HERE}),
    "neighbours:person:block": Rule({R.NEIGHBOUR: OTHER, R.PROVISIONAL: OTHER}),
    "neighbours:person:change": Rule(dict.fromkeys([*R], OWN)),
    "neighbours:person:mute": Rule({R.NEIGHBOUR: OTHER, R.PROVISIONAL: OTHER}),
    "neighbours:person:read": Rule({R.NEIGHBOUR: NEIGHBOURHOOD, R.PROVISIONAL: OWN}),
    "privacy:consent:change": Rule(dict.fromkeys([*R], OWN)),
    "privacy:download:create": Rule(dict.fromkeys([*R], OWN)),
    "privacy:person:leave": Rule(dict.fromkeys([*R], OWN)),
    "rollout:address:place": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:letters:create": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:letters:edit_text": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:letters:fetch": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:neighbourhood:open": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
    "rollout:page:read": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN, R.ANALYST, R.DPO)),
    "rollout:places:import": Rule(_staff(MUNICIPALITY, R.ROLLOUT, R.CITY_ADMIN), logged=True),
}
