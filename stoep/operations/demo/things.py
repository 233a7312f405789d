"""Pictures of things that neighbours of the demo lend each other."""

from collections.abc import Callable, Mapping

from stoep.operations.demo.drawing import WIDE, Sheet


def ladder() -> Sheet:
    """Against the wall of a shed."""
    sheet = Sheet(WIDE, "#cfe3ef", "#e9eef0")
    sheet.block((640, 420), (1400, 860), "#b9694d", round_=0)
    for row in range(15):
        for brick in range(-1, 9):
            at = (brick * 170 + (85 if row % 2 else 0) + 40, row * 58 + 20)
            sheet.block(at, (160, 48), "#c4775a" if (row + brick) % 3 else "#b06247", round_=4)
    sheet.block((640, 905), (1400, 130), "#93a882", round_=0)
    left, right = [(470.0, 900.0), (590.0, 90.0)], [(690.0, 900.0), (760.0, 90.0)]
    for step in range(10):
        part = (step + 0.7) / 10.4
        ends = [(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in (left, right)]
        sheet.line([(x, y + 10) for x, y in ends], (70, 40, 20, 90), 20)
        sheet.line(ends, "#e2b877", 20)
    for rail in (left, right):
        sheet.line([(x + 12, y + 8) for x, y in rail], (70, 40, 20, 90), 30)
        sheet.line(rail, "#d6a35f", 30)
    return sheet


def drill() -> Sheet:
    """On the workbench, with its box behind it."""
    sheet = Sheet(WIDE, "#f3e6d2", "#ecd9bd")
    for plank in range(5):
        sheet.block((640, 520 + plank * 110), (1400, 104), "#c99c66" if plank % 2 else "#d2a873", round_=6)
    sheet.block((930, 390), (520, 300), "#3d5a6c", shadow=14, round_=26)
    sheet.block((930, 262), (150, 46), "#2f4756", round_=18)
    body, dark = "#2f8f6b", "#23312c"
    sheet.area([(470, 640), (590, 640), (560, 850), (440, 850)], body, shadow=12)
    sheet.block((505, 868), (190, 74), dark, shadow=8, round_=16)
    sheet.block((520, 585), (400, 150), body, shadow=12, round_=50)
    for slit in range(4):
        sheet.block((640 + slit * 24, 560), (10, 60), "#23795a", round_=5)
    sheet.block((464, 690), (34, 52), dark, round_=12)
    sheet.area([(325, 540), (250, 560), (250, 612), (325, 632)], "#4a4f52")
    sheet.line([(250, 586), (110, 586)], "#8d9499", 16)
    sheet.area([(112, 578), (78, 586), (112, 594)], "#8d9499")
    sheet.oval((660, 600), (44, 44), "#f3c24a")
    return sheet


# By the key of the common thing (`exchange/shelf_kinds.py`), with what is in it, for who cannot see it.
PICTURES: Mapping[str, tuple[Callable[[], Sheet], str]] = {
    "drill": (drill, "Een groene boormachine op een werkbank, met de koffer erachter"),
    "ladder": (ladder, "Een houten ladder tegen een bakstenen muur"),
}
