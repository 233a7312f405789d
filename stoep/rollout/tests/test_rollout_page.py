"""How the rollout goes: letters exactly, people by closed weeks that never change, each state a decision."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.access.small_numbers import people_figure
from stoep.cityhall.tests.townspeople import move_in, part
from stoep.common import clock
from stoep.joining import codes
from stoep.joining.models import CodeUse, LetterCode
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Neighbourhood, StreetPart
from stoep.rollout.freezing import freeze_missing_weeks, freeze_week
from stoep.rollout.jobs import freeze_weeks, make_letters
from stoep.rollout.letter_runs import order_letters
from stoep.rollout.models import FrozenFigure, LetterRun, Opening

SignIn = Callable[[Client, Person], Client]
# The cast joins on Tuesday 1 September 2026; that week closes on Monday the 7th, 00:00 in Brussels.
MONDAY = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
Metric = FrozenFigure.Metric

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def page_of(client: Client) -> str:
    answer = client.get(reverse("rollout"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def row_of(page: str, cast: Cast, name: str) -> str:
    return page.split(f'id="place-{cast.neighbourhoods[name].pk}"')[1].split("</tr>", maxsplit=1)[0]


def frozen(cast: Cast, name: str | None, metric: str = Metric.MEMBERS) -> int | None:
    place = cast.neighbourhoods[name] if name else None
    found = FrozenFigure.objects.filter(municipality=cast.cities["hasselt"], neighbourhood=place, metric=metric)
    return found.order_by("-week_starts_on")[0].value


def everything() -> list[tuple[object, ...]]:
    return list(FrozenFigure.objects.order_by("id").values_list("neighbourhood", "metric", "week_starts_on", "value"))


def freeze(cast: Cast, now: datetime = MONDAY) -> int:
    return freeze_week(municipality=cast.cities["hasselt"], now=now)


def join_with_code(cast: Cast, people: list[Person], used_at: datetime) -> None:
    for person in people:
        address = Membership.objects.get(person=person).household.address  # type: ignore[union-attr]  # they have one
        code = LetterCode.objects.create(
            municipality=cast.cities["hasselt"],
            address=address,
            code_hash=codes.code_hash(codes.new_codes(1)[0]),
            created_at=JOINED_AT,
            expires_at=JOINED_AT + timedelta(days=90),
        )
        CodeUse.objects.create(code=code, person=person, used_at=used_at)


def test_before_the_first_week_closed_no_figure_about_people_is_shown(cast: Cast, manager: Client) -> None:
    move_in(cast, "Koorstraat", "Kermt", 9)
    page = page_of(manager)
    assert "for the first time next Monday" in page
    assert "fewer than 5" in row_of(page, cast, "Kermt")


def test_a_closed_week_is_frozen_and_shown(cast: Cast, manager: Client) -> None:
    people = move_in(cast, "Koorstraat", "Kermt", 11)
    join_with_code(cast, people, JOINED_AT)

    # Members and codes, for three neighbourhoods and the whole.
    assert freeze(cast) == 2 * 4

    assert frozen(cast, "Kermt") in {15, 20}
    assert frozen(cast, "Kermt", Metric.CODES_USED) in {10, 15}
    page = page_of(manager)
    row = row_of(page, cast, "Kermt")
    assert f'<td class="number">{frozen(cast, "Kermt")}</td>' in row
    assert f'<td class="number">{frozen(cast, "Kermt", Metric.CODES_USED)}</td>' in row
    assert "this is the week of" in page
    assert "<svg" in page


def test_written_once_it_is_never_computed_again(cast: Cast) -> None:
    people = move_in(cast, "Koorstraat", "Kermt", 11)
    freeze(cast)
    before = everything()

    Membership.objects.filter(person__in=people).update(ended_at=MONDAY - timedelta(days=2))
    Person.objects.filter(pk__in=[person.pk for person in people]).update(left_at=MONDAY)

    for hours in (1, 30, 150):
        assert freeze(cast, MONDAY + timedelta(hours=hours)) == 0
    assert everything() == before


def test_who_left_is_missing_from_the_next_week_only(cast: Cast) -> None:
    people = move_in(cast, "Koorstraat", "Kermt", 11)
    freeze(cast)
    Membership.objects.filter(person__in=people).update(ended_at=MONDAY + timedelta(days=1))
    first = frozen(cast, "Kermt")

    freeze(cast, MONDAY + WEEK)

    assert first
    assert first >= 15
    assert frozen(cast, "Kermt") == 5  # Marie, Ahmed, Jos, Lucia and Karel are left
    weeks = FrozenFigure.objects.filter(neighbourhood=cast.neighbourhoods["Kermt"], metric=Metric.MEMBERS)
    assert [one.value for one in weeks.order_by("week_starts_on")] == [first, 5]


def test_who_joins_after_the_week_closed_counts_in_the_next(cast: Cast) -> None:
    people = move_in(cast, "Alkenstraat", "Stevoort", 8)
    Membership.objects.filter(person__in=people).update(started_at=MONDAY)
    freeze(cast, MONDAY + timedelta(hours=1))
    assert frozen(cast, "Stevoort") is None
    freeze(cast, MONDAY + WEEK)
    assert frozen(cast, "Stevoort") in {5, 10}


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_are_hidden_and_look_like_none(cast: Cast, manager: Client, count: int) -> None:
    move_in(cast, "Alkenstraat", "Stevoort", count)
    freeze(cast)
    assert frozen(cast, "Stevoort") is None
    row = row_of(page_of(manager), cast, "Stevoort")
    assert row.count("fewer than 5") == 2


def test_five_people_behind_two_doors_are_too_few(cast: Cast) -> None:
    people = move_in(cast, "Alkenstraat", "Stevoort", 6)
    homes = [Membership.objects.get(person=person).household for person in people[:2]]
    for position, person in enumerate(people):
        Membership.objects.filter(person=person).update(household=homes[position % 2])
    freeze(cast)
    assert frozen(cast, "Stevoort") is None


def test_the_total_is_rounded_by_itself(cast: Cast) -> None:
    """Two cells with a hidden one beside them: the total counts everybody, and is no sum of what is shown."""
    move_in(cast, "Koorstraat", "Kermt", 6)
    move_in(cast, "Zolderse kiezel", "Tuilt", 2)
    move_in(cast, "Alkenstraat", "Stevoort", 2)
    freeze(cast)
    everybody = Membership.objects.filter(neighbourhood__municipality=cast.cities["hasselt"], ended_at=None)
    pairs = list(everybody.values_list("person_id", "household__address_id"))
    assert (frozen(cast, "Tuilt"), frozen(cast, "Stevoort")) == (None, None)
    assert frozen(cast, None) == people_figure("rollout.members", pairs).value


def test_another_city_is_not_counted(cast: Cast) -> None:
    move_in(cast, "Heidestraat", "Rooierheide", 9)
    freeze(cast)
    freeze_week(municipality=cast.cities["diepenbeek"], now=MONDAY)
    theirs = FrozenFigure.objects.get(municipality=cast.cities["diepenbeek"], neighbourhood=None, metric=Metric.MEMBERS)
    assert theirs.value == 10
    assert frozen(cast, None) in {5, 10}


def test_nights_on_which_nobody_worked_leave_no_gap(cast: Cast) -> None:
    hasselt = cast.cities["hasselt"]
    freeze_missing_weeks(municipality=hasselt, now=MONDAY)
    people = move_in(cast, "Alkenstraat", "Stevoort", 8)
    Membership.objects.filter(person__in=people).update(started_at=MONDAY + WEEK + timedelta(days=1))

    assert freeze_missing_weeks(municipality=hasselt, now=MONDAY + 3 * WEEK) == 3 * 2 * 4

    stevoort = FrozenFigure.objects.filter(neighbourhood=cast.neighbourhoods["Stevoort"], metric=Metric.MEMBERS)
    values = [one.value for one in stevoort.order_by("week_starts_on")]
    assert values[:2] == [None, None]
    assert values[2] in {5, 10}
    assert values[2] == values[3]  # the same people are always the same figure


def test_the_night_job_freezes_every_city_once() -> None:
    with clock.frozen(MONDAY):
        freeze_weeks()
        freeze_weeks()
    assert FrozenFigure.objects.count() == 2 * 4 + 2 * 2


def test_a_code_that_forgot_its_address_still_counts(cast: Cast) -> None:
    people = move_in(cast, "Koorstraat", "Kermt", 8)
    join_with_code(cast, people, JOINED_AT)
    LetterCode.objects.update(address=None)
    freeze(cast)
    assert frozen(cast, "Kermt", Metric.CODES_USED) in {5, 10}


def test_letters_are_exact_and_stay_so_when_their_codes_forget(cast: Cast, manager: Client) -> None:
    run = order_letters(
        person=cast["rollout"],
        municipality=cast.cities["hasselt"],
        parts=[part(cast, "Heerstraat", "Kermt"), part(cast, "Heerstraat", "Tuilt")],
        now=clock.now(),
    )
    assert '<td class="number">0</td>' in row_of(page_of(manager), cast, "Tuilt")
    while LetterRun.objects.get(pk=run.pk).state == LetterRun.State.MAKING:
        make_letters(run_id=str(run.pk))

    for _before_and_after in range(2):
        page = page_of(manager)
        assert '<td class="number">4</td>' in row_of(page, cast, "Kermt")
        assert '<td class="number">11</td>' in row_of(page, cast, "Tuilt")
        assert '<p class="kpi__value">15</p>' in page
        LetterCode.objects.update(address=None)


def test_the_map_says_no_more_than_the_table(cast: Cast, manager: Client) -> None:
    move_in(cast, "Koorstraat", "Kermt", 11)
    move_in(cast, "Alkenstraat", "Stevoort", 3)
    freeze(cast)
    picture = page_of(manager).split("<figure")[1].split("</figure>", maxsplit=1)[0]
    assert picture.count('class="shade shade--0"') == 2  # Tuilt and Stevoort
    assert 'role="img"' in picture
    assert "fewer than 5" in picture
    assert len(re.findall(r'class="shade shade--[1-5]"', picture)) == 1


def test_without_borders_the_page_says_where_to_begin(manager: Client) -> None:
    StreetPart.objects.all().delete()
    Neighbourhood.objects.update(retired_at=JOINED_AT)
    page = page_of(manager)
    assert "Start with the borders" in page
    assert reverse("imports") in page


def test_a_neighbourhood_opens_and_the_decision_is_kept(cast: Cast, manager: Client) -> None:
    kermt = cast.neighbourhoods["Kermt"]
    for state in ("paused", "pilot"):
        answer = manager.post(reverse("neighbourhood_state", args=[kermt.pk]), {"state": state})
        assert (answer.status_code, answer["Location"]) == (302, reverse("rollout") + f"#place-{kermt.pk}")
    kermt.refresh_from_db()
    assert kermt.state == Neighbourhood.State.PILOT
    decisions = Opening.objects.filter(neighbourhood=kermt).order_by("decided_at", "id")
    assert [(one.state, one.decided_by) for one in decisions] == [
        ("paused", cast["rollout"]),
        ("pilot", cast["rollout"]),
    ]
    assert AccessLog.objects.filter(action="rollout:neighbourhood:open").count() == 2


@pytest.mark.parametrize("state", ["", "closed", "x" * 500])
def test_a_state_that_is_none_is_refused(cast: Cast, manager: Client, state: str) -> None:
    kermt = cast.neighbourhoods["Kermt"]
    answer = manager.post(reverse("neighbourhood_state", args=[kermt.pk]), {"state": state})
    assert answer.status_code == 422
    assert "one of the four states" in answer.content.decode()
    assert not Opening.objects.exists()


def test_another_citys_or_a_retired_neighbourhood_does_not_exist(cast: Cast, manager: Client) -> None:
    Neighbourhood.objects.filter(name="Tuilt").update(retired_at=JOINED_AT)
    for name in ("Rooierheide", "Tuilt"):
        place = cast.neighbourhoods[name]
        assert manager.post(reverse("neighbourhood_state", args=[place.pk]), {"state": "paused"}).status_code == 404
    assert "Rooierheide" not in page_of(manager)


@pytest.mark.parametrize("key", ["analyst", "dpo"])
def test_who_only_reads_finds_no_buttons_and_may_change_nothing(
    cast: Cast, sign_in: SignIn, client: Client, key: str
) -> None:
    Person.objects.update(language="en")
    page = page_of(sign_in(client, cast[key]))
    assert "<select" not in page
    assert "Open" in row_of(page, cast, "Kermt")
    place = cast.neighbourhoods["Kermt"]
    assert client.post(reverse("neighbourhood_state", args=[place.pk]), {"state": "paused"}).status_code == 403
    assert not Opening.objects.exists()


@pytest.mark.parametrize(
    ("key", "expected"), [("neighbour", 404), ("other-city", 404), ("editor", 403), ("moderator", 403)]
)
def test_who_has_nothing_to_do_here_is_refused(
    cast: Cast, sign_in: SignIn, client: Client, key: str, expected: int
) -> None:
    assert sign_in(client, cast[key]).get(reverse("rollout")).status_code == expected
    place = cast.neighbourhoods["Kermt"]
    assert client.post(reverse("neighbourhood_state", args=[place.pk]), {"state": "paused"}).status_code == expected


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("rollout"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign_in"))
