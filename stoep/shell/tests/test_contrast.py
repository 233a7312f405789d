"""Every colour that stands on another can be read, in light and in dark: text 4.5, borders and rings 3 (WCAG 2.2)."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[1] / "static" / "shell" / "tokens.css").read_text()
GROUNDS = ("bg", "surface", "sunken")
CATEGORIES = (
    "question", "wanted", "offered", "found", "lend", "give", "services", "activity", "information", "city"
)  # fmt: skip
TEXT = [
    *(
        ("ink", ground)
        for ground in (*GROUNDS, "primary-tint", "danger-tint", "success-tint", "warn-tint", "info-tint")
    ),
    *(("muted", ground) for ground in GROUNDS),
    *(
        ("link", ground)
        for ground in (*GROUNDS, "info-tint", "primary-tint", "success-tint", "warn-tint", "danger-tint")
    ),
    *((tone, ground) for tone in ("primary", "danger", "accent") for ground in ("bg", "surface")),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-danger", "danger"),
    ("primary", "primary-tint"),
    ("accent", "accent-tint"),
    *((tone, f"{tone}-tint") for tone in ("danger", "success", "warn", "info")),
    *((tone, f"{tone}-tint") for tone in CATEGORIES),
    *((tone, "surface") for tone in CATEGORIES),
    ("bg", "ink"),
    *((f"series-{number}", "surface") for number in range(1, 7)),
    ("on-map-light", "map-1"),
    ("on-map-light", "map-2"),
    ("on-map-light", "map-3"),
    ("on-map-dark", "map-4"),
    ("on-map-dark", "map-5"),
]
SHAPES = [
    *(("border", ground) for ground in ("bg", "surface")),
    *(("focus", ground) for ground in (*GROUNDS, "primary-tint")),
    *((tone, "surface") for tone in ("primary", "danger", "success", "warn", "info")),
]


def colours(selector: str) -> dict[str, str]:
    block = SHEET[SHEET.index(selector) :]
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block[: block.index("}")]))


LIGHT = colours(":root {")
DARK = {**LIGHT, **colours('html[data-look="dark"] {')}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_ratio_agrees_with_known_values() -> None:
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert round(ratio(LIGHT["primary"], LIGHT["surface"]), 1) == 6.4
    assert round(ratio("#0B6B5D", "#1B4DD8"), 2) == 1.06  # why the focus ring stands off by 2 px


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(look: dict[str, str], ink: str, ground: str) -> None:
    assert ratio(look[ink], look[ground]) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_borders_and_rings_can_be_seen(look: dict[str, str], line: str, ground: str) -> None:
    assert ratio(look[line], look[ground]) >= 3


def test_dark_is_the_same_for_the_system_and_for_the_choice() -> None:
    by_choice = colours('html[data-look="dark"] {')
    by_system = colours('html:not([data-look="light"]) {')
    assert by_choice == by_system
    assert set(by_choice) < set(LIGHT)
