"""Ways to look at a page as a whole: with axe, and in the language and size that somebody prefers."""

from http import HTTPStatus
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
MOST_ARRIVALS = 4
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Asked again when the page was still arriving: it then takes axe away with the document before it."""
    for _ in range(MOST_ARRIVALS):
        page.wait_for_load_state("load")
        try:
            return _violations(page)
        except Error:
            page.wait_for_timeout(200)
    return _violations(page)


def _violations(page: Page) -> list[str]:
    rules: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:100]}" for rule in rules for node in rule["nodes"]]


def begin_anew(page: Page, who: str | None) -> None:
    """Nobody is signed in and nothing was typed before, where nobody looks."""
    if who is None:
        page.context.clear_cookies()


def prefer(page: Page, form_at: str, **wishes: str) -> None:
    """As the page of one's own details and the foot of the door do it; `form_at` has such a form."""
    request = page.context.request
    known = next((one["value"] for one in page.context.cookies() if "stoep_csrf" in one["name"]), "")
    # The cookie is as good as the field of a form, which is asked for once a browser.
    token = known or request.get(form_at).text().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = request.post("/preferences/", form={"csrfmiddlewaretoken": token, **wishes}, max_redirects=0)
    assert answer.status == HTTPStatus.FOUND
