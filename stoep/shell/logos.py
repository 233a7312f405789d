"""A city's logo: taken apart and written anew, so that nothing is left in it but shapes, colours, or plain dots.

An SVG stays one only if all of it stands on the lists below; any other is drawn to dots here. PNG, JPEG and WebP are
decoded and encoded again, which leaves all metadata behind. Nothing of an upload is ever served as it came.
"""

import base64
import hashlib
import io
import re
from functools import lru_cache
from xml.etree import ElementTree as ET

import typst
from PIL import Image

LARGEST_FILE = 500_000
# What is kept is read with the city on many pages, and printed on every letter.
LARGEST_KEPT = 120_000
MOST_PIXELS = 40_000_000
WIDEST = 512
SVG = "http://www.w3.org/2000/svg"
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
SHAPES = {
    *{"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "title", "desc"},
    *{"linearGradient", "radialGradient", "stop", "clipPath"},
}
TRAITS = {
    *{"viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "d"},
    *{"points", "transform", "id", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap"},
    *{"stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-opacity", "opacity", "offset", "stop-color"},
    *{"stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod", "clip-path", "clip-rule", "version"},
    *{"clipPathUnits", "preserveAspectRatio"},
}
# A reference leads to a part of the same picture, or nowhere.
OWN_PART = re.compile(r"#[\w.-]+")
HARMLESS_VALUE = re.compile(r"url\(#[\w.-]+\)|(?!.*url)[\w\s#%.,+()-]*", re.DOTALL | re.IGNORECASE)
DEEPEST = 40
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*>", re.IGNORECASE)
DOTS = re.compile(r'^<svg [^>]*><image [^>]*href="data:image/png;base64,([A-Za-z0-9+/=]+)"/></svg>$')
ICON_SIZES = (180, 192, 512)
# Where a phone cuts an icon to its own shape, the middle four fifths are safe.
MARGIN = {True: 0.14, False: 0.04}
HOUSE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" fill="{colour}"/>'
    '<path fill="#fff" d="M24 11.5 11.5 22.6V35a2 2 0 0 0 2 2h7v-9h7v9h7a2 2 0 0 0 2-2V22.6Z"/></svg>'
)
PAGE = """
#set page(width: {size}pt, height: {size}pt, margin: {margin}pt, fill: {fill})
#align(center + horizon, image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "contain"))
"""


class LogoRefusedError(ValueError):
    """`reason`: `size`, or `format` for what is no picture that we can read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def logo_from(content: bytes) -> str:
    """The logo as we keep it: an SVG of shapes, or one that holds nothing but our own PNG. Raises LogoRefusedError."""
    if len(content) > LARGEST_FILE:
        raise LogoRefusedError("size")
    text = _as_svg(content)
    if _depth(text) > DEEPEST:
        raise LogoRefusedError("format")
    kept = _of_shapes(text) if text else _wrapped(_opened(content))
    if text and (not kept or len(kept) > LARGEST_KEPT):
        kept = _wrapped(_opened(_drawn(text, WIDEST, margin=0, fill="none")))
    if len(kept) > LARGEST_KEPT:
        raise LogoRefusedError("size")
    _drawn(kept, ICON_SIZES[0], margin=0, fill="none")  # what cannot be drawn would break every page and letter
    return kept


def logo_file(logo: str) -> tuple[str, bytes]:
    """What a browser gets: (content type, bytes)."""
    dots = DOTS.match(logo)
    return ("image/png", base64.b64decode(dots[1])) if dots else ("image/svg+xml", logo.encode())


@lru_cache(maxsize=1000)
def mark_of(logo: str, colour: str) -> str:
    """Twelve digits that stand for this logo and colour: its address changes when it does."""
    return hashlib.sha256(f"{colour.upper()} {logo}".encode()).hexdigest()[:12]


@lru_cache(maxsize=60)
def icon_file(logo: str, colour: str, size: int, *, is_cut: bool = False) -> bytes:
    """A square PNG for a home screen: the logo on white, or a house on the city's colour. `is_cut`: by the phone."""
    if not logo:
        return _drawn(HOUSE.format(colour=colour), size, margin=0, fill=f'rgb("{colour}")')
    return _drawn(logo, size, margin=MARGIN[is_cut], fill="white")


def _as_svg(content: bytes) -> str:
    """The text, if it looks like SVG at all; else nothing."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return text if "<svg" in text else ""


def _depth(text: str) -> int:
    """How deep its elements lie in each other: whoever reads them one within the other needs that much room."""
    deepest = depth = 0
    for mark in re.findall(r"</|/>|<\w", text):
        depth += 1 if mark[1].isalnum() else -1
        deepest = max(deepest, depth)
    return deepest


def _of_shapes(text: str) -> str:
    """Written anew from the lists above; nothing when the picture needs anything else."""
    text = DOCTYPE.sub("", text)
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        return ""
    try:
        root = ET.fromstring(text)  # noqa: S314  no document type is left, so there are no entities to expand
    except ET.ParseError:
        return ""
    if root.tag != f"{{{SVG}}}svg" or not _is_harmless(root):
        return ""
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


def _is_harmless(root: ET.Element) -> bool:
    """Drops what draws nothing (an editor's own notes); says no to everything else that is not listed."""
    for element in root.iter():
        for child in list(element):
            if not str(child.tag).startswith(f"{{{SVG}}}") or child.tag == f"{{{SVG}}}metadata":
                element.remove(child)
        for name in [name for name in element.attrib if name.startswith("{") and name not in HREFS]:
            del element.attrib[name]
        is_listed = str(element.tag).removeprefix(f"{{{SVG}}}") in SHAPES
        if not is_listed or not all(_is_trait(name, value) for name, value in element.attrib.items()):
            return False
    return True


def _is_trait(name: str, value: str) -> bool:
    if name in HREFS:
        return bool(OWN_PART.fullmatch(value))
    return name in TRAITS and bool(HARMLESS_VALUE.fullmatch(value))


def _opened(content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"])
        if picture.width * picture.height > MOST_PIXELS:
            raise LogoRefusedError("size")
        return picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise error if isinstance(error, LogoRefusedError) else LogoRefusedError("format") from error


def _wrapped(picture: Image.Image) -> str:
    """As a PNG within an SVG, so that letters print it as any other. With fewer dots and colours if it is heavy."""
    for widest, few in ((WIDEST, False), (WIDEST, True), (WIDEST // 2, True), (WIDEST // 4, True)):
        kept = io.BytesIO()
        smaller = picture.copy()
        smaller.thumbnail((widest, widest))
        size = smaller.size
        (smaller.quantize(128, method=Image.Quantize.FASTOCTREE) if few else smaller).save(kept, "PNG", optimize=True)
        if kept.tell() < LARGEST_KEPT * 3 // 4:
            break
    width, height = size
    dots = base64.b64encode(kept.getvalue()).decode()
    return (
        f'<svg xmlns="{SVG}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{dots}"/></svg>'
    )


def _drawn(svg: str, size: int, *, margin: float, fill: str) -> bytes:
    """A PNG of `size` dots. Typst reads no file and asks no network for what stands in a picture."""
    page = PAGE.format(size=size, margin=f"{size * margin:.1f}", fill=fill)
    try:
        found: bytes = typst.compile(page.encode(), format="png", ppi=72, sys_inputs={"svg": svg})
    except (RuntimeError, ValueError) as error:
        raise LogoRefusedError("format") from error
    return found
