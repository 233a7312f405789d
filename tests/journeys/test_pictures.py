"""The pictures of the README: drawn anew when `STOEP_PICTURES` names a running demo, else only looked at.

`STOEP_PICTURES=http://127.0.0.1:8000/ ./dev test tests/journeys/test_pictures.py`
"""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.conftest import NewPage

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 150_000
# name → who looks, at what, how wide, how high
PICTURES: dict[str, tuple[str | None, str, int, int]] = {
    "feed-phone": ("neighbour", "/", 360, 780),
    "join-phone": (None, "/join/", 360, 780),
    "rollout": ("rollout", "/city/rollout/", 1280, 860),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_readme_has_its_picture(visit: NewPage, name: str) -> None:
    who, path, width, height = PICTURES[name]
    file = FOLDER / f"{name}.png"
    demo = os.environ.get("STOEP_PICTURES")
    if demo:
        size = {"width": width, "height": height}
        draw(visit(who, path, base_url=demo, viewport=size, device_scale_factor=2), file)
    with Image.open(file) as picture:
        assert picture.size == (2 * width, 2 * height)
    assert file.stat().st_size < LARGEST


def draw(page: Page, file: Path) -> None:
    """As on a sharp screen, with few colours."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file)
    with Image.open(file) as sharp:
        few = sharp.convert("RGB").quantize(colors=128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
