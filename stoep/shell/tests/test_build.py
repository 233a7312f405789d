"""The built files: the same each time, small, from nowhere else, and loud when something is missing."""

import json
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it brings no types
import pytest

from stoep.shell import build, fonts, icons, minify, sprites, static_files

FIRST_VIEW = ("stoep.css", "stoep.js", "icons.svg", "shell/house.svg", *fonts.FONTS)
HTML_BUDGET = 12 * 1024
KIB = 1024


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build.build(folder)
    return folder


def content(built: Path, name: str) -> bytes:
    hashed: str = json.loads((built / "manifest.json").read_text())[name]
    return (built / hashed).read_bytes()


def compressed(built: Path, name: str) -> int:
    plain = content(built, name)
    return len(plain) if name.endswith(".woff2") else len(brotli.compress(plain))


def test_two_builds_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    build.build(tmp_path)
    ours = {path.relative_to(built): path.read_bytes() for path in built.rglob("*") if path.is_file()}
    theirs = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert ours == theirs


def test_a_font_is_cut_to_the_same_bytes() -> None:
    source = fonts._source(*fonts.FONTS["fonts/atkinson-regular.woff2"])
    assert fonts._cut(source) == fonts._cut(source)


def test_building_again_changes_nothing(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*.*") if path.name != "manifest.json"}
    build.build(built)
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*.*") if path.name != "manifest.json"} == before


def test_the_first_view_fits_a_slow_line(built: Path) -> None:
    sizes = {name: compressed(built, name) for name in FIRST_VIEW}
    assert HTML_BUDGET + sum(sizes.values()) <= 100 * KIB, sizes
    assert 1 + len(FIRST_VIEW) <= 8


def test_script_is_small(built: Path) -> None:
    assert compressed(built, "stoep.js") <= 20 * KIB


def test_names_carry_the_hash_that_may_be_cached_for_ever(built: Path) -> None:
    for hashed in json.loads((built / "manifest.json").read_text()).values():
        assert re.fullmatch(r"[\w/-]+\.[0-9a-f]{12}\.\w+", hashed)
        assert (built / hashed).is_file()


def test_text_files_lie_beside_their_compressed_twins(built: Path) -> None:
    hashed = json.loads((built / "manifest.json").read_text())["stoep.css"]
    assert brotli.decompress((built / f"{hashed}.br").read_bytes()) == (built / hashed).read_bytes()
    assert (built / f"{hashed}.gz").is_file()


def test_style_asks_no_other_host_and_nothing_that_is_not_there(built: Path) -> None:
    style = content(built, "stoep.css").decode()
    assert not re.search(r"https?:|//|@import", style)
    assert all((built / path).is_file() for path in re.findall(r"url\(([^)]+)\)", style))


def test_script_asks_no_other_host() -> None:
    for path in sorted(build.SHELL.glob("*.js")):
        assert "http:" not in path.read_text()
        assert "https:" not in path.read_text()


def test_icons_are_there_in_both_weights(built: Path) -> None:
    sprite = content(built, "icons.svg").decode()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icons.symbols()


def test_an_unknown_icon_stops_the_build() -> None:
    assert b'id="house"' in sprites.icons(["house"])
    with pytest.raises(sprites.UnknownPictureError, match="unicorn"):
        sprites.icons(["house", "unicorn"])


def test_an_unknown_icon_stops_the_page() -> None:
    assert "#house-fill" in icons.icon("house", "fill")
    with pytest.raises(icons.UnknownIconError):
        icons.icon("unicorn")
    with pytest.raises(icons.UnknownIconError):
        icons.icon("house", "bold")


def test_an_unknown_file_stops_the_page() -> None:
    assert static_files.static_url("stoep.css").startswith("/static/stoep.")
    with pytest.raises(static_files.UnknownFileError):
        static_files.static_url("unicorn.css")


def test_minifying_keeps_what_means_something() -> None:
    style = (
        '/* a */ a > b , c:hover { width: calc(1px + 2px); content: "a ; b /* c */"; }\n@media (x: 1) and (y) { d { } }'
    )
    assert minify.style(style) == (
        'a>b,c:hover{width:calc(1px + 2px);content:"a ; b /* c */"}@media (x: 1) and (y){d{}}\n'
    )
    assert minify.script('// a\nconst b = "// c";  \n\n  d(); // e\n') == 'const b = "// c";\nd(); // e'
