"""Data put aside (GDPR art. 18): hidden and unused as of who left, and not erased for two years."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.joining.tests.door import browser, mails, post_comes, signed_in, text_of
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.privacy.erasing import erase_due
from stoep.privacy.tests.leaving_town import SONG, Life, leave_by_the_pages, sign_in_by_mail
from stoep.privacy.tests.test_leaving import SignIn, life, pages_of, standing, still_clock

__all__ = ["life", "still_clock"]


def put_aside(person: Person) -> Client:
    client = sign_in_by_mail(person)
    assert "Your data are put aside" in text_of(client.post(reverse("aside")))
    assert signed_in(client) is None
    return client


def come_back(person: Person) -> Client:
    client = sign_in_by_mail(person)
    assert "You put your data aside" in text_of(client.get(reverse("come_back")))
    client.post(reverse("come_back"))
    return client


def test_it_is_found_under_me_and_asks_who_presses_it(life: Life) -> None:
    client = sign_in_by_mail(life.person)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert reverse("aside") in text_of(client.get(reverse("settings")))
        assert reverse("aside") in text_of(client.get(reverse("leave")))
        assert "Go on" in text_of(client.get(reverse("aside")))
        assert client.post(reverse("aside"))["Location"] == f"{reverse('prove')}?next=%2Fme%2Faside%2F"
    assert Person.objects.get(pk=life.person.pk).left_at is None


def test_nobody_sees_counts_or_mails_them(life: Life, sign_in: SignIn) -> None:
    reader = sign_in(browser(), life.other)
    before = standing(life)
    assert SONG in pages_of(reader, life).casefold()
    post_comes()
    put_aside(life.person)
    assert SONG not in pages_of(reader, life).casefold()
    assert standing(life)["count"] == before["count"] - 1
    assert {mail.kind for mail in post_comes()} <= {"privacy/mail/left", "joining/mail/sign_in"}
    told = [mail for mail in mails() if mail.kind == "privacy/mail/left"]
    assert "Your data are put aside" in told[-1].text
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert post_comes() == []


@pytest.mark.parametrize("days", [15, 360])
def test_nothing_is_erased_and_all_stands_again(life: Life, days: int) -> None:
    before = standing(life)
    put_aside(life.person)
    with clock.frozen(clock.now() + timedelta(days=days)) as later:
        assert erase_due(later) == 0
        client = come_back(life.person)
        assert signed_in(client) == life.person
    assert standing(life) == before


def test_after_two_years_it_ends_as_leaving_does(life: Life) -> None:
    put_aside(life.person)
    with clock.frozen(clock.now() + timedelta(days=730, seconds=1)) as later:
        client = sign_in_by_mail_or_not(life.person)
        assert signed_in(client) is None
        assert client.get(reverse("come_back"))["Location"] == reverse("sign_in")
        assert erase_due(later) == 1
    assert not Person.objects.filter(pk=life.person.pk).exists()


def test_whoever_came_back_and_leaves_for_good_is_erased_after_fourteen_days(life: Life) -> None:
    put_aside(life.person)
    come_back(life.person)
    leave_by_the_pages(life.person)
    assert erase_due(clock.now() + timedelta(days=14)) == 1


def test_for_staff_there_is_no_such_page_and_no_link_to_it(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(browser(), cast["editor"])
    assert client.get(reverse("aside")).status_code == 404
    assert client.post(reverse("aside")).status_code == 404
    assert reverse("aside") not in text_of(client.get(reverse("leave")))
    assert Person.objects.get(pk=cast["editor"].pk).left_at is None


def sign_in_by_mail_or_not(person: Person) -> Client:
    """Asks for a mail, which comes for nobody any more."""
    client = browser()
    client.post(reverse("sign_in"), {"email": person.email})
    assert "joining/mail/sign_in" not in {mail.kind for mail in post_comes()}
    return client
