"""The rollout manager's work: borders and addresses go in, letters with codes come out, and a code opens the door."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import Way, choose_streets, join_with_own_key, reload_until, send, ways
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
DOORS = 12
PLACES = ("Kermt", "Tuilt", "Stevoort", "Nieuwland")


@ways("1280 light", "320 dark")
def test_borders_and_addresses_go_in_and_a_code_comes_out(visit: NewPage, town: Town, tmp_path: Path, way: Way) -> None:
    street = f"Proefstraat {way.width}"
    page = visit("rollout", "/city/imports/", **way.options)
    hand_over(page, "borders", borders(tmp_path))
    send(page, "form[action$='/application/']")
    expect(page.locator(".notice--success")).to_be_visible()

    page.goto("/city/imports/")
    hand_over(page, "addresses", addresses(town, tmp_path, street))
    expect(page.locator("main")).to_contain_text(street)
    expect(page.locator("details", has_text="12, 3510")).to_be_visible()
    send(page, "form[action$='/application/']")
    expect(page.locator(".notice--success")).to_be_visible()

    place_by_hand(page, street)
    code = letters_for(page, street)
    page.goto("/city/rollout/")
    row = page.locator("tr", has_text="Nieuwland")
    if row.locator("summary").count():
        row.locator("summary").click()
    row.locator("[name=state]").select_option("open")
    row.get_by_role("button").click()
    expect(row.locator("[name=state] [selected]")).to_have_attribute("value", "open")
    page = visit(None, "/join/", **way.options)
    join_with_own_key(page, code, "Stefaan Nieuwenhuis")
    expect(page.locator(".brand")).to_contain_text("Nieuwland")


def hand_over(page: Page, kind: str, file: Path) -> None:
    page.locator(f"[name=kind][value={kind}]").check()
    page.locator("[name=file]").set_input_files(file)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(file.name)


def place_by_hand(page: Page, street: str) -> None:
    """The one address of this street that has no point."""
    page.goto("/city/addresses/")
    row = page.locator("li", has_text=street)
    row.locator("a[href*='/streets/']").click()
    page.get_by_role("radio", name="Nieuwland").first.check()
    send(page)
    expect(page).to_have_url(re.compile(r"/city/addresses/\?placed"))
    expect(row).to_have_count(0)


def letters_for(page: Page, street: str) -> str:
    """Order letters, wait until they are made, fetch them, and take a code out of the printing house's list."""
    page.goto("/city/letters/")
    choose_streets(page, [("Nieuwland", street)])
    page.locator("button[name=look]").click()
    expect(page.locator("#count-title")).to_contain_text(str(DOORS + 1))
    page.locator("button[name=order]").click()
    expect(page).to_have_url(re.compile(r"/city/letters/[0-9a-f-]+/"))
    reload_until(page, page.locator("form[action$='/files/']"))
    with page.expect_download() as fetched:
        send(page, "form[action$='/files/']")
    with zipfile.ZipFile(fetched.value.path()) as archive:
        names = archive.namelist()
        assert any(name.endswith(".pdf") for name in names)
        lists = [archive.read(name).decode("utf-8-sig") for name in names if name.endswith(".csv")]
    rows = [row for text in lists for row in csv.DictReader(io.StringIO(text), delimiter=";")]
    assert len(rows) == DOORS + 1
    assert all(row["street_line"].startswith(street) for row in rows)
    return rows[0]["code"].replace(" ", "")


def borders(folder: Path) -> Path:
    """The three neighbourhoods that are there, and a fourth beside them."""
    features = [_square(name, 5.20 + 0.02 * column, f"W{column:02}") for column, name in enumerate(PLACES)]
    file = folder / "grenzen.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def _square(name: str, west: float, code: str) -> dict[str, Any]:
    east, south, north = west + 0.02, 50.93, 50.95
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [[[round(x, 4), y] for x, y in ring]]}
    return {"type": "Feature", "properties": {"wijk": name, "code": code}, "geometry": geometry}


def addresses(town: Town, folder: Path, street: str) -> Path:
    """All that was known, a new street with one door that has no point, and a row without a street."""
    new = "".join(f"3510;{street};{number};50.94;{5.262 + number / 10_000}\n" for number in range(1, DOORS + 1))
    file = folder / "adressen.csv"
    file.write_text((town.var / "addresses.csv").read_text() + new + f"3510;{street};99;;\n" + "3510;;12;50.94;5.21\n")
    return file
