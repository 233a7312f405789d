"""Staff come in by a passkey, or with their organisation's own account, in a real browser; and others do not."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from stoep.operations import demonstration
from stoep.operations.preparing import ROOT
from tests.journeys.conftest import HEIGHT, NewPage
from tests.journeys.town import HOST, Town

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the provider's own libraries, while they load
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def apart(town: Town, chromium: Browser, host: str = "localhost") -> Iterator[Page]:
    """A passkey belongs to a name, never to a number: the same town, reached as localhost. No other host is asked."""
    address = f"http://{host}:{urlsplit(town.address).port}/"
    context = chromium.new_context(base_url=address, locale="en", viewport={"width": 360, "height": HEIGHT})
    context.route("https://**", lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def with_device(page: Page) -> tuple[CDPSession, str]:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    return device, device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def test_a_passkey_is_made_opens_the_door_alone_and_stops_when_it_is_removed(town: Town, chromium: Browser) -> None:
    with apart(town, chromium) as page:
        device, known = with_device(page)
        assert page.context.request.post("/demo/session/", form={"person": "approver"}).ok

        page.goto("/staff/passkeys/")
        page.locator("[name=name]").fill("My laptop")
        page.locator("form[data-passkey] button").click()
        expect(page.locator(".row__words")).to_contain_text("My laptop")
        page.context.clear_cookies()

        page.goto("/staff/passkey/")
        page.locator("form[data-passkey] button").click()
        page.wait_for_url("**/city/announcements/")

        # The same device, but the city's side knows its passkey no more.
        page.goto("/staff/passkeys/")
        page.locator(".row form button").click()
        expect(page.locator(".row__words")).to_have_count(0)
        page.context.clear_cookies()
        page.goto("/staff/passkey/")
        page.locator("form[data-passkey] button").click()
        page.locator("[data-error-summary]").wait_for()
        page.goto("/city/announcements/")
        assert urlsplit(page.url).path == "/sign-in/"

        # And a device without a passkey.
        device.send("WebAuthn.clearCredentials", {"authenticatorId": known})
        page.goto("/staff/passkey/")
        page.locator("form[data-passkey] button").click()
        expect(page.locator("[data-passkey-trouble]")).to_be_visible()


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "no json", '{"response": {"userHandle": "x"}}', '{"id": 1, "response": 7}', "x" * 30_000],
    ids=["nothing", "empty", "list", "words", "guessed", "numbers", "long"],
)
def test_an_answer_that_no_device_gave_opens_nothing(visit: NewPage, credential: str) -> None:
    page = visit(None, "/staff/passkey/")
    token = page.locator("form[data-passkey] [name=csrfmiddlewaretoken]").get_attribute("value") or ""
    answer = page.context.request.post(
        "/staff/passkey/", form={"csrfmiddlewaretoken": token, "credential": credential}, max_redirects=0
    )
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY


def command(town: Town, *words: str) -> str:
    port = urlsplit(town.address).port or 0
    settings = demonstration.environment(database=town.database, host=HOST, port=port) | {"STOEP_VAR": str(town.var)}
    done = subprocess.run(
        [sys.executable, "-m", "stoep.operations.command_line", *words],
        cwd=ROOT,
        env={**os.environ, **settings, "STOEP_TEST": "", "STOEP_TEST_DATABASE": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def test_an_organisations_own_account_opens_the_door_for_who_has_a_task(
    visit: NewPage, town: Town, chromium: Browser, tmp_path: Path
) -> None:
    people = [
        User(sub=name, claims={"email": f"{name}@hasselt.example", "email_verified": True})
        for name in ("dpo", "stranger")
    ]
    (tmp_path / "secret").write_text("not told to anybody\n")
    with run_server_in_thread(user_claims=people) as server:
        issuer = f"http://127.0.0.1:{server.server_port}"
        city = ("--municipality", "hasselt")
        said = command(
            town,
            *("municipality", "oidc", *city, "--issuer", issuer, "--client-id", "stoep"),
            *("--secret-file", str(tmp_path / "secret"), "--name", "Stad Hasselt"),
        )
        assert "/staff/organisation/back/" in said

        def come(page: Page, who: str) -> None:
            page.goto("/staff/")
            page.get_by_role("link", name="Stad Hasselt").click()
            page.wait_for_url(f"{issuer}/**")
            page.locator("[name=sub]").first.fill(who)
            page.locator("button[type=submit], input[type=submit]").first.click()
            page.wait_for_url(f"{town.address}**")

        with apart(town, chromium, HOST) as page:
            come(page, "dpo")
            assert urlsplit(page.url).path == "/city/rollout/"
        with apart(town, chromium, HOST) as page:
            come(page, "stranger")
            expect(page.locator(".notice--danger")).to_be_visible()
            page.goto("/city/rollout/")
            assert urlsplit(page.url).path == "/sign-in/"
        assert "not told to anybody" not in town.log("web")
        command(town, "municipality", "oidc", *city, "--off")
        expect(visit(None, "/staff/").get_by_role("link", name="Stad Hasselt")).to_have_count(0)
