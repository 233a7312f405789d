"""What every address answers, and to whom: written by hand from the matrix in the design, not from the code's table.

A new address without a line here fails the walk. Doors: `public`; `signed in`; `readers` (the suspended are told so);
`neighbours` (the same, and there is nothing for staff); a set of staff (there is nothing for neighbours); `nowhere`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.access.subject import Subject
from tests.access.subjects import CITY_READERS, NEIGHBOURS, STAFF
from tests.access.talk import in_group, message_gone, said, written_to

VISITOR = "visitor"
Answer = Callable[[str, Subject], int]
WRITERS = frozenset({"editor", "city-admin"})
ROLLOUT = frozenset({"rollout", "city-admin"})
MODERATORS = frozenset({"moderator"})
ADMIN = frozenset({"city-admin"})
DESK = frozenset({"desk"})


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


def seen_as_another(status: int) -> Answer:
    """For whoever sees this person; nobody does it to themselves."""
    return lambda who, it: 404 if not it.is_seen_by(who) else 403 if who == it.author else status


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


def attended(who: str, it: Subject) -> int:
    """Neighbours it is for, but not a newcomer; of a deleted one there is nothing. Sent without an answer, it asks."""
    if not it.is_seen_by(who):
        return 404
    return 302 if who in it.audience and who != "newcomer" else 403


def met(who: str, it: Subject) -> int:
    """Nobody was there."""
    status = attended(who, it)
    return 422 if status == 302 else status


def closed(who: str, it: Subject) -> int:
    """An ambassador ends a quarrel of neighbours."""
    if not it.is_seen_by(who):
        return 404
    return 302 if who == "ambassador" and not it.is_official else 403


def placed(who: str, _it: Subject) -> int:
    return 403 if who == "newcomer" else 302


def kept(who: str, _it: Subject) -> int:
    return 403 if who == "newcomer" else 200


def comment_back(who: str, it: Subject) -> int:
    return 302 if who == it.author and "under" in it.name and not it.name.endswith(", deleted") else _orphan(who, it)


def _orphan(who: str, it: Subject) -> int:
    """Under a post that is gone an answer can still be put back; nobody sees it until the post comes back."""
    return 302 if who == it.author and it.name.startswith("deleted") else 404


def comment_gone(who: str, it: Subject) -> int:
    return 302 if who == it.author and it.name.startswith("deleted") else of_author(302)(who, it)


def in_session(status: int) -> Answer:
    """While the half hour runs; one's own that is over says so; a colleague's is not there."""
    return lambda who, it: (410 if it.name == "over" else status) if it.is_seen_by(who) else 404


def slip(status: int) -> Answer:
    return lambda who, it: status if it.is_seen_by(who) and it.name == "over" else 404


def stopped_by_resident(who: str, it: Subject) -> int:
    return 302 if who == "neighbour" and it.name == "a colleague's" else 404


def only(*people: str, ok: int, otherwise: int) -> Answer:
    return lambda who, _it: ok if who in people else otherwise


def own_invitation(status: int) -> Answer:
    """To everybody but whoever made it, it is not there."""
    return lambda who, it: status if who == it.author else 404


def known(status: int) -> Answer:
    """A newcomer who opens their own link is brought to their own page; who joined with a letter has none."""
    return lambda who, it: 302 if it.author and who == it.author else seen(status)(who, it)


def _moving(status: int) -> Answer:
    """For neighbours; whoever is paused goes nowhere."""
    return lambda who, _it: 403 if who == "suspended" else 404 if who in STAFF else status


_MOVING, _MOVING_TO = _moving(200), _moving(422)
FULL = only("newcomer", ok=403, otherwise=200)
_POST = {"kind": "question", "title": "A title", "body": "Words", "request_key": str(uuid4())}
_COMMENT = {"body": "Words", "request_key": str(uuid4())}
_MINE: Answer = lambda who, _it: 404 if who in STAFF else 200  # noqa: E731  a line of the table below
_INSIDE: Answer = lambda who, _it: 200 if who == VISITOR else 302  # noqa: E731  one line of the table below

_NOT_INVITED: Answer = lambda who, _it: 410 if who == VISITOR else 302  # noqa: E731  one line of the table below


def _in_hasselt(who: str, it: Subject) -> int:
    """A city's pictures are for everybody on its own address, and by no other mark than their own."""
    if it.is_live and who != "other-city":
        return 200
    return 302 if who == VISITOR else 404


