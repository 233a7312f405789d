"""What people do on the pages, step by step; each journey is made of these.

A step finds a thing as its user does: by role and name where the name is ours to choose (a title, a street), and by
the form and its field where the words belong to the translators.
"""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

MOST_TRIES = 80
BETWEEN_TRIES = 250
DIGITS = re.compile(r"\d{3} \d{3}")


@dataclass(frozen=True)
class Way:
    """How somebody looks at the pages: on a screen of which width, light or dark, with scripts or without."""

    width: int
    look: str
    scripts: bool

    @property
    def options(self) -> dict[str, Any]:
        return {"width": self.width, "color_scheme": self.look, "java_script_enabled": self.scripts}

    def __str__(self) -> str:
        return f"{self.width}-{self.look}-{'scripts' if self.scripts else 'plain'}"


def ways(with_scripts: str, without: str) -> pytest.MarkDecorator:
    """`@ways("320 light", "1280 dark")`: the journey is walked with scripts at the first, without at the second."""
    found = []
    for words, scripts in ((with_scripts, True), (without, False)):
        width, look = words.split()
        found.append(Way(int(width), look, scripts))
    return pytest.mark.parametrize("way", found, ids=str)


def send(page: Page, form: str = "main form") -> None:
    """Press the button that ends a form: the primary one, where there is one."""
    buttons = page.locator(f"{form} button[type=submit]")
    primary = buttons.and_(page.locator(".button--primary"))
    (primary if primary.count() else buttons).last.click()


def type_code(page: Page, code: str) -> None:
    page.locator("[name=code]").fill(f"{code[:4]} {code[4:8]} {code[8:]}")
    send(page)


def give_name(page: Page, name: str) -> None:
    page.locator("[name=name]").fill(name)
    send(page)


def join_with_own_key(page: Page, code: str, name: str) -> str:
    """From the first screen to the square; answers the key that was to be written on the letter."""
    type_code(page, code)
    give_name(page, name)
    page.locator("[name=way][value=none]").check()
    send(page)
    found = DIGITS.search(page.inner_text("main"))
    assert found
    send(page)
    expect(page.locator(".banner h2")).to_contain_text(name.split(maxsplit=1)[0])
    return found[0]


def join_with_email(page: Page, code: str, name: str, email: str) -> None:
    type_code(page, code)
    give_name(page, name)
    page.locator("[name=way][value=email]").check()
    page.locator("[name=email]").fill(email)
    send(page)
    expect(page.locator(".banner h2")).to_contain_text(name.split(maxsplit=1)[0])


def say_the_address_is_right(page: Page, email: str) -> None:
    """The question in the mailbox, answered by its button."""
    open_mail(page, email)
    follow_link(page)
    expect(page.locator("main")).to_contain_text(email)
    send(page)
    expect(page.locator("main a[href='/']")).to_be_visible()


def open_mail(page: Page, recipient: str, words: str | re.Pattern[str] = "") -> str:
    """The newest mail to somebody in the demo's mailbox, waited for; answers its text."""
    page.goto("/demo/mailbox/")
    wanted = mails_to(page, recipient).filter(has_text=words)
    reload_until(page, wanted)
    wanted.first.get_by_role("link").click()
    page.wait_for_url("**/demo/mailbox/*/")
    return page.inner_text("main")


def mails_to(page: Page, recipient: str) -> Locator:
    address = page.locator(".muted", has_text=re.compile(rf"^\s*{re.escape(recipient)} "))
    return page.locator(".mail-list li", has=address)


def follow_link(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".card__text a").first.click()


def reload_until(page: Page, wanted: Locator) -> None:
    """What another program brings about is there after some reloads."""
    for _ in range(MOST_TRIES):
        if wanted.count():
            return
        page.wait_for_timeout(BETWEEN_TRIES)
        page.reload()
    raise AssertionError(f"did not come: {wanted}")


def write_post(page: Page, kind: str, title: str, body: str = "", *, next_door: str = "", city: bool = False) -> None:
    page.goto("/posts/new/")
    page.locator(f".tile--{kind}").click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill(body)
    if next_door:
        page.get_by_role("checkbox", name=next_door).check()
    if city:
        page.locator("[name=shared_with_city]").check()
    send(page)
    expect(card(page, title)).to_be_visible()


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("article", name=title, exact=True)


def open_post(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def answer(page: Page, words: str) -> None:
    page.locator("#answer [name=body]").fill(words)
    send(page, "#answer")
    expect(page.locator(".comment", has_text=words)).to_be_visible()


def mark(page: Page) -> None:
    """Leaves a mark that a reload would wipe out."""
    page.evaluate("window.isTheSamePage = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.isTheSamePage === true"))


def app_code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def choose_streets(page: Page, streets: Iterable[tuple[str, str]]) -> None:
    """Tick streets, each below its neighbourhood."""
    page.locator("[name=where][value=some]").check()
    for place, street in streets:
        group = page.locator("details", has=page.locator("summary", has_text=place))
        if group.get_attribute("open") is None:
            group.locator("summary").click()
        group.get_by_role("checkbox", name=street, exact=True).check()


def give_mailed_code(page: Page, mailbox: Page, email: str, nth: int = 1) -> None:
    """Ask for the code, wait until the `nth` mail of this kind is there, and type its digits."""
    page.locator("[name=email]").fill(email)
    send(page)
    expect(page.locator("[name=code]")).to_be_visible()
    reload_until(mailbox, mails_to(mailbox, email).filter(has_text=DIGITS).nth(nth - 1))
    digits = DIGITS.search(open_mail(mailbox, email, DIGITS))
    assert digits
    page.locator("[name=code]").fill(digits[0])
    send(page)
