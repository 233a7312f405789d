"""Soft pictures for the demo's posts, drawn when the demo is built: none of them lies in the repository."""

import io
import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDE, FACE = (1280, 960), (640, 640)
# Drawn twice as large, so that edges are smooth.
SCALE = 2
Point = tuple[float, float]
Colour = str | tuple[int, int, int] | tuple[int, int, int, int]


class Sheet:
    """A picture in the making. Places are in pixels of the finished picture; things cast a soft shadow."""

    def __init__(self, size: tuple[int, int], above: Colour, below: Colour) -> None:
        self.size = (size[0] * SCALE, size[1] * SCALE)
        fade = Image.linear_gradient("L").resize(self.size)
        self.image = Image.composite(Image.new("RGB", self.size, below), Image.new("RGB", self.size, above), fade)

    def shape(self, draw: Callable[[ImageDraw.ImageDraw], None], *, shadow: int = 0, blur: int = 0) -> None:
        """What is soft is worked on alone, and no larger than it is: the whole sheet each time would take minutes."""
        if not shadow and not blur:
            draw(ImageDraw.Draw(self.image, "RGBA"))
            return
        layer = Image.new("RGBA", self.size, (0, 0, 0, 0))
        draw(ImageDraw.Draw(layer))
        left, top, right, bottom = layer.getbbox() or (0, 0, 1, 1)
        room = (shadow + blur) * SCALE * 3
        box = (left - room, top - room, right + room, bottom + room)
        layer = layer.crop(box)
        if blur:
            soft = layer.convert("RGBa").filter(ImageFilter.BoxBlur(blur * SCALE))
            layer = soft.filter(ImageFilter.BoxBlur(blur * SCALE)).convert("RGBA")
        if shadow:
            dark = Image.new("RGBA", layer.size, (60, 40, 20, 0))
            dark.putalpha(
                layer.getchannel("A").point(lambda value: value * 0.35).filter(ImageFilter.BoxBlur(shadow * 2))
            )
            self.image.paste(dark, (box[0] + shadow, box[1] + shadow * SCALE), dark)
        self.image.paste(layer, box[:2], layer)

    def oval(self, at: Point, size: Point, colour: Colour, *, shadow: int = 0, blur: int = 0) -> None:
        box = _box(at, size)
        self.shape(lambda pen: pen.ellipse(box, fill=colour), shadow=shadow, blur=blur)

    def block(self, at: Point, size: Point, colour: Colour, *, round_: float = 12, shadow: int = 0) -> None:
        box = _box(at, size)
        self.shape(lambda pen: pen.rounded_rectangle(box, round_ * SCALE, fill=colour), shadow=shadow)

    def area(self, points: list[Point], colour: Colour, *, shadow: int = 0) -> None:
        grown = [(x * SCALE, y * SCALE) for x, y in points]
        self.shape(lambda pen: pen.polygon(grown, fill=colour), shadow=shadow)

    def line(self, points: list[Point], colour: Colour, width: float) -> None:
        grown = [(x * SCALE, y * SCALE) for x, y in points]
        self.shape(lambda pen: pen.line(grown, fill=colour, width=round(width * SCALE), joint="curve"))

    def photo(self) -> bytes:
        """As a camera would hand it over: a JPEG, with a touch of evening light and a little grain."""
        small = self.image.resize((self.size[0] // SCALE, self.size[1] // SCALE), Image.Resampling.LANCZOS)
        light = Image.radial_gradient("L").resize(small.size).point(lambda value: value * 0.28)
        small = Image.composite(Image.new("RGB", small.size, "#6b3f1d"), small, light)
        grain = Image.effect_noise(small.size, 14).convert("RGB")
        out = io.BytesIO()
        Image.blend(small, ImageChops.soft_light(small, grain), 0.5).save(out, "JPEG", quality=88)
        return out.getvalue()


def drawing(name: str) -> bytes:
    """The picture of this name, always the same."""
    return DRAWINGS[name]().photo()


def _box(at: Point, size: Point) -> tuple[float, float, float, float]:
    """Around a middle."""
    (x, y), (width, height) = at, size
    return ((x - width / 2) * SCALE, (y - height / 2) * SCALE, (x + width / 2) * SCALE, (y + height / 2) * SCALE)


def _garden(sheet: Sheet, horizon: float = 560) -> None:
    """Hills, a hedge out of focus, grass."""
    sheet.oval((300, horizon + 60), (1100, 300), "#a9c79a", blur=6)
    sheet.oval((1020, horizon + 40), (1000, 260), "#93b98a", blur=6)
    sheet.block((640, horizon + 320), (1400, 600), "#8bb06f", round_=0)
    chance = Random("grass")  # noqa: S311  a drawing, nothing secret
    for _ in range(240):
        x, y = chance.uniform(0, 1280), chance.uniform(horizon + 40, 960)
        sheet_colour = chance.choice(["#7ba35f", "#98bd7c", "#a8c98a"])
        sheet.line([(x, y), (x + chance.uniform(-6, 6), y - chance.uniform(10, 26))], sheet_colour, 3)


def _cat() -> Sheet:
    sheet = Sheet(WIDE, "#f8dfb8", "#f2c48d")
    _garden(sheet)
    sheet.block((640, 800), (1400, 150), "#d9c3a0", round_=0)
    fur, dark, pale = "#d9803c", "#b9622a", "#f4dfc3"
    sheet.line([(850, 740), (960, 700), (985, 590), (940, 540)], fur, 44)
    sheet.oval((720, 680), (330, 270), fur, shadow=14)
    for x in (640, 700, 760, 820):
        sheet.line([(x, 575), (x + 16, 650)], dark, 13)
    sheet.oval((560, 560), (230, 205), fur, shadow=8)
    for side in (-1, 1):
        sheet.area([(560 + side * 100, 530), (560 + side * 84, 410), (560 + side * 22, 470)], fur)
        sheet.area([(560 + side * 86, 510), (560 + side * 78, 440), (560 + side * 40, 475)], "#eab08a")
        sheet.oval((560 + side * 48, 550), (40, 46), "#fbf4da")
        sheet.oval((560 + side * 46, 552), (19, 38), "#3c2a1c")
        for turn in (-14, 2, 18):
            sheet.line([(560 + side * 40, 600), (560 + side * 150, 592 + turn)], "#fff4e2", 2.5)
    sheet.oval((560, 600), (96, 66), pale)
    sheet.area([(546, 578), (574, 578), (560, 594)], "#b4533f")
    sheet.oval((620, 770), (150, 130), pale)
    for x in (585, 660):
        sheet.block((x, 800), (56, 110), fur, round_=28)
        sheet.oval((x, 848), (74, 42), pale, shadow=4)
    return sheet


def _cake() -> Sheet:
    sheet = Sheet(WIDE, "#fdeccb", "#f6d3a2")
    for x, y, size, colour in ((180, 250, 300, "#cfe0b5"), (520, 170, 260, "#e6e0a8"), (1050, 220, 360, "#bcd4a4")):
        sheet.oval((x, y), (size, size), colour, blur=24)
    sheet.block((640, 800), (1400, 420), "#fff8ee", round_=0)
    for x in range(0, 1400, 90):
        sheet.line([(x, 590), (x - 60, 960)], "#f0c9bd", 26)
    sheet.oval((600, 760), (620, 150), "#e9e3da", shadow=12)
    sheet.oval((600, 750), (560, 120), "#fdfbf7")
    sheet.block((600, 650), (430, 190), "#e2a45c", round_=26, shadow=6)
    sheet.block((600, 660), (430, 34), "#fbe9c9", round_=6)
    sheet.oval((600, 560), (430, 120), "#f7e3bd")
    for turn in range(11):
        angle = turn * math.tau / 11
        place = (600 + 165 * math.cos(angle), 556 + 38 * math.sin(angle))
        sheet.oval(place, (58, 52), "#c73a3f", shadow=3)
        sheet.oval((place[0] - 9, place[1] - 10), (15, 12), "#ee8d86")
    sheet.block((1010, 690), (150, 170), "#3d7f86", round_=34, shadow=10)
    sheet.oval((1010, 612), (150, 46), "#4f99a0")
    sheet.oval((1010, 614), (122, 32), "#5a3622")
    sheet.line([(1082, 660), (1130, 680), (1120, 740), (1076, 740)], "#3d7f86", 20)
    for x in (985, 1020):
        sheet.oval((x, 540), (22, 110), (255, 255, 255, 110), blur=9)
    return sheet


def _drawers() -> Sheet:
    sheet = Sheet(WIDE, "#efe3d2", "#e6d4bc")
    sheet.block((640, 860), (1400, 260), "#b98a5e", round_=0)
    for y in (760, 812, 872, 936):
        sheet.line([(0, y), (1280, y)], "#a87a50", 3)
    sheet.block((450, 560), (430, 480), "#c99a66", round_=14, shadow=16)
    for row in range(4):
        y = 385 + row * 115
        sheet.block((450, y), (386, 98), "#ddb483", round_=10, shadow=2)
        for x in (360, 540):
            sheet.oval((x, y), (28, 28), "#7a5330", shadow=2)
    sheet.block((450, 312), (470, 30), "#b5844f", round_=8)
    sheet.oval((370, 250), (90, 110), "#7aa37a", blur=1)
    sheet.oval((330, 220), (80, 60), "#8fb78a")
    sheet.oval((410, 215), (84, 60), "#6d9a70")
    sheet.block((370, 285), (80, 56), "#d46f4d", round_=12)
    sheet.block((930, 520), (420, 26), "#8fb3c9", round_=8, shadow=10)
    for x in (750, 1110):
        sheet.block((x, 660), (26, 260), "#7da3ba", round_=8)
    sheet.block((1060, 590), (130, 120), "#a5c4d6", round_=8)
    sheet.oval((1060, 590), (20, 20), "#f7f2e8")
    sheet.block((860, 490), (150, 20), "#e9b44c", round_=4)
    sheet.block((856, 472), (130, 18), "#b4532f", round_=4)
    return sheet


def _courgettes() -> Sheet:
    sheet = Sheet(WIDE, "#f3e7cf", "#e8d2ab")
    _garden(sheet, 420)
    sheet.block((640, 850), (1400, 320), "#b88455", round_=0)
    for x in (260, 560, 900):
        sheet.line([(x, 700), (x - 30, 960)], "#a57548", 4)
    sheet.oval((640, 720), (760, 150), "#7d552f", shadow=14)
    for turn, (x, y) in enumerate(((420, 610), (560, 560), (700, 545), (830, 600), (640, 630), (500, 655), (770, 660))):
        tilt = -60 + turn * 20
        end = (x + 150 * math.cos(math.radians(tilt)) * 0.9, y + 34 * math.sin(math.radians(tilt)))
        sheet.line([(x - 80, y + 12), end], "#3f7a3f" if turn % 3 else "#d9b23c", 66)
        sheet.oval((x - 82, y + 12), (66, 66), "#3f7a3f" if turn % 3 else "#d9b23c")
        sheet.oval(end, (66, 66), "#3f7a3f" if turn % 3 else "#d9b23c")
        sheet.line([(x - 70, y), (end[0] - 10, end[1] - 14)], "#74a866" if turn % 3 else "#f0d479", 8)
        sheet.line([end, (end[0] + 40, end[1] - 16)], "#8a9a4a", 22)
    sheet.area([(270, 700), (1010, 700), (950, 880), (330, 880)], "#a8733f", shadow=10)
    for row in range(4):
        for column in range(16):
            x = 300 + column * 44 + (22 if row % 2 else 0)
            sheet.block((x, 722 + row * 42), (36, 24), "#c48d55" if (row + column) % 2 else "#b57f49", round_=10)
    return sheet


def _keys() -> Sheet:
    sheet = Sheet(WIDE, "#cf8d77", "#bd735c")
    chance = Random("stones")  # noqa: S311  a drawing, nothing secret
    for row in range(9):
        for column in range(10):
            shade = chance.choice(["#c9826b", "#c47a63", "#d08f79", "#bb6f59"])
            x = column * 150 + (75 if row % 2 else 0)
            sheet.block((x, row * 112 + 40), (142, 104), shade, round_=8)
    for x, y, colour in ((210, 220, "#e3a93d"), (1080, 260, "#c9622e"), (980, 800, "#dc8f35"), (300, 800, "#b9502b")):
        sheet.oval((x, y), (130, 80), colour, shadow=5)
        sheet.line([(x - 60, y + 10), (x + 90, y - 14)], "#8f4a1e", 4)
    sheet.oval((560, 430), (240, 240), "#8d9196", shadow=8)
    sheet.oval((560, 430), (196, 196), "#c47a63")
    for turn, colour in ((52, "#d8b35a"), (78, "#b9bec4"), (112, "#c9a04c")):
        angle = math.radians(turn)
        far = (560 + 420 * math.cos(angle), 430 + 420 * math.sin(angle))
        near = (560 + 130 * math.cos(angle), 430 + 130 * math.sin(angle))
        sheet.line([near, far], colour, 30)
        sheet.oval(near, (118, 118), colour, shadow=5)
        sheet.oval((560 + 112 * math.cos(angle), 430 + 112 * math.sin(angle)), (36, 36), "#bb6f59")
        for tooth in (340, 380):
            at = (560 + tooth * math.cos(angle), 430 + tooth * math.sin(angle))
            sheet.line([at, (at[0] - 40 * math.sin(angle), at[1] + 40 * math.cos(angle))], colour, 20)
    sheet.oval((420, 300), (150, 150), "#3d7f86", shadow=8)
    sheet.oval((420, 300), (96, 96), "#f7ead0")
    return sheet


def _portrait(
    ground: Colour, skin: str, hair: str, shirt: str, *, is_long: bool = False, has_beard: bool = False
) -> Sheet:
    sheet = Sheet(FACE, ground, "#f3e3c8")
    sheet.oval((110, 130), (220, 220), (255, 255, 255, 60), blur=20)
    if is_long:
        sheet.block((320, 340), (330, 380), hair, round_=150, shadow=6)
    sheet.oval((320, 640), (470, 340), shirt, shadow=10)
    sheet.block((320, 455), (100, 130), skin, round_=40)
    sheet.oval((320, 310), (252, 300), skin, shadow=6)
    sheet.shape(lambda pen: pen.chord(_box((320, 282), (290, 290)), 188, 352, fill=hair))
    if has_beard:
        sheet.shape(lambda pen: pen.chord(_box((320, 335), (252, 256)), 22, 158, fill=hair))
    for side in (-1, 1):
        sheet.oval((320 + side * 54, 305), (24, 28), "#3a2a20")
        sheet.oval((324 + side * 54, 300), (8, 8), "#ffffff")
        sheet.line([(320 + side * 78, 266), (320 + side * 34, 262)], hair, 9)
        sheet.oval((320 + side * 80, 362), (54, 36), (226, 110, 90, 80), blur=7)
    sheet.line([(320, 320), (312, 356), (326, 360)], "#b07a5c", 5)
    mouth = _box((320, 378), (96, 56))
    sheet.shape(lambda pen: pen.chord(mouth, 10, 170, fill="#a53f3a"))
    return sheet


DRAWINGS: dict[str, Callable[[], Sheet]] = {
    "cat": _cat,
    "cake": _cake,
    "drawers": _drawers,
    "courgettes": _courgettes,
    "keys": _keys,
    "face-neighbour": lambda: _portrait("#e8b98a", "#f0c8a8", "#7a4a2a", "#c2553f", is_long=True),
    "face-second-neighbour": lambda: _portrait("#a9c9c4", "#c98f66", "#2e2320", "#2f6f73", has_beard=True),
    "face-ambassador": lambda: _portrait("#d6cfa6", "#edc3a2", "#c9c5bd", "#49658a"),
}
