"""What people typed: cleaned before it is stored, made safe before it is shown. Pure functions."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from html import escape

import nh3
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markupsafe import Markup

from stoep.common.lookalikes import skeleton

JOINERS = "\u200c\u200d"
# Letters and marks that take no ink: with them a text looks empty, or two names look the same.
INKLESS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
DROPPED = {"Cc", "Cf", "Cs", "Co"}

PARTICLES = """
    af al ben bin da dal de del dela den der des di dos du d' el la le los op 's 't te ten ter uit uyt van vande vanden
    vander ver verde von vom zu zum zur
"""

# First words that speak for a city or an office. As a last name they are real: Jan Burgemeester, Thomas Stadt.
TITLES = """
    stad stadt city gemeente commune gemeinde provincie province provinz dienst service dienststelle department
    departement burgemeester bourgmestre burgermeister buergermeister mayor schepen echevin schoffe schoeffe wethouder
    agent inspecteur wijkagent wijkinspecteur commissaris commissaire team
"""
# Words that no neighbour is called, wherever they stand.
OFFICES = """
    politie politiezone police polizei ocmw cpas oshz oeshz moderator moderators moderatie moderateur moderatrice
    moderatorin moderation admin admins administrator administratie administration administrateur beheerder webmaster
    helpdesk support klantendienst klantenservice stadhuis stadsbestuur gemeentebestuur stadsdienst stadsdiensten
    stadskantoor stadsloket stadsdiensten gemeentehuis gemeentedienst gemeentediensten stadtverwaltung rathaus mairie
    gemeindeverwaltung hoteldeville brandweer pompiers feuerwehr officieel official officiel officielle offiziell
    noreply systeem system redactie wijkmanager buurtbeheerder
"""
# Hidden in a run of letters these are still plain: "PolitieHasselt", "Poli tie".
ROOTS = "politie gemeente moderator administrator stadhuis stadsbestuur gemeentebestuur stadsdienst ocmw brandweer"

# Latin letters and the signs around them, none of them dropped or in need of NFC: most texts, told at once.
EVERYDAY = re.compile("[\n -~\u00a1-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201e\u2026\u20ac]*")
POSSIBLE_LINK = re.compile(r"\w[.:/]\S|@")
LINK_RELATION = "nofollow noopener ugc"
LINK_SCHEMES = {"http", "https", "mailto", "tel"}
LOCAL_ENDINGS = ["brussels", "vlaanderen", "gent", "amsterdam", "frl", "info", "app", "online", "shop"]

ELEVEN_DIGITS = re.compile(r"(?<!\d)(?=(\d(?:[ \t\u00a0\u202f.,_/\u00b7\u2010-\u2015-]{0,3}\d){10})(?!\d))")
MASK = "•" * 11


class TextRefused(ValueError):
    """Why a text cannot be placed: `empty`, `too_long`, `national_number`, or a reason of whoever places it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked(text: str, *, most: int, may_be_empty: bool = False) -> str:
    """The text as it is kept: cleaning may make it empty, and in some scripts longer. Raises TextRefused."""
    text = clean_text(text)
    if not text and not may_be_empty:
        raise TextRefused("empty")
    if len(text) > most:
        raise TextRefused("too_long")
    if contains_national_number(text):
        raise TextRefused("national_number")
    return text


