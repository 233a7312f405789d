"""The mail that begins the staff's door: for staff only, told by nothing, and its code works where it was asked for."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stoep.access.limits import hit
from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.joining import jobs
from stoep.joining.staff_codes import ASKED_BY_NETWORK
from stoep.joining.tests.door import other_than
from stoep.joining.tests.staff_browser import NOW, another_browser, answer, ask, mailed_code, pass_mail
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]

# Of the digits that are drawn these are none, or hardly ever.
WRONG = "000000"


@pytest.fixture(autouse=True)
def _in_english() -> None:
    Person.objects.update(language="en")


@pytest.fixture
def browser() -> Client:
    return another_browser()


@pytest.mark.parametrize(
    "email", ["neighbour@hasselt.example", "nobody@hasselt.example", "other-city@diepenbeek.example"]
)
def test_who_is_no_staff_gets_no_mail_and_sees_the_same_page(cast: Cast, browser: Client, email: str) -> None:
    pages = []
    for address in (cast["editor"].email, email):
        client = another_browser()
        asked = ask(client, address)
        assert (asked.status_code, asked["Location"]) == (302, reverse("staff_code"))
        page = client.get(reverse("staff_code")).content.decode()
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert Mail.objects.count() == 1
    ask(browser, email)
    assert answer(browser, "staff_code", mailed_code()).status_code == 422


def test_staff_of_another_city_gets_no_mail_here(cast: Cast, browser: Client) -> None:
    Person.objects.filter(pk=cast["editor"].pk).update(municipality=cast.cities["diepenbeek"])
    ask(browser, cast["editor"].email)
    assert Mail.objects.count() == 0


def test_who_left_gets_no_mail(cast: Cast, browser: Client) -> None:
    Person.objects.filter(pk=cast["editor"].pk).update(left_at=JOINED_AT)
    ask(browser, cast["editor"].email)
    assert Mail.objects.count() == 0


def test_a_mailed_code_works_once_and_twenty_minutes(cast: Cast, browser: Client) -> None:
    pass_mail(browser, cast["editor"])
    assert answer(another_after_asking(cast), "staff_code", other_than(mailed_code())).status_code == 422
    thief = another_browser()
    ask(thief, "nobody@hasselt.example")
    ask(browser, cast["editor"].email)
    code = mailed_code()
    assert answer(browser, "staff_code", code, NOW + timedelta(minutes=20)).status_code == 422
    assert answer(browser, "staff_code", code, NOW + timedelta(minutes=19)).status_code == 302
    assert answer(browser, "staff_code", code, NOW + timedelta(minutes=19)).status_code == 422


def another_after_asking(cast: Cast) -> Client:
    browser = another_browser()
    ask(browser, cast["editor"].email)
    return browser


def test_only_the_newest_mailed_code_counts(cast: Cast, browser: Client) -> None:
    ask(browser, cast["editor"].email)
    old = mailed_code()
    ask(browser, cast["editor"].email, NOW + timedelta(minutes=1))
    new = mailed_code()
    if old != new:
        assert answer(browser, "staff_code", old, NOW + timedelta(minutes=1)).status_code == 422
    assert answer(browser, "staff_code", new, NOW + timedelta(minutes=1)).status_code == 302


@pytest.mark.parametrize("email", ["editor@hasselt.example", "nobody@hasselt.example"])
def test_after_five_wrong_mailed_codes_a_browser_guesses_no_more(browser: Client, email: str) -> None:
    """Staff or not: the same answers, so that guessing does not tell who works here."""
    ask(browser, email)
    statuses = [answer(browser, "staff_code", WRONG).status_code for _try in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_after_five_wrong_codes_the_right_one_is_too_late(cast: Cast, browser: Client) -> None:
    ask(browser, cast["editor"].email)
    code = mailed_code()
    for _try in range(5):
        answer(browser, "staff_code", other_than(code))
    late = answer(browser, "staff_code", code)
    assert late.status_code == 429
    assert "Wait half an hour" in late.content.decode()
    assert pass_mail(browser, cast["editor"])["Location"] == reverse("staff_app_set_up"), "a new mail, new tries"


def test_a_stranger_closes_the_door_for_nobody_else(cast: Cast, browser: Client) -> None:
    ask(browser, cast["editor"].email)
    code = mailed_code()
    for at in range(6):
        stranger = another_browser(f"198.51.100.{at}")
        ask(stranger, cast["editor"].email)
        statuses = [answer(stranger, "staff_code", WRONG).status_code for _try in range(7)]
        assert statuses == [422] * 5 + [429] * 2

    assert answer(browser, "staff_code", code).status_code == 302


def test_a_mailed_code_works_only_where_it_was_asked_for(cast: Cast, browser: Client) -> None:
    ask(browser, cast["editor"].email)
    code = mailed_code()
    thief, never_asked = another_browser("198.51.100.1"), another_browser("198.51.100.2")
    ask(thief, "nobody@hasselt.example")

    assert answer(thief, "staff_code", code).status_code == 422
    assert answer(never_asked, "staff_code", code)["Location"] == reverse("staff_sign_in")
    assert answer(browser, "staff_code", code)["Location"] == reverse("staff_app_set_up")


def test_a_network_guesses_twenty_times_in_half_an_hour(cast: Cast, browser: Client) -> None:
    strangers = [another_browser("198.51.100.1") for _each in range(5)]
    for stranger in strangers:
        ask(stranger, "nobody@hasselt.example")
    statuses = [answer(one, "staff_code", WRONG).status_code for one in strangers for _try in range(5)]
    assert statuses == [422] * 20 + [429] * 5

    assert pass_mail(browser, cast["editor"]).status_code == 302, "elsewhere nothing happened"
    there, later = another_browser("198.51.100.1"), NOW + timedelta(minutes=30)
    assert pass_mail(there, cast["editor"], later).status_code == 302


def test_a_typing_error_is_no_try(cast: Cast, browser: Client) -> None:
    ask(browser, cast["editor"].email)
    assert {answer(browser, "staff_code", typed).status_code for typed in ("12345", "1234567", "abc") * 3} == {422}
    assert answer(browser, "staff_code", mailed_code()).status_code == 302


def test_at_most_five_mails_an_hour(cast: Cast, browser: Client) -> None:
    for _try in range(8):
        assert ask(browser, cast["editor"].email).status_code == 302
    assert Mail.objects.count() == 5
    assert answer(browser, "staff_code", mailed_code()).status_code == 302, "the last one that came still works"


def test_strangers_elsewhere_use_up_no_mails_until_there_were_twenty(cast: Cast, browser: Client) -> None:
    for at in range(3):
        stranger = another_browser(f"198.51.100.{at}")
        for _try in range(8):
            ask(stranger, cast["editor"].email.upper())
    assert Mail.objects.count() == 15
    assert pass_mail(browser, cast["editor"]).status_code == 302

    for at in range(8):
        ask(another_browser(f"203.0.113.{at}"), cast["editor"].email)
    assert Mail.objects.count() == 20
    assert pass_mail(browser, cast["editor"], NOW + timedelta(hours=1)).status_code == 302


def test_a_network_that_asks_and_asks_is_told_to_wait(cast: Cast, browser: Client) -> None:
    with clock.frozen(NOW):
        for _try in range(ASKED_BY_NETWORK.most):
            hit(ASKED_BY_NETWORK, "192.0.2.1", now=NOW)
    asked = ask(browser, cast["editor"].email)
    assert (asked.status_code, Mail.objects.count()) == (429, 0)
    assert "Too many tries." in asked.content.decode()
    assert f'value="{cast["editor"].email}"' in asked.content.decode()
    assert ask(another_browser("198.51.100.1"), cast["editor"].email).status_code == 302


@pytest.mark.parametrize("email", ["editor@hasselt.example", "nobody@hasselt.example"])
def test_asking_does_the_same_work_whether_or_not_anybody_has_the_address(browser: Client, email: str) -> None:
    """Looking somebody up, rendering and keeping a mail take time, which tells: so the worker does it."""
    browser.get(reverse("staff_sign_in"))
    with clock.frozen(NOW), CaptureQueriesContext(connection) as seen:
        browser.post(reverse("staff_sign_in"), {"email": email})
    statements = " ".join(query["sql"] for query in seen)
    assert statements.count("procrastinate_defer_jobs") == 1
    assert not re.search("people_person|joining_ticket|delivery_mail", statements)
    assert email not in statements


def test_a_job_that_is_done_again_mails_no_second_code(cast: Cast, browser: Client) -> None:
    with clock.frozen(NOW):
        browser.post(reverse("staff_sign_in"), {"email": cast["editor"].email})
        with connection.cursor() as cursor:
            cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'joining.send_staff_code'")
            (arguments,) = cursor.fetchone()
        for _each in range(2):
            jobs.send_staff_code(**json.loads(arguments))
    assert Mail.objects.count() == 1
    assert answer(browser, "staff_code", mailed_code()).status_code == 302


@pytest.mark.parametrize("email", ["", "nothing", "a@b", "x" * 250 + "@hasselt.example", "a\x00@hasselt.example"])
def test_what_is_no_address_is_explained(browser: Client, email: str) -> None:
    asked = ask(browser, email)
    assert asked.status_code == 422
    assert "Something is not right yet" in asked.content.decode()
