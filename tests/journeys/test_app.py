"""The site as an app: kept on the home screen, plain words without a line, and nothing of anybody's in its store."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.looking import prefer, violations
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
STORE = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      const kept = await store.match(request);
      const type = kept.headers.get("Content-Type") || "";
      found.push([new URL(request.url).pathname, type.startsWith("text/") ? await kept.text() : ""]);
    }
  }
  return found;
}"""


READY = """async () => {
  const wanted = `<html lang="${document.documentElement.lang}"`;
  for (let tries = 0; tries < 600; tries += 1) {
    const known = await navigator.serviceWorker.getRegistration();
    const kept = await caches.match("/offline/");
    if (known?.active?.state === "activated" && (await kept?.text())?.includes(wanted)) return true;
    await new Promise((later) => setTimeout(later, 50));
  }
  return false;
}"""


WORKER = "navigator.serviceWorker.getRegistration().then((known) => known.active.scriptURL)"
LANGUAGES = ("nl", "fr", "en", "de")


def ready(page: Page) -> None:
    """The worker is there for the next page, and knows the language of this one."""
    assert page.evaluate(READY)


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "internet"), ("fr", "internet"), ("en", "You have no internet now"), ("de", "nternet")],
)
def test_without_a_line_the_page_says_so_in_the_persons_language(visit: NewPage, language: str, words: str) -> None:
    page = visit("viewer", "/")
    prefer(page, "/settings/", language=language)
    page.goto("/")
    ready(page)
    assert page.locator("main article").count() == 20

    page.context.set_offline(offline=True)
    page.goto("/posts/mine/")
    assert page.locator(f"html[lang={language}]").count() == 1
    expect(page.locator("h1")).to_contain_text(words)
    assert violations(page) == []

    page.context.set_offline(offline=False)
    page.locator("a.button--primary").click()
    page.wait_for_url("**/")
    assert page.locator("main article").count() == 20
    prefer(page, "/settings/", language="nl")


def test_whoever_changes_the_language_again_and_again_gets_every_page(visit: NewPage) -> None:
    """Once each language had a worker of its own, and one page in forty never came while it took over."""
    page = visit("viewer", "/posts/new/")
    ready(page)
    worker = page.evaluate(WORKER)
    for turn in range(60):
        prefer(page, "/settings/", language=LANGUAGES[turn % len(LANGUAGES)])
        page.goto("/posts/new/")
        assert page.locator(f"html[lang={LANGUAGES[turn % len(LANGUAGES)]}]").count() == 1
    ready(page)
    assert page.evaluate(WORKER) == worker
    prefer(page, "/settings/", language="nl")


def test_nothing_of_anybody_is_kept_while_inside_or_after(visit: NewPage) -> None:
    page = visit("viewer", "/")
    ready(page)
    titles = page.locator("main article h3").all_inner_texts()
    name = page.locator(".brand__title").inner_text()
    for path in ("/settings/", "/posts/mine/", "/"):
        page.goto(path)
    page.goto("/settings/")
    page.locator("form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/**")

    store = page.evaluate(STORE)

    paths = {path for path, _text in store}
    assert any(path.startswith("/offline/") for path in paths)
    assert {path.split("/")[1] for path in paths} <= {"static", "offline", "theme"}
    kept = json.dumps([text for path, text in store if path.startswith("/offline/")])
    assert "csrfmiddlewaretoken" not in kept
    assert name not in kept
    assert not any(title in kept for title in titles)
    page.context.set_offline(offline=True)
    page.goto("/")
    assert page.locator("main article").count() == 0


def test_a_browser_can_install_it_and_shows_the_citys_own_face(visit: NewPage, town: Town) -> None:
    page = visit("viewer", "/")
    ready(page)
    device = page.context.new_cdp_session(page)
    found = device.send("Page.getAppManifest")
    assert found["errors"] == []
    said = json.loads(found["data"])
    assert "Hasselt" in said["name"]
    assert (said["start_url"], said["scope"], said["display"]) == ("/", "/", "standalone")
    assert {icon["sizes"] for icon in said["icons"]} == {"192x192", "512x512"}
    for icon in said["icons"]:
        answer = page.context.request.get(icon["src"])
        assert answer.headers["content-type"] == "image/png"
    problems = {each["errorId"] for each in device.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert problems <= {"in-incognito"}, problems
    assert urlsplit(page.url).port == urlsplit(town.address).port


def test_a_visitor_gets_no_worker(visit: NewPage) -> None:
    page = visit(None, "/sign-in/")
    assert page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one === undefined)")
