"""The addresses of what neighbours do together, and the things they name: groups, chat, loans, help, dates.

As `policy.py` and `subjects.py`, written by hand from the design.
"""

from uuid import uuid4

from stoep.common import clock
from stoep.operations.cast import Cast
from stoep.people.models import Group, GroupMember, Membership
from tests.access.helping import offered, opened
from tests.access.lending_subjects import lending_subjects
from tests.access.policy import FULL, WRITERS, Answer, Page, attended, met, of_author, only, seen
from tests.access.subject import Subject
from tests.access.subjects import CITY_READERS, KERMT


def by_keeper(status: int) -> Answer:
    """For whoever keeps it; the others who see it may not."""
    return lambda who, it: 404 if not it.is_seen_by(who) else status if who == it.author else 403


def welcoming(status: int) -> Answer:
    """For an ambassador; to the others there is no such page."""
    return lambda who, _it: status if who == "ambassador" else 404


def called_off(status: int) -> Answer:
    """By its author; what a department planned, by whoever writes for the city."""

    def answer(who: str, it: Subject) -> int:
        if it.is_official and it.is_seen_by(who):
            return status if who in WRITERS else 403
        return of_author(status)(who, it)

    return answer


PAGES: dict[str, Page] = {
    # Welcoming: nobody in the walk is new.
    "newcomer": Page("neighbours", get=welcoming(404), post=welcoming(404), of="person"),
    "welcomed": Page("neighbours", post=welcoming(302), of="person"),
    "hello_dismissal": Page("neighbours", post=only("newcomer", ok=403, otherwise=302)),
    "groups": Page("neighbours", get=200),
    "begin_group": Page("neighbours", get=FULL, post=only("newcomer", ok=403, otherwise=422)),
    "group": Page("neighbours", get=seen(200), of="group"),
    "edit_group": Page("neighbours", get=by_keeper(200), post=by_keeper(422), of="group"),
    "join_group": Page("neighbours", post=seen(302), of="group"),
    "leave_group": Page("neighbours", post=by_keeper(302), of="group"),
    "close_group": Page("neighbours", post=by_keeper(302), of="group"),
    "admit_to_group": Page("neighbours", post=by_keeper(302), of="member of a group"),
    "put_out_of_group": Page("neighbours", post=by_keeper(302), of="member of a group"),
    # Helping, lost and found.
    "helpers": Page("neighbours", get=offered(200, 200), post=offered(302, 403), of="post"),
    "remove_help_offer": Page("neighbours", post=offered(302, 403), of="post"),
    "choose_helper": Page("neighbours", post=of_author(302), of="help offer"),
    "remove_choice": Page("neighbours", post=of_author(302), of="post"),
    "help_distance": Page("neighbours", post=of_author(302), of="post"),
    "show_next_door": Page("neighbours", post=opened, of="post"),
    "found": Page("neighbours", get=of_author(404), post=of_author(404), of="post"),
    "city_requests": Page(CITY_READERS, get=200),
    # The agenda: as the posts.
    "agenda": Page("neighbours", get=200),
    "agenda_week": Page("neighbours", get=200),
    "event": Page("readers", get=seen(200), of="event"),
    "event_answer": Page("readers", post=attended, of="event", data={"answer": "yes"}),
    "event_meeting": Page("readers", post=met, of="event"),
    "event_file": Page("readers", get=seen(200), of="event"),
    "event_details": Page("neighbours", get=of_author(200), post=of_author(302), of="event"),
    "event_cancellation": Page("readers", get=called_off(200), post=called_off(302), of="event"),
    "my_calendar": Page("neighbours", get=200, post=422),
    "calendar_removal": Page("neighbours", post=302),
    "calendar": Page("public", get=410, of="word"),
}


def subjects(cast: Cast) -> dict[str, list[Subject]]:
    """By kind, each with one that never was."""
    made = {**_groups(cast), **lending_subjects(cast)}
    for name, kind in made.items():
        args = (uuid4(), uuid4()) if name == "member of a group" else (uuid4(),)
        kind.append(Subject("never was", args, is_live=False))
    return made


def _groups(cast: Cast) -> dict[str, list[Subject]]:
    """One here, kept by the neighbour who alone is in it, where somebody asks to join; one next door."""
    groups, members = [], []
    seen = {"neighbour": KERMT - {"newcomer"}, "next-neighbourhood": frozenset({"next-neighbourhood"})}
    for keeper, readers in seen.items():
        place = Membership.objects.get(person=cast[keeper], ended_at=None).neighbourhood
        now = clock.now()
        made = Group.objects.create(neighbourhood=place, name="Allotment", is_open=False, created_at=now)
        GroupMember.objects.create(group=made, person=cast[keeper], is_keeper=True, asked_at=now, joined_at=now)
        asking = GroupMember.objects.create(group=made, person=cast["suspended"], asked_at=now)
        groups.append(Subject(f"of {keeper}", (made.pk,), keeper, readers))
        members.append(Subject(f"asking {keeper}", (made.pk, asking.pk), keeper, readers))
    return {"group": groups, "member of a group": members}
