"""What is done at one moment: nobody slips through a limit, and one letter makes no ninth person."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.joining import codes
from stoep.joining.actions import join
from stoep.joining.codes import CodeRefused
from stoep.joining.limits import TooMany, guess_at_code
from stoep.joining.models import CodeUse, LetterCode, Ticket
from stoep.joining.signing_in import use_link, use_mail_code
from stoep.joining.tests.door import (
    EMAIL,
    ask,
    browser,
    digits_in,
    join_by_own_key,
    letter,
    link_in,
    member,
    shown_own_key,
    signed_in,
    type_code,
    type_name,
)
from stoep.operations.cast import Cast
from stoep.people.models import Household, Membership, Person
from stoep.places.models import Neighbourhood

Answer = TypeVar("Answer")
AT_ONCE = 6

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("still_clock")]


def together(*works: Callable[[], Answer]) -> list[Answer]:
    """Each in a thread with a connection of its own, all let go at the same moment."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Answer]) -> Answer:
        try:
            start.wait(timeout=30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, work) for work in works]]


def joins_with(code: LetterCode, *, name: str = "Jan Maes", key: object = None) -> str:
    try:
        join(code=code, name=name, own_key="482913", request_key=key, now=clock.now())  # type: ignore[arg-type]  # an id or nothing
    except CodeRefused as error:
        return error.reason
    return "in"


def test_of_two_at_the_last_place_one_joins(cast: Cast) -> None:
    post = letter(cast, uses=7)
    kermt = cast.neighbourhoods["Kermt"]

    answers = together(*[lambda: joins_with(post.row) for _each in range(AT_ONCE)])

    assert sorted(answers) == ["full"] * (AT_ONCE - 1) + ["in"]
    assert LetterCode.objects.get(pk=post.row.pk).uses == 8
    assert CodeUse.objects.filter(code=post.row).count() == 1
    assert Neighbourhood.objects.get(pk=kermt.pk).member_count == kermt.member_count + 1


def test_a_household_that_joins_at_one_moment_is_one_household_and_is_counted_right(cast: Cast) -> None:
    first = letter(cast)
    assert first.row.address is not None
    second = letter(cast)
    kermt = cast.neighbourhoods["Kermt"]

    answers = together(*[lambda post=post: joins_with(post.row) for post in (first, second, first, second)])

    assert answers == ["in"] * 4
    assert Household.objects.filter(address=first.row.address).count() == 1
    members = Membership.objects.filter(neighbourhood=kermt, ended_at=None).count()
    assert Neighbourhood.objects.get(pk=kermt.pk).member_count == members == kermt.member_count + 4


def test_the_same_request_at_one_moment_makes_one_person(cast: Cast) -> None:
    post, key = letter(cast), new_id()

    answers = together(*[lambda: joins_with(post.row, key=key) for _each in range(AT_ONCE)])

    assert answers == ["in"] * AT_ONCE
    assert list(Person.objects.filter(name="Jan Maes").values_list("pk", flat=True)) == [key]
    assert LetterCode.objects.get(pk=post.row.pk).uses == 1


def test_two_clicks_on_the_last_screen_make_one_person_with_one_key(cast: Cast) -> None:
    post = letter(cast)
    client = browser()
    type_code(client, post.code)
    type_name(client)
    clicks = [copy_of(client) for _each in range(4)]

    def click(one: Client) -> int:
        return one.post(reverse("join_contact"), {"way": "none"}).status_code

    answers = together(*[lambda one=one: click(one) for one in clicks])

    assert answers == [302] * 4
    assert Person.objects.filter(name="Jan Maes").count() == 1
    inside = [one for one in clicks if signed_in(one) is not None]
    keys = {shown_own_key(one) for one in inside}
    assert len(keys) == 1
    back = browser()
    back.post(reverse("sign_in_letter"), {"code": post.code, "own_key": keys.pop()})
    assert signed_in(back) == Person.objects.get(name="Jan Maes")


def copy_of(client: Client) -> Client:
    """The same browser sending once more, with the cookies that it has at this moment."""
    twin = browser()
    twin.cookies.load(client.cookies.output(header="", sep=";"))
    return twin


def test_guesses_at_one_moment_do_not_slip_through(cast: Cast) -> None:
    city, now = cast.cities["hasselt"], clock.now()

    def guess_four_times() -> int:
        looked_at = 0
        for _each in range(4):
            try:
                with guess_at_code(city, Visitor("192.0.2.1"), now=now):
                    looked_at += 1
            except TooMany:
                pass
        return looked_at

    assert sum(together(*[guess_four_times] * AT_ONCE)) == 10


def test_nor_do_guesses_from_many_places_slip_past_the_citys_limit(cast: Cast) -> None:
    city, now = cast.cities["hasselt"], clock.now()

    def guess_from(place: int) -> int:
        looked_at = 0
        for at in range(30):
            try:
                with guess_at_code(city, Visitor(f"10.{place}.{at}.1"), now=now):
                    looked_at += 1
            except TooMany:
                pass
        return looked_at

    looked_at = together(*[lambda place=place: guess_from(place) for place in range(AT_ONCE)])

    assert sum(looked_at) == 110


def test_digits_tried_at_one_moment_are_five_tries(cast: Cast) -> None:
    member(cast)
    (mail,) = ask(browser())
    city, wrong = cast.cities["hasselt"], f"{(int(digits_in(mail).replace(' ', '')) + 1) % 10**6:06}"

    def try_digits(place: int) -> str:
        try:
            visitor = Visitor(f"192.0.2.{place}")
            use_mail_code(municipality=city, email=EMAIL, typed=wrong, visitor=visitor, now=clock.now())
        except TooMany:
            return "too many"
        return "wrong"

    answers = together(*[lambda place=place: try_digits(place) for place in range(8)])

    assert sorted(answers) == ["too many"] * 3 + ["wrong"] * 5
    assert Ticket.objects.get(purpose=Ticket.Purpose.SIGN_IN).tries == 5


def test_a_link_pressed_at_one_moment_lets_one_in(cast: Cast) -> None:
    member(cast)
    (mail,) = ask(browser())
    token = link_in(mail).split("/")[-2]

    answers = together(*[lambda: use_link(token=token, now=clock.now()) for _each in range(AT_ONCE)])

    assert len([person for person in answers if person is not None]) == 1


def test_wrong_keys_at_one_moment_are_five_tries(cast: Cast) -> None:
    post = letter(cast)
    _person, key = join_by_own_key(browser(), post.code)
    wrong = f"{(int(key.replace(' ', '')) + 1) % 10**6:06}"

    def come_back(place: int) -> int:
        given = {"code": codes.shown(post.code), "own_key": wrong}
        return browser(network=f"192.0.2.{place}").post(reverse("sign_in_letter"), given).status_code

    answers = together(*[lambda place=place: come_back(place) for place in range(8)])

    assert sorted(answers) == [422] * 5 + [429] * 3
