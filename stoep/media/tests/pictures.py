"""Real picture files as cameras make them, with a word planted wherever a file can hold one."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin
from pillow_heif import from_pillow

PLANTED = "kreupelhout51"
LATITUDE = ((50, 1), (56, 1), (1234, 100))


def photo(width: int = 640, height: int = 480, colour: str = "tomato") -> Image.Image:
    """Left half one colour, right half white, so that a turn shows."""
    image = Image.new("RGB", (width, height), "white")
    image.paste(Image.new("RGB", (width // 2, height), colour), (0, 0))
    return image


def exif(orientation: int = 1) -> bytes:
    """Where it was taken, by which camera, with which words: everything that must not stay."""
    made = Image.Exif()
    made[0x010E], made[0x010F], made[0x0112], made[0x013B] = PLANTED, PLANTED, orientation, PLANTED
    made.get_ifd(0x8825).update(
        {1: "N", 2: tuple(a / b for a, b in LATITUDE), 3: "E", 4: (5.0, 17.0, 2.0), 29: PLANTED}
    )
    return made.tobytes()


def xmp() -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{PLANTED}</rdf:RDF></x:xmpmeta>'.encode()


def jpeg(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    return _saved(
        image or photo(), "JPEG", exif=exif(orientation), xmp=xmp(), comment=PLANTED.encode(), icc_profile=_profile()
    )


def png(image: Image.Image | None = None) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", PLANTED)
    words.add_text("Description", PLANTED, zip=True)
    words.add_itxt("XML:com.adobe.xmp", xmp().decode())
    return _saved(image or photo(), "PNG", pnginfo=words, exif=exif())


def webp(image: Image.Image | None = None) -> bytes:
    return _saved(image or photo(), "WEBP", exif=exif(), xmp=xmp(), icc_profile=_profile())


def heic(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    made = from_pillow(image or photo())
    made.info.update({"exif": exif(orientation), "xmp": xmp()})
    out = io.BytesIO()
    made.save(out, format="HEIF", quality=60)
    return out.getvalue()


def film(format_: str) -> bytes:
    frames = [photo(64, 64, colour) for colour in ("red", "blue", "green")]
    return _saved(frames[0], format_, save_all=True, append_images=frames[1:], duration=100)


def png_that_says(width: int, height: int) -> bytes:
    """A tiny file that claims to be a huge picture, and unpacks to very much of nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def png_with_endless_words() -> bytes:
    """A text chunk of two hundred kilobytes that unpacks to two hundred megabytes."""
    whole = _saved(photo(8, 8), "PNG")
    bomb = b"Comment\0\0" + zlib.compress(b"\0" * 200_000_000, 9)
    return whole[:33] + _chunk(b"zTXt", bomb) + whole[33:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + PLANTED.encode()


def _saved(image: Image.Image, format_: str, **facts: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **facts)
    return out.getvalue()
