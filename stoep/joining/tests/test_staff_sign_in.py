"""The staff's own door: a mailed code, an app, recovery codes; each works once, for staff only, for twelve hours."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.joining.models import Ticket
from stoep.joining.tests.staff_browser import (
    NOW,
    another_browser,
    answer,
    app_code,
    ask,
    is_inside,
    mailed_code,
    pass_mail,
    set_up,
    shown_secret,
)
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Person, Role

SignIn = Callable[[Client, Person], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


@pytest.fixture(autouse=True)
def _in_english() -> None:
    Person.objects.update(language="en")


@pytest.fixture
def browser() -> Client:
    return another_browser()


def test_the_first_time_an_app_is_connected_and_recovery_codes_are_shown_once(cast: Cast, browser: Client) -> None:
    asked = ask(browser, " Editor@Hasselt.example ")
    assert (asked.status_code, asked["Location"]) == (302, reverse("staff_code"))
    mail = Mail.objects.get()
    assert (mail.recipient, mail.person) == ("Editor@Hasselt.example", cast["editor"])
    assert answer(browser, "staff_code", mailed_code())["Location"] == reverse("staff_app_set_up")
    assert not is_inside(browser)

    secret = shown_secret(browser)
    page = answer(browser, "staff_app_set_up", app_code(secret))

    assert len(set(re.findall(r"code-shown\">(\d{4} \d{4})<", page.content.decode()))) == 10
    assert "no-store" in page["Cache-Control"]
    assert is_inside(browser)
    for later in (browser.get(reverse("staff_app_set_up")), answer(browser, "staff_app_set_up", app_code(secret))):
        assert later["Location"] == reverse("staff_sign_in")
    assert Authenticator.objects.filter(user=cast["editor"]).count() == 2


def test_the_second_time_mail_and_app_open_the_door(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)

    assert pass_mail(browser, cast["editor"], later)["Location"] == reverse("staff_app")
    assert not is_inside(browser)
    opened = answer(browser, "staff_app", app_code(secret, later), later)

    assert (opened.status_code, opened["Location"]) == (302, reverse("city"))
    assert is_inside(browser)


def test_spaces_in_codes_do_not_matter(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    ask(browser, cast["editor"].email, later)
    code = mailed_code()
    assert answer(browser, "staff_code", f" {code[:3]} {code[3:]} ", later).status_code == 302
    code = app_code(secret, later)
    assert answer(browser, "staff_app", f"{code[:3]} {code[3:]}", later).status_code == 302


def test_a_slow_typist_may_still_use_the_code_before(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    pass_mail(browser, cast["editor"], later)
    assert answer(browser, "staff_app", app_code(secret, later - timedelta(seconds=60)), later).status_code == 422
    assert answer(browser, "staff_app", app_code(secret, later - timedelta(seconds=30)), later).status_code == 302


def test_a_code_of_the_app_works_once_whichever_worker_is_asked(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    code = app_code(secret, later)
    pass_mail(browser, cast["editor"], later)
    assert answer(browser, "staff_app", code, later).status_code == 302

    cache.clear()  # another worker remembers nothing of this one
    thief = another_browser()
    pass_mail(thief, cast["editor"], later)
    for moment in (later, later + timedelta(seconds=29)):
        assert answer(thief, "staff_app", code, moment).status_code == 422
    assert not is_inside(thief)
    # Neither does the one before it, which was never used.
    older = app_code(secret, later - timedelta(seconds=30))
    assert answer(thief, "staff_app", older, later).status_code == 422
    assert answer(thief, "staff_app", app_code(secret, later + timedelta(seconds=30)), later + timedelta(seconds=30))[
        "Location"
    ] == reverse("city")


def test_the_code_that_connected_the_app_does_not_open_the_door_again(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    pass_mail(browser, cast["editor"])
    assert answer(browser, "staff_app", app_code(secret)).status_code == 422


def test_a_recovery_code_works_once(cast: Cast, browser: Client) -> None:
    _secret, recovery = set_up(cast["editor"])
    pass_mail(browser, cast["editor"])
    assert answer(browser, "staff_app", recovery[3]).status_code == 302
    assert is_inside(browser)

    again = another_browser()
    pass_mail(again, cast["editor"])
    assert answer(again, "staff_app", recovery[3]).status_code == 422
    assert answer(again, "staff_app", recovery[4].replace(" ", "")).status_code == 302


def test_an_app_cannot_be_connected_over_another(cast: Cast, browser: Client) -> None:
    set_up(cast["editor"])
    pass_mail(browser, cast["editor"])
    page = browser.get(reverse("staff_app_set_up"))
    assert (page.status_code, page["Location"]) == (302, reverse("staff_sign_in"))


def test_wrong_digits_connect_nothing(cast: Cast, browser: Client) -> None:
    pass_mail(browser, cast["editor"])
    secret = shown_secret(browser)
    wrong = answer(browser, "staff_app_set_up", "000000")
    assert wrong.status_code == 422
    assert "This code is not right" in wrong.content.decode()
    assert not Authenticator.objects.exists()
    assert shown_secret(browser) == secret  # the same square stays
    assert answer(browser, "staff_app_set_up", app_code(secret)).status_code == 200


def test_who_leaves_between_mail_and_app_stays_outside(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    pass_mail(browser, cast["editor"], later)
    Person.objects.filter(pk=cast["editor"].pk).update(left_at=JOINED_AT)
    assert answer(browser, "staff_app", app_code(secret, later), later)["Location"] == reverse("staff_sign_in")
    assert not is_inside(browser)


def test_wrong_codes_of_the_app_are_limited_over_all_browsers(cast: Cast, browser: Client) -> None:
    secret, recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    statuses = []
    for number in range(6):
        if number % 3 == 0:
            browser = another_browser()
            pass_mail(browser, cast["editor"], later)
        statuses.append(answer(browser, "staff_app", "000000", later).status_code)
    assert statuses == [422] * 5 + [429]
    for code in (app_code(secret, later), recovery[0]):
        assert answer(browser, "staff_app", code, later).status_code == 429
    half_an_hour = later + timedelta(minutes=30)
    pass_mail(browser, cast["editor"], half_an_hour)
    assert answer(browser, "staff_app", app_code(secret, half_an_hour), half_an_hour).status_code == 302


def test_between_mail_and_app_there_are_twenty_minutes(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    pass_mail(browser, cast["editor"], later)
    too_late = later + timedelta(minutes=21)
    assert answer(browser, "staff_app", app_code(secret, too_late), too_late)["Location"] == reverse("staff_sign_in")


@pytest.mark.parametrize("page", ["staff_code", "staff_app", "staff_app_set_up"])
def test_no_step_can_be_skipped(cast: Cast, browser: Client, page: str) -> None:
    for asked in (browser.get(reverse(page)), browser.post(reverse(page), {"code": "123456"})):
        assert (asked.status_code, asked["Location"]) == (302, reverse("staff_sign_in"))
    ask(browser, cast["editor"].email)
    if page != "staff_code":
        assert browser.get(reverse(page))["Location"] == reverse("staff_sign_in")


def test_a_session_lasts_twelve_hours_however_busy(cast: Cast, browser: Client) -> None:
    now = clock.now()
    secret, _recovery = set_up(cast["editor"], now - timedelta(minutes=5))
    pass_mail(browser, cast["editor"], now)
    answer(browser, "staff_app", app_code(secret, now), now)
    session = browser.session
    assert 11.9 * 3600 < session.get_expiry_age() <= 12 * 3600
    session["busy"] = True
    session.save()
    assert abs(session.get_expiry_date() - now - timedelta(hours=12)) < timedelta(minutes=1)

    Session.objects.filter(pk=session.session_key).update(expire_date=now - timedelta(seconds=1))
    assert browser.get(reverse("announcements"))["Location"].startswith(reverse("sign_in"))


def test_the_sessions_key_changes_on_the_way_in(cast: Cast, browser: Client) -> None:
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    ask(browser, cast["editor"].email, later)
    keys = [browser.session.session_key]
    answer(browser, "staff_code", mailed_code(), later)
    keys.append(browser.session.session_key)
    answer(browser, "staff_app", app_code(secret, later), later)
    keys.append(browser.session.session_key)
    assert len(set(keys)) == 3


def test_a_stolen_database_tells_no_address_no_code_and_no_secret(cast: Cast, browser: Client) -> None:
    ask(browser, cast["editor"].email)
    code = mailed_code()
    answer(browser, "staff_code", code)
    secret = shown_secret(browser)
    data = str([session.get_decoded() for session in Session.objects.all()])
    assert cast["editor"].email not in data
    assert secret not in data
    answer(browser, "staff_app_set_up", app_code(secret))
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    assert code not in str(list(Ticket.objects.values()))


def test_a_neighbour_who_works_for_the_city_is_two_people(cast: Cast, browser: Client, sign_in: SignIn) -> None:
    cast["neighbour"].set_email(cast["editor"].email)
    cast["neighbour"].save()
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    sign_in(browser, cast["neighbour"])

    pass_mail(browser, cast["editor"], later)
    answer(browser, "staff_app", app_code(secret, later), later)

    assert browser.session["_auth_user_id"] == str(cast["editor"].pk)
    assert is_inside(browser)


def test_staff_without_a_task_comes_in_and_finds_nothing_to_do(cast: Cast, browser: Client) -> None:
    Role.objects.filter(person=cast["editor"]).update(ended_at=JOINED_AT)
    secret, _recovery = set_up(cast["editor"])
    later = NOW + timedelta(hours=1)
    pass_mail(browser, cast["editor"], later)
    assert answer(browser, "staff_app", app_code(secret, later), later).status_code == 302
    assert browser.get(reverse("announcements")).status_code == 403


@pytest.mark.parametrize("code", ["", "12345", "x" * 41, "１２３４５６", "12\x0034"])
def test_what_is_no_code_is_explained(cast: Cast, browser: Client, code: str) -> None:
    set_up(cast["editor"])
    ask(browser, cast["editor"].email)
    assert answer(browser, "staff_code", code).status_code == 422
    answer(browser, "staff_code", mailed_code())
    assert answer(browser, "staff_app", code).status_code == 422


@pytest.mark.parametrize("sent", ["[" * 19_999, '{"response": ' * 1_500, "nothing"], ids=["lists", "objects", "words"])
def test_an_answer_of_no_device_is_refused_whatever_it_is_made_of(browser: Client, sent: str) -> None:
    browser.get(reverse("staff_passkey"))
    assert browser.post(reverse("staff_passkey"), {"credential": sent}).status_code == 422


def test_a_passkey_is_added_only_soon_after_a_proof(browser: Client) -> None:
    ask(browser, "editor@hasselt.example")
    answer(browser, "staff_code", mailed_code())
    answer(browser, "staff_app_set_up", app_code(shown_secret(browser)))
    page = reverse("staff_passkeys")
    with clock.frozen(NOW + timedelta(minutes=14)):
        assert browser.get(page).status_code == 200
    with clock.frozen(NOW + timedelta(minutes=16)):
        for refused in (browser.get(page), browser.post(page, {"name": "Mine", "credential": "{}"})):
            assert refused["Location"] == f"{reverse('prove')}?next=%2Fstaff%2Fpasskeys%2F"
        way_on = browser.get(reverse("prove")).content.decode().partition("<main")[2].partition("</main>")[0]
        assert f'action="{reverse("sign_out")}"' in way_on
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
