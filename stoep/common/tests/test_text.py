"""What people typed is stored clean and shown safely; their names are theirs, and nobody speaks for the city."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoep.common.text import (
    clean_name,
    clean_text,
    contains_national_number,
    excerpt,
    first_name_and_initial,
    has_first_and_last_name,
    initials,
    looks_official,
    paragraphs_to_html,
    without_national_numbers,
)

ANY = st.text()
WORDS = st.text(st.characters(categories=["L", "Nd", "Zs", "P"]), max_size=200)


class TestCleaning:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  hallo  ", "hallo"),
            ("a\r\nb\rc\u2028d\ve", "a\nb\nc\nd\ne"),
            ("a\n\n\n\n\nb", "a\n\nb"),
            ("a \t \nb", "a\nb"),
            ("e\u0301e", "ée"),
            ("a\x00b\x07c\u202ed", "abcd"),
            ("a\u200bb\ufeffc\u2060d", "abcd"),
            ("\u3164\u2800", ""),
            ("a\ud800b", "ab"),
            ("👩\u200d🌾", "👩\u200d🌾"),
            ("a\u200db", "ab"),
        ],
    )
    def test_what_is_seen_stays_and_what_is_not_seen_goes(self, typed: str, kept: str) -> None:
        assert clean_text(typed) == kept

    @given(ANY)
    def test_clean_is_clean_and_fit_for_the_database(self, typed: str) -> None:
        kept = clean_text(typed)

        assert clean_text(kept) == kept
        assert unicodedata.is_normalized("NFC", kept)
        assert not {unicodedata.category(char) for char in kept if char not in "\n\u200c\u200d"} & {
            "Cc",
            "Cf",
            "Cs",
            "Co",
        }
        assert "\n\n\n" not in kept
        kept.encode()

    @given(ANY)
    def test_a_name_is_one_line_with_single_spaces(self, typed: str) -> None:
        name = clean_name(typed)

        assert name == " ".join(name.split())
        assert clean_name(name) == name


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "Jan Maes",
            "Marie Van den Broeck",
            "Anne-Sophie D'Hondt",
            "Ö. Öztürk Ay",
            "Đặng Thị",
            "王小明 李",
            "李",
            "محمد علي",
        ],
    )
    def test_first_and_last_are_enough(self, name: str) -> None:
        assert has_first_and_last_name(name) == (name != "李")

    @pytest.mark.parametrize(
        "name", ["", "Jan", "J M", "Jan 2", "jan@post.be", "a/b c/d", "Jan \u3164", "- -", "Jan -"]
    )
    def test_less_is_not(self, name: str) -> None:
        assert not has_first_and_last_name(name)

    @pytest.mark.parametrize(
        ("name", "short", "letters"),
        [
            ("Marie Van den Broeck", "Marie V.", "MV"),
            ("Jan Maes", "Jan M.", "JM"),
            ("Anne Sophie Peeters", "Anne P.", "AP"),
            ("Ahmed El Amrani", "Ahmed E.", "AE"),
            ("Lucía de la Fuente", "Lucía D.", "LD"),
            ("Jan", "Jan", "J"),
            ("", "", "?"),
            ("ß ß", "ß S.", "SS"),
        ],
    )
    def test_strangers_see_a_first_name_and_a_letter(self, name: str, short: str, letters: str) -> None:
        assert (first_name_and_initial(name), initials(name)) == (short, letters)

    @given(ANY)
    def test_a_last_name_never_shows_whole_to_strangers(self, name: str) -> None:
        words = clean_name(name).split()
        short = first_name_and_initial(name)

        assert len(short.split()) <= 2
        assert 1 <= len(initials(name)) <= 2
        assert len(words) < 2 or len(short) <= len(words[0]) + 3

    @pytest.mark.parametrize(
        "name",
        [
            "Stad Hasselt",
            "STAD HASSELT",
            "De Stad Hasselt",
            "Hasselt Stad",
            "Gemeente Hasselt",
            "Ville de Hasselt",
            "Politie Limburg",
            "Wijkagent Jan",
            "Burgemeester Jan Maes",
            "Ѕtаd Наѕѕelt",
            "S t a d Hasselt",
            "PolitieHasselt Zone",
            "Jan Moderator",
            "Admin Maes",
            "0CMW Hasselt",
            "ΡΟLΙΤΙΕ Hasselt",
            "St\u200bad Hasselt",
            "Dienst Burgerzaken",
        ],
    )
    def test_nobody_speaks_for_an_office(self, name: str) -> None:
        assert looks_official(name, ["Hasselt", "Kermt"])

    @pytest.mark.parametrize(
        "name",
        [
            "Jan Burgemeester",
            "Thomas Stadt",
            "An Van der Stadt",
            "Marie Peeters",
            "Jan Schepens",
            "Hasse Hasselt",
            "Teamo Diaz",
        ],
    )
    def test_surnames_are_no_offices(self, name: str) -> None:
        assert not looks_official(name, ["Hasselt", "Kermt"])

    @given(ANY)
    def test_no_name_breaks_the_readers(self, name: str) -> None:
        assert isinstance(looks_official(name, [name]), bool)
        assert isinstance(has_first_and_last_name(name), bool)


class TestNationalNumbers:
    """85.07.30-033.28 is the example that the authorities themselves print."""

    @pytest.mark.parametrize(
        "typed",
        [
            "85.07.30-033.28",
            "85073003328",
            "85 07 30 033 28",
            "mijn nummer is 85.07.30-033.28.",
            "850730-033-28",
            "８５０７３００３３２８",
            "85.07.30–033.28",
        ],
    )
    def test_it_is_seen_however_it_is_written(self, typed: str) -> None:
        assert contains_national_number(typed)
        masked = without_national_numbers(typed)
        assert not contains_national_number(masked)
        assert "•" * 11 in masked

    @pytest.mark.parametrize("serial", ["001", "500", "997"])
    @pytest.mark.parametrize("birth", ["850730", "000101", "230229", "854730", "852730", "000000"])
    def test_every_one_with_a_right_check_is_seen(self, birth: str, serial: str) -> None:
        for century in ("", "2"):
            check = 97 - int(century + birth + serial) % 97
            assert contains_national_number(f"nr {birth}{serial}{check:02}")

    @pytest.mark.parametrize(
        "typed",
        ["", "85073003329", "482917365501", "850730033", "+32 475 12 34 56", "BE68 5390 0754 7034", "1850730033281"],
    )
    def test_other_numbers_are_not(self, typed: str) -> None:
        assert not contains_national_number(typed)
        assert without_national_numbers(typed) == typed

    @given(ANY)
    def test_masking_breaks_on_nothing_and_leaves_none(self, text: str) -> None:
        assert not contains_national_number(without_national_numbers(text))


class Seen(HTMLParser):
    """What a browser makes of it: tags, addresses of links, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "https://a.example/?x=<b>&y='",
        "http://xn--80ak6aa92e.com/",
        "marie@post.example",
        "//evil.example",
        "data:text/html,x",
        'https://a.example/" onmouseover="alert(1)',
        "&lt;b&gt;",
        "<a href='javascript:alert(1)'>x</a>",
        "<!--",
        "]]>",
        "\n\n",
        "\n",
        " ",
        "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//",
    ]
)