def clean_text(text: str) -> str:
    """Fit to store: NFC, single line breaks, one empty line at most, nothing invisible but the joiners inside words."""
    text = re.sub(r"\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text).replace("\t", " ")
    if not EVERYDAY.fullmatch(text):
        text = "".join(char for char in text if char == "\n" or char in JOINERS or not _is_dropped(char))
        text = _without_stray_joiners(unicodedata.normalize("NFC", text))
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_name(text: str) -> str:
    """As `clean_text`, on one line with single spaces."""
    return " ".join(clean_text(text).split())


def has_first_and_last_name(name: str) -> bool:
    """Two words of two letters or more (one is enough in Chinese); no digits and nothing of an address in it."""
    name = clean_name(name)
    if any(char.isdigit() or char in "@/\\" for char in name):
        return False
    return sum(_is_whole_word(word) for word in name.split()) > 1


def looks_official(name: str, places: Collection[str] = ()) -> bool:
    """Does the name speak for a city, an office or the moderators, also in look-alike letters, digits or spacing?

    A surname is no office: "Jan Burgemeester" and "An Van der Stadt" pass, "Burgemeester Jan" does not.
    `places` are names of the municipality: with them "Hasselt Stad" is caught too.
    """
    where = {word for place in places for word in _words(place)}
    return any(_is_office(words, where) for words in _readings(clean_name(name)))


def initials(name: str) -> str:
    """One or two capitals for an avatar: "Marie Van den Broeck" → "MV"."""
    words = clean_name(name).split()
    if not words:
        return "?"
    return _capital(words[0]) + (_capital(words[_last_name_at(words)]) if len(words) > 1 else "")


def first_name_and_initial(name: str) -> str:
    """What strangers see: "Marie Van den Broeck" → "Marie V."; a single word stays."""
    words = clean_name(name).split()
    return f"{words[0]} {_capital(words[_last_name_at(words)])}." if len(words) > 1 else "".join(words)


def excerpt(text: str, length: int) -> str:
    """One line of at most `length` characters, cut between words, with "…" when something is missing."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    room = line[: max(length, 1)]
    whole_words = room.rpartition(" ")[0]
    return (whole_words if len(whole_words) * 2 > length else room[:-1]).rstrip(" ,;:.–-") + "…"


def paragraphs_to_html(text: str) -> Markup:
    """Plain text as paragraphs with line breaks and links. Only `p`, `br` and `a` come out; all else is text."""
    paragraphs = re.split(r"\n{2,}", clean_text(text))
    html = "".join(f"<p>{_with_links(paragraph)}</p>" for paragraph in paragraphs if paragraph)
    html = html.replace("\n", "<br>")
    safe = nh3.clean(
        html, tags={"p", "br", "a"}, attributes={"a": {"href"}}, url_schemes=LINK_SCHEMES, link_rel=LINK_RELATION
    )
    return Markup(safe)  # noqa: S704  escaped above and cleaned by nh3


def contains_national_number(text: str) -> bool:
    """Is there a Belgian national register number (or a bis number) in it? They are never asked, stored or shown."""
    return next(_national_numbers(text), None) is not None


def without_national_numbers(text: str) -> str:
    """The text with every national register number masked."""
    shown, at = [], 0
    for start, end in _national_numbers(text):
        if start >= at:
            shown += [text[at:start], MASK]
        at = max(at, end)
    return "".join(shown) + text[at:]


def _is_dropped(char: str) -> bool:
    return unicodedata.category(char) in DROPPED or char in INKLESS


def _without_stray_joiners(text: str) -> str:
    """Joiners stay between emoji and inside words of scripts that need them (Persian, Hindi); elsewhere they hide."""
    kept: list[str] = []
    for at, char in enumerate(text):
        after = text[at + 1 : at + 2]
        if char not in JOINERS or (kept and after and _joins(kept[-1]) and _is_joined(after)):
            kept.append(char)
    return "".join(kept)


def _joins(char: str) -> bool:
    is_shaped = unicodedata.category(char) in {"So", "Lo"} or "\U0001f3fb" <= char <= "\U0001f3ff"
    return is_shaped or char == "\ufe0f" or unicodedata.combining(char) == 9  # noqa: PLR2004  9 is the virama class


def _is_joined(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Lo"}


def _is_whole_word(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return len(letters) > 1 or any(unicodedata.category(char) == "Lo" for char in letters)


def _readings(name: str) -> Iterator[list[str]]:
    """The words as written, with capitals inside a word as borders, and with spelled-out letters joined."""
    words = _words(name)
    yield words
    yield _words(re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", name))
    spelled = re.sub(r"(?<!\S)(\S)(?: (\S)(?!\S))+", lambda run: run[0].replace(" ", ""), " ".join(words))
    yield spelled.split()


def _words(text: str) -> list[str]:
    return skeleton(text).split()


def _is_office(words: list[str], where: set[str]) -> bool:
    titles, offices, articles = _known(TITLES), _known(OFFICES), _known("de het la le les the die der das")
    spoken = words[1:] if words and words[0] in articles else words
    is_titled = bool(spoken) and (spoken[0] in titles or spoken[:2] == ["viiie", "de"])  # Ville alone is a first name
    has_place = any(word in where for word in words) and any(word in titles for word in words)
    run = "".join(spoken)
    is_run = any(run.startswith(root) for root in _known(ROOTS)) or run in offices
    return is_titled or has_place or is_run or any(word in offices for word in words)


@cache
def _known(words: str) -> frozenset[str]:
    return frozenset(skeleton(words).split())


def _last_name_at(words: list[str]) -> int:
    """Where the last name begins: at its first particle, else at the last word."""
    particles = (at for at, word in enumerate(words[1:-1], start=1) if word.casefold() in PARTICLES.split())
    return next(particles, len(words) - 1)


def _capital(word: str) -> str:
    letter = next((char for char in word if char.isalpha()), word[:1])
    return letter.upper()[:1]


def _with_links(text: str) -> str:
    """Escaped text in which web and e-mail addresses are links."""
    links: list[Match] = _linkify().match(text) or [] if POSSIBLE_LINK.search(text) else []
    html, at = "", 0
    for link in links:
        html += f'{escape(text[at : link.index])}<a href="{escape(link.url)}">{escape(link.raw)}</a>'
        at = link.last_index
    return html + escape(text[at:])


@cache
def _linkify() -> LinkifyIt:
    linkify = LinkifyIt()
    linkify.add("ftp:", None).add("//", None)
    return linkify.tlds(LOCAL_ENDINGS, keep_old=True)


def _national_numbers(text: str) -> Iterator[tuple[int, int]]:
    for found in ELEVEN_DIGITS.finditer(text):
        digits = "".join(str(int(char)) for char in found[1] if char.isdecimal())
        if _is_national_number(digits):
            yield found.span(1)


def _is_national_number(digits: str) -> bool:
    """A date (month + 20 or + 40 in bis numbers), a serial, and 97 minus the rest; since 2000 with a 2 before."""
    month, day = int(digits[2:4]), int(digits[4:6])
    is_date = month % 20 <= 12 and month < 60 and day <= 31  # noqa: PLR2004  the calendar
    checks = {97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97}
    return is_date and int(digits[9:]) in checks