PAGES: dict[str, Page] = {
    # The square.
    "feed": Page("readers", get=lambda who, _it: 302 if who in STAFF else 200),
    "search": Page("neighbours", get=200),
    "new_post": Page("neighbours", get=200, post=placed, data=_POST),
    "posts": Page("neighbours", get=200, post=placed, data=_POST),
    "draft": Page("neighbours", post=kept, data={"body": "Words"}),
    "draft_photos": Page("neighbours", post=kept, data={"body": "Words"}),
    "remove_draft": Page("neighbours", post=placed),
    "my_posts": Page("neighbours", get=200),
    "post": Page("readers", get=seen(200), of="post"),
    "edit_post": Page("neighbours", get=of_author(200), post=of_author(302), of="post", data=_POST),
    "remove_post": Page("neighbours", post=of_author_twice(302), of="post"),
    "restore_post": Page("neighbours", post=back(302), of="post"),
    "solution": Page("neighbours", get=of_author(200), post=of_author(302), of="post"),
    "thanks": Page("readers", post=thanked, of="post"),
    "remove_thanks": Page("readers", post=thanked, of="post"),
    "change_photo": Page("neighbours", post=of_author(302), of="photo of a post"),
    "comments": Page("readers", post=answered, of="post", data=_COMMENT),
    "edit_comment": Page("neighbours", get=of_author(200), post=of_author(302), of="comment", data=_COMMENT),
    "remove_comment": Page("neighbours", post=comment_gone, of="comment"),
    "restore_comment": Page("neighbours", post=comment_back, of="comment"),
    # Photos: as the thing they belong to.
    "photo": Page("readers", get=seen(200), of="photo"),
    "photo_file": Page("readers", get=seen(200), of="photo file"),
    # Conversations.
    "conversations": Page("neighbours", get=200),
    "conversation": Page("neighbours", get=seen(200), of="conversation"),
    "messages": Page("neighbours", post=said, of="conversation", data=_COMMENT),
    "conversation_people": Page("neighbours", get=in_group(200), post=in_group(422), of="conversation"),
    "leave_conversation": Page("neighbours", post=in_group(302), of="conversation"),
    "new_group": Page("neighbours", get=FULL, post=only("newcomer", ok=403, otherwise=422)),
    "write_to": Page("neighbours", get=written_to(200), post=written_to(302), of="person", data=_COMMENT),
    "remove_message": Page("neighbours", post=message_gone, of="message"),
    # The doors.
    "join": Page("public", get=200, post=lambda who, _it: 422 if who == VISITOR else 200),
    "join_name": Page("public", get=302, post=302),
    "join_for_somebody": Page("public", get=200, post=422),
    "return_card": Page("public", get=302, post=302),
    "join_contact": Page("public", get=302, post=302),
    "own_key": Page("neighbours", get=302, post=302),
    "ask_letter": Page("public", get=200, post=422),
    "no_letters": Page("public", get=200, post=422),
    "no_letters_to": Page(ROLLOUT | DESK, get=200, post=422),
    "join_dispute": Page("public", get=302, post=302),
    "join_invited": Page("public", get=_NOT_INVITED, post=_NOT_INVITED),
    "invitation_link": Page("public", get=302, of="word"),
    "no_code": Page("public", get=200),
    "letter_link": Page("public", get=302, of="word"),
    "sign_in": Page("public", get=_INSIDE, post=422),
    "sign_in_code": Page("public", get=200, post=422),
    "sign_in_text": Page("public", get=200, post=422),
    "sign_in_text_code": Page("public", get=200, post=422),
    "confirm_phone": Page("public", get=410, post=410, of="word"),
    "my_phone": Page("neighbours", get=200, post=422),
    "forget_phone": Page("neighbours", post=302),
    "sign_in_letter": Page("public", get=200, post=422),
    "sign_in_link": Page("public", get=410, post=410, of="word"),
    "sign_out": Page("signed in", post=302),
    "change_email": Page("neighbours", get=200, post=422),
    "confirm_email": Page("public", get=410, post=410, of="word"),
    "staff_sign_in": Page("public", get=200, post=422),
    "staff_code": Page("public", get=302, post=302),
    "staff_app": Page("public", get=302, post=302),
    "staff_app_set_up": Page("public", get=302, post=302),
    "staff_passkey": Page("public", get=200, post=422),
    "staff_passkeys": Page(STAFF, get=302, post=302),  # the walk's sessions have proved nothing lately
    "staff_passkey_removal": Page(STAFF, post=302, of="number"),
    "staff_provider": Page("public", get=302),
    "staff_provider_back": Page("public", get=302),
    # Inviting, and being known.
    "invitations": Page("neighbours", get=FULL, post=only("newcomer", ok=403, otherwise=302)),
    "invitation_flyer": Page("neighbours", get=own_invitation(200), of="invitation"),
    "invitation_end": Page("neighbours", post=own_invitation(302), of="invitation"),
    "moving": Page("signed in", get=_MOVING, post=_MOVING_TO),
    "known": Page("neighbours", get=200),
    "know": Page("neighbours", get=known(200), post=known(200), of="newcomer"),
    # One's own.
    "settings": Page("signed in", get=200),
    "my_photo": Page("neighbours", get=200, post=422),
    "my_name": Page("neighbours", get=200, post=422),
    "my_street": Page("neighbours", get=200, post=422),
    "sign_out_everywhere": Page("signed in", get=200, post=200),
    "mail_choices": Page("signed in", get=_MINE, post=lambda who, _it: 404 if who in STAFF else 422),
    "mail_stop": Page("signed in", post=lambda who, _it: 404 if who in STAFF else 302),
    "push": Page("neighbours", get=200, post=422),
    "push_removal": Page("neighbours", post=302),
    "notifications": Page("neighbours", get=200),
    "notifications_reading": Page("neighbours", post=302),
    "stop_mail": Page("public", get=410, post=410, of="word"),
    "preferences": Page("public", post=302),
    "prove": Page("signed in", get=200, post=422),
    "theme": Page("public", get=200, of="colour"),
    "people": Page("neighbours", get=FULL),
    "people_map": Page("neighbours", get=FULL),
    "my_skills": Page("neighbours", get=200, post=302, data={"skills": ["dog"]}),
    "my_protection": Page("neighbours", get=200, post=422),
    "end_protection": Page("neighbours", post=302),
    "skills_dismissal": Page("neighbours", post=302),
    "person": Page("neighbours", get=seen(200), of="person"),
    "block": Page("neighbours", get=seen_as_another(200), post=seen_as_another(302), of="person"),
    "mute": Page("neighbours", post=seen_as_another(302), of="person"),
    "unmute": Page("neighbours", post=302, of="person"),
    "blocks": Page("neighbours", get=200),
    "remove_block": Page("neighbours", post=302, of="person"),
    # Neighbours with a task.
    "close_answers": Page("neighbours", post=closed, of="post"),
    "open_answers": Page("neighbours", post=seen(403), of="post"),
    "city_ambassadors": Page(ADMIN, get=200, post=422),
    "appointment_withdrawal": Page(ADMIN, post=seen(302), of="appointment"),
    "ambassador_release": Page(ADMIN, post=302, of="role"),
    "ambassador": Page("neighbours", get=only("ambassador", ok=200, otherwise=404)),
    "ambassador_acceptance": Page("neighbours", get=410, post=410, of="word"),
    "ambassador_report": Page("neighbours", get=404, post=404, of="case"),
    "ambassador_poster": Page("neighbours", get=only("ambassador", ok=200, otherwise=404)),
    "ambassador_end": Page("neighbours", post=only("ambassador", ok=302, otherwise=404)),
    # Reporting, and what became of it.
    "report": Page("neighbours", get=seen_as_another(200), post=seen_as_another(422), of="reportable"),
    "notice": Page("public", get=200, post=422),
    "notice_receipt": Page("public", get=410, of="word"),
    "my_reports": Page("signed in", get=200),
    "objection": Page("signed in", get=seen(200), post=seen(302), of="decision"),
    "moderation": Page(MODERATORS, get=200),
    "case": Page(MODERATORS, get=seen(200), post=seen(422), of="case"),
    "appeal": Page(MODERATORS, get=seen(200), post=seen(422), of="objection"),
    "suspended": Page("signed in", get=only("suspended", ok=200, otherwise=302)),
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
    "staff_reset": Page(ADMIN, get=seen(200), post=seen(302), of="colleague"),
    "role_end": Page(ADMIN, post=seen(302), of="role"),
    "look": Page(ADMIN, get=200, post=422),
    "contact": Page(ADMIN, get=200, post=422),
    "app_manifest": Page("public", get=200),
    "service_worker": Page("public", get=200),
    "offline": Page("public", get=200, of="language"),
    "logo": Page("public", get=_in_hasselt, of="logo"),
    "app_icon": Page("public", get=_in_hasselt, of="icon"),
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
    # The desk, and for residents what it did.
    "desk": Page(DESK, get=200, post=422),
    "desk_consent": Page(DESK, get=302, post=302),
    "desk_join": Page(DESK, get=200, post=422),
    "desk_disputes": Page(DESK, get=200, post=422),
    "desk_dispute": Page(DESK, get=302, post=302),
    "desk_dispute_opening": Page(DESK, post=302),
    "desk_session": Page(DESK, get=in_session(200), of="desk session"),
    "desk_message": Page(DESK, get=in_session(200), post=in_session(302), of="desk session", data=_POST),
    "desk_own_key": Page(DESK, get=in_session(200), post=in_session(302), of="desk session"),
    "desk_letter": Page(DESK, get=in_session(200), post=in_session(422), of="desk session"),
    "desk_email": Page(DESK, get=in_session(200), post=in_session(422), of="desk session"),
    "desk_phone": Page(DESK, get=in_session(200), post=in_session(422), of="desk session"),
    "desk_mail_stop": Page(DESK, get=in_session(200), post=in_session(302), of="desk session"),
    "desk_used_letter": Page(DESK, get=in_session(200), post=in_session(422), of="desk session"),
    "desk_name": Page(DESK, get=in_session(200), post=in_session(302), of="desk session", data={"name": "Nora Nieuw"}),
    "desk_confirmation": Page(DESK, get=in_session(200), post=in_session(302), of="desk session"),
    "desk_leaving": Page(DESK, get=in_session(200), post=in_session(302), of="desk session"),
    "desk_end": Page(DESK, post=seen(302), of="desk session"),
    "desk_slip": Page(DESK, get=slip(200), post=slip(302), of="desk session"),
    "helped": Page("signed in", get=lambda who, _it: 404 if who in STAFF else 200),
    "helped_end": Page("signed in", post=stopped_by_resident, of="desk session"),
    # The operator's health page; and the demo's own, which exist in a demo only.
    "health": Page("public", get=200),
    "metrics": Page("public", get=200),  # the walk comes from this machine; others find nothing there
    "demo": Page("nowhere"),
    "demo_session": Page("nowhere"),
    "demo_mailbox": Page("nowhere"),
    "demo_mail": Page("nowhere", of="word"),
    "demo_mail_page": Page("nowhere", of="word"),
    "styleguide": Page("nowhere"),
}
