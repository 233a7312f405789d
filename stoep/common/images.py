"""Pictures from strangers: measured before they are decoded, made anew from their pixels, all else left behind.

Nothing of the file that came survives: no place, no camera, no date, no profile, no bytes after the picture.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageCms, ImageFile, ImageOps
from pillow_heif import register_heif_opener

MOST_BYTES = 12_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 80
# Portraits keep their height, as long as nobody has to scroll for ever.
TALLEST = 2

register_heif_opener()
# Cut-off files are refused, never half shown.
ImageFile.LOAD_TRUNCATED_IMAGES = False


class ImageRefused(ValueError):
    """Why a picture cannot be taken: `reason` is `empty`, `too_heavy`, `too_large`, `animated` or `unreadable`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Rendition:
    """One size of a picture, ready to be kept and served. `digest` tells silent damage."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def measure(file: IO[bytes]) -> tuple[int, int]:
    """Width and height, upright, by the head of the file alone; nothing is decoded. Raises ImageRefused."""
    file.seek(0, io.SEEK_END)
    length = file.tell()
    file.seek(0)
    if not length:
        raise ImageRefused("empty")
    if length > MOST_BYTES:
        raise ImageRefused("too_heavy")
    with _opened(file) as image:
        size = _upright_size(image)
    file.seek(0)
    return size


def renditions(content: bytes, widths: dict[str, int], squares: dict[str, int]) -> dict[str, Rendition]:
    """The picture as WebP in each of these widths, and cut square. Raises ImageRefused.

    Never larger than it came. Each rendition is a new image that takes over the pixels and nothing else.
    """
    measure(io.BytesIO(content))
    with _opened(io.BytesIO(content)) as image:
        most = max([*widths.values(), *squares.values()])
        image.draft("RGB", (most, most * TALLEST))
        upright = _srgb(ImageOps.exif_transpose(image))
        sizes = {name: _within(upright, (width, width * TALLEST)) for name, width in widths.items()}
        sizes |= {name: _square(upright, side) for name, side in squares.items()}
        return {name: _as_webp(each) for name, each in sizes.items()}


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[Image.Image]:
    """The picture with its size checked; whatever a decoder throws at a bad file is one refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about broken metadata, which is dropped anyway
            with Image.open(file, formats=FORMATS) as image:
                _check(image)
                yield image
    except ImageRefused:
        raise
    except Image.DecompressionBombError as error:
        raise ImageRefused("too_large") from error
    except Exception as error:
        raise ImageRefused("unreadable") from error


def _check(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise ImageRefused("too_large")
    # A phone's JPEG or HEIC may carry more pictures behind the first: those are no film.
    if image.format in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        raise ImageRefused("animated")


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Cameras lie on their side and say so in the metadata; HEIC has turned itself already."""
    orientation = 1 if image.format == "HEIF" else image.getexif().get(0x0112, 1)
    width, height = image.size
    return (height, width) if orientation in {5, 6, 7, 8} else (width, height)


def _srgb(image: Image.Image) -> Image.Image:
    """In the colours that every screen knows, on white where it was see-through."""
    profile = image.info.get("icc_profile")
    if image.mode in {"LA", "PA", "P", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    if profile and image.mode == "RGB":
        image = _converted(image, profile)
    return image.convert("RGB")


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    """From the camera's own colours; a profile that is broken is as good as none."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _within(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    small = image.copy()
    small.thumbnail(box, Image.Resampling.LANCZOS)
    return small


def _square(image: Image.Image, side: int) -> Image.Image:
    side = min(side, *image.size)
    return ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)


def _as_webp(image: Image.Image) -> Rendition:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4)
    return Rendition(out.getvalue(), *clean.size)
