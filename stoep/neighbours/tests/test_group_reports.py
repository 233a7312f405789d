"""A group's name and text can be reported: a moderator takes them out of sight, and they may come back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.moderation.deciding import end_what_is_over, lift
from stoep.moderation.models import Case, Decision
from stoep.moderation.tests.test_deciding import WHY
from stoep.moderation.tests.test_reporting import report
from stoep.neighbours.grouping import make_group
from stoep.operations.cast import Cast
from stoep.people.models import Block, Group, GroupMember, Membership

GoesTo = Callable[[str], Visit]


@pytest.fixture
def visit(cast: Cast) -> GoesTo:
    return lambda key: Visit(cast[key])


@pytest.fixture
def group(visit: GoesTo) -> Group:
    """Ahmed keeps it; Marie reads its name in the list."""
    words = {"name": "Nasty name", "about": "Nasty words"}
    keeper = visit("second-neighbour").person
    return make_group(person=keeper, is_open=True, request_key=uuid4(), now=clock.now(), **words)


def decided(visit: GoesTo, outcome: str, days: int = 7) -> None:
    sent = visit("moderator").send("case", Case.objects.get(closed_at=None).pk, outcome=outcome, days=days, **WHY)
    assert sent.status_code == 302


def renames(visit: GoesTo, group: Group, name: str, who: str = "second-neighbour") -> None:
    facts = {"name": name, "about": "", "is_open": "yes"}
    assert visit(who).client.post(reverse("edit_group", args=[group.pk]), facts).status_code == 302


def test_who_finds_it_can_report_it_and_its_keeper_cannot(visit: GoesTo, group: Group) -> None:
    address = reverse("report", args=["group", group.pk])
    assert address in page(visit("neighbour").get("group", group.pk))
    assert address not in page(visit("second-neighbour").get("group", group.pk))
    assert "Nasty name" in page(visit("neighbour").get("report", "group", group.pk))
    assert visit("second-neighbour").get("report", "group", group.pk).status_code == 403
    for key in ("next-neighbourhood", "newcomer", "other-city"):
        assert visit(key).get("report", "group", group.pk).status_code == 404
        assert report(visit(key), "group", group.pk).status_code == 404
    assert not Case.objects.exists()


def test_the_moderator_reads_what_was_reported_and_takes_it_out_of_sight(visit: GoesTo, group: Group) -> None:
    facts = {"kind": "question", "title": "For us", "group": str(group.pk), "request_key": str(uuid4())}
    assert visit("second-neighbour").send("posts", **facts).status_code == 302
    assert "Nasty name" in visit("second-neighbour").feed(), "and the card is kept"
    report(visit("neighbour"), "group", group.pk)
    html = page(visit("moderator").get("case", Case.objects.get().pk))
    assert "Nasty name" in html
    assert "Nasty words" in html
    decided(visit, "remove")
    for html in (
        page(visit("neighbour").get("groups")),
        page(visit("neighbour").get("group", group.pk)),
        page(visit("second-neighbour").get("feed")),
        page(visit("second-neighbour").get("new_post")),
    ):
        assert "Nasty" not in html
    mine = page(visit("second-neighbour").get("group", group.pk))
    assert "A moderator took the name and the text out of sight. Choose other words." in mine
    assert "Be kind" in page(visit("second-neighbour").get("my_reports")), "and why"


def test_out_of_sight_for_a_time_it_comes_back(visit: GoesTo, group: Group) -> None:
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "hide", days=1)
    assert "Nasty" not in page(visit("neighbour").get("group", group.pk))
    end_what_is_over(now=clock.now() + timedelta(days=1, hours=1))
    html = page(visit("neighbour").get("group", group.pk))
    assert "Nasty name" in html
    assert "Nasty words" in html


def test_the_better_words_that_its_keeper_chose_stay(visit: GoesTo, group: Group) -> None:
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "hide", days=1)
    better = {"name": "Kind name", "about": "Kind words", "is_open": "yes"}
    assert visit("second-neighbour").client.post(reverse("edit_group", args=[group.pk]), better).status_code == 302
    end_what_is_over(now=clock.now() + timedelta(days=1, hours=1))
    html = page(visit("neighbour").get("group", group.pk))
    assert "Kind name" in html
    assert "Nasty" not in html


def test_where_its_name_was_taken_meanwhile_it_keeps_its_number(visit: GoesTo, group: Group) -> None:
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "hide", days=1)
    visit("neighbour").client.post(
        reverse("begin_group"), {"name": "nasty name", "is_open": "yes", "request_key": str(uuid4())}
    )
    end_what_is_over(now=clock.now() + timedelta(days=1, hours=1))
    found = Group.objects.get(pk=group.pk)
    assert found.name.startswith("# ")
    assert found.about == "Nasty words", "its text comes back all the same"


@pytest.mark.parametrize("name", ["Nasty name", "Nastier still"])
def test_words_typed_after_the_first_removal_are_judged_anew(visit: GoesTo, group: Group, name: str) -> None:
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "remove")
    renames(visit, group, name)
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "remove")
    assert "Nast" not in page(visit("neighbour").get("groups"))


def test_a_removal_stands_when_an_earlier_hiding_ends(visit: GoesTo, group: Group) -> None:
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "hide", days=1)
    report(visit("neighbour"), "group", group.pk)
    decided(visit, "remove")
    end_what_is_over(now=clock.now() + timedelta(days=1, hours=1))
    assert "Nasty" not in page(visit("neighbour").get("groups"))
    lift(Decision.objects.get(outcome="remove"), clock.now())
    assert "Nasty name" in page(visit("neighbour").get("groups")), "and it ends with the last of them"


def test_a_group_that_nobody_keeps_is_answered_for_by_who_is_in_it(visit: GoesTo, group: Group, cast: Cast) -> None:
    GroupMember.objects.create(group=group, person=cast["ambassador"], asked_at=clock.now(), joined_at=clock.now())
    visit("second-neighbour").send("leave_group", group.pk)
    renames(visit, group, "Nasty", who="ambassador")
    report(visit("neighbour"), "group", group.pk)
    assert Case.objects.get().author == cast["ambassador"]
    decided(visit, "remove")
    assert "Nasty" not in page(visit("neighbour").get("groups"))


def test_nor_by_a_keeper_who_moved_away(visit: GoesTo, group: Group, cast: Cast) -> None:
    GroupMember.objects.create(group=group, person=cast["ambassador"], asked_at=clock.now(), joined_at=clock.now())
    moved = Membership.objects.filter(person=cast["second-neighbour"], ended_at=None)
    moved.update(neighbourhood=cast.neighbourhoods["Tuilt"])
    report(visit("neighbour"), "group", group.pk)
    assert Case.objects.get().author == cast["ambassador"]
    Case.objects.all().delete()
    visit("ambassador").send("leave_group", group.pk)
    report(visit("neighbour"), "group", group.pk)
    assert Case.objects.get().author is None, "all have left"
    decided(visit, "remove")
    assert "Nasty" not in page(visit("neighbour").get("groups"))


def test_whoever_reports_does_not_learn_who_keeps_it(visit: GoesTo, group: Group, cast: Cast) -> None:
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["neighbour"], created_at=clock.now())
    html = page(visit("neighbour").get("report", "group", group.pk))
    assert "Nasty name" in html
    assert cast["second-neighbour"].name not in html