class TestShowing:
    def test_paragraphs_lines_and_links(self) -> None:
        html = paragraphs_to_html("Dag buren\nzie www.hasselt.be\n\nof mail marie@hasselt.be")

        assert html.startswith('<p>Dag buren<br>zie <a href="http://www.hasselt.be"')
        assert html.count("<p>") == 2
        assert 'href="mailto:marie@hasselt.be"' in html
        assert 'rel="nofollow noopener ugc"' in html

    @pytest.mark.parametrize("empty", ["", " ", "\n\n\n", "\u200b"])
    def test_nothing_is_nothing(self, empty: str) -> None:
        assert paragraphs_to_html(empty) == ""

    @given(st.lists(st.one_of(PIECES, WORDS), max_size=8).map("".join))
    def test_only_paragraphs_breaks_and_links_come_out(self, typed: str) -> None:
        seen = Seen(str(paragraphs_to_html(typed)))

        assert seen.tags <= {"p", "br", "a"}
        assert seen.attributes <= {"href", "rel"}
        assert all(re.match(r"(https?://|mailto:|tel:)", link) for link in seen.links)

    @given(WORDS)
    def test_every_word_is_still_there(self, typed: str) -> None:
        seen = Seen(str(paragraphs_to_html(typed)))

        assert "".join(seen.text.split()) == "".join(clean_text(typed).split())


class TestExcerpts:
    @given(ANY, st.integers(1, 60))
    def test_they_are_one_line_and_never_too_long(self, text: str, length: int) -> None:
        short = excerpt(text, length)

        assert len(short) <= length
        assert "\n" not in short

    def test_they_end_between_words_and_say_that_something_is_missing(self) -> None:
        assert excerpt("Dag lieve buren van Kermt", 16) == "Dag lieve buren…"
        assert excerpt("Dag buren", 16) == "Dag buren"
        assert excerpt("Donaudampfschifffahrt", 8) == "Donauda…"
