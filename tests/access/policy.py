"""What every address answers, and to whom: written by hand from the matrix in the design, not from the code's table.

A new address without a line here fails the walk. Doors: `public`; `signed in`; `readers` (the suspended are told so);
`neighbours` (the same, and there is nothing for staff); a set of staff (there is nothing for neighbours); `nowhere`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.access.subjects import CITY_READERS, NEIGHBOURS, STAFF, Subject

VISITOR = "visitor"
Answer = Callable[[str, Subject], int]
WRITERS = frozenset({"editor", "city-admin"})
ROLLOUT = frozenset({"rollout", "city-admin"})
ADMIN = frozenset({"city-admin"})


@dataclass(frozen=True)
class Page:
    """`of`: the kind of thing that the address names; `data`: what a good form holds."""

    door: str | frozenset[str]
    get: Answer | int | None = None
    post: Answer | int | None = None
    of: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def expected(self, method: str, who: str, subject: Subject) -> int:
        if who == VISITOR and self.door not in {"public", "nowhere"}:
            return 302
        refusal = self._refusal(who)
        if refusal:
            return refusal
        answer = {"GET": self.get, "POST": self.post}.get(method)
        if answer is None:
            return 405
        return answer if isinstance(answer, int) else answer(who, subject)

    def _refusal(self, who: str) -> int | None:
        """What the door itself says."""
        if self.door == "nowhere":
            return 404
        if self.door in {"readers", "neighbours"} and who == "suspended":
            return 302
        if self.door == "neighbours" and who in STAFF:
            return 404
        if isinstance(self.door, frozenset) and who not in self.door:
            return 404 if who in NEIGHBOURS else 403
        return None


def seen(status: int) -> Answer:
    return lambda who, it: status if it.is_seen_by(who) else 404


def of_author(status: int) -> Answer:
    """For its author; whoever else sees it may not, and for the others it is not there."""

    def answer(who: str, it: Subject) -> int:
        if not it.is_seen_by(who):
            return 404
        return status if who == it.author else 403

    return answer


def of_author_twice(status: int) -> Answer:
    """As `of_author`; done already, it is done."""
    return lambda who, it: status if who == it.author and not it.is_live else of_author(status)(who, it)


def back(status: int) -> Answer:
    """Only its author can bring it back; a button pressed twice brings them to the same place."""
    return lambda who, it: status if who == it.author else 404


def thanked(who: str, it: Subject) -> int:
    if not it.is_seen_by(who):
        return 404
    return 302 if who in it.audience else 403


def answered(who: str, it: Subject) -> int:
    """Neighbours it is for; a newcomer whoever invited them; an editor what a department said."""
    if not it.is_seen_by(who):
        return 404
    if who == "newcomer":
        return 302 if it.author == "neighbour" else 403
    return 302 if who in it.audience or (who == "editor" and it.is_official) else 403


def placed(who: str, _it: Subject) -> int:
    return 403 if who == "newcomer" else 302


def comment_back(who: str, it: Subject) -> int:
    return 302 if who == it.author and "under" in it.name and not it.name.endswith(", deleted") else _orphan(who, it)


def _orphan(who: str, it: Subject) -> int:
    """Under a post that is gone an answer can still be put back; nobody sees it until the post comes back."""
    return 302 if who == it.author and it.name.startswith("deleted") else 404


def comment_gone(who: str, it: Subject) -> int:
    return 302 if who == it.author and it.name.startswith("deleted") else of_author(302)(who, it)


def _only(*people: str, ok: int, otherwise: int) -> Answer:
    return lambda who, _it: ok if who in people else otherwise


_POST = {"kind": "question", "title": "A title", "body": "Words", "request_key": str(uuid4())}
_COMMENT = {"body": "Words", "request_key": str(uuid4())}
_INSIDE: Answer = lambda who, _it: 200 if who == VISITOR else 302  # noqa: E731  one line of the table below

PAGES: dict[str, Page] = {
    # The square.
    "feed": Page("readers", get=lambda who, _it: 302 if who in STAFF else 200),
    "new_post": Page("neighbours", get=200, post=placed, data=_POST),
    "posts": Page("neighbours", get=200, post=placed, data=_POST),
    "my_posts": Page("neighbours", get=200),
    "post": Page("readers", get=seen(200), of="post"),
    "edit_post": Page("neighbours", get=of_author(200), post=of_author(302), of="post", data=_POST),
    "remove_post": Page("neighbours", post=of_author_twice(302), of="post"),
    "restore_post": Page("neighbours", post=back(302), of="post"),
    "solution": Page("neighbours", get=of_author(200), post=of_author(302), of="post"),
    "thanks": Page("readers", post=thanked, of="post"),
    "remove_thanks": Page("readers", post=thanked, of="post"),
    "comments": Page("readers", post=answered, of="post", data=_COMMENT),
    "edit_comment": Page("neighbours", get=of_author(200), post=of_author(302), of="comment", data=_COMMENT),
    "remove_comment": Page("neighbours", post=comment_gone, of="comment"),
    "restore_comment": Page("neighbours", post=comment_back, of="comment"),
    # The doors.
    "join": Page("public", get=200, post=lambda who, _it: 422 if who == VISITOR else 200),
    "join_name": Page("public", get=302, post=302),
    "join_contact": Page("public", get=302, post=302),
    "own_key": Page("neighbours", get=302, post=302),
    "no_code": Page("public", get=200),
    "letter_link": Page("public", get=302, of="word"),
    "sign_in": Page("public", get=_INSIDE, post=422),
    "sign_in_code": Page("public", get=200, post=422),
    "sign_in_letter": Page("public", get=200, post=422),
    "sign_in_link": Page("public", get=410, post=410, of="word"),
    "sign_out": Page("signed in", post=302),
    "change_email": Page("neighbours", get=200, post=422),
    "confirm_email": Page("public", get=410, post=410, of="word"),
    "staff_sign_in": Page("public", get=200, post=422),
    "staff_code": Page("public", get=302, post=302),
    "staff_app": Page("public", get=302, post=302),
    "staff_app_set_up": Page("public", get=302, post=302),
    # One's own.
    "settings": Page("signed in", get=200),
    "preferences": Page("public", post=302),
    "theme": Page("public", get=200, of="colour"),
    "suspended": Page("signed in", get=_only("suspended", ok=200, otherwise=302)),
    # The city's side.
    "city": Page(STAFF, get=302),
    "announcements": Page(WRITERS | CITY_READERS, get=200),
    "new_announcement": Page(WRITERS, get=200, post=422),
    "announcement_streets": Page(WRITERS, get=seen(200), of="neighbourhood"),
    "announcement": Page(WRITERS | CITY_READERS, get=seen(200), of="announcement"),
    "announcement_withdrawal": Page(WRITERS, post=seen(302), of="announcement"),
    "departments": Page(ADMIN, get=200, post=422),
    "department_closure": Page(ADMIN, post=seen(302), of="department"),
    "staff": Page(ADMIN, get=200, post=422),
    "role_end": Page(ADMIN, post=seen(302), of="role"),
    # The rollout.
    "rollout": Page(ROLLOUT | {"analyst", "dpo"}, get=200),
    "neighbourhood_state": Page(ROLLOUT, post=seen(422), of="neighbourhood"),
    "letters": Page(ROLLOUT, get=200, post=422),
    "letter_streets": Page(ROLLOUT, get=seen(200), of="neighbourhood"),
    "letter_text": Page(ROLLOUT, get=200, post=302),
    "letter_picture": Page(ROLLOUT, get=seen(200), of="side"),
    "letter_run": Page(ROLLOUT, get=seen(200), of="letter run"),
    "letter_run_files": Page(ROLLOUT, post=seen(302), of="letter run"),
    "letter_run_receipt": Page(ROLLOUT, post=seen(302), of="letter run"),
    "imports": Page(ROLLOUT, get=200, post=422),
    "import_run": Page(ROLLOUT, get=seen(200), of="import"),
    "import_application": Page(ROLLOUT, post=seen(302), of="import"),
    "import_refusal": Page(ROLLOUT, post=seen(302), of="import"),
    "waiting_addresses": Page(ROLLOUT, get=200),
    "street_map": Page(ROLLOUT, get=seen(200), post=seen(422), of="street"),
    "street_place": Page(ROLLOUT, post=seen(422), of="street"),
    "address_place": Page(ROLLOUT, post=seen(422), of="address"),
    # The operator's health page; and the demo's own, which exist in a demo only.
    "health": Page("public", get=200),
    "demo": Page("nowhere"),
    "demo_session": Page("nowhere"),
    "demo_mailbox": Page("nowhere"),
    "demo_mail": Page("nowhere", of="word"),
    "demo_mail_page": Page("nowhere", of="word"),
    "styleguide": Page("nowhere"),
}
