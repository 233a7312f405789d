"""Each mail of a stream in a real browser: axe finds nothing by light and in the dark, and it fits a phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, sync_playwright

from stoep.common import clock
from stoep.delivery.digest import make_digests, plan_digests
from stoep.delivery.models import DigestBatch, Mail, MailChoices
from stoep.delivery.tests.days import FIVE, Days
from stoep.feed.editing import solve_request
from stoep.operations.cast import Cast
from stoep.operations.preparing import browser as find_browser
from stoep.people.models import Person
from tests.journeys.conftest import ARGUMENTS
from tests.journeys.looking import violations

pytestmark = pytest.mark.browser
LOOKS = ("light", "dark")


@pytest.fixture
def mails(cast: Cast) -> dict[str, Mail]:
    """One of each kind, with long words, many lines and everything that can stand in it."""
    days = Days(cast)
    Person.objects.filter(pk=cast["neighbour"].pk).update(language="nl")
    days.choose("second-neighbour", neighbourhood="now", city="now")
    for kind in ("question", "help_wanted", "lend", "give", "lost_found", "activity", "service", "information"):
        days.place("ambassador", kind=kind, title=f"Wie helpt mij met {kind}?", body="https://example.org/" + "x" * 90)
    days.announce(body="Wegenwerken.\n\nVan maandag tot vrijdag.")
    post = days.place("neighbour", kind="help_wanted", title="Wie laat mijn hond uit?")
    days.answer(post)
    solve_request(author=cast["neighbour"], post=post, helper=cast["second-neighbour"], thank_you="Top!", now=FIVE)
    days.hand_out(FIVE)
    MailChoices.objects.filter(person=cast["second-neighbour"]).update(neighbourhood="daily")
    with clock.frozen(FIVE + timedelta(minutes=5)):
        plan_digests(now=clock.now())
        for batch in DigestBatch.objects.all():
            make_digests(batch.pk, now=clock.now())
    return {mail.kind: mail for mail in Mail.objects.exclude(stream="").order_by("id")}


@contextmanager
def _pages() -> Iterator[dict[str, Page]]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(is_needed=True), args=ARGUMENTS)
        phone = {"width": 360, "height": 740}
        yield {look: chromium.new_page(viewport=phone, color_scheme=look) for look in LOOKS}  # type: ignore[arg-type]  # plain words for private shapes
        chromium.close()


def test_every_mail_reads_well(mails: dict[str, Mail]) -> None:
    assert set(mails) == {
        "delivery/mail/digest",
        "feed/mail/announcement",
        "feed/mail/new_comment",
        "feed/mail/new_post",
        "feed/mail/solved",
    }
    found = []
    with _pages() as pages:
        for kind, mail in mails.items():
            for look, page in pages.items():
                page.set_content(mail.html)
                found += [f"{kind} {look}: {words}" for words in violations(page)]
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [f"{kind} {look}: {wide} px wide"] if wide > 360 else []
                small = page.locator("a.button").evaluate_all("them => them.filter(it => it.offsetHeight < 48).length")
                found += [f"{kind} {look}: small buttons"] if small else []
                found += [f"{kind} {look}: h1"] if page.locator("h1").count() != 1 else []
    assert not found, "\n".join(found)


def test_the_text_part_holds_every_link_and_no_link_is_called_as_another(mails: dict[str, Mail]) -> None:
    for kind, mail in mails.items():
        links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', mail.html, re.DOTALL)
        assert [link for link, _words in links if link.replace("&amp;", "&") not in mail.text] == [], kind
        names: dict[str, set[str]] = {}
        for link, words in links:
            names.setdefault(re.sub(r"<[^>]+>", "", words).strip(), set()).add(link)
        assert [name for name, targets in names.items() if len(targets) > 1] == [], kind
        assert not re.search(r"<img|<script|http-equiv|src=", mail.html), "nothing that tells that it was opened"
