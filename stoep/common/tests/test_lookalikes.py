"""Texts that look alike have the same skeleton, whatever letters they are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoep.common.lookalikes import LETTERS, PAIRS, skeleton


@pytest.mark.parametrize(
    "disguised",
    [
        "STAD",
        "ѕtаd",
        "ЅТАD",
        "s t a d".replace(" ", ""),
        "st@d",
        "5tad",
        "ѕтаԁ",
        "ｓｔａｄ",
        "𝐬𝐭𝐚𝐝",
        "𝓈𝓉𝒶𝒹",
        "ⓢⓣⓐⓓ",
        "🅂🅃🄰🄳",
        "🅢🅣🅐🅓",
        "ꜱᴛᴀᴅ",
        "ŝtåđ",
        "s\u0336t\u0336a\u0336d\u0336",
        "stɑd",
    ],
)
def test_a_city_in_disguise_is_a_city(disguised: str) -> None:
    assert skeleton(disguised) == skeleton("stad")


@pytest.mark.parametrize(
    ("one", "other"), [("Rnarie", "Marie"), ("VVillems", "Willems"), ("Ali", "AIi"), ("0ost", "Oost"), ("Pau1", "Paul")]
)
def test_letters_that_the_eye_reads_as_another_are_that_other(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Marie", "Mario"), ("Peeters", "Pieters"), ("stad", "staf"), ("Jan", "Jana")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_punctuation_and_spaces_are_one_space() -> None:
    assert skeleton("  Jan -- _Maes_? ") == skeleton("jan maes")
    assert skeleton("") == skeleton("…") == ""


@given(st.text())
def test_no_text_breaks_it_and_case_makes_no_difference(text: str) -> None:
    bare = skeleton(text)

    assert bare == " ".join(bare.split())
    assert skeleton(f" {text} ") == bare


@given(st.text("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_plain_letters_are_the_same_in_capitals(text: str) -> None:
    assert skeleton(text.upper()) == skeleton(text.lower())


def test_every_pair_has_a_letter_below_each() -> None:
    assert all(len(odds) == len(plains) for odds, plains in PAIRS)
    assert all(plain.isascii() and plain.islower() for plain in LETTERS.values())
