"""Neighbours talk: they post, answer, thank, change their mind, find things back; live where scripts run."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.steps import Way, answer, card, is_marked, mark, open_mail, open_post, send, ways, write_post
from tests.journeys.town import Town

pytestmark = pytest.mark.browser
LIVE = 8_000


@ways("360 light", "1280 dark")
def test_an_answer_comes_by_itself_or_by_reload_and_by_mail(visit: NewPage, way: Way) -> None:
    title = f"Wie heeft een grote soepketel? {way}"
    author = visit("neighbour", **way.options)
    write_post(author, "borrow", title, "Voor zaterdag.", next_door="Tuilt", city=True)
    expect(card(author, title)).not_to_contain_text("merci")
    open_post(author, title)
    expect(author.locator(".audience-line")).to_contain_text("Tuilt")
    if way.scripts:
        mark(author)

    other = visit("second-neighbour")
    open_post(other, title)
    answer(other, "Die staat bij mij in de kelder.")

    came = author.locator(".comment", has_text="in de kelder")
    if way.scripts:
        expect(came).to_be_visible(timeout=LIVE)
        assert is_marked(author)
    else:
        author.reload()
        expect(came).to_be_visible()
    assert "in de kelder" in open_mail(author, "neighbour@hasselt.example", title)


@ways("1280 light", "360 light")
def test_a_new_post_comes_by_itself_or_by_reload_to_its_audience_alone(visit: NewPage, way: Way) -> None:
    title = f"Vandaag verse eieren {way}"
    reader, next_door = visit("second-neighbour", **way.options), visit("next-neighbourhood")
    if way.scripts:
        mark(reader)
    write_post(visit("neighbour"), "give", title)
    if way.scripts:
        expect(card(reader, title)).to_be_visible(timeout=LIVE)
        assert is_marked(reader)
    else:
        reader.reload()
        expect(card(reader, title)).to_be_visible()
    next_door.reload()
    expect(card(next_door, title)).to_have_count(0)


@ways("320 dark", "360 dark")
def test_a_post_is_thanked_changed_removed_and_put_back(visit: NewPage, way: Way) -> None:
    title = f"De bakker is zondag open {way}"
    author, other = visit("neighbour", **way.options), visit("second-neighbour", **way.options)
    write_post(author, "information", title)
    other.reload()
    thank = card(other, title).locator("button[aria-pressed]")
    thank.click()
    expect(thank).to_have_attribute("aria-pressed", "true")
    expect(thank).to_contain_text("1")
    thank.click()
    expect(thank).to_have_attribute("aria-pressed", "false")

    open_post(author, title)
    author.locator("a[href$='/edit/']").first.click()
    author.locator("[name=title]").fill(f"{title} tot twaalf")
    send(author)
    expect(author.get_by_role("heading", level=1)).to_have_text(f"{title} tot twaalf")
    author.locator("article button[formaction$='/removal/']").click()
    expect(author.locator(".notice--success")).to_be_visible()
    other.goto("/")
    expect(card(other, f"{title} tot twaalf")).to_have_count(0)

    card(author, f"{title} tot twaalf").get_by_role("button").click()
    other.goto("/")
    expect(card(other, f"{title} tot twaalf")).to_be_visible()


@ways("1280 dark", "320 light")
def test_an_answer_is_changed_removed_and_put_back(visit: NewPage, way: Way) -> None:
    title = f"Wie kent een goede loodgieter? {way}"
    write_post(visit("neighbour"), "question", title)
    other = visit("second-neighbour", **way.options)
    open_post(other, title)
    answer(other, "De Patrick uit de Koorstraat.")
    other.locator(".comment a[href$='/edit/']").click()
    other.locator("[name=body]").fill("De Patrik, in de Koorstraat.")
    send(other)
    changed = other.locator(".comment", has_text="De Patrik,")
    expect(changed).to_be_visible()
    changed.locator(".comment__tools button").click()
    expect(changed).to_have_count(0)
    other.locator(".notice--success").get_by_role("button").click()
    expect(changed).to_be_visible()


@ways("360 dark", "320 dark")
def test_help_is_found_and_thanked_for(visit: NewPage, way: Way) -> None:
    title = f"Wie helpt met de haag? {way}"
    key, name = ("second-neighbour", "Ahmed El Amrani") if way.scripts else ("ambassador", "Jos Vandersmissen")
    author, helper = visit("neighbour", **way.options), visit(key)
    write_post(author, "help_wanted", title)
    helper.reload()
    open_post(helper, title)
    answer(helper, "Ik kom met de lange schaar.")

    open_post(author, title)
    author.locator("main a[href$='/solution/']").click()
    author.get_by_role("radio", name=name).check()
    author.locator("[name=thank_you]").fill("De haag staat weer recht.")
    send(author)
    expect(author.locator(".chip--solved")).to_be_visible()
    expect(author.locator("article .notice--success")).to_contain_text("De haag staat weer recht.")
    assert "De haag staat weer recht." in open_mail(helper, f"{key}@hasselt.example", title)


@ways("320 light", "1280 light")
def test_filters_and_pages_lead_to_the_end(visit: NewPage, town: Town, way: Way) -> None:
    page = visit("viewer", **way.options)
    page.locator(".chips a[href*='kind=lend']").click()
    # The first on a card says its kind; what follows says how it stands: solved, from next door, shared.
    kinds = page.locator("main article .chip:first-child").evaluate_all("chips => chips.map(chip => chip.className)")
    assert kinds
    assert len(kinds) == page.locator("main article").count()
    assert all(re.search("--(borrow|lend|give)$", kind) for kind in kinds)
    page.locator(".chips a").first.click()

    seen: set[str] = set()
    for _ in range(6):
        ids = set(page.locator("main article[id]").evaluate_all("cards => cards.map(card => card.id)"))
        assert len(ids) <= 20
        assert not ids & seen
        seen |= ids
        more = page.locator("main a[href*='before=']")
        if not more.count():
            break
        more.click()
    expect(page.locator(".feed-end")).to_be_visible()
    assert f"post-{town.facts['old_post']}" in seen


@ways("360 light", "360 light")
def test_a_post_without_words_comes_back_with_what_was_typed(visit: NewPage, way: Way) -> None:
    page = visit("neighbour", "/posts/new/", **way.options)
    page.locator("[name=body]").fill("Dit wil ik niet kwijt.")
    send(page)
    if page.locator("[data-error-summary]").count():
        expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[name=body]")).to_have_value("Dit wil ik niet kwijt.")
