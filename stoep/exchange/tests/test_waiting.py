"""Nothing waits unseen: what nobody answers goes next door, then to the city, as far as its author allowed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.delivery.choosing import choices_of_all
from stoep.delivery.digest_lines import Line, Rank, Readers, sources
from stoep.exchange.models import HelpRequest
from stoep.exchange.waiting import look_after_requests
from stoep.feed.models import Comment, Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Suspension
from stoep.people.queries import person_with_standing
from stoep.places.models import Neighbourhood

GoesTo = Callable[[str], Visit]
HOUR = timedelta(hours=1)


def test_after_a_day_it_is_shown_next_door_and_after_two_to_the_city(visit: GoesTo) -> None:
    post, now = _asked(visit("neighbour"), "next_door", "city"), clock.now()
    assert _later(23 * HOUR, now) == 0
    assert visit("next-neighbourhood").get("post", post.pk).status_code == 404
    assert _later(25 * HOUR, now) == 1
    assert "Who walks my dog?" in visit("next-neighbourhood").feed()
    assert visit("editor").get("post", post.pk).status_code == 404
    assert _later(26 * HOUR, now) == 0
    assert _later(49 * HOUR, now) == 1
    assert visit("editor").get("post", post.pk).status_code == 200
    assert "Kermt" in page(visit("editor").get("city_requests"))
    assert _later(50 * HOUR, now) == 0
    assert "the city too" in visit("neighbour").read(post)
    kept = HelpRequest.objects.get()
    assert kept.opened_next_door_at is not None
    assert kept.shared_with_city_at is not None


@pytest.mark.parametrize(
    "keep",
    ["not allowed", "answered", "answer taken back", "offered", "solved", "removed", "suspended", "moved", "old"],
)
def test_it_stays_where_it_is(keep: str, visit: GoesTo, cast: Cast) -> None:
    author, helper, now = visit("neighbour"), visit("second-neighbour"), clock.now()
    post = _asked(author, *(() if keep == "not allowed" else ("next_door", "city")))
    before = post.audience_id
    if keep in {"answered", "answer taken back"}:
        helper.reply(post)
    if keep == "answer taken back":
        helper.send("remove_comment", Comment.objects.get().pk)
    if keep == "offered":
        helper.send("helpers", post.pk)
        helper.send("remove_help_offer", post.pk)
    if keep == "solved":
        author.send("solution", post.pk, helper="", thank_you="")
    if keep == "removed":
        author.send("remove_post", post.pk)
    if keep == "suspended":
        Suspension.objects.create(person=cast["neighbour"], started_at=now, reason="")
    if keep == "moved":
        Membership.objects.filter(person=cast["neighbour"]).update(ended_at=now)
    assert _later(timedelta(days=20) if keep == "old" else 50 * HOUR, now) == 0
    assert Post.objects.get().audience_id == before


def test_what_its_author_added_goes_along(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _asked(author, "next_door")
    author.answer(post, "He is small.")
    _later(25 * HOUR, clock.now())
    assert "He is small." in visit("next-neighbourhood").read(post)


def test_its_author_opens_it_in_one_tap_until_somebody_answers(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _asked(author)
    assert "Show it next door too" in author.read(post)
    assert visit("second-neighbour").send("show_next_door", post.pk).status_code == 403
    for _again in range(2):
        assert author.send("show_next_door", post.pk).status_code == 302
    assert "Show it next door too" not in author.read(post)
    other = _asked(author)
    visit("second-neighbour").answer(other)
    response = author.send("show_next_door", other.pk)
    assert response.status_code == 422
    assert "Somebody answered already" in page(response)
    assert visit("next-neighbourhood").get("post", other.pk).status_code == 404


@pytest.mark.parametrize("looked", ["never", "in between", "since"])
def test_the_daily_mail_next_door_tells_of_it_once(looked: str, visit: GoesTo, cast: Cast) -> None:
    """Also to who looked at their feed before it was opened to them; and at home it is no news."""
    now, person = clock.now(), cast["next-neighbourhood"]
    post = _asked(visit("neighbour"), "next_door")
    _later(25 * HOUR, now)
    seen_at = {"never": None, "in between": now + 12 * HOUR, "since": now + 26 * HOUR}[looked]
    Person.objects.update(feed_seen_at=seen_at)
    told = _lines_for(cast, person, until=now + 30 * HOUR)
    assert [(line.subject_id, line.rank) for line in told] == ([] if looked == "since" else [(post.pk, Rank.HELP)])
    at_home = _lines_for(cast, cast["second-neighbour"], until=now + 30 * HOUR)
    assert len(at_home) == (1 if looked == "never" else 0)


def test_the_city_reads_only_what_waits_and_was_shared(visit: GoesTo) -> None:
    author, helper, editor = visit("neighbour"), visit("second-neighbour"), visit("editor")
    assert "Nobody waits for the city" in page(editor.get("city_requests"))
    author.place("Just us", kind="help_wanted")
    helped = author.place("Helped", kind="help_wanted", shared=True)
    author.place("Waits", kind="help_wanted", shared=True)
    helper.send("helpers", helped.pk)
    author.send("choose_helper", helped.pk, helped.help_offers.get().pk)
    html = page(editor.get("city_requests"))
    assert "Waits" in html
    assert "Just us" not in html
    assert "Helped" not in html
    assert visit("analyst").get("city_requests").status_code == 403
    assert visit("neighbour").get("city_requests").status_code == 404


def test_a_neighbourhood_of_the_past_is_not_next_door(visit: GoesTo, cast: Cast) -> None:
    Neighbourhood.objects.filter(pk=cast.neighbourhoods["Tuilt"].pk).update(retired_at=clock.now())
    post = _asked(visit("neighbour"), "next_door")
    _later(25 * HOUR, clock.now())
    assert visit("next-neighbourhood").get("post", post.pk).status_code == 404


def _asked(author: Visit, *if_nobody: str) -> Post:
    data: dict[str, Any] = {"kind": "help_wanted", "title": "Who walks my dog?", "request_key": str(uuid4())}
    before = set(Post.objects.values_list("pk", flat=True))
    response = author.send("posts", **data, **{"help-if_nobody": list(if_nobody), "help-where": "home"})
    assert response.status_code == 302, page(response)
    found: Post = Post.objects.exclude(pk__in=before).get()
    return found


def _later(waited: timedelta, now: datetime) -> int:
    with clock.frozen(now + waited):
        return look_after_requests(now=now + waited)


def _lines_for(cast: Cast, person: Person, *, until: datetime) -> list[Line]:
    """What a daily mail would hold for them, from every source."""
    reader = person_with_standing(person.pk)
    assert reader is not None
    place = cast.neighbourhoods[reader.standing.neighbourhood_name]
    choices = choices_of_all([reader.pk])
    readers = Readers(place.municipality, place, [reader], choices, until - timedelta(days=8), until)
    return [line for source in sources() for line in source.lines(readers).get(reader.pk, [])]
