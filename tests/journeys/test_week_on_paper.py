"""The week that hangs in the hallway is one A4, however much takes place: the browser's own print says so."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Page
from pypdf import PdfReader

from stoep.events.models import Event, Occurrence
from stoep.events.week import sender_of, sheet_of
from stoep.feed.models import Post
from stoep.people.models import Department
from tests.journeys.conftest import NewPage
from tests.journeys.looking import prefer

pytestmark = pytest.mark.browser
NOW = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)
WORDS = "Samen soep koken in de parochiezaal met MUZIEK van Wijkvereniging Wimmertingen vzw en alle kinderen"
MANY = 60


def test_the_week_of_the_town_is_one_page(visit: NewPage) -> None:
    page = visit("viewer", "", color_scheme="dark")
    prefer(page, "/settings/", language="nl", text_size="xl")
    page.goto("/agenda/week/")
    [sheet] = _printed(page)
    assert "De week in Kermt" in sheet
    assert "Huisregels" not in sheet
    assert "Zoeken" not in sheet
    prefer(page, "/settings/", language="nl", text_size="m")


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
@pytest.mark.parametrize("letters", ["large", "small", "small, and more"])
def test_a_full_week_is_one_page_too(visit: NewPage, language: str, letters: str) -> None:
    """As the server makes the sheet of as many events as these letters can hold, with the site's own style."""
    sheets = [sheet_of(_events(number), NOW.date()) for number in range(1, MANY)]
    sheet = [one for one in sheets if one.letters in letters and bool(one.left_out) == ("more" in letters)][-1]
    facts = {"sheet": sheet, "sender_of": sender_of, "address": "buurt.hasselt.example", "place": "Wimmertingen-Noord"}
    with override(language):
        markup = render_to_string("events/_week_sheet.html", facts)
    page = visit("viewer", "/agenda/week/")
    page.locator(".week").evaluate("(old, markup) => { old.outerHTML = markup; }", markup)
    [printed] = _printed(page)
    assert "buurt.hasselt.example" in printed


def _printed(page: Page) -> list[str]:
    return [one.extract_text() for one in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]


def _events(number: int, seed: int = 1) -> list[Occurrence]:
    """On all seven days, of every length, and some called off."""
    dice = Random(seed)
    made = []
    for n in range(number):
        title, place = (" ".join(dice.choices(WORDS.split(), k=dice.randint(2, 14)))[:100] for _each in range(2))
        title = title.upper() if n % 6 == 1 else title
        post = Post(title=title, speaking_for=Department(name="Dienst Communicatie en Participatie"))
        event = Event(post=post, place=place, is_remote=dice.random() < 0.2)
        starts_at = NOW + timedelta(days=n % 7, hours=1, minutes=n)
        made.append(Occurrence(event=event, starts_at=starts_at, cancelled_at=NOW if n % 5 == 4 else None))
    return sorted(made, key=lambda each: each.starts_at)
