"""A neighbour's page: for those who may know them, with what they may see, and not for copying everybody."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.neighbours.profile import BUDGETS
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person


def _visits(cast: Cast, *keys: str) -> list[Visit]:
    return [Visit(cast[key]) for key in keys]


def test_neighbours_see_name_street_and_the_messages_they_may_see(cast: Cast) -> None:
    marie, ahmed = _visits(cast, "neighbour", "second-neighbour")
    ahmed.place("Who has a ladder?")
    html = page(marie.get("person", cast["second-neighbour"].pk))
    assert "Ahmed El Amrani" in html
    assert "Koorstraat" in html
    assert "Who has a ladder?" in html
    assert "second-neighbour@" not in html


def test_next_door_sees_a_first_name_and_only_what_was_opened_to_them(cast: Cast) -> None:
    marie, sofie = _visits(cast, "neighbour", "next-neighbourhood")
    url = cast["neighbour"].pk
    marie.place("Only for us")
    assert sofie.get("person", url).status_code == 404
    marie.place("For next door too", adjacent=[cast.neighbourhoods["Tuilt"]])
    html = page(sofie.get("person", url))
    assert "Marie P." in html
    assert "For next door too" in html
    assert "Peeters" not in html
    assert "Only for us" not in html
    assert "Diestersteenweg" not in html


def test_a_newcomer_has_no_way_to_somebody_who_said_nothing(cast: Cast) -> None:
    ahmed, lucia = _visits(cast, "second-neighbour", "newcomer")
    assert lucia.get("person", cast["second-neighbour"].pk).status_code == 404
    ahmed.place()
    html = page(lucia.get("person", cast["second-neighbour"].pk))
    assert "Ahmed E." in html
    assert "El Amrani" not in html


@pytest.mark.parametrize("key", ["other-city", "editor", "moderator"])
def test_there_is_no_page_of_staff_nor_of_another_city(key: str, cast: Cast) -> None:
    [marie] = _visits(cast, "neighbour")
    assert marie.get("person", cast[key].pk).content == marie.get("person", uuid4()).content


def test_there_is_no_page_of_who_left(cast: Cast) -> None:
    [marie] = _visits(cast, "neighbour")
    Person.objects.filter(pk=cast["ambassador"].pk).update(left_at=clock.now())
    assert marie.get("person", cast["ambassador"].pk).status_code == 404


def test_ones_own_page_says_how_others_see_it(cast: Cast) -> None:
    [marie] = _visits(cast, "neighbour")
    html = page(marie.get("person", cast["neighbour"].pk))
    assert "This is how your neighbours see you." in html
    assert "Block" not in html
    assert marie.get("block", cast["neighbour"].pk).status_code == 403
    assert marie.send("block", cast["neighbour"].pk).status_code == 403
    assert marie.send("mute", cast["neighbour"].pk).status_code == 403


def test_card_post_and_answer_lead_to_the_writer(cast: Cast) -> None:
    marie, ahmed, jos = _visits(cast, "neighbour", "second-neighbour", "ambassador")
    post = marie.place()
    ahmed.answer(post)
    for html in (jos.feed(), jos.read(post)):
        for key in ("neighbour", "second-neighbour"):
            assert f'href="/people/{cast[key].pk}/"' in html


def _crowd(cast: Cast, count: int) -> list[Person]:
    kermt, made = cast.neighbourhoods["Kermt"], []
    for number in range(count):
        person = Person.objects.create(
            municipality=kermt.municipality, name=f"Neighbour Number{number}", joined_at=clock.now()
        )
        Membership.objects.create(person=person, neighbourhood=kermt, proof="letter", started_at=clock.now())
        made.append(person)
    return made


def test_a_scraper_gets_two_hundred_in_a_day_and_is_told_why_it_stops(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """T4 of docs/trust.md 1.2: twenty-four simulated hours, as fast as it likes."""
    hourly, daily = (budget.most for budget in BUDGETS)
    assert (hourly, daily) == (50, 200)
    [scraper] = _visits(cast, "second-neighbour")
    crowd = iter(_crowd(cast, 24 * 15))
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    seen: set[Any] = set()
    for hour in range(24):
        with clock.frozen(midnight + timedelta(hours=hour)):
            for _turn in range(15 if hour else 60):
                person = next(crowd, None)
                if person is None:
                    break
                answer = scraper.get("person", person.pk)
                assert answer.status_code in {200, 429}
                if answer.status_code == 200:
                    seen.add(person.pk)
        if hour == 0:
            assert len(seen) == hourly
    assert len(seen) == daily
    assert "That was a lot of neighbours" in page(answer)
    assert "people-day" in caplog.text


def test_looking_again_counts_no_second_time_and_oneself_not_at_all(cast: Cast) -> None:
    [marie] = _visits(cast, "neighbour")
    with clock.frozen(clock.now()):
        for _turn in range(60):
            assert marie.get("person", cast["ambassador"].pk).status_code == 200
            assert marie.get("person", cast["neighbour"].pk).status_code == 200
