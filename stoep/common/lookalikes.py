"""Look-alike letters: what a name looks like to the eye, whatever letters or digits it is written in."""

import re
import unicodedata

# Pairs of strings: each letter of the first looks like the letter below it.
PAIRS = (
    # Cyrillic
    ("АВЕЅІЈКМНОРСТУХԌԚԜаеѕіјорсухԁһӏԛԝгпкмтнвиь", "abesijkmhopctyxgqwaesijopcyxdhlqwrnkmthbub"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεηικνορτυχωϲγϳ", "abezhikmnoptyxabenikvoptuxwcyj"),
    # Armenian and Cherokee
    ("օսոհցԼՏՍ", "ounhglsu"),
    ("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷΝᎾᏢᏒᏚᎢᏙᎳᎩᏃ", "abcdehjklmnoprstvwyz"),
    # Latin with strokes, small capitals and turned forms
    ("ıɩɑɡłøđħŧɪʟɴʀʏʙɢʜᴀᴄᴅᴇᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡᴢæœɵɛⅼ", "iiagiodhtilnrybghacdejkmopstuvwzeooel"),
    # Digits and signs
    ("013456789@$€|!¡ǀ×", "oieasgtbgaseiiiix"),
)
LETTERS = {ord(odd): plain for odds, plains in PAIRS for odd, plain in zip(odds, plains, strict=True)}
# Letters in dark circles and squares, and the flags' letters.
LETTERS |= {first + at: chr(ord("a") + at) for first in (0x1F150, 0x1F170, 0x1F1E6) for at in range(26)}
# Groups that the eye reads as one letter, and letters it takes for another.
GROUPS = str.maketrans({"l": "i", "j": "i", "0": "o"})


def skeleton(text: str) -> str:
    """Lower-case words of plain letters; two texts that look alike have the same."""
    plain = unicodedata.normalize("NFKD", text.translate(LETTERS))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).translate(LETTERS).casefold()
    plain = plain.translate(LETTERS).translate(GROUPS).replace("rn", "m").replace("vv", "w")
    return " ".join(re.sub(r"[^\w]|_", " ", plain).split())
