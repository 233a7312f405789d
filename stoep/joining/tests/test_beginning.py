"""A neighbourhood that is only beginning: three neighbours find something in each place, and the way to be more."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.events.tests.planners import city_event
from stoep.feed.fragments import forget_cards
from stoep.feed.tests.visits import Visit, page
from stoep.neighbours.tests.crowds import settle
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Municipality, Neighbourhood
from stoep.places.queries import forget_municipalities

PROGRESS, AT_HOME, SOON = "of the 10 neighbours", "Tick what I lend", "Soon in the agenda"


@pytest.fixture
def three(cast: Cast) -> list[Visit]:
    """Who live in Stevoort, beside Tuilt: nobody else does."""
    forget_cards()
    people = settle(cast.neighbourhoods["Stevoort"], ["An Aerts", "Bert Bos", "Cis Cox"])
    _kept(cast, "Stevoort", 3)
    return [Visit(person) for person in people]


def _kept(cast: Cast, name: str, count: int) -> None:
    Neighbourhood.objects.filter(pk=cast.neighbourhoods[name].pk).update(member_count=count)


def test_three_neighbours_find_next_door_the_city_dates_and_a_list(cast: Cast, three: list[Visit]) -> None:
    """Nothing of it is made up: what somebody opened to them, what the city says, and what they can do."""
    ann, stevoort = three[0], cast.neighbourhoods["Stevoort"]
    next_door = Visit(cast["next-neighbourhood"])
    next_door.place("Ladder for Stevoort too", adjacent=[stevoort])
    next_door.place("Only for Tuilt")
    Visit(cast["neighbour"]).place("Kermt does not touch it", adjacent=[cast.neighbourhoods["Tuilt"]])
    city_event(cast, "Market of the city", on=f"{clock.now() + timedelta(days=9):%Y-%m-%d} 09:00")
    html = ann.feed()
    assert "Ladder for Stevoort too" in html
    assert "From Tuilt" in html
    assert "Sofie C." in html, "of next door no more of a name than anywhere"
    assert html.count("Market of the city") == 2, "on the square, and among the dates"
    for words in ("3 of the 10 neighbours", SOON, AT_HOME, 'href="/me/invite/"', 'href="/share/at-home/"'):
        assert words in html
    for words in ("Only for Tuilt", "Kermt does not touch it"):
        assert words not in html


def test_what_is_opened_is_marked_next_door_alone_and_on_its_own_page_too(cast: Cast, three: list[Visit]) -> None:
    next_door = Visit(cast["next-neighbourhood"])
    post = next_door.place("Ladder", adjacent=[cast.neighbourhoods["Stevoort"]])
    assert "From Tuilt" in three[0].feed()
    assert "From Tuilt" in three[0].read(post)
    for html in (next_door.feed(), next_door.read(post)):
        assert "From Tuilt" not in html
    assert Visit(cast["neighbour"]).get("post", post.pk).status_code == 404


def test_progress_shows_the_kept_number_below_ten_and_nothing_from_ten_on(cast: Cast, three: list[Visit]) -> None:
    ann = three[0]
    shown = {}
    for count in (3, 7, 9, 10, 11):
        _kept(cast, "Stevoort", count)
        both = ann.feed(), page(ann.get("people"))
        shown[count] = {PROGRESS in html for html in both} | {f"{count} {PROGRESS}" in html for html in both}
        assert (AT_HOME in both[0]) == (count < 10)
    assert shown == {3: {True}, 7: {True}, 9: {True}, 10: {False}, 11: {False}}


def test_it_stands_on_the_whole_square_only_and_asks_nobody_who_may_not_invite(cast: Cast, three: list[Visit]) -> None:
    ann = three[0]
    for query in ({"kind": "help"}, {"welcome": ""}, {"before": "f" * 32}):
        assert PROGRESS not in ann.feed(**query)
    for query in ({"kind": "help"}, {"before": "f" * 32}):
        assert AT_HOME not in ann.feed(**query)
    assert PROGRESS not in page(ann.get("people", q="Bert"))
    newcomer = Visit(cast["newcomer"])
    html = newcomer.feed()
    assert PROGRESS not in html
    assert AT_HOME not in html
    assert newcomer.get("invitations").status_code == 403


def test_where_the_city_lets_nobody_invite_a_message_is_the_step(cast: Cast, three: list[Visit]) -> None:
    Municipality.objects.filter(pk=cast.cities["hasselt"].pk).update(invitations_open=False)
    forget_municipalities()
    for html in (three[0].feed(), page(three[0].get("people"))):
        assert "3 of the 10 neighbours" in html
        assert 'href="/me/invite/"' not in html
        assert 'href="/posts/new/"' in html


def test_who_ticked_something_is_not_asked_again(three: list[Visit]) -> None:
    three[0].send("at_home", things=["ladder"])
    assert AT_HOME not in three[0].feed()
    assert AT_HOME in three[1].feed()


def test_no_question_to_a_newcomer_pushes_it_away(three: list[Visit]) -> None:
    """One question at a time, and the progress below it, whatever is asked."""
    ann = three[0]
    hello, skills = "Then your neighbours know who came.", "What could you help a neighbour with?"
    found = []
    for put_away in ("", "hello_dismissal", "skills_dismissal"):
        if put_away:
            ann.send(put_away)
            Person.objects.filter(pk=ann.person.pk).update(joined_at=clock.now() - timedelta(days=8))
        html = ann.feed()
        found.append((hello in html, skills in html, PROGRESS in html))
    assert found == [(True, False, True), (False, True, True), (False, False, True)]


def test_it_takes_a_fixed_number_of_questions(cast: Cast, three: list[Visit], still_clock: datetime) -> None:
    counts = set()
    for more in (2, 6):
        for number in range(more):
            city_event(cast, f"Market {more} {number}", on=f"{still_clock + timedelta(days=9):%Y-%m-%d} 09:00")
        forget_cards()
        three[0].feed()
        with CaptureQueriesContext(connection) as asked:
            three[0].feed()
        counts.add(len(asked))
    assert len(counts) == 1
    assert Membership.objects.filter(neighbourhood=cast.neighbourhoods["Stevoort"]).count() == 3


def test_a_square_with_more_than_a_page_needs_no_filling(three: list[Visit]) -> None:
    everybody = Membership.objects.filter(person__in=[each.person for each in three])
    everybody.update(started_at=JOINED_AT)
    Person.objects.filter(pk__in=everybody.values("person")).update(joined_at=JOINED_AT)
    for number in range(20):
        three[number % 3].place(f"Message {number}")
    assert AT_HOME in three[0].feed()
    three[0].place("One more")
    assert AT_HOME not in three[0].feed()
