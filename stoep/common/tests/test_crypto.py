"""What lies in the database is of no use without the key that lies outside of it."""

import base64

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from stoep.common.crypto import SealedTextField, key_for, keyed_hash, seal, unseal

ADDRESS = "marie@post.example"
# Postgres and UTF-8 know no halves of letters.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_what_is_sealed_comes_out_whole(text: str) -> None:
    assert unseal("a", seal("a", text)) == text


@given(TEXT.filter(lambda text: len(text) > 5))
def test_a_seal_shows_nothing_and_is_never_the_same(text: str) -> None:
    first, second = seal("a", text), seal("a", text)

    assert first != second
    assert text not in first
    assert text.encode() not in base64.urlsafe_b64decode(first)


@given(TEXT, st.integers(0), st.integers(1, 255))
def test_a_seal_that_was_touched_is_noticed(text: str, at: int, change: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal("a", text)))
    raw[at % len(raw)] ^= change

    with pytest.raises(InvalidToken):
        unseal("a", base64.urlsafe_b64encode(bytes(raw)).decode())


@pytest.mark.parametrize(
    "sealed",
    ["", "x", "é", "AAAA", seal("a", "b")[:-1], seal("another purpose", "b")],
    ids=["nothing", "one letter", "no base64", "too short", "cut off", "for something else"],
)
def test_what_we_did_not_seal_for_this_is_refused(sealed: str) -> None:
    with pytest.raises(InvalidToken):
        unseal("a", sealed)


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = {key_for(purpose) for purpose in ("a", "b", "", "a ")}

    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}


@given(TEXT, TEXT)
def test_a_hash_finds_the_same_again_and_nothing_else(one: str, other: str) -> None:
    assert keyed_hash("a", one) == keyed_hash("a", one)
    assert (keyed_hash("a", one) == keyed_hash("a", other)) == (one == other)
    assert keyed_hash("a", one) != keyed_hash("b", one)
    assert len(keyed_hash("a", one)) == 64


def test_a_sealed_field_is_text_to_migrations_and_sealed_to_the_database() -> None:
    from stoep.people.models import Person

    field = Person._meta.get_field("email")
    assert isinstance(field, SealedTextField)

    kept = field.get_prep_value(ADDRESS)

    assert field.deconstruct()[1] == "django.db.models.TextField"
    assert ADDRESS not in kept
    assert field.from_db_value(kept, None, None) == ADDRESS
    assert (field.get_prep_value(""), field.get_prep_value(None)) == ("", None)
    assert (field.from_db_value("", None, None), field.from_db_value(None, None, None)) == ("", None)


def test_a_sealed_value_cannot_be_moved_to_another_column() -> None:
    from stoep.joining.models import Ticket
    from stoep.people.models import Person

    person, ticket = Person._meta.get_field("email"), Ticket._meta.get_field("email")
    assert isinstance(person, SealedTextField)
    assert isinstance(ticket, SealedTextField)

    with pytest.raises(InvalidToken):
        ticket.from_db_value(person.get_prep_value(ADDRESS), None, None)
