"""A municipality's own colour, made fit to read: primary, its darker and tinted kin, and their twins for dark.

Whatever colour comes in, the pairs of the tokens hold; category colours are never themed.
Served as a style sheet of its own, because a page may hold no style (`style_of`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

DEFAULT = "#0B6B5D"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
STEP = 0.02
# Beyond so many steps a colour is no longer the city's: white would become grey, lemon would become olive.
MOST_STEPS = 20
TEXT = 4.5
# The grounds of tokens.css that a primary colour stands on.
LIGHT_GROUNDS = ("#FBF7F0", "#FFFFFF")
DARK_GROUNDS = ("#171512", "#211E1A")
INK, DARK_INK = "#22201C", "#F4EEE4"
WHITE, BLACK = "#FFFFFF", "#171512"
# sRGB is a straight line near black, on either side of its curve.
DARK_SRGB, DARK_LINEAR = 0.04045, 0.0031308
# Below this chroma a colour has no hue; beyond this edge a screen cannot show it.
GREY, EDGE = 1e-6, 0.0005

Oklch = tuple[float, float, float, float]


class UnreadableColourError(ValueError):
    """No colour at all, or none of its shades can be read."""


@dataclass(frozen=True)
class Shades:
    primary: str
    strong: str
    tint: str


@dataclass(frozen=True)
class Theme:
    light: Shades
    dark: Shades


@dataclass(frozen=True)
class Choice:
    """A colour that somebody chose, and the one in which text can be read: the same, or darker by `steps`."""

    asked: str
    readable: str
    steps: int


def choose(colour: str) -> Choice:
    """What becomes of a colour that a city chooses. Raises UnreadableColourError: none, or too pale to stay itself."""
    readable = theme_of(colour).light.primary
    steps = max(0, round((_oklch(colour)[0] - _oklch(readable)[0]) / STEP))
    if steps > MOST_STEPS:
        raise UnreadableColourError(f"{colour} is too light")
    return Choice(colour.upper(), readable, steps)


@lru_cache(maxsize=1000)
def theme_of(colour: str) -> Theme:
    """The theme nearest to `colour` (`#RRGGBB`) in which every text can be read."""
    if not COLOUR.fullmatch(colour):
        raise UnreadableColourError(f"not a colour: {colour!r}")
    tint, dark_tint = _with_lightness(colour, 0.95, most_chroma=0.03), _with_lightness(colour, 0.30, most_chroma=0.05)
    primary = _shifted(colour, -STEP, against=(*LIGHT_GROUNDS, WHITE, tint))
    twin = _shifted(_with_lightness(colour, 0.78, most_chroma=0.13), STEP, against=(*DARK_GROUNDS, BLACK, dark_tint))
    return Theme(
        light=Shades(primary, _moved(primary, -0.07), tint),
        dark=Shades(twin, _moved(twin, 0.06), dark_tint),
    )


def style_of(colour: str) -> str:
    """The style sheet of a municipality: a handful of custom properties, for light and for dark."""
    theme = theme_of(colour)
    light, dark = _properties(theme.light), _properties(theme.dark)
    return (
        f":root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{html:not([data-look="light"]){{{dark}}}}}'
        f'html[data-look="dark"]{{{dark}}}\n'
    )


def contrast(one: str, other: str) -> float:
    """WCAG 2: between 1 and 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _properties(shades: Shades) -> str:
    return f"--primary:{shades.primary};--primary-strong:{shades.strong};--primary-tint:{shades.tint}"


def _shifted(colour: str, step: float, against: tuple[str, ...]) -> str:
    """Darker or lighter in small steps until it can be read on all of `against`."""
    for _attempt in range(int(1 / STEP)):
        if all(contrast(colour, ground) >= TEXT for ground in against):
            return colour
        colour = _moved(colour, step)
    raise UnreadableColourError(f"no shade of {colour} can be read")


def _moved(colour: str, by: float) -> str:
    lightness, chroma, cosine, sine = _oklch(colour)
    return _hex((min(max(lightness + by, 0.0), 1.0), chroma, cosine, sine))


def _with_lightness(colour: str, lightness: float, most_chroma: float) -> str:
    _own, chroma, cosine, sine = _oklch(colour)
    return _hex((lightness, min(chroma, most_chroma), cosine, sine))


def _channels(colour: str) -> tuple[float, float, float]:
    """Linear light, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= DARK_SRGB else float(((value + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> Oklch:
    """Lightness, chroma, and the hue as cosine and sine (Björn Ottosson's Oklab)."""
    red, green, blue = _channels(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    chroma = float((a * a + b * b) ** 0.5)
    return (lightness, chroma, a / chroma, b / chroma) if chroma > GREY else (lightness, 0.0, 1.0, 0.0)


def _hex(colour: Oklch) -> str:
    """The nearest colour a screen can show: chroma gives way, lightness and hue stay."""
    lightness, chroma, cosine, sine = colour
    while True:
        linear = _to_linear(lightness, chroma * cosine, chroma * sine)
        if chroma < STEP / 10 or all(-EDGE <= value <= 1 + EDGE for value in linear):
            break
        chroma *= 0.95
    return "#" + "".join(f"{round(_encoded(value) * 255):02X}" for value in linear)


def _to_linear(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encoded(value: float) -> float:
    held = min(max(value, 0.0), 1.0)
    return held * 12.92 if held <= DARK_LINEAR else float(1.055 * held ** (1 / 2.4) - 0.055)
