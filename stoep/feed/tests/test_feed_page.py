"""The feed: newest first and nothing else, by day, with a line where one left off and a clear end."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from stoep.access.audience import city_audience, home_audience
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast
from stoep.people.models import Membership

GoesTo = Callable[[str], Visit]
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_newest_first_whatever_was_thanked_answered_or_edited(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    posts = [author.place(f"Title {n}") for n in range(5)]
    reader.send("thanks", posts[0].pk)
    reader.answer(posts[1])
    author.send("edit_post", posts[2].pk, title="Changed", body="")
    assert _ids(reader.feed()) == [post.pk for post in reversed(posts)]


def test_a_day_stands_above_its_posts_once(visit: GoesTo, cast: Cast) -> None:
    ages = [timedelta(hours=1), timedelta(hours=2), timedelta(days=1), timedelta(days=1, hours=1), timedelta(days=9)]
    posts = [_post(cast, at=NOON - age) for age in ages]
    with clock.frozen(NOON):
        html = visit("neighbour").feed()
    days = re.findall(r'class="day-heading">([^<]+)<', html)
    assert days[:2] == ["Today", "Yesterday"]
    assert len(days) == 3
    assert html.index(days[0]) < html.index(str(posts[0].pk)) < html.index(days[1]) < html.index(str(posts[2].pk))


def test_a_day_is_the_citys_own_day(visit: GoesTo, cast: Cast) -> None:
    """23:30 in London is past midnight here."""
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    _post(cast, at=late)
    with clock.frozen(late + timedelta(hours=8)):
        assert re.findall(r'class="day-heading">([^<]+)<', visit("neighbour").feed()) == ["Today"]


def test_what_is_new_since_the_last_visit_stands_above_a_line(visit: GoesTo, cast: Cast) -> None:
    reader = visit("second-neighbour")
    old = _post(cast, at=NOON - timedelta(days=2))
    with clock.frozen(NOON - timedelta(days=1)):
        assert "since-line" not in reader.feed()
    new = _post(cast, at=NOON - timedelta(hours=1))
    for later in (timedelta(), timedelta(minutes=5), timedelta(minutes=20)):
        with clock.frozen(NOON + later):
            html = reader.feed()
        line = html.index("You have seen what follows")
        assert html.index("New since") < html.index(str(new.pk)) < line < html.index(str(old.pk))
    with clock.frozen(NOON + timedelta(hours=3)):
        assert "You have seen what follows" not in reader.feed()


def test_the_line_costs_one_write_a_visit(visit: GoesTo, cast: Cast) -> None:
    reader = visit("second-neighbour")
    for later in (timedelta(), timedelta(minutes=1), timedelta(minutes=29)):
        with clock.frozen(NOON + later):
            reader.feed()
    cast["second-neighbour"].refresh_from_db()
    assert cast["second-neighbour"].feed_seen_at == NOON


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        ("help", {"help_wanted", "help_offered", "service"}),
        ("lend", {"borrow", "lend", "give"}),
        ("city", {"announcement"}),
        ("", {"help_wanted", "help_offered", "service", "borrow", "lend", "give", "question", "announcement"}),
        ("gossip", {"help_wanted", "help_offered", "service", "borrow", "lend", "give", "question", "announcement"}),
    ],
)
def test_a_filter_shows_its_kinds_and_nothing_else(group: str, kinds: set[str], visit: GoesTo, cast: Cast) -> None:
    for kind in ("help_wanted", "help_offered", "service", "borrow", "lend", "give", "question"):
        _post(cast, at=NOON, kind=kind)
    everybody = city_audience(cast.cities["hasselt"], everybody=True)
    _post(cast, at=NOON, kind="announcement", who="editor", audience=everybody)
    html = visit("neighbour").feed(kind=group)
    assert {Post.objects.get(pk=pk).kind for pk in _ids(html)} == kinds
    assert html.count('aria-current="true"') == 1


def test_page_after_page_shows_every_post_once(visit: GoesTo, cast: Cast) -> None:
    posts = [_post(cast, at=NOON - timedelta(minutes=n), kind=["question", "lend"][n % 2]) for n in range(45)]
    reader = visit("second-neighbour")
    seen, html = [], reader.feed()
    while True:
        seen += _ids(html)
        after = re.search(r'href="/\?before=([\w-]+)"', html)
        if not after:
            break
        assert "You are all caught up." not in html
        _post(cast, at=NOON + timedelta(minutes=1))  # what arrives meanwhile shifts nothing
        html = reader.feed(before=after[1])
    assert seen == [post.pk for post in posts]
    assert "You are all caught up." in html


def test_a_filter_goes_along_to_the_next_page(visit: GoesTo, cast: Cast) -> None:
    posts = [_post(cast, at=NOON - timedelta(minutes=n), kind=["question", "lend"][n % 2]) for n in range(50)]
    reader = visit("second-neighbour")
    after = re.search(r'href="/\?kind=lend&(?:amp;)?before=([\w-]+)"', reader.feed(kind="lend"))
    assert after
    assert _ids(reader.feed(kind="lend", before=after[1])) == [post.pk for post in posts[41::2]]


def test_exactly_one_page_has_no_next_one(visit: GoesTo, cast: Cast) -> None:
    for n in range(20):
        _post(cast, at=NOON - timedelta(minutes=n))
    html = visit("neighbour").feed()
    assert len(_ids(html)) == 20
    assert "before=" not in html
    assert "You are all caught up." in html


def test_an_empty_street_asks_somebody_to_begin(visit: GoesTo, cast: Cast) -> None:
    reader = visit("neighbour")
    html = reader.feed()
    assert "You are among the first." in html
    assert "kind=introduction" in html
    assert "kind=introduction" not in visit("newcomer").feed()
    _post(cast, at=NOON, kind="question")
    html = reader.feed(kind="lend")
    assert "Nothing here yet" in html
    assert "You are among the first." not in html


@pytest.mark.parametrize("before", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "f" * 32])
def test_a_page_that_somebody_made_up_is_a_page(before: str, visit: GoesTo, cast: Cast) -> None:
    _post(cast, at=NOON)
    assert visit("neighbour").get("feed", before=before).status_code == 200


def test_an_invited_newcomer_reads_thirty_days_back(visit: GoesTo, cast: Cast) -> None:
    now = clock.now()
    new, old = _post(cast, at=now - timedelta(days=29)), _post(cast, at=now - timedelta(days=31))
    newcomer, neighbour = visit("newcomer"), visit("second-neighbour")
    assert _ids(newcomer.feed()) == [new.pk]
    assert _ids(neighbour.feed()) == [new.pk, old.pk]
    assert newcomer.get("post", old.pk).status_code == 404
    assert neighbour.get("post", old.pk).status_code == 200
    html = newcomer.feed()
    assert "Peeters" not in html
    assert "Marie P." in html
    assert "Diestersteenweg" not in html
    assert "Answer</span>" not in html


def test_the_suspended_read_why_and_the_staff_go_to_their_side(visit: GoesTo, cast: Cast) -> None:
    post = _post(cast, at=NOON)
    for name, args in (("feed", []), ("post", [post.pk]), ("post", [uuid4()]), ("new_post", []), ("my_posts", [])):
        assert visit("suspended").get(name, *args).headers["Location"] == "/paused/"
    for who in ("editor", "approver", "analyst", "rollout", "city-admin", "moderator", "dpo", "operator"):
        assert visit(who).get("feed").headers["Location"] == "/city/"
        assert visit(who).get("my_posts").status_code == 404
        assert visit(who).get("post", post.pk).status_code == 404


def test_a_visitor_is_sent_to_the_door_whatever_the_address(cast: Cast) -> None:
    post = _post(cast, at=NOON)
    for path in ("/", f"/posts/{post.pk}/", f"/posts/{uuid4()}/", "/posts/new/", "/nonsense/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/")


def test_who_moves_takes_along_only_what_they_wrote(visit: GoesTo, cast: Cast) -> None:
    mine = _post(cast, at=NOON, who="second-neighbour")
    other = _post(cast, at=NOON - timedelta(minutes=1))
    there = _post(cast, at=NOON, who="next-neighbourhood", place="Tuilt")
    mover = visit("second-neighbour")
    assert set(_ids(mover.feed())) == {mine.pk, other.pk}
    Membership.objects.filter(person=mover.person, ended_at=None).update(ended_at=clock.now())
    tuilt = cast.neighbourhoods["Tuilt"]
    Membership.objects.create(person=mover.person, neighbourhood=tuilt, proof="letter", started_at=clock.now())
    assert set(_ids(mover.feed())) == {mine.pk, there.pk}
    stayer = visit("neighbour")
    stayer.answer(mine, "They left.")
    assert "They left." in stayer.feed()
    for html in (mover.feed(), mover.read(mine)):
        assert mine.title in html
        assert "They left." not in html
        assert "1 answer" not in html
        assert f"/posts/{mine.pk}/thanks/" not in html


def _post(
    cast: Cast, *, at: datetime, kind: str = "question", who: str = "neighbour", place: str = "Kermt", **facts: object
) -> Post:
    given: dict[str, object] = {"audience": home_audience(cast.neighbourhoods[place]), "title": "A title"}
    if kind == "announcement":
        given["speaking_for"] = cast.departments["Communicatie"]
    membership = Membership.objects.filter(person=cast[who], ended_at=None).first()
    given |= {"id": new_id(at), "author": cast[who], "membership": membership, "kind": kind, "created_at": at}
    found: Post = Post.objects.create(**given | facts)
    return found


def _ids(html: str) -> list[UUID]:
    return [UUID(found) for found in re.findall(r'<article [^>]*id="post-([\w-]+)"', html)]
