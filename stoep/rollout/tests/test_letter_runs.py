"""A round of letters: counted, ordered once, made in batches, fetched by whom it concerns, and then forgotten."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.joining import codes
from stoep.joining.models import LetterCode
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Person
from stoep.places.models import Address, Municipality
from stoep.rollout import letter_files, letter_runs
from stoep.rollout.jobs import forget_old, make_letters
from stoep.rollout.letter_runs import FETCHED_WITHIN, doors_of, make_batch
from stoep.rollout.letters import LetterRefusedError
from stoep.rollout.models import LetterRun
from stoep.rollout.tests.letter_rounds import fetch, made, order, ordered, page_of, part, rows_of

SignIn = Callable[[Client, Person], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_runs, "BATCH", 5)


@pytest.mark.usefixtures("small_batches")
def test_from_the_order_to_the_printing_house(cast: Cast, manager: Client) -> None:
    run = ordered(manager, streets=[part(cast, "Koorstraat", "Kermt")])
    assert (run.letter_count, run.batches.count(), run.ordered_by) == (12, 3, cast["rollout"])
    assert "0 of 12 letters are made." in page_of(manager, run)

    make_letters(run_id=str(run.pk))
    assert "5 of 12 letters are made." in page_of(manager, run)

    made(run)
    assert "12 letters are ready" in page_of(manager, run)
    archive = fetch(manager, run)
    rows = rows_of(archive)
    assert [row["street_line"] for row in rows] == [f"Koorstraat {number}" for number in range(1, 13)]
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 13)]
    assert {row["city_line"] for row in rows} == {"3510 Hasselt"}
    pages = [
        page
        for name in sorted(archive.namelist())
        if name.endswith(".pdf")
        for page in PdfReader(io.BytesIO(archive.read(name))).pages
    ]
    assert len(pages) == 24
    for row, front in zip(rows, pages[::2], strict=True):
        assert row["code"] in front.extract_text()
        kept = LetterCode.objects.get(code_hash=codes.code_hash(row["code"].replace(" ", "")))
        assert str(kept.address) == row["street_line"]
    assert AccessLog.objects.filter(person=cast["rollout"], action="rollout:letters:fetch").exists()


def test_no_code_stands_in_the_database_or_readable_on_disk(cast: Cast, manager: Client, settings: Any) -> None:
    run = made(ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")]))
    codes_made = [row["code"].replace(" ", "") for row in rows_of(fetch(manager, run))]
    assert len(set(codes_made)) == 4
    assert not LetterCode.objects.filter(code_hash__in=codes_made).exists()
    for file in settings.STOEP_VAR.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(code.encode() in content or codes.shown(code).encode() in content for code in codes_made)


def test_every_door_gets_one_member_or_not_and_each_flat_its_own(cast: Cast, manager: Client) -> None:
    Address.objects.filter(street=cast.streets["Koorstraat"], number="3").update(households=3)
    Address.objects.filter(street=cast.streets["Koorstraat"], number="4").update(retired_at=JOINED_AT)
    run = made(ordered(manager, streets=[part(cast, "Koorstraat", "Kermt")]))

    lines = [row["street_line"] for row in rows_of(fetch(manager, run))]

    assert len(lines) == 13
    assert lines.count("Koorstraat 3") == 3
    assert "Koorstraat 4" not in lines
    assert str(Address.objects.get(household__memberships__person=cast["second-neighbour"])) in lines


def test_a_second_round_goes_to_all_doors_again_with_new_codes(cast: Cast, manager: Client) -> None:
    where = {"streets": [part(cast, "Heerstraat", "Kermt")]}
    first, second = (rows_of(fetch(manager, made(ordered(manager, **where)))) for _round in range(2))

    def without_code(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
        return [(row["addressee"], row["street_line"], row["city_line"]) for row in rows]

    assert without_code(first) == without_code(second)
    assert {row["code"] for row in first}.isdisjoint(row["code"] for row in second)
    assert LetterCode.objects.count() == 8


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"where": "city"}, 14 + 12 + 4 + 12 + 11 + 12),
        ({"neighbourhoods": ["Tuilt"]}, 12 + 11),
        ({"streets": [("Heerstraat", "Kermt")]}, 4),
        ({"streets": [("Heerstraat", "Kermt"), ("Heerstraat", "Tuilt")]}, 15),
        ({"neighbourhoods": ["Tuilt"], "streets": [("Heerstraat", "Tuilt"), ("Alkenstraat", "Stevoort")]}, 35),
    ],
)
def test_the_page_says_how_many_letters_before_any_is_ordered(
    cast: Cast, manager: Client, where: dict[str, Any], expected: int
) -> None:
    words: dict[str, Any] = {"where": "some", "request_key": str(uuid4())} | where
    if "neighbourhoods" in where:
        words["neighbourhoods"] = [str(cast.neighbourhoods[name].pk) for name in where["neighbourhoods"]]
    if "streets" in where:
        words["streets"] = [part(cast, *street) for street in where["streets"]]

    page = manager.post(reverse("letters"), words | {"look": "1"}).content.decode()

    assert f"{expected} letters" in page
    assert LetterRun.objects.count() == 0
    manager.post(reverse("letters"), words | {"order": "1", "count": str(expected)})
    assert LetterRun.objects.get().letter_count == expected


def test_only_the_number_that_was_shown_is_ordered(cast: Cast, manager: Client) -> None:
    words = {"where": "some", "streets": [part(cast, "Heerstraat", "Kermt")], "request_key": str(uuid4())}
    answer = manager.post(reverse("letters"), words | {"where": "city", "order": "1", "count": "4"})
    assert answer.status_code == 200
    assert "65 letters" in answer.content.decode()
    assert LetterRun.objects.count() == 0


def test_a_double_click_orders_once(cast: Cast, manager: Client) -> None:
    key = str(uuid4())
    where = {"streets": [part(cast, "Heerstraat", "Kermt")], "request_key": key}
    first, second = order(manager, **where), order(manager, **where)
    assert first["Location"] == second["Location"]
    assert LetterRun.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, "This field is required"),
        ({"where": "moon"}, "Select a valid choice"),
        ({"where": "some"}, "Choose at least one neighbourhood or street"),
        ({"where": "some", "streets": ["x"]}, "not a valid"),
        ({"where": "some", "neighbourhoods": [str(uuid4())]}, "Select a valid choice"),
    ],
)
def test_an_order_that_is_not_whole_is_explained(manager: Client, words: dict[str, Any], said: str) -> None:
    for step in ("look", "order"):
        answer = manager.post(reverse("letters"), words | {step: "1", "request_key": str(uuid4())})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert LetterRun.objects.count() == 0


def test_a_city_without_addresses_gets_no_letters(manager: Client) -> None:
    Address.objects.update(retired_at=JOINED_AT)
    answer = order(manager, where="city")
    assert answer.status_code == 422
    assert "Import the addresses first" in answer.content.decode()


def test_words_that_do_not_fit_stop_the_order_and_not_the_worker(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(_layout: object) -> float:
        raise LetterRefusedError("front", "120% of the room")

    monkeypatch.setattr(letter_runs, "text_size", too_much)
    answer = order(manager, where="city")
    assert answer.status_code == 422
    assert "do not fit" in answer.content.decode()
    assert LetterRun.objects.count() == 0


def test_letters_follow_the_walk_of_the_postman(cast: Cast) -> None:
    numbers = [door.number for door in doors_of(cast.cities["hasselt"], streets=[cast.streets["Koorstraat"]])]
    assert numbers == [str(number) for number in range(1, 13)]


@pytest.mark.usefixtures("small_batches")
def test_a_batch_killed_on_the_way_is_made_anew_with_new_codes(
    cast: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ordered(manager, streets=[part(cast, "Koorstraat", "Kermt")])
    make_letters(run_id=str(run.pk))

    def killed(*_arguments: object, **_named: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(letter_runs, "_keep_codes", killed)
        with pytest.raises(SystemExit):
            make_letters(run_id=str(run.pk))
    run.refresh_from_db()
    assert (run.made_count, LetterCode.objects.count()) == (5, 5)

    made(run)
    rows = rows_of(fetch(manager, run))
    hashes = {codes.code_hash(row["code"].replace(" ", "")) for row in rows}
    assert hashes == set(LetterCode.objects.values_list("code_hash", flat=True))
    assert (len(hashes), run.made_count) == (12, 12)


@pytest.mark.usefixtures("small_batches")
def test_a_batch_asked_for_twice_is_made_once(cast: Cast, manager: Client) -> None:
    run = ordered(manager, streets=[part(cast, "Koorstraat", "Kermt")])
    batch = run.batches.get(number=1)
    for _twice in range(2):
        make_batch(batch, now=clock.now())
    run.refresh_from_db()
    assert (run.made_count, LetterCode.objects.count()) == (5, 5)


def test_letters_under_way_keep_the_words_they_were_ordered_with(cast: Cast, manager: Client) -> None:
    run = ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")])
    Municipality.objects.update(letter_text={"signatory": "Iemand Anders"})
    archive = fetch(manager, made(run))
    front = PdfReader(io.BytesIO(archive.read("0001-letters.pdf"))).pages[0].extract_text()
    assert "Iemand Anders" not in front


def test_received_the_files_are_gone_and_the_codes_go_on_working(cast: Cast, manager: Client) -> None:
    run = made(ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")]))
    assert letter_files.names(run.pk)

    for _twice in range(2):
        answer = manager.post(reverse("letter_run_receipt", args=[run.pk]))
        assert (answer.status_code, answer["Location"]) == (302, reverse("letter_run", args=[run.pk]))

    assert letter_files.names(run.pk) == []
    assert "The files are removed here" in page_of(manager, run)
    answer = manager.post(reverse("letter_run_files", args=[run.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("letter_run", args=[run.pk]) + "?not-ready")
    assert "cannot be fetched now" in manager.get(answer["Location"]).content.decode()
    assert LetterCode.objects.filter(withdrawn_at=None).count() == 4


def test_after_72_hours_nobody_fetches_them_any_more(cast: Cast, manager: Client) -> None:
    with clock.frozen(JOINED_AT):
        run = made(ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")]))
    page = reverse("letter_run_files", args=[run.pk])
    with clock.frozen(JOINED_AT + FETCHED_WITHIN - timedelta(seconds=1)):
        forget_old()
        assert manager.post(page).status_code == 200
    with clock.frozen(JOINED_AT + FETCHED_WITHIN):
        assert manager.post(page).status_code == 302  # even before the job has come by
        forget_old()
    run.refresh_from_db()
    assert (run.state, letter_files.names(run.pk)) == (LetterRun.State.GONE, [])
    assert "Nobody said in 72 hours" in page_of(manager, run)


def test_a_run_whose_job_broke_is_taken_up_again(cast: Cast, manager: Client) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    run = ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")])
    waiting = ProcrastinateJob.objects.filter(task_name="rollout.make_letters")
    assert waiting.count() == 1
    forget_old()
    assert waiting.count() == 1
    with clock.frozen(clock.now() + timedelta(hours=2)):
        forget_old()
    assert waiting.count() == 2
    assert set(waiting.values_list("lock", flat=True)) == {f"letters-{run.pk}"}


def test_letters_that_are_being_made_are_not_fetched_and_not_received(cast: Cast, manager: Client) -> None:
    run = ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")])
    for name in ("letter_run_files", "letter_run_receipt"):
        answer = manager.post(reverse(name, args=[run.pk]))
        assert answer["Location"].endswith("?not-ready")
    run.refresh_from_db()
    assert run.state == LetterRun.State.MAKING


def test_the_list_names_the_places(cast: Cast, manager: Client) -> None:
    assert "No letters have been made yet" in manager.get(reverse("letters")).content.decode()
    ordered(manager, streets=[part(cast, "Heerstraat", "Kermt")])
    ordered(manager, neighbourhoods=[str(cast.neighbourhoods["Tuilt"].pk)])
    ordered(manager, where="city")
    page = manager.get(reverse("letters")).content.decode()
    for words in ("Heerstraat (Kermt)", "Tuilt", "The whole city", "Being made"):
        assert words in page
