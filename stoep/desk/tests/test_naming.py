"""A name that is said and typed: forgiven in its dress, never in its letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoep.desk.naming import is_same_name

SAME = [
    ("marie peeters", "Marie Peeters"),
    ("Peeters Marie", "Marie Peeters"),
    ("Jose Munoz", "José Muñoz"),
    ("Van der Smissen Jos", "Jos Van der Smissen"),
    ("Jos Vandersmissen", "Jos Van der Smissen"),
    ("Sean O Brien", "Seán O'Brien"),
    ("Sean OBrien", "Seán O’Brien"),
    ("Soren Strauss", "Søren Strauß"),
    ("  An-Sofie   Claes ", "An Sofie Claes"),
    ("李 小龙", "李小龙"),
]
OTHER = [
    ("Marie", "Marie Peeters"),
    ("Maria Peeters", "Marie Peeters"),
    ("Marie Peters", "Marie Peeters"),
    ("", "Marie Peeters"),
    ("...", "…"),
    ("Marie Peeters Claes", "Marie Peeters"),
    ("%", "Marie Peeters"),
]


@pytest.mark.parametrize(("typed", "known"), SAME, ids=range(len(SAME)))
def test_these_are_the_same(typed: str, known: str) -> None:
    assert is_same_name(typed, known)


@pytest.mark.parametrize(("typed", "known"), OTHER, ids=range(len(OTHER)))
def test_these_are_not(typed: str, known: str) -> None:
    assert not is_same_name(typed, known)


LETTERS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12)
NAMES = st.lists(LETTERS, min_size=1, max_size=4).map(" ".join)


@given(NAMES)
def test_a_name_is_itself_in_any_form_of_unicode(name: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert is_same_name(unicodedata.normalize(form, name), name)


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_works_both_ways_and_never_breaks(one: str, other: str) -> None:
    assert is_same_name(one, other) == is_same_name(other, one)


@given(NAMES, LETTERS)
def test_a_name_with_more_in_it_is_another(name: str, more: str) -> None:
    assert not is_same_name(f"{name} {more}", name)
