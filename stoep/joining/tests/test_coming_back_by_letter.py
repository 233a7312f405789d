"""Coming back with the letter and the own key: for who has no e-mail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.joining import codes
from stoep.joining.forms import CODE_REASONS
from stoep.joining.models import LetterCode
from stoep.joining.tests.door import (
    PHONE,
    browser,
    join_by_own_key,
    letter,
    other_than,
    signed_in,
    text_of,
)
from stoep.operations.cast import Cast

pytestmark = pytest.mark.usefixtures("still_clock")


class TestByLetter:
    def back(self, client: Client, code: str, own_key: str, **more: str) -> int:
        return client.post(reverse("sign_in_letter"), {"code": code, "own_key": own_key, **more}).status_code

    def test_the_letter_and_the_own_key_let_in(self, cast: Cast) -> None:
        post = letter(cast)
        person, key = join_by_own_key(browser(), post.code)
        client = browser()

        assert self.back(client, f"{post.shown} ", key.replace(" ", "-")) == 302
        assert signed_in(client) == person

    def test_also_when_the_letter_enrols_nobody_more(self, cast: Cast) -> None:
        post = letter(cast)
        person, key = join_by_own_key(browser(), post.code)
        changes = (
            {"uses": 8},
            {"expires_at": clock.now() - timedelta(days=200)},
            {"withdrawn_at": clock.now()},
            {"address": None},
        )
        for facts in changes:
            LetterCode.objects.filter(pk=post.row.pk).update(**facts)
            client = browser()
            assert self.back(client, post.code, key) == 302
            assert signed_in(client) == person

    def test_of_a_household_each_has_a_key(self, cast: Cast) -> None:
        post = letter(cast)
        jan, key_of_jan = join_by_own_key(browser(), post.code)
        nora, key_of_nora = join_by_own_key(browser(), post.code, name="Nora Maes")
        first, second = browser(), browser()

        self.back(first, post.code, key_of_nora)
        self.back(second, post.code, key_of_jan)

        assert (signed_in(first), signed_in(second)) == (nora, jan)

    def test_a_wrong_key_a_wrong_letter_and_a_letter_of_nobody_get_one_answer(self, cast: Cast) -> None:
        post, other = letter(cast), letter(cast, street="Diestersteenweg")
        _person, key = join_by_own_key(browser(), post.code)
        tries = [(post.code, other_than(key)), (other.code, key), (codes.new_codes(1)[0], key)]

        for code, typed in tries:
            client = browser()
            answer = client.post(reverse("sign_in_letter"), {"code": code, "own_key": typed})
            assert (answer.status_code, signed_in(client)) == (422, None)
            page = text_of(answer)
            assert "The code and the key do not belong together." in page
            assert f'value="{code}"' in page
            assert f'value="{typed}"' in page
            assert PHONE in page

    def test_typing_errors_are_told_apart_and_are_no_tries(self, cast: Cast) -> None:
        post = letter(cast)
        _person, key = join_by_own_key(browser(), post.code)
        typo = post.code[:-1] + str((int(post.code[-1]) + 1) % 10)
        odd = [(typo, key, str(CODE_REASONS["typo"])), ("4829", key, str(CODE_REASONS["length"]))]
        odd += [(post.code, "12345", "Your own key has 6 digits."), (post.code, "", "Type your own key.")]

        for code, typed, words in odd * 6:
            answer = browser().post(reverse("sign_in_letter"), {"code": code, "own_key": typed})
            assert answer.status_code == 422
            assert words in text_of(answer)

        assert self.back(browser(), post.code, key) == 302

    def test_wrong_keys_are_limited_for_the_letter_wherever_they_come_from(self, cast: Cast) -> None:
        post = letter(cast)
        _person, key = join_by_own_key(browser(), post.code)
        for at in range(5):
            assert self.back(browser(network=f"198.51.100.{at}"), post.code, other_than(key)) == 422

        answer = browser(network="198.51.100.9").post(reverse("sign_in_letter"), {"code": post.code, "own_key": key})

        assert answer.status_code == 429
        assert "Too many tries." in text_of(answer)
        with clock.frozen(clock.now() + timedelta(minutes=30)):
            assert self.back(browser(), post.code, key) == 302

    def test_and_twenty_a_day(self, cast: Cast) -> None:
        post = letter(cast)
        _person, key = join_by_own_key(browser(), post.code)
        start = (clock.now() + timedelta(days=1)).replace(hour=1, minute=0)
        for at in range(20):
            with clock.frozen(start + timedelta(minutes=31 * at)):
                assert self.back(browser(network=f"198.51.100.{at}"), post.code, other_than(key)) == 422

        with clock.frozen(start + timedelta(hours=12)):
            assert self.back(browser(), post.code, key) == 429
        with clock.frozen(start + timedelta(days=1)):
            assert self.back(browser(), post.code, key) == 302

    def test_the_right_key_costs_no_try(self, cast: Cast) -> None:
        post = letter(cast)
        _person, key = join_by_own_key(browser(), post.code)

        assert {self.back(browser(), post.code, key) for _each in range(25)} == {302}

    def test_a_letter_of_another_city_opens_nothing_here(self, cast: Cast) -> None:
        post = letter(cast, neighbourhood="Rooierheide")
        there = "buurt.diepenbeek.example"
        _person, key = join_by_own_key(browser(host=there), post.code)

        assert self.back(browser(), post.code, key) == 422
        assert self.back(browser(host=there), post.code, key) == 302
