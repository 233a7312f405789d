"""What the city planned, the city calls off, with its reason: those who come hear it once, as from a neighbour."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from stoep.access.gate import NotAllowed, NotVisible, may, who_may
from stoep.access.models import AccessLog
from stoep.cityhall.models import Announcement
from stoep.common import clock
from stoep.delivery.models import OutboxEntry
from stoep.events.actions import cancel_event
from stoep.events.models import Occurrence
from stoep.events.tests.planners import NOW, Planner, city_event, day_of, event_of, later, mailed
from stoep.feed.models import Post
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Department, Person, Role
from stoep.people.models import RoleName as R
from stoep.people.queries import person_with_standing

GoesTo = Callable[[str], Planner]
CANCEL = "events:event:cancel"


@pytest.mark.parametrize("who", ["editor", "city-admin"])
def test_those_who_come_hear_it_once_with_the_reason(who: str, visit: GoesTo, cast: Cast) -> None:
    post, comes, might = city_event(cast), visit("second-neighbour"), visit("ambassador")
    comes.say(post)
    might.say(post, "maybe")
    city = visit(who)
    assert "Call it off" in city.read(post)
    assert "Call it off" not in comes.read(post)
    form = page(city.get("event_cancellation", day_of(post).pk))
    assert "page--city" in form
    assert "hear it at once" in form
    for _twice in range(2):
        answer = city.send("event_cancellation", day_of(post).pk, reason="The hall has no light.")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/posts/{post.pk}/#event"
    assert OutboxEntry.objects.filter(notice="events.cancelled").count() == 1
    mails = mailed("cancelled")
    assert set(mails) == {comes.person, might.person}
    assert "The hall has no light." in mails[comes.person].text
    for html in (comes.read(post), comes.feed(), page(comes.get("agenda")), city.read(post)):
        assert "Called off" in html
    assert "The hall has no light." in comes.read(post)
    assert "It was called off" in page(comes.get("notifications"))
    assert "Call it off" not in city.read(post)


def test_it_stands_in_the_log_and_a_neighbours_own_does_not(visit: GoesTo, cast: Cast) -> None:
    logged = AccessLog.objects.filter(action=CANCEL)
    own = visit("neighbour").plan("Street party")
    visit("neighbour").send("event_cancellation", day_of(own).pk, reason="Rain")
    assert not logged.exists()
    visit("editor").send("event_cancellation", day_of(city_event(cast)).pk, reason="Rain")
    assert logged.get().person == cast["editor"]


def test_its_own_page_offers_it_and_says_what_became_of_it(visit: GoesTo, cast: Cast) -> None:
    post, editor = city_event(cast), visit("editor")
    announcement = Announcement.objects.create(
        post=post, department=cast.departments["Communicatie"], households_reached=1, sent_at=NOW
    )
    html = page(editor.get("announcement", announcement.pk))
    assert f"/events/{day_of(post).pk}/cancellation/" in html
    assert "Square" in html
    assert "Call the event off" in page(visit("city-admin").get("announcement", announcement.pk))
    assert "Call the event off" not in page(visit("approver").get("announcement", announcement.pk))
    with later(days=9):
        assert "Call the event off" not in page(editor.get("announcement", announcement.pk))
    editor.send("event_cancellation", day_of(post).pk, reason="The hall has no light.")
    html = page(editor.get("announcement", announcement.pk))
    assert "Call the event off" not in html
    for words in ("Called off", "The hall has no light."):
        assert words in html


def test_one_day_of_what_comes_back(visit: GoesTo, cast: Cast) -> None:
    post = city_event(cast)
    event = event_of(post)
    second = Occurrence.objects.create(event=event, starts_at=event.starts_at + timedelta(days=7))
    type(event).objects.filter(pk=event.pk).update(rule="FREQ=WEEKLY")
    assert "Choose which days." in page(visit("editor").send("event_cancellation", second.pk, reason=""))
    visit("editor").send("event_cancellation", second.pk, which="day", reason="")
    assert Occurrence.objects.get(cancelled_at__isnull=False) == second


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("analyst", 403),
        ("approver", 403),
        ("moderator", 403),
        ("neighbour", 403),
        ("newcomer", 403),
        ("suspended", 302),
        ("other-city", 404),
    ],
)
def test_nobody_else_does(who: str, status: int, visit: GoesTo, cast: Cast) -> None:
    post = city_event(cast)
    someone, day = visit(who), day_of(post)
    assert someone.get("event_cancellation", day.pk).status_code == status
    assert someone.send("event_cancellation", day.pk, reason="").status_code == status
    assert not Occurrence.objects.filter(cancelled_at__isnull=False).exists()


def test_an_editor_of_another_department_or_municipality_does_not(visit: GoesTo, cast: Cast) -> None:
    post = city_event(cast)
    works, bound = cast.departments["Openbare werken"], Role.objects.filter(person=cast["editor"])
    bound.update(department=works)
    editor = visit("editor")
    assert "Call it off" not in editor.read(post)
    for answer in (editor.get("event_cancellation", day_of(post).pk), _sent(editor, post)):
        assert answer.status_code == 403
    with pytest.raises(NotAllowed):
        cancel_event(person=_fresh(cast["editor"]), event=event_of(post), reason="", now=clock.now())
    bound.update(department=None)
    assert "Call it off" in visit("editor").read(post), "an editor who is bound to none speaks for all"

    Person.objects.filter(pk=cast["editor"].pk).update(municipality=cast.cities["diepenbeek"])
    abroad = Planner(_fresh(cast["editor"]))
    gone, never = _sent(abroad, post), abroad.send("event_cancellation", uuid4(), reason="")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.content == never.content
    with pytest.raises(NotVisible):
        cancel_event(person=_fresh(cast["editor"]), event=event_of(post), reason="", now=clock.now())
    assert not Occurrence.objects.filter(cancelled_at__isnull=False).exists()


def test_no_editor_calls_off_what_a_neighbour_planned_also_not_where_the_city_reads_along(visit: GoesTo) -> None:
    post = visit("neighbour").plan(shared=True)
    editor = visit("editor")
    assert "Call it off" not in editor.read(post)
    assert _sent(editor, post).status_code == 403
    assert not Occurrence.objects.filter(cancelled_at__isnull=False).exists()


def test_the_rule_answers_the_same_in_both_directions(cast: Cast) -> None:
    """For an editor of that department, of another, of both, of none, and by the binding of another task."""
    post, editor, city = city_event(cast), cast["editor"], cast.departments["Communicatie"]
    works, mine = cast.departments["Openbare werken"], Role.objects.filter(person=cast["editor"], role=R.EDITOR)
    mine.delete()
    cases: list[tuple[list[tuple[R, Department | None]], bool]] = [
        ([(R.EDITOR, city)], True),
        ([(R.EDITOR, works)], False),
        ([(R.EDITOR, None)], True),
        ([(R.EDITOR, works), (R.APPROVER, city)], False),
        ([(R.EDITOR, city), (R.APPROVER, works)], True),
        ([(R.EDITOR, works), (R.CITY_ADMIN, None)], True),
        ([(R.APPROVER, city)], False),
    ]
    for roles, is_allowed in cases:
        Role.objects.filter(person=editor).delete()
        for role, department in roles:
            Role.objects.create(person=editor, role=role, department=department, granted_at=NOW)
        assert may(_fresh(editor), CANCEL, post) is is_allowed, roles
        assert who_may(CANCEL, post).filter(pk=editor.pk).exists() is is_allowed, roles
    Post.objects.filter(pk=post.pk).update(author=cast["neighbour"])
    post.refresh_from_db()
    assert not may(_fresh(cast["neighbour"]), CANCEL, post), "what a department says is nobody's"
    assert cast["neighbour"] not in who_may(CANCEL, post)


def _sent(editor: Planner, post: Post) -> Any:
    return editor.send("event_cancellation", day_of(post).pk, reason="")


def _fresh(person: Person) -> Person:
    found = person_with_standing(person.pk)
    assert found
    return found
