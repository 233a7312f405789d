"""An activity with a day is an event; without one it is a message. What cannot be is said in words, and kept."""

from collections.abc import Callable

import pytest

from stoep.events.models import Event, Occurrence
from stoep.events.tests.planners import SATURDAY, Planner, day_of, event_of, later, local, mailed
from stoep.feed.models import Draft
from stoep.feed.tests.test_publish_post import NATIONAL_NUMBER
from stoep.feed.tests.visits import page

GoesTo = Callable[[str], Planner]


def test_an_activity_with_a_day_stands_on_the_card_the_page_and_the_agenda(visit: GoesTo) -> None:
    post = visit("neighbour").plan("Street party")
    assert day_of(post).starts_at == local("2026-11-28 14:00")
    reader = visit("second-neighbour")
    for html in (reader.feed(), reader.read(post), page(reader.get("agenda"))):
        assert "Street party" in html
        assert "The park" in html
        assert "14:00" in html
    assert f'href="/posts/{post.pk}/#event"' in reader.feed(), "the card leads to the answer"
    assert "I come" in reader.feed()


def test_without_a_day_it_is_a_message_like_any_other(visit: GoesTo) -> None:
    author = visit("neighbour")
    assert author.offer_event(on="", at="", place="").status_code == 302
    assert not Event.objects.exists()
    assert "I come" not in visit("second-neighbour").feed()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"on": "2026-11-19"}, "This moment is past. Choose a later one."),
        ({"on": "2026-11-20", "at": "10:00"}, "This moment is past. Choose a later one."),
        ({"on": "soon"}, "Write the day as day, month, year."),
        ({"at": ""}, "Say at what time."),
        ({"at": "teatime"}, "Write the time as 14:00."),
        ({"place": " "}, "Say where."),
        ({"on": ""}, "Say on which day."),
        ({"place": f"With {NATIONAL_NUMBER}"}, "national register number"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(facts: dict[str, str], sentence: str, visit: GoesTo) -> None:
    response = visit("neighbour").offer_event("My own title", **facts)
    assert response.status_code == 422
    assert sentence in page(response)
    assert "My own title" in page(response)
    assert not Event.objects.exists()
    assert Draft.objects.get().title == "My own title"


def test_another_day_moves_it_and_those_who_come_hear_of_it(visit: GoesTo) -> None:
    author, comes, might, not_coming = (
        visit(key) for key in ("neighbour", "second-neighbour", "ambassador", "neighbour")
    )
    post = author.plan()
    comes.say(post)
    might.say(post, "maybe")
    not_coming.say(post, "yes")
    assert author.change(post, at="15:30", place="The school").status_code == 302
    assert day_of(post).starts_at == local("2026-11-28 15:30")
    assert comes.mine(post).answer == "yes"
    mails = mailed("changed")
    assert set(mails) == {comes.person, might.person}, "not whoever changed it"
    assert "15:30" in mails[comes.person].text
    assert "The school" in mails[comes.person].text
    assert "There is another day, hour or place" in page(comes.get("notifications"))
    assert author.change(post, title="Other words").status_code == 302
    assert len(mailed("changed")) == 2, "other words are no other day"


def test_an_edit_afterwards_may_leave_the_day_but_not_take_it_away(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.plan()
    assert "Keep a day here." in page(author.change(post, on=""))
    with later(days=9):
        assert author.change(post, title="That was fine").status_code == 302
        assert "This moment is past." in page(author.change(post, on="2026-11-27"))
        assert author.change(post, on="2026-12-12").status_code == 302
    days = Occurrence.objects.filter(event__post=post).order_by("starts_at")
    assert [str(day.starts_at.date()) for day in days] == [SATURDAY, "2026-12-12"], "who came then, came then"


def test_a_message_gets_its_day_later(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place("A walk, some day", kind="activity")
    assert author.change(post, on=SATURDAY, at="09:00", place="The church").status_code == 302
    assert event_of(post).place == "The church"


def test_more_about_it_is_told_by_its_author_alone(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.plan(ends="01:00", seats="20", cost="3 euro", wanted="A chair")
    assert event_of(post).ends_at == local("2026-11-29 01:00"), "after midnight is the next day"
    html = reader.read(post)
    for words in ("until 1:00", "Cost: 3 euro", "Bring along: A chair", "20 seats left"):
        assert words in html
    assert reader.get("event_details", day_of(post).pk).status_code == 403
    assert visit("next-neighbourhood").get("event_details", day_of(post).pk).status_code == 404
    for key in ("second-neighbour", "ambassador"):
        visit(key).say(post, together="4")
    response = author.send("event_details", day_of(post).pk, seats="7")
    assert response.status_code == 422
    assert "8 neighbours come already. Give at least so many seats." in page(response)
    response = author.send("event_details", day_of(post).pk, repeats="weekly", until="2026-11-20")
    assert "The last day cannot come before the first." in page(response)
    response = author.send("event_details", day_of(post).pk, repeats="weekly", until="2028-11-20")
    assert "A year ahead at most." in page(response)
