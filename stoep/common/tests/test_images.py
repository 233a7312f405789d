"""Pictures from strangers: what comes out holds the picture and nothing else; what is no picture is refused."""

import io
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image

from stoep.common.images import MOST_BYTES, ImageRefused, measure, renditions
from stoep.media.tests import pictures

WIDTHS, SQUARES = {"360": 360, "720": 720}, {"thumb": 96}
MAKERS: dict[str, Callable[[], bytes]] = {
    "jpeg": pictures.jpeg,
    "png": pictures.png,
    "webp": pictures.webp,
    "heic": pictures.heic,
}
TRACES = (pictures.PLANTED.encode(), b"EXIF", b"Exif", b"ICCP", b"XMP ", b"xmp", b"adobe", b"GPS")


@pytest.mark.parametrize("maker", list(MAKERS))
def test_all_metadata_is_gone_from_every_size(maker: str) -> None:
    content = MAKERS[maker]()
    planted = pictures.PLANTED.encode()
    assert planted in content or maker == "png", "nothing planted: this proves nothing"
    for size, made in renditions(content, WIDTHS, SQUARES).items():
        assert not [trace for trace in TRACES if trace in made.content], size
        with Image.open(io.BytesIO(made.content)) as image:
            assert (image.format, image.size) == ("WEBP", (made.width, made.height))
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile"} & set(image.info)


@pytest.mark.parametrize("maker", ["jpeg", "heic"])
def test_a_camera_that_lay_on_its_side_gives_an_upright_picture(maker: str) -> None:
    """Six: turn it a quarter to the right. What was left is then above."""
    content = pictures.jpeg(orientation=6) if maker == "jpeg" else pictures.heic(orientation=6)
    assert measure(io.BytesIO(content)) == (480, 640)
    made = renditions(content, WIDTHS, SQUARES)["360"]
    assert (made.width, made.height) == (360, 480)
    with Image.open(io.BytesIO(made.content)) as image:
        above, below = image.convert("RGB").getpixel((180, 60)), image.convert("RGB").getpixel((180, 420))
    assert above[2] < 120 < below[2]  # type: ignore[index]  # a colour is three numbers


def test_nothing_grows_and_proportions_stay() -> None:
    made = renditions(pictures.jpeg(pictures.photo(400, 200)), {"360": 360, "1440": 1440}, SQUARES)
    assert {size: (one.width, one.height) for size, one in made.items()} == {
        "360": (360, 180),
        "1440": (400, 200),
        "thumb": (96, 96),
    }


def test_see_through_grey_and_palette_pictures_stand_on_white() -> None:
    see_through = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    for image in (
        see_through,
        see_through.convert("P"),
        Image.new("LA", (100, 100), (0, 0)),
        Image.new("1", (9, 9), 1),
    ):
        made = renditions(pictures.png(image), WIDTHS, SQUARES)["360"]
        with Image.open(io.BytesIO(made.content)) as shown:
            assert min(shown.convert("RGB").getpixel((3, 3))) > 250  # type: ignore[arg-type]  # three numbers


def test_a_picture_of_41_megapixels_is_refused_and_one_of_39_is_not() -> None:
    for maker in (pictures.png, pictures.jpeg):
        assert _reason(maker(Image.new("RGB", (6_500, 6_310), "white"))) == "too_large"
    assert _reason(pictures.jpeg(Image.new("RGB", (6_500, 6_000), "white"))) == ""
    assert _reason(pictures.heic(Image.new("RGB", (6_500, 6_310), "white"))) == "too_large"


def test_bombs_are_refused_before_they_unpack() -> None:
    assert _reason(pictures.png_that_says(30_000, 30_000)) == "too_large"
    assert _reason(pictures.png_that_says(1, 2_000_000)) == "too_large"
    assert _reason(pictures.png_with_endless_words()) == "unreadable"


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_films_are_refused(kind: str) -> None:
    assert _reason(pictures.film(kind)) == "animated"


@pytest.mark.parametrize("maker", list(MAKERS))
def test_what_was_cut_off_is_refused(maker: str) -> None:
    content = MAKERS[maker]()
    for part in (10, len(content) // 2):
        with pytest.raises(ImageRefused):
            renditions(content[:part], WIDTHS, SQUARES)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"BM" + b"\0" * 99,
    ],
    ids=["svg", "html", "pdf", "head of a jpeg", "head of a png", "bmp"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    assert _reason(content) == "unreadable"


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "PPM"])
def test_other_kinds_of_picture_are_refused(kind: str) -> None:
    out = io.BytesIO()
    pictures.photo(64, 64).save(out, kind)
    assert _reason(out.getvalue()) == "unreadable"


def test_a_file_that_is_two_things_is_only_the_picture_afterwards() -> None:
    """A JPEG with a zip behind it: phones do append things, so it is taken, and what hung on it falls off."""
    behind = io.BytesIO()
    with zipfile.ZipFile(behind, "w") as archive:
        archive.writestr(f"{pictures.PLANTED}.html", "<script>alert(1)</script>")
    assert zipfile.is_zipfile(io.BytesIO(pictures.jpeg() + behind.getvalue()))
    made = renditions(pictures.jpeg() + behind.getvalue(), WIDTHS, SQUARES)
    for one in made.values():
        assert not zipfile.is_zipfile(io.BytesIO(one.content))
        assert pictures.PLANTED.encode() not in one.content
    assert _reason(SVG + pictures.jpeg()) == "unreadable"


def test_heavy_and_empty_files_are_refused() -> None:
    assert _reason(pictures.jpeg() + b"\0" * MOST_BYTES) == "too_heavy"
    assert _reason(b"") == "empty"


def test_the_same_picture_gives_the_same_file() -> None:
    one, two = (renditions(pictures.jpeg(), WIDTHS, SQUARES)["360"].digest for _ in range(2))
    assert one == two


def _reason(content: bytes) -> str:
    try:
        measure(io.BytesIO(content))
        renditions(content, WIDTHS, SQUARES)
    except ImageRefused as error:
        return error.reason
    return ""
