"""Importing in the browser: shown first, applied whole, logged; the same file twice changes nothing."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Address, Neighbourhood
from stoep.places.readers import detection
from stoep.rollout.imports import KEPT_FOR, forget_old_imports, kept_file
from stoep.rollout.models import ImportRun

SignIn = Callable[[Client, Person], Client]
Row = tuple[str, str, str, str, str]
HEADING = "postcode,straat,huisnummer,lat,lon"
# A point in Kermt, and one in Tuilt.
IN_KERMT, IN_TUILT = ("50.945", "5.205"), ("50.945", "5.225")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def csv_of(rows: Iterable[Row]) -> bytes:
    return "\n".join([HEADING, *(",".join(row) for row in rows), ""]).encode()


def the_city_as_it_is() -> list[Row]:
    rows = Address.objects.filter(municipality__slug="hasselt").select_related("street").order_by("id")
    return [(one.postcode, one.street.name, one.number, str(one.latitude), str(one.longitude)) for one in rows]


def square(name: str, code: str, west: float) -> dict[str, Any]:
    corners = [[west, 50.93], [west + 0.02, 50.93], [west + 0.02, 50.95], [west, 50.95], [west, 50.93]]
    return {
        "type": "Feature",
        "properties": {"naam": name, "code": code},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }


def borders_of(*squares: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": squares}).encode()


THE_BORDERS = [square("Kermt", "W00", 5.20), square("Tuilt", "W01", 5.22), square("Stevoort", "W02", 5.24)]


def upload(client: Client, content: bytes, *, kind: str = "addresses", name: str = "adressen.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("imports"), {"kind": kind, "file": file})


def shown(client: Client, content: bytes, **how: str) -> ImportRun:
    answer = upload(client, content, **how)
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1])


def page_of(client: Client, run: ImportRun) -> str:
    answer = client.get(reverse("import_run", args=[run.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def apply(client: Client, run: ImportRun) -> Any:
    return client.post(reverse("import_application", args=[run.pk]))


def living() -> int:
    return Address.objects.filter(municipality__slug="hasselt", retired_at=None).count()


def test_a_file_is_shown_first_and_changes_nothing(manager: Client) -> None:
    rows = the_city_as_it_is()
    moved = (*rows[0][:3], *IN_TUILT)
    file = csv_of(
        [moved, *rows[2:], ("3510", "Nieuwstraat", "1", *IN_KERMT), ("3510", "Nieuwstraat", "2", "0", "0"), rows[5]]
    )
    before = living()

    run = shown(manager, file)

    figures = {key: run.summary[key] for key in ("added", "changed", "gone", "refused", "duplicates", "waiting")}
    assert figures == {"added": 2, "changed": 1, "gone": 1, "refused": 1, "duplicates": 1, "waiting": 1}
    page = page_of(manager, run)
    assert "What would change" in page
    assert "Nieuwstraat 2, 3510" in page  # the refused row …
    assert "The point is 0, 0: that is not a place." in page  # … with its reason
    assert "Nieuwstraat 1" in page
    assert "Import all of this" in page
    assert (living(), Address.objects.filter(street__name="Nieuwstraat").count()) == (before, 0)


def test_applied_it_is_there_whole_and_the_log_stays(cast: Cast, manager: Client) -> None:
    rows = the_city_as_it_is()
    run = shown(manager, csv_of([*rows[1:], ("3510", "Nieuwstraat", "1", *IN_KERMT)]))

    answer = apply(manager, run)

    assert (answer.status_code, answer["Location"]) == (302, reverse("import_run", args=[run.pk]))
    new = Address.objects.get(street__name="Nieuwstraat")
    assert (new.neighbourhood, new.placed_by) == (cast.neighbourhoods["Kermt"], "point")
    gone = Address.objects.get(municipality__slug="hasselt", retired_at__isnull=False)
    assert (gone.street.name, gone.number) == (rows[0][1], rows[0][2])  # retired, not deleted
    page = page_of(manager, run)
    assert "Imported" in page
    assert "Import all of this" not in page
    listing = manager.get(reverse("imports")).content.decode()
    assert "adressen.csv" in listing
    assert "Tom Nijs" in listing
    assert AccessLog.objects.filter(person=cast["rollout"], action="rollout:places:import").count() == 2


def test_the_same_file_again_doubles_nothing(manager: Client) -> None:
    file = csv_of([*the_city_as_it_is(), ("3510", "Nieuwstraat", "1", *IN_KERMT)])
    apply(manager, shown(manager, file))
    before = living()

    again = shown(manager, file)

    assert [again.summary[key] for key in ("added", "changed", "gone")] == [0, 0, 0]
    assert "Everything in this file is known already" in page_of(manager, again)
    apply(manager, again)
    assert living() == before


def test_a_double_click_applies_once(manager: Client) -> None:
    run = shown(manager, csv_of([*the_city_as_it_is(), ("3510", "Nieuwstraat", "1", *IN_KERMT)]))
    first, second = apply(manager, run), apply(manager, run)
    assert first["Location"] == second["Location"] == reverse("import_run", args=[run.pk])
    assert Address.objects.filter(street__name="Nieuwstraat").count() == 1


def test_what_changed_meanwhile_is_shown_anew(manager: Client) -> None:
    rows = the_city_as_it_is()
    first = shown(manager, csv_of([*rows, ("3510", "Nieuwstraat", "1", *IN_KERMT)]))
    apply(manager, shown(manager, csv_of([*rows, ("3510", "Nieuwstraat", "2", *IN_KERMT)])))

    answer = apply(manager, first)

    assert answer["Location"].endswith("?changed")
    page = manager.get(answer["Location"]).content.decode()
    assert "The places changed meanwhile" in page
    assert not Address.objects.filter(street__name="Nieuwstraat", number="1").exists()
    again = ImportRun.objects.get(state="shown")
    assert (again.summary["added"], again.summary["gone"], again.file_name) == (1, 1, first.file_name)
    apply(manager, again)
    assert Address.objects.filter(street__name="Nieuwstraat", number="1").exists()


def test_decided_against_nothing_changes_and_the_file_goes(manager: Client) -> None:
    run = shown(manager, csv_of([("3510", "Nieuwstraat", "1", *IN_KERMT)]))
    assert kept_file(run).exists()

    for _twice in range(2):
        assert manager.post(reverse("import_refusal", args=[run.pk])).status_code == 302

    assert not kept_file(run).exists()
    assert "Nothing changed" in page_of(manager, run)
    assert apply(manager, run).status_code == 302
    assert not Address.objects.filter(street__name="Nieuwstraat").exists()


def test_the_file_goes_once_it_is_applied(
    manager: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = shown(manager, csv_of(the_city_as_it_is()))
    with django_capture_on_commit_callbacks(execute=True):
        apply(manager, run)
    assert not kept_file(run).exists()


def test_a_file_that_is_gone_changes_nothing(manager: Client) -> None:
    run = shown(manager, csv_of([("3510", "Nieuwstraat", "1", *IN_KERMT)]))
    kept_file(run).unlink()
    assert apply(manager, run).status_code == 302
    run.refresh_from_db()
    assert run.state == ImportRun.State.DROPPED
    assert not Address.objects.filter(street__name="Nieuwstraat").exists()


def test_what_nobody_decided_about_is_dropped_after_a_month(manager: Client) -> None:
    with clock.frozen(JOINED_AT):
        run = shown(manager, csv_of(the_city_as_it_is()))
    assert forget_old_imports(now=JOINED_AT + KEPT_FOR) == 0
    assert forget_old_imports(now=JOINED_AT + KEPT_FOR * 2) == 1
    run.refresh_from_db()
    assert (run.state, kept_file(run).exists()) == (ImportRun.State.DROPPED, False)


def test_an_import_that_fails_halfway_leaves_no_trace(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = the_city_as_it_is()
    run = shown(manager, csv_of([*rows[1:], ("3510", "Nieuwstraat", "1", *IN_KERMT)]))
    before = living()

    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("stoep.rollout.writing.recount", broken)
    with pytest.raises(RuntimeError, match="the power went"):
        apply(manager, run)
    assert living() == before
    assert not Address.objects.filter(street__name="Nieuwstraat").exists()
    monkeypatch.undo()
    apply(manager, run)
    assert Address.objects.filter(street__name="Nieuwstraat").exists()


def test_borders_are_shown_and_applied(cast: Cast, manager: Client) -> None:
    redrawn = [square("Kermt-Centrum", "W00", 5.20), square("Tuilt", "W01", 5.22), square("Spalbeek", "W09", 5.16)]
    run = shown(manager, borders_of(*redrawn), kind="borders", name="wijken.geojson")

    assert run.summary["new"] == ["Spalbeek"]
    assert run.summary["gone"] == ["Stevoort"]
    page = page_of(manager, run)
    assert "Kermt becomes Kermt-Centrum." in page
    assert "Spalbeek" in page
    assert Neighbourhood.objects.filter(name="Spalbeek").count() == 0

    apply(manager, run)

    assert Neighbourhood.objects.get(pk=cast.neighbourhoods["Kermt"].pk).name == "Kermt-Centrum"
    assert Neighbourhood.objects.get(name="Stevoort").retired_at is not None
    again = shown(manager, borders_of(*redrawn), kind="borders", name="wijken.geojson")
    assert [again.summary[key] for key in ("new", "gone", "renamed", "moving")] == [[], [], [], 0]


def test_who_lives_across_a_new_border_goes_along(cast: Cast, manager: Client) -> None:
    wider = square("Tuilt", "W01", 5.22)
    wider["geometry"]["coordinates"] = [[[5.2, 50.93], [5.24, 50.93], [5.24, 50.95], [5.2, 50.95], [5.2, 50.93]]]
    run = shown(manager, borders_of(wider, THE_BORDERS[2]), kind="borders", name="wijken.geojson")
    assert run.summary["moving"] == 30
    apply(manager, run)
    now = Membership.objects.get(person=cast["neighbour"], ended_at=None)
    assert now.neighbourhood == cast.neighbourhoods["Tuilt"]


def spreadsheet() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("kind", ["addresses", "borders"])
@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\xff" * 500,
        b"%PDF-1.7 something",
        b"hello, world\n1,2\n",
        b"{",
        b"[]",
        b'{"type": "FeatureCollection", "features": 3}',
        b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon", "coordinates": [[[]]]}}]}',
        b"SQLite format 3\x00" + b"\x00" * 3000,
        b"\x00\x00\x27\x0a" + b"\x00" * 200,
        b"PK\x03\x04" + b"\x00" * 100,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        HEADING.encode(),
        b"\xff\xfe" + "straat;huisnummer\n".encode("utf-16-le"),
        zipped({"readme.txt": b"nothing here"}),
        zipped({"inner.zip": zipped({"a.csv": b"x"})}),
        spreadsheet(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ],
    # Four bytes only: behind them a zip tells when it was made, and every worker must find the same tests.
    ids=lambda content: repr(content[:4]),
)
def test_garbage_is_told_and_never_an_error(manager: Client, content: bytes, kind: str) -> None:
    before = (living(), Neighbourhood.objects.count())
    run = shown(manager, content, kind=kind, name="rommel.csv")
    page = page_of(manager, run)
    if run.state == ImportRun.State.UNREADABLE:
        assert "This file cannot be used" in page
        assert run.message
        assert run.message.split(".")[0] in page.replace("&#39;", "'")
        assert "Choose another file" in page
        assert apply(manager, run).status_code == 302
    else:
        assert run.summary.get("added", 0) == 0 == run.summary.get("neighbourhoods", 0)
    assert (living(), Neighbourhood.objects.count()) == before


def test_a_file_that_unpacks_without_end_is_stopped(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "MAX_UNPACKED_BYTES", 2_000_000)
    run = shown(manager, zipped({"a.csv": b"0" * 20_000_000}), name="bom.zip")
    assert run.state == ImportRun.State.UNREADABLE
    assert "too large when unpacked" in page_of(manager, run)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "addresses"}, "This field is required"),
        ({}, "This field is required"),
        ({"kind": "people", "file": b"x"}, "Select a valid choice"),
        ({"kind": "addresses", "file": b""}, "The submitted file is empty"),
    ],
)
def test_a_form_that_is_not_whole_is_explained(manager: Client, fields: dict[str, Any], said: str) -> None:
    if "file" in fields:
        fields = fields | {"file": SimpleUploadedFile("a.csv", fields["file"])}
    answer = manager.post(reverse("imports"), fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    is_kept = re.search(r'value="addresses"[^>]*checked', answer.content.decode()) is not None
    assert is_kept == (fields.get("kind") == "addresses")
    assert ImportRun.objects.count() == 0


def test_a_file_over_the_limit_is_refused(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stoep.rollout.forms.LARGEST_UPLOAD", 1000)
    answer = upload(manager, b"x" * 1001)
    assert answer.status_code == 422
    assert "too large" in answer.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "<script>alert(1)</script>.csv", "é" * 90 + ".csv"])
def test_a_hostile_name_is_only_a_name(manager: Client, name: str) -> None:
    run = shown(manager, csv_of(the_city_as_it_is()), name=name)
    assert "/" not in run.file_name
    assert "<script>alert" not in page_of(manager, run)
    assert "<script>alert" not in manager.get(reverse("imports")).content.decode()


def test_an_unknown_word_in_the_log_is_escaped(manager: Client) -> None:
    run = shown(manager, csv_of([("3510", "<b>Straat</b>", "1", "0", "0")]))
    assert "<b>Straat</b>" not in page_of(manager, run)


def test_another_citys_import_does_not_exist(cast: Cast, manager: Client) -> None:
    run = shown(manager, csv_of(the_city_as_it_is()))
    ImportRun.objects.update(municipality=cast.cities["diepenbeek"])
    assert manager.get(reverse("import_run", args=[run.pk])).status_code == 404
    assert apply(manager, run).status_code == 404
    assert manager.post(reverse("import_refusal", args=[run.pk])).status_code == 404
    assert "adressen.csv" not in manager.get(reverse("imports")).content.decode()


@pytest.mark.parametrize(
    ("key", "expected"),
    [("neighbour", 404), ("other-city", 404), ("editor", 403), ("analyst", 403), ("dpo", 403), ("operator", 403)],
)
def test_who_does_not_import_is_refused(cast: Cast, manager: Client, sign_in: SignIn, key: str, expected: int) -> None:
    run = shown(manager, csv_of([("3510", "Nieuwstraat", "1", *IN_KERMT)]))
    theirs = sign_in(Client(), cast[key])
    assert theirs.get(reverse("imports")).status_code == expected
    assert theirs.get(reverse("import_run", args=[run.pk])).status_code == expected
    assert upload(theirs, b"x").status_code == expected
    assert apply(theirs, run).status_code == expected
    assert theirs.post(reverse("import_refusal", args=[run.pk])).status_code == expected
    run.refresh_from_db()
    assert run.state == ImportRun.State.SHOWN
    assert not Address.objects.filter(street__name="Nieuwstraat").exists()


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    for answer in (client.get(reverse("imports")), upload(client, b"x")):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign_in"))
    assert ImportRun.objects.count() == 0


def test_a_city_without_borders_is_told_where_to_begin(manager: Client) -> None:
    assert "Begin with the borders" not in manager.get(reverse("imports")).content.decode()
    Neighbourhood.objects.update(retired_at=JOINED_AT)
    page = manager.get(reverse("imports")).content.decode()
    assert "Begin with the borders" in page
    assert "Nothing has been imported yet" in page


def test_uploads_leave_nothing_outside_their_folder(manager: Client, settings: Any) -> None:
    run = shown(manager, csv_of(the_city_as_it_is()), name="../../../climbed.csv")
    assert kept_file(run).is_relative_to(Path(settings.STOEP_VAR))
    assert [file.name for file in Path(settings.STOEP_VAR).rglob("*") if file.is_file()] == ["file"]
