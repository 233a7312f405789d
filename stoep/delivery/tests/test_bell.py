"""The bell rings once for each thing that concerns somebody; its number is kept; one line a post says it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.delivery.models import Notification, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.delivery.tests.days import Days
from stoep.feed.editing import remove_comment, solve_request
from stoep.feed.models import Comment
from stoep.operations.cast import Cast
from stoep.people.models import Mute, Person

pytestmark = pytest.mark.usefixtures("english")
SignIn = Callable[[Client, Person], Client]


@pytest.fixture
def days(cast: Cast) -> Days:
    return Days(cast)


@pytest.fixture
def marie(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(client, cast["neighbour"])


def unread(person: Person) -> int:
    return Person.objects.values_list("unread_count", flat=True).get(pk=person.pk)


def words(client: Client) -> str:
    html = client.get("/notifications/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1]).split())


def test_answers_to_one_post_are_one_line_with_names_in_it(days: Days, cast: Cast, marie: Client) -> None:
    now = clock.now()
    post = days.place(title="Who has a ladder?", at=now)
    for second, who in enumerate(("ambassador", "second-neighbour", "second-neighbour")):
        days.answer(post, who, at=now - timedelta(seconds=9 - second))
    days.hand_out(now)
    assert unread(cast["neighbour"]) == 3
    assert "Ahmed El Amrani and 1 other answered" in words(marie)
    assert words(marie).count("Who has a ladder?") == 1
    assert "Notices: 3 new</span>" in marie.get("/").content.decode()


def test_the_number_is_kept_whatever_happens_twice(days: Days, cast: Cast) -> None:
    now = clock.now()
    days.answer(days.place(at=now), at=now)
    for _again in range(2):
        days.hand_out(now)
        OutboxEntry.objects.update(handled_at=None)
    assert unread(cast["neighbour"]) == Notification.objects.count() == 1


def test_nobody_else_hears_it_and_ones_own_words_ring_nothing(days: Days, cast: Cast) -> None:
    now = clock.now()
    post = days.place(at=now)
    days.answer(post, "neighbour", at=now)
    days.hand_out(now)
    assert not Notification.objects.exists()
    days.answer(post, at=now)
    days.hand_out(now)
    assert [unread(person) for key, person in cast.items() if key != "neighbour"] == [0] * (len(cast) - 1)


def test_read_all_makes_it_still(days: Days, cast: Cast, marie: Client) -> None:
    now = clock.now()
    days.answer(days.place(at=now), at=now)
    days.hand_out(now)
    assert "Read all" in words(marie)
    assert marie.post("/notifications/reading/").headers["Location"] == "/notifications/"
    assert unread(cast["neighbour"]) == 0
    assert "Read all" not in words(marie)
    assert "answered" in words(marie), "what was read can be read again"
    assert "header__count" not in marie.get("/").content.decode()


def test_opening_the_post_reads_what_the_bell_said_of_it_and_only_that(days: Days, cast: Cast, marie: Client) -> None:
    now = clock.now()
    first, second = days.place(at=now), days.place(at=now)
    for post in (first, first, second):
        days.answer(post, at=now)
    days.hand_out(now)
    marie.get(f"/posts/{first.pk}/")
    assert unread(cast["neighbour"]) == 1
    marie.get(f"/posts/{first.pk}/")
    assert unread(cast["neighbour"]) == 1


def test_what_is_gone_or_muted_is_left_out(days: Days, cast: Cast, marie: Client) -> None:
    now = clock.now()
    post = days.place(at=now)
    days.answer(post, "ambassador", at=now)
    days.answer(post, "second-neighbour", at=now)
    days.hand_out(now)
    comment = Comment.objects.get(author=cast["ambassador"])
    remove_comment(person=cast["ambassador"], comment=comment, now=now)
    assert "Ahmed El Amrani answered" in words(marie)
    Mute.objects.create(person=cast["neighbour"], muted=cast["second-neighbour"], created_at=now)
    assert "Nothing yet" in words(marie)


def test_a_message_of_the_city_and_thanks_for_help_ring_too(
    days: Days, cast: Cast, client: Client, sign_in: SignIn
) -> None:
    now = clock.now()
    days.announce(at=now)
    post = days.place(kind="help_wanted", title="Walk my dog", at=now)
    days.answer(post, at=now)
    solve_request(author=cast["neighbour"], post=post, helper=cast["second-neighbour"], thank_you="Gold!", now=now)
    days.hand_out(now)
    ahmed = sign_in(client, cast["second-neighbour"])
    assert "Marie Peeters thanks you for your help" in words(ahmed)
    assert "Communicatie new Roadworks" in words(ahmed)
    assert "Gold!" not in words(ahmed)
    assert unread(cast["second-neighbour"]) == 2


def test_the_page_asks_a_fixed_number_of_questions(days: Days, marie: Client) -> None:
    now = clock.now()
    counts = []
    marie.get("/notifications/")
    for _round in range(2):
        for _post in range(5):
            days.answer(days.place(at=now), at=now)
        days.hand_out(now)
        with CaptureQueriesContext(connection) as asked:
            marie.get("/notifications/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7, counts


def test_there_is_none_for_staff_nor_for_a_visitor(client: Client, cast: Cast, sign_in: SignIn) -> None:
    assert client.get("/notifications/").status_code == 302
    sign_in(client, cast["editor"])
    assert [client.get("/notifications/").status_code, client.post("/notifications/reading/").status_code] == [404, 404]


def test_whoever_is_unreachable_is_told_on_every_page(cast: Cast, marie: Client) -> None:
    assert "We cannot reach you" not in marie.get("/").content.decode()
    Person.objects.filter(pk=cast["neighbour"].pk).update(unreachable_at=clock.now())
    html = marie.get("/").content.decode()
    address = cast["neighbour"].email
    assert f"We cannot reach you at {address[0]}…@{address.split('@')[1]}." in html
    assert address not in html
    Person.objects.filter(pk=cast["neighbour"].pk).update(email_confirmed_at=clock.now())
    assert "We cannot reach you" not in marie.get("/").content.decode()


def test_a_thing_handled_again_in_another_order_never_counts_below_nothing(
    days: Days, cast: Cast, marie: Client
) -> None:
    now = clock.now()
    post = days.place(at=now)
    days.answer(post, at=now)
    days.hand_out(now)
    Person.objects.filter(pk=cast["neighbour"].pk).update(unread_count=0)
    marie.get(f"/posts/{post.pk}/")
    marie.post("/notifications/reading/")
    assert unread(cast["neighbour"]) == 0
    [entry] = OutboxEntry.objects.filter(notice="feed.new_comment")
    assert handle_entry(entry.pk, now=now) == 0
