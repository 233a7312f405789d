"""Promises of the codes: typing errors are noticed, kind typing is understood, nothing is guessable or readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoep.joining import codes

FREE_DIGITS = st.text("0123456789", min_size=11, max_size=11)
WHOLE_CODES = FREE_DIGITS.map(lambda free: free + codes.check_digit(free))


@given(WHOLE_CODES, st.integers(0, 11), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(code: str, place: int, shift: int) -> None:
    wrong = str((int(code[place]) + shift) % 10)

    assert not codes.is_well_formed(code[:place] + wrong + code[place + 1 :])


@given(WHOLE_CODES, st.integers(0, 10))
def test_every_swap_of_two_neighbouring_digits_is_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert codes.is_well_formed(swapped) == (swapped == code)


def test_the_table_itself_is_totally_anti_symmetric() -> None:
    table = codes._DAMM
    digits = range(10)

    assert all(sorted(row) == list(digits) and row[place] == 0 for place, row in enumerate(table))
    assert all(table[table[c][x]][y] != table[table[c][y]][x] for c in digits for x in digits for y in digits if x != y)


def test_new_codes_are_whole_and_all_different() -> None:
    made = codes.new_codes(3000)

    assert len(set(made)) == 3000
    assert all(codes.is_well_formed(code) for code in made)
    assert codes.new_codes(0) == []


def test_new_codes_use_every_digit_in_every_free_place() -> None:
    made = codes.new_codes(1000)

    assert all({code[place] for code in made} == set("0123456789") for place in range(12))


def test_a_code_drawn_twice_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter([5, 5, 6])
    monkeypatch.setattr("secrets.randbelow", lambda _limit: next(draws))

    assert [code[:11] for code in codes.new_codes(2)] == ["00000000005", "00000000006"]


@pytest.mark.parametrize(
    "text", ["", "12345678901", "1234567890123", "abcdefghijkl", "４８２９ 1736 55", "¹²³456789012"]
)
def test_only_twelve_plain_digits_are_well_formed(text: str) -> None:
    assert not codes.is_well_formed(text)


@given(WHOLE_CODES)
def test_what_the_letter_shows_is_understood_when_typed(code: str) -> None:
    assert codes.normalise(codes.shown(code)) == code
    assert codes.is_well_formed(code)


@pytest.mark.parametrize(
    "typed",
    [
        "482917365501",
        " 4829 1736 5501 ",
        "4829-1736-5501",
        "4829–1736—5501",
        "4829.1736.5501",
        "4829\u00a01736\u202f5501\n",
        "4829\u200b1736\ufeff5501",
        "4829\t1736\r\n5501",
        "４８２９　１７３６　５５０１",
        "4829 1736 55O1",
        "4829 1736 55oI",
        "4829 l736 550|",
        "٤٨٢٩ ١٧٣٦ ٥٥٠١",
        "'4829/1736/5501'.",
    ],
)
def test_kind_typing_is_understood(typed: str) -> None:
    assert codes.normalise(typed) == "482917365501"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "4829 1736 550",
        "4829 1736 5501 2",
        "4829 1736 55x1",
        "code",
        "\x00",
        "4829 1736 55²1",
        " " * 81,
        "1" * 10**6,
    ],
)
def test_what_cannot_be_a_code_is_nothing(typed: str) -> None:
    assert codes.normalise(typed) is None


@given(st.text())
def test_no_input_breaks_the_reader(typed: str) -> None:
    read = codes.normalise(typed)

    assert read is None or (len(read) == 12 and read.isascii() and read.isdigit())


def test_a_typing_error_is_told_apart_from_a_code_nobody_has() -> None:
    right = codes.new_codes(1)[0]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)

    assert codes.normalise(wrong) == wrong
    assert not codes.is_well_formed(wrong)


def test_a_well_formed_code_is_read_and_a_typing_error_says_which_kind_it_is() -> None:
    right = codes.new_codes(1)[0]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)

    assert codes.well_formed(codes.shown(right)) == right
    for typed, reason in ((wrong, "typo"), (right[:-1], "length"), ("", "length")):
        with pytest.raises(codes.CodeRefused) as refused:
            codes.well_formed(typed)
        assert refused.value.reason == reason


def test_the_database_keeps_a_hash_that_shows_no_digit_group() -> None:
    code = codes.new_codes(1)[0]

    assert codes.code_hash(code) == codes.code_hash(code)
    assert codes.code_hash(code) != codes.code_hash(codes.new_codes(1)[0])
    assert len(codes.code_hash(code)) == 64
    assert code not in codes.code_hash(code)


def test_own_keys_are_six_digits_and_never_easy() -> None:
    keys = [codes.new_own_key() for _each in range(500)]

    assert all(len(key) == 6 and key.isdigit() and not codes.is_easy_to_guess(key) for key in keys)
    assert len(set(keys)) > 450


def test_an_easy_own_key_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter([123456, 111111, 482913])
    monkeypatch.setattr("secrets.randbelow", lambda _limit: next(draws))

    assert codes.new_own_key() == "482913"


@pytest.mark.parametrize("key", ["000000", "111222", "121212", "123456", "654321", "890123", "482482", "112211"])
def test_keys_that_everybody_tries_first_are_easy(key: str) -> None:
    assert codes.is_easy_to_guess(key)


@pytest.mark.parametrize("key", ["482913", "190574", "123465"])
def test_ordinary_keys_are_not_easy(key: str) -> None:
    assert not codes.is_easy_to_guess(key)


def test_an_own_key_is_read_as_it_is_shown() -> None:
    assert codes.shown_own_key("482913") == "482 913"
    assert codes.normalise_own_key(" 482 913") == "482913"
    assert codes.normalise_own_key("482-9l3") == "482913"
    assert codes.normalise_own_key("48291") is None
    assert codes.normalise_own_key("482 91x") is None


def test_mailed_codes_are_six_digits_with_leading_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _limit: 42)

    assert codes.new_mail_code() == "000042"
