"""axe finds nothing, on any page, in four languages, by light and in the dark, at normal and at the largest letters.

Each page is opened in each language: nothing of it is left in English, and it fits at 320 px.
"""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import NewPage, PageOf
from tests.journeys.languages import english_on
from tests.journeys.looking import begin_anew, prefer, violations
from tests.journeys.pages import AT_HOME, EVERYWHERE, Place
from tests.journeys.steps import (
    DIGITS,
    app_code,
    follow_link,
    give_mailed_code,
    give_name,
    open_mail,
    send,
    type_code,
)
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
LANGUAGES = ("nl", "fr", "en", "de")
PLACES = (*EVERYWHERE, *AT_HOME)
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
PAIRS = (("light", "m"), ("dark", "m"), ("light", "xl"), ("dark", "xl"))


@pytest.mark.parametrize(("number", "place"), [*enumerate(PLACES)], ids=[str(place) for place in PLACES])
def test_axe_finds_nothing(page_of: PageOf, town: Town, number: int, place: Place) -> None:
    """Each page in each language; the four pairs of look and letters go round with the pages.

    axe, which takes its time, looks in two of the four languages: of any four pages in a row each pair is looked at.
    """
    found = []
    for at, language in enumerate(LANGUAGES):
        look, size = PAIRS[(at + number) % len(PAIRS)]
        page = page_of(place.who, look)
        begin_anew(page, place.who)
        prefer(page, "/settings/" if place.who else "/join/no-code/", language=language, text_size=size)
        place.go(page, town)
        assert page.locator(f"html[lang={language}][data-text={size}]").count() == 1
        wrong = violations(page) if (at + number // 2) % 2 == 0 else []
        wrong += [f"in English: {words}" for words in english_on(page, language)] if language != "en" else []
        wrong += ["wider than the screen"] if page.evaluate(SIDEWAYS) else []
        found += [f"{language} {look} {size}: {words}" for words in wrong]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "mode",
    [
        ("nl", "dark", "xl", "analyst"),
        ("fr", "light", "m", "approver"),
        ("en", "dark", "m", "dpo"),
        ("de", "light", "xl", "rollout"),
    ],
    ids="-".join,
)
def test_axe_finds_nothing_where_only_a_journey_leads(
    visit: NewPage, town: Town, mode: tuple[str, str, str, str]
) -> None:
    """The own key, the mails and what their links open, the app of the staff."""
    language, look, size, staff = mode
    found: list[str] = []

    def newcomer(path: str) -> Page:
        page = visit(None, "/join/no-code/", color_scheme=look)
        prefer(page, "/join/no-code/", language=language, text_size=size)
        page.goto(path)
        return page

    def look_at(page: Page) -> None:
        found.extend(f"{page.url}: {words}" for words in violations(page))

    page, email = newcomer("/join/"), f"as.{language}@voorbeeld.example"
    type_code(page, town.take_code())
    give_name(page, "Axel Keurders")
    page.locator("[name=way][value=none]").check()
    send(page)
    look_at(page)
    send(page)
    page.goto("/e-mail/change/")
    page.locator("[name=email]").fill(email)
    send(page)
    look_at(page)
    open_mail(page, email)
    look_at(page)
    follow_link(page)
    look_at(page)
    send(page)
    look_at(page)

    page = newcomer("/sign-in/")
    page.locator("[name=email]").fill(email)
    send(page, "form[action='/sign-in/']")
    look_at(page)
    open_mail(page, email, DIGITS)
    follow_link(page)
    look_at(page)

    page = newcomer("/staff/")
    give_mailed_code(page, visit(None, "/demo/mailbox/"), f"{staff}@hasselt.example")
    look_at(page)
    page.locator("[name=code]").fill(app_code(page.locator(".code-shown").inner_text()))
    send(page)
    look_at(page)
    assert not found, "\n".join(found)
