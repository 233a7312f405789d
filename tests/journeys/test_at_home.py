"""At home: somebody of 80 without e-mail from her letter to nothing left; somebody of 25 with a phone and a photo.

That a host loses the machine and puts it back by the guide alone is tried by `tests/operate/rehearsal.py` and by
`stoep/operations/tests/test_backup.py`.
"""

import io
import os
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from stoep.media.tests import pictures
from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    DIGITS,
    answer,
    card,
    give_name,
    join_with_email,
    join_with_own_key,
    mails_to,
    open_mail,
    open_post,
    reload_until,
    say_the_address_is_right,
    send,
    write_post,
)
from tests.journeys.test_desk import ACTING, in_again
from tests.journeys.test_rights import press
from tests.journeys.town import Town
from tests.journeys.town import town as running_town

pytestmark = pytest.mark.browser
HER_NAME, HER_WORDS = "Hortense Wittebrood", "Wie heeft mirabellen over?"
ANSWER = "Een hele emmer, ik breng ze."
YOUNG, EMAIL = "Yaro Zandloper", "yaro@voorbeeld.example"
BENCH, CHAIR, TABLE = "Gratis af te halen: een zitbank", "Er is een stoel bij", "En nu nog een tafel"
GUEST = "Noor Nieuwkomer"
POST = re.compile(r"/posts/([0-9a-f-]{36})/")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """One of their own: days pass in it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with running_town(f"{os.environ.get('STOEP_TEST_DATABASE', 'town')}_home_{worker}") as made:
        yield made


@pytest.fixture
def days_pass(town: Town) -> Iterator[Callable[[int], None]]:
    """`days_pass(7)`; afterwards it is today again."""
    passed: list[int] = []

    def days_pass(days: int) -> None:
        town.let_days_pass(days)
        passed.append(days)

    yield days_pass
    town.let_days_pass(-sum(passed))


def test_at_80_without_email_in_and_back_and_helped_and_out_with_nothing_left(
    visit: NewPage, town: Town, days_pass: Callable[[int], None]
) -> None:
    plain = {"java_script_enabled": False}
    code = town.take_code()
    lost = join_with_own_key(visit(None, "/join/", **plain), code, HER_NAME)

    # A week later, on her daughter's tablet: the letter and the key.
    days_pass(7)
    tablet = visit(None, "/sign-in/", **plain)
    in_again(tablet, code, lost)
    expect(tablet.get_by_role("article").first).to_be_visible()

    # She lost the key, calls the desk once, and asks her question.
    key = _helped_by_phone(visit("desk", "/desk/", width=1280, **plain), code)
    neighbour = visit("neighbour", "/", **plain)
    open_post(neighbour, HER_WORDS)
    answer(neighbour, ANSWER)

    # With the new key she reads the answer herself, and goes: by keyboard.
    hers = visit(None, "/sign-in/letter/", **plain)
    in_again(hers, code, lost)
    expect(hers.locator("[data-error-summary]")).to_be_visible()
    in_again(hers, code, key)
    open_post(hers, HER_WORDS)
    expect(hers.locator(".comment", has_text=ANSWER)).to_be_visible()
    hers.goto("/settings/")
    press(hers, "a[href='/me/leave/']")
    press(hers, "main form button")
    expect(hers.locator(".notice--success")).to_be_visible()
    neighbour.goto("/")
    expect(card(neighbour, HER_WORDS)).to_have_count(0)

    assert HER_NAME.casefold() in town.do("everything")
    her_id = town.ask("SELECT id FROM people_person WHERE name = %s", HER_NAME)[0][0]
    days_pass(14)
    town.do("night")
    _nothing_is_left(neighbour, town, her_id)
    in_again(hers, code, key)
    expect(hers.locator("[data-error-summary]")).to_be_visible()


def _helped_by_phone(desk: Page, code: str) -> str:
    """She asks something and gets another key; the desk reads the slip aloud."""
    desk.locator("[name=code]").fill(code)
    desk.locator("[name=name]").fill(HER_NAME.casefold())
    send(desk, "main form.card")
    desk.locator("[name=channel][value=phone]").check()
    desk.locator("[name=said_yes]").check()
    send(desk, "main form.card")
    desk.locator("a[href$='/message/']").click()
    desk.locator("[name=title]").fill(HER_WORDS)
    send(desk, "main form.card")
    desk.locator("a[href$='/own-key/']").click()
    send(desk, "main form.confirm")
    desk.locator(f"{ACTING} button").click()
    found = DIGITS.search(desk.inner_text("main .slip"))
    assert found
    send(desk, "main form")
    assert HER_NAME not in desk.inner_text("main")
    return found[0]


def _nothing_is_left(neighbour: Page, town: Town, her_id: UUID) -> None:
    """docs/trust.md 4.4: an empty place where somebody answered, without name or time, and a random id."""
    left = town.do("everything").splitlines()
    words = [word.casefold() for word in (*HER_NAME.split(), *HER_WORDS.split()[2:])]
    assert [line for line in left if any(word in line for word in words)] == []
    assert town.tables_with(str(her_id)) == {"privacy_erasedperson"}
    for file in town.var.rglob("*"):
        if file.is_file() and "mailbox" not in file.parts:  # what was mailed lies with its readers
            assert HER_NAME.encode() not in file.read_bytes(), file.name
    neighbour.goto("/")
    gap = neighbour.get_by_role("article").filter(has=neighbour.locator("a[href^='/posts/']"), has_text=ANSWER)
    expect(gap).to_have_count(1)
    assert HER_NAME.split(maxsplit=1)[0] not in neighbour.inner_text("main")


def test_at_25_with_a_photo_from_a_phone_a_neighbour_invited_and_one_daily_mail(visit: NewPage, town: Town) -> None:
    phone = visit(None, "/join/", width=390, device_scale_factor=3, has_touch=True)
    join_with_email(phone, town.take_code(), YOUNG, EMAIL)
    say_the_address_is_right(phone, EMAIL)

    _post_with_photo(phone)
    _another_neighbour_sees_it_without_where_and_when(visit("second-neighbour"))
    _invites(phone, visit)

    # What came since the last look is told at five, once.
    others, mailbox = visit("ambassador"), visit(None, "/demo/mailbox/")
    write_post(others, "give", CHAIR)
    town.do("five", "1")
    town.do("five", "1")
    first = _daily_mail(mailbox, nth=1)
    assert BENCH not in first, "nobody is told of their own"
    assert CHAIR in first

    # The day after it holds what is new, and nothing of the first.
    write_post(others, "give", TABLE)
    town.do("five", "2")
    second = _daily_mail(mailbox, nth=2)
    assert TABLE in second
    assert set(POST.findall(second)).isdisjoint(POST.findall(first))


def _post_with_photo(phone: Page) -> None:
    phone.goto("/posts/new/")
    phone.locator(".tile--give").click()
    phone.locator("[name=title]").fill(BENCH)
    taken = {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": pictures.heic(pictures.photo(4032, 3024))}
    phone.locator("[name=photos]").set_input_files(taken)  # type: ignore[arg-type]  # a private shape
    phone.locator(".photo-row").wait_for()
    phone.locator("[name^=alt_]").fill("Een rode zitbank")
    send(phone)
    expect(card(phone, BENCH)).to_be_visible()


def _another_neighbour_sees_it_without_where_and_when(other: Page) -> None:
    shown = card(other, BENCH).locator("img.card__photo")
    reload_until(other, shown)
    expect(shown).to_have_attribute("alt", "Een rode zitbank")
    for size in ("360", "720", "1440"):
        got = other.request.get(f"{shown.get_attribute('src')}".replace("/720/", f"/{size}/"))
        assert (got.status, got.headers["content-type"]) == (200, "image/webp")
        assert pictures.PLANTED.encode() not in got.body()
        with Image.open(io.BytesIO(got.body())) as made:
            assert (made.format, dict(made.getexif()), made.info.get("xmp")) == ("WEBP", {}, None)


def _invites(phone: Page, visit: NewPage) -> None:
    phone.goto("/me/invite/")
    send(phone)
    link = phone.locator("input[readonly]").input_value()
    guest = visit(None, re.sub(r"^https?://[^/]+", "", link))
    expect(guest.get_by_role("heading", level=1)).to_contain_text("Yaro Z.")
    send(guest)
    give_name(guest, GUEST)
    guest.locator("[name=way][value=none]").check()
    send(guest)
    send(guest)
    expect(guest.locator(".banner h2")).to_contain_text("Noor")
    assert "Wittebrood" not in guest.inner_text("main")
    guest.goto("/posts/new/")
    expect(guest.locator("[name=title]")).to_have_count(0)
    assert GUEST in open_mail(phone, EMAIL, "Iemand doet mee met jouw uitnodiging")


def _daily_mail(mailbox: Page, *, nth: int) -> str:
    """What the newest says, once so many are there, and no more."""
    mailbox.goto("/demo/mailbox/")
    mails = mails_to(mailbox, EMAIL).filter(has_text="Kermt: ")
    reload_until(mailbox, mails.nth(nth - 1))
    expect(mails).to_have_count(nth)
    mails.first.get_by_role("link").click()
    mailbox.wait_for_url("**/demo/mailbox/*/")
    return mailbox.inner_text("main")
