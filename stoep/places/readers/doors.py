"""Write a house number and a box in one way, however a register wrote them."""

import re

from stoep.places.readers.columns import whole_number

_BOX_IN_NUMBER = re.compile(r"^(\d[^_/]*?)\s*(?:_|/|\b(?:BUS|BTE|BOITE|BOÎTE|BOX|POSTFACH|APP)\b\.?)\s*(\S.*)$")
_GLUED_BUS = re.compile(r"^(\d+[A-Z]?)(?:BUS|BTE)\s*(\S+)$")
_WORD_BEFORE_BOX = re.compile(r"^(?:BUS|BTE|BOITE|BOÎTE|BOX|POSTFACH)\b\.?\s*")
_SPACE_BEFORE_LETTER = re.compile(r"(?<=\d)\s+(?=[A-Z]+$)")


def normal_door(number: str, box: str) -> tuple[str, str]:
    """`86d` is 86D; `10_2`, `10/2` and `10 bus 2` are 10 box 2. Both arguments are already clean text.

    Leading zeros stay: in Mechelen 8 and 08 of one street are two houses.
    """
    number, box = whole_number(number).upper(), box.upper()
    found = _BOX_IN_NUMBER.match(number) or _GLUED_BUS.match(number)
    if found:
        number, in_number = found[1].strip(), found[2]
        box = box or in_number
    number = _SPACE_BEFORE_LETTER.sub("", number)
    return number, _WORD_BEFORE_BOX.sub("", box) or box
