"""Groups inside a neighbourhood: found by its neighbours, read by who is in them, left in one tap."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stoep.common import clock
from stoep.delivery.digest_lines import Readers
from stoep.delivery.models import Mail, MailChoices, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.feed.digest import lines
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Group, GroupMember, Membership
from stoep.people.queries import person_with_standing
from stoep.people.tests.gathering import gather

GoesTo = Callable[[str], Visit]


@pytest.fixture
def visit(cast: Cast) -> GoesTo:
    return lambda key: Visit(cast[key])


def _make(who: Visit, **words: str) -> Any:
    facts = {"name": "Allotment", "about": "Behind the church", "is_open": "yes", "request_key": str(uuid4())}
    return who.client.post(reverse("begin_group"), facts | words)


def _mails(kind: str) -> list[Mail]:
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    return list(Mail.objects.filter(kind__endswith=kind))


def test_a_group_is_made_found_and_joined_by_a_neighbour(visit: GoesTo) -> None:
    response = _make(visit("neighbour"))
    assert response.status_code == 302
    group = Group.objects.get()
    assert "Allotment" in page(visit("second-neighbour").get("groups"))
    assert visit("second-neighbour").send("join_group", group.pk).status_code == 302
    html = page(visit("second-neighbour").get("group", group.pk))
    assert "Leave this group" in html
    assert "Marie Peeters" in html
    assert "2 neighbours" in html


def test_pressed_twice_it_is_made_once_and_no_name_twice(visit: GoesTo) -> None:
    key = str(uuid4())
    assert [_make(visit("neighbour"), request_key=key).status_code for _again in range(2)] == [302, 302]
    taken = _make(visit("second-neighbour"), name="allotment")
    assert taken.status_code == 422
    assert "There is a group of this name already" in page(taken)
    assert "Behind the church" in page(taken), "what was typed is kept"
    assert Group.objects.count() == 1


def test_a_name_is_asked_for_and_no_national_number_taken(visit: GoesTo) -> None:
    assert "Give the group a name" in page(_make(visit("neighbour"), name=" "))
    assert "national register number" in page(_make(visit("neighbour"), about="85.07.30-033 28"))
    assert not Group.objects.exists()


def test_next_door_a_newcomer_and_the_city_find_no_group(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    for key in ("next-neighbourhood", "newcomer", "other-city"):
        assert visit(key).get("group", group.pk).status_code == 404, key
        assert group.name not in page(visit(key).get("groups")), key
        assert visit(key).send("join_group", group.pk).status_code == 404, key
    for key in ("editor", "city-admin", "moderator"):
        assert visit(key).get("group", group.pk).status_code == 404, key


def test_by_request_a_keeper_lets_in_and_the_asker_hears(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast, is_open=False)
    asker = visit("ambassador")
    for _again in range(2):
        asker.send("join_group", group.pk)
    assert "You asked to join" in page(asker.get("group", group.pk))
    asked = _mails("group_asked")
    assert [mail.person_id for mail in asked] == [cast["neighbour"].pk]
    row = GroupMember.objects.get(group=group, joined_at=None)
    assert visit("second-neighbour").send("admit_to_group", group.pk, row.pk).status_code == 403
    assert asker.send("admit_to_group", group.pk, row.pk).status_code == 403
    for _again in range(2):
        assert visit("neighbour").send("admit_to_group", group.pk, row.pk).status_code == 302
    assert [mail.person_id for mail in _mails("group_joined")] == [cast["ambassador"].pk]
    assert "Leave this group" in page(asker.get("group", group.pk))


def test_a_message_to_a_group_is_read_by_who_is_in_it_only(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    author = visit("neighbour")
    facts = {"kind": "question", "title": "Who walks on Monday?", "group": str(group.pk), "request_key": str(uuid4())}
    assert author.send("posts", **facts).status_code == 302
    post = Post.objects.get()
    assert "Who walks on Monday?" in visit("second-neighbour").feed()
    assert "Who walks on Monday?" in visit("second-neighbour").feed(group=str(group.pk))
    for key in ("ambassador", "newcomer", "next-neighbourhood"):
        assert visit(key).get("post", post.pk).status_code == 404, key
        assert "Who walks on Monday?" not in visit(key).feed(group=str(group.pk)), key
    visit("ambassador").send("join_group", group.pk)
    assert "Who walks on Monday?" in visit("ambassador").feed()
    visit("second-neighbour").send("leave_group", group.pk)
    assert visit("second-neighbour").get("post", post.pk).status_code == 404
    assert "Who walks on Monday?" not in visit("second-neighbour").feed()


def test_a_feed_of_a_group_holds_nothing_else(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    author = visit("neighbour")
    author.place("For everybody")
    html = author.feed(group=str(group.pk))
    assert "For everybody" not in html
    assert "Nobody wrote to this group so far" in html


def test_what_is_for_a_group_goes_neither_next_door_nor_to_the_city(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    facts = {"kind": "question", "title": "Monday", "group": str(group.pk), "request_key": str(uuid4())}
    refused = visit("neighbour").send("posts", **facts, shared_with_city="on")
    assert refused.status_code == 422
    assert "stays in the group" in page(refused)
    assert 'value="Monday"' in page(refused)
    assert visit("ambassador").send("posts", **facts).status_code == 422, "only who is in it has the choice"
    assert not Post.objects.exists()


def test_who_moves_to_another_neighbourhood_reads_it_no_more(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    visit("neighbour").send("posts", kind="question", title="Monday", group=str(group.pk), request_key=str(uuid4()))
    Membership.objects.filter(person=cast["second-neighbour"]).update(neighbourhood=cast.neighbourhoods["Tuilt"])
    moved = visit("second-neighbour")
    moved.person.__dict__.pop("standing", None)
    assert "Monday" not in moved.feed()
    assert moved.get("group", group.pk).status_code == 404


def test_a_keeper_takes_out_and_closes_and_nobody_else_does(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    row = GroupMember.objects.get(group=group, person=cast["second-neighbour"])
    for name, args in (("put_out_of_group", (group.pk, row.pk)), ("close_group", (group.pk,))):
        assert visit("second-neighbour").send(name, *args).status_code == 403
    visit("neighbour").send("put_out_of_group", group.pk, row.pk)
    assert "Leave this group" not in page(visit("second-neighbour").get("group", group.pk))
    visit("neighbour").send("close_group", group.pk)
    assert group.name not in page(visit("ambassador").get("groups"))
    assert "This group is closed" in page(visit("neighbour").get("group", group.pk))


def test_when_its_keeper_left_the_others_keep_the_door(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast, is_open=False, asking=("ambassador",))
    visit("neighbour").send("leave_group", group.pk)
    row = GroupMember.objects.get(group=group, joined_at=None)
    assert visit("second-neighbour").send("admit_to_group", group.pk, row.pk).status_code == 302


def test_between_two_apart_neither_name_nor_count_shows_the_other(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["neighbour"], created_at=clock.now())
    html = page(visit("second-neighbour").get("group", group.pk))
    assert "Marie" not in html
    assert "1 neighbour" in html


@pytest.mark.parametrize("name", ["groups", "group"])
def test_more_members_cost_no_more_queries(name: str, visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    who, args = visit("neighbour"), [group.pk] if name == "group" else []
    who.get(name, *args)
    few = _queries(who, name, args)
    for at in range(5):
        gather(cast, f"Group {at}")
    visit("ambassador").send("join_group", group.pk)
    assert _queries(who, name, args) == few


def _queries(who: Visit, name: str, args: list[Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        assert who.client.get(reverse(name, args=args)).status_code == 200
    return len(found)


def test_what_was_begun_for_a_group_one_left_goes_to_nobody_until_one_chooses(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    writer = visit("second-neighbour")
    writer.send("draft", kind="question", title="Monday", group=str(group.pk))
    writer.send("leave_group", group.pk)
    assert "not in the group any more" in page(writer.get("new_post"))
    facts = {"kind": "question", "title": "Monday", "request_key": str(uuid4())}
    assert writer.send("posts", **facts).status_code == 422
    assert not Post.objects.exists()
    assert writer.send("posts", **facts, group="everybody").status_code == 302


def test_who_was_put_out_hears_no_more_of_what_is_answered_there(visit: GoesTo, cast: Cast) -> None:
    """Their own message they still see; its answers are for who is in the group."""
    group = gather(cast)
    writer = visit("second-neighbour")
    writer.send("posts", kind="question", title="Monday", group=str(group.pk), request_key=str(uuid4()))
    post = Post.objects.get()
    writer.send("leave_group", group.pk)
    visit("neighbour").answer(post, "Only for us")
    reader = person_with_standing(writer.person.pk)
    assert reader is not None
    at, place = clock.now() + timedelta(minutes=1), cast.neighbourhoods["Kermt"]
    daily = {reader.pk: MailChoices(person=reader, mine=Pace.DAILY)}
    readers = Readers(place.municipality, place, [reader], daily, at - timedelta(days=1), at)
    assert all("Only for us" not in line.text for line in lines(readers)[reader.pk])


def test_under_another_name_its_cards_say_so_at_once(visit: GoesTo, cast: Cast) -> None:
    group = gather(cast)
    facts = {"kind": "question", "title": "Who walks?", "group": str(group.pk), "request_key": str(uuid4())}
    keeper = visit("neighbour")
    assert keeper.send("posts", **facts).status_code == 302
    assert group.name in keeper.feed()
    new = {"name": "Walkers of Monday", "about": "", "is_open": "yes"}
    assert keeper.client.post(reverse("edit_group", args=[group.pk]), new).status_code == 302
    html = keeper.feed().partition("<main")[2]
    assert f">{group.name}<" not in html
    assert "Walkers of Monday" in html
