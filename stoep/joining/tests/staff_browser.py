"""The staff's door as a browser meets it: asking for a mail, typing codes, connecting an app."""

import re
from datetime import UTC, datetime
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.joining.tests.door import post_comes
from stoep.people.models import Person

# Sessions look at the real clock, and limits count in half hours: ten seconds into the present one.
NOW = datetime.fromtimestamp(int(clock.now().timestamp()) // 1800 * 1800 + 10, tz=UTC)


def another_browser(network: str = "192.0.2.1") -> Client:
    return Client(headers={"accept-language": "en"}, REMOTE_ADDR=network)


def ask(browser: Client, email: str, now: datetime = NOW) -> Any:
    """The mail that comes of it is there."""
    with clock.frozen(now):
        answer = browser.post(reverse("staff_sign_in"), {"email": email})
        post_comes()
    return answer


def mailed_code() -> str:
    """Of the newest mail."""
    mail = Mail.objects.order_by("-made_at", "-id")[0]
    found = re.search(r"\b(\d{3}) (\d{3})\b", mail.text)
    assert found, mail.text
    return found[1] + found[2]


def answer(browser: Client, page: str, code: str, now: datetime = NOW) -> Any:
    with clock.frozen(now):
        return browser.post(reverse(page), {"code": code})


def pass_mail(browser: Client, person: Person, now: datetime = NOW) -> Any:
    ask(browser, person.email, now)
    return answer(browser, "staff_code", mailed_code(), now)


def app_code(secret: str, now: datetime = NOW) -> str:
    return str(format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30)))


def shown_secret(browser: Client, now: datetime = NOW) -> str:
    with clock.frozen(now):
        page = browser.get(reverse("staff_app_set_up")).content.decode()
    found = re.search(r"code-shown--key\">([A-Z2-7 ]+)<", page)
    assert found
    return found[1].replace(" ", "")


def set_up(person: Person, now: datetime = NOW) -> tuple[str, list[str]]:
    """Connects an app in a browser of its own; answers its secret and the recovery codes."""
    browser = another_browser()
    assert pass_mail(browser, person, now)["Location"] == reverse("staff_app_set_up")
    secret = shown_secret(browser, now)
    page = answer(browser, "staff_app_set_up", app_code(secret, now), now)
    assert page.status_code == 200
    return secret, re.findall(r"code-shown\">(\d{4} \d{4})<", page.content.decode())


def is_inside(browser: Client) -> bool:
    return browser.get(reverse("announcements")).status_code == 200
