"""Every page of the site as somebody sees it: whole, empty, with errors, closed. The proofs walk along this list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.steps import send, type_code
from tests.journeys.town import Town

Steps = Callable[[Page, Town], None]


@dataclass(frozen=True)
class Place:
    """`path` may name facts of the town; `then` is done there before anybody looks."""

    name: str
    who: str | None
    path: str
    then: Steps | None = None

    def go(self, page: Page, town: Town) -> None:
        page.goto(self.path.format(**town.facts))
        if self.then:
            self.then(page, town)

    def __str__(self) -> str:
        return self.name


def _sent_empty(form: str = "main form") -> Steps:
    def steps(page: Page, _town: Town) -> None:
        page.locator(f"{form} :is(input:not([type=hidden], [type=radio], [type=checkbox]), textarea)").evaluate_all(
            "fields => fields.forEach(field => { field.value = ''; })"
        )
        page.locator(form).first.evaluate("form => { form.noValidate = true; }")
        send(page, form)
        page.locator("[data-error-summary]").wait_for()

    return steps


def _name(page: Page, town: Town) -> None:
    type_code(page, town.codes[0])  # looking at it does not use it up
    page.locator("[name=name]").wait_for()


def _back_to_the_code(page: Page, town: Town) -> None:
    _name(page, town)
    page.goto("/join/")


def _contact(page: Page, town: Town) -> None:
    _name(page, town)
    page.locator("[name=name]").fill("Kijk Even")
    send(page)
    page.locator("[name=way]").first.wait_for()


def _wrong_name(page: Page, town: Town) -> None:
    _name(page, town)
    _sent_empty()(page, town)


def _wrong_contact(page: Page, town: Town) -> None:
    _contact(page, town)
    _sent_empty()(page, town)


def _preview(page: Page, town: Town) -> None:
    del town
    page.locator("[name=title]").fill("Vrijdag geen parkeren op de Demerstraat en de Kapelstraat")
    page.locator("[name=body]").fill("Van acht tot vijf.\n\nhttps://hasselt.example/werken")
    page.locator("[name=where][value=some]").check()
    page.locator("[name=neighbourhoods]").first.check()
    page.locator("button[name=preview]").click()
    page.locator(".compose__preview").wait_for()


def _count(page: Page, town: Town) -> None:
    del town
    page.locator("[name=where][value=some]").check()
    page.locator("[name=neighbourhoods]").first.check()
    page.locator("button[name=look]").click()
    page.locator("#count-title").wait_for()


def _tried_look(page: Page, town: Town) -> None:
    del town
    page.locator("[name=colour]").fill("#ffe600")
    page.locator("button[name=look]").click()
    page.locator(".swatches").wait_for()


# What another journey called off stays on the agenda, and says so.
GOES_ON = ".agenda__event:not(:has(.chip--urgent))"


def _planned(page: Page, town: Town) -> None:
    """An agenda that holds something that goes on, whoever was here before."""
    del town
    if page.locator(GOES_ON).count():
        return
    agenda = page.url
    page.goto("/posts/new/?kind=activity")
    page.locator(".tile--activity").click()  # a draft of another journey may stand there, of another kind
    page.locator("[name=title]").fill("Soep in het parochiezaaltje")
    page.locator("[name=event-on]").fill(_soon())
    page.locator("[name=event-at]").fill("12:00")
    page.locator("[name=event-place]").fill("Kermtstraat, naast de kerk")
    send(page)
    expect(page.locator("[name=event-place]")).to_have_count(0)  # whoever goes on too soon takes the form back
    page.goto(agenda)


def _chosen_day(page: Page, town: Town) -> None:
    _planned(page, town)
    page.goto(f"/agenda/?on={_soon()}")


def _week(page: Page, town: Town) -> None:
    _planned(page, town)
    page.goto("/agenda/week/")


def _event(page: Page, town: Town) -> None:
    """One that is still to come: what another journey planned for today may be over by now."""
    page.goto(f"/agenda/?on={_soon()}")
    _planned(page, town)
    page.locator(f"{GOES_ON} a").first.click()
    page.locator(".event__elsewhere summary").click()


def _soon() -> str:
    return (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011  the browser's


def _staff_code(page: Page, town: Town) -> None:
    del town
    page.locator("[name=email]").fill("nobody@hasselt.example")
    send(page)
    page.locator("[name=code]").wait_for()


def _harsh(page: Page, town: Town) -> None:
    del town
    page.locator(".tile--information").click()
    page.locator("[name=title]").fill("Wat een klootzak")
    send(page)
    page.locator("mark").wait_for()


DOOR = (
    Place("house rules", None, "/house-rules/"),
    Place("privacy", None, "/privacy/"),
    Place("sign-in", None, "/sign-in/"),
    Place("sign-in, wrong", None, "/sign-in/", _sent_empty("form[action='/sign-in/']")),
    Place("sign-in by digits", None, "/sign-in/code/"),
    Place("sign-in by digits, wrong", None, "/sign-in/code/", _sent_empty()),
    Place("sign-in by letter", None, "/sign-in/letter/"),
    Place("sign-in by letter, wrong", None, "/sign-in/letter/", _sent_empty()),
    Place("sign-in link, used", None, "/sign-in/link/nothing/"),
    Place("e-mail link, used", None, "/e-mail/nothing/"),
    Place("stop mail, broken link", None, "/u/nothing/"),
    Place("join", None, "/join/"),
    Place("join, wrong", None, "/join/", _sent_empty()),
    Place("join, code kept", None, "/join/", _back_to_the_code),
    Place("join, name", None, "/join/", _name),
    Place("join, wrong name", None, "/join/", _wrong_name),
    Place("join, contact", None, "/join/", _contact),
    Place("join, wrong contact", None, "/join/", _wrong_contact),
    Place("no code", None, "/join/no-code/"),
    Place("staff door", None, "/staff/"),
    Place("staff door, wrong", None, "/staff/", _sent_empty()),
    Place("staff door, code", None, "/staff/", _staff_code),
    Place("staff door, passkey", None, "/staff/passkey/"),
    Place("demo", None, "/demo/"),
    Place("demo mailbox", None, "/demo/mailbox/"),
)
RESIDENT = (
    Place("feed", "viewer", "/"),
    Place("feed, welcome", "first-in-stevoort", "/?welcome"),
    Place("feed, lending", "viewer", "/?kind=lend"),
    Place("feed, last page", "viewer", "/?before={late_post}"),
    Place("feed, empty", "first-in-stevoort", "/"),
    Place("feed, nothing of a kind", "first-in-stevoort", "/?kind=help"),
    Place("feed, provisional", "newcomer", "/?kind=help"),
    Place("search", "viewer", "/search/?q=de+straat"),
    Place("search, a thing", "viewer", "/search/?q=ladder"),
    Place("search, nothing asked", "viewer", "/search/"),
    Place("search, nothing found", "viewer", "/search/?q=klompenmaker"),
    Place("post", "viewer", "/posts/{post}/"),
    Place("post, own", "viewer", "/posts/{own_post}/"),
    Place("post, solved", "viewer", "/posts/{solved_post}/"),
    Place("post of the city", "viewer", "/posts/{announced_post}/"),
    Place("post, wrong answer", "viewer", "/posts/{post}/", _sent_empty("#answer")),
    Place("agenda", "viewer", "/agenda/"),
    Place("agenda, today", "viewer", "/agenda/?when=today"),
    Place("agenda, something planned", "viewer", "/agenda/", _planned),
    Place("agenda, one day", "viewer", "/agenda/", _chosen_day),
    Place("week on paper", "viewer", "/agenda/", _week),
    Place("event", "viewer", "/agenda/", _event),
    Place("my calendar", "viewer", "/me/calendar/"),
    Place("composer", "viewer", "/posts/new/"),
    Place("composer, activity", "viewer", "/posts/new/?kind=activity"),
    Place("composer, unsafe", "viewer", "/posts/new/?kind=unsafe"),
    Place("composer, wrong", "viewer", "/posts/new/", _sent_empty()),
    Place("composer, second look", "viewer", "/posts/new/", _harsh),
    Place("my photo", "viewer", "/me/photo/"),
    Place("my photo, wrong", "viewer", "/me/photo/", _sent_empty("form[enctype]")),
    Place("composer, provisional", "newcomer", "/posts/new/"),
    Place("edit post", "viewer", "/posts/{own_post}/edit/"),
    Place("edit post, wrong", "viewer", "/posts/{own_post}/edit/", _sent_empty("form.card")),
    Place("edit answer", "viewer", "/comments/{own_comment}/edit/"),
    Place("solved?", "viewer", "/posts/{own_post}/solution/"),
    Place("my posts", "viewer", "/posts/mine/?removed"),
    Place("my posts, none", "first-in-stevoort", "/posts/mine/"),
    Place("neighbours", "viewer", "/people/"),
    Place("neighbours, none found", "viewer", "/people/?q=klompenmaker"),
    Place("neighbours, provisional", "newcomer", "/people/"),
    Place("map of the neighbours", "viewer", "/people/map/"),
    Place("what I can help with", "viewer", "/me/skills/"),
    Place("not to be found", "viewer", "/me/protected/"),
    Place("not to be found, wrong", "viewer", "/me/protected/", _sent_empty()),
    Place("chat", "viewer", "/chat/"),
    Place("chat, none", "first-in-stevoort", "/chat/"),
    Place("conversation", "viewer", "/chat/{conversation}/"),
    Place("conversation, wrong", "viewer", "/chat/{conversation}/", _sent_empty("#answer")),
    Place("conversation of three", "viewer", "/chat/{group}/"),
    Place("who takes part", "viewer", "/chat/{group}/people/"),
    Place("new group, wrong", "viewer", "/chat/group/", _sent_empty()),
    Place("first message", "viewer", "/chat/with/{stranger}/"),
    Place("settings", "viewer", "/settings/?saved"),
    Place("notices", "viewer", "/notifications/"),
    Place("notices, none", "first-in-stevoort", "/notifications/"),
    Place("what to hear", "viewer", "/me/mail/?saved"),
    Place("messages on devices", "viewer", "/me/push/"),
    Place("e-mail", "viewer", "/e-mail/change/"),
    Place("e-mail, wrong", "viewer", "/e-mail/change/", _sent_empty()),
    Place("already inside", "viewer", "/join/"),
    Place("not here", "viewer", "/posts/00000000-0000-7000-8000-000000000000/"),
    Place("suspended", "suspended", "/paused/"),
    Place("my name, wrong", "viewer", "/me/name/", _sent_empty()),
    Place("my street", "viewer", "/me/street/"),
    Place("my data", "viewer", "/me/data/"),
    Place("my consents", "viewer", "/me/consents/"),
    Place("my download", "viewer", "/me/download/"),
    Place("leave", "viewer", "/me/leave/"),
    Place("aside", "viewer", "/me/aside/"),
    Place("sign out everywhere", "viewer", "/me/sign-out/"),
    Place("is it you, wrong", "viewer", "/prove/", _sent_empty()),
)
CITY = (
    Place("messages", "city-viewer", "/city/announcements/"),
    Place("messages, none", "new-city-admin", "/city/announcements/"),
    Place("message", "city-viewer", "/city/announcements/{announcement}/"),
    Place("message, withdrawn", "city-viewer", "/city/announcements/{withdrawn}/"),
    Place("message, in the feed", "city-viewer", "/posts/{announced_post}/"),
    Place("new message", "city-viewer", "/city/announcements/new/"),
    Place("new message, wrong", "city-viewer", "/city/announcements/new/", _sent_empty(".compose")),
    Place("new message, preview", "city-viewer", "/city/announcements/new/", _preview),
    Place("departments", "city-viewer", "/city/departments/"),
    Place("departments, none", "new-city-admin", "/city/departments/"),
    Place("departments, wrong", "city-viewer", "/city/departments/", _sent_empty("form[aria-labelledby=add-title]")),
    Place("staff", "city-viewer", "/city/staff/"),
    Place("staff, wrong", "city-viewer", "/city/staff/", _sent_empty("form[aria-labelledby=add-title]")),
    Place("staff, lost app", "city-viewer", "/city/staff/{editor}/reset/"),
    Place("look", "city-viewer", "/city/look/?saved"),
    Place("look, tried", "city-viewer", "/city/look/", _tried_look),
    Place("contact", "city-viewer", "/city/contact/"),
    Place("passkeys", "city-viewer", "/staff/passkeys/"),
    Place("rollout", "city-viewer", "/city/rollout/"),
    Place("rollout, for the analyst", "analyst", "/city/rollout/"),
    Place("rollout, at first", "new-city-admin", "/city/rollout/"),
    Place("letters", "city-viewer", "/city/letters/"),
    Place("letters, none", "new-city-admin", "/city/letters/"),
    Place("letters, counted", "city-viewer", "/city/letters/", _count),
    Place("who wants no letters", "city-viewer", "/city/no-letters/?stopped"),
    Place("letters, made", "city-viewer", "/city/letters/{letter_run}/"),
    Place("words of the letter", "city-viewer", "/city/letters/text/"),
    Place("imports", "city-viewer", "/city/imports/"),
    Place("imports, none", "new-city-admin", "/city/imports/"),
    Place("imports, wrong", "city-viewer", "/city/imports/", _sent_empty("form[action='/city/imports/']")),
    Place("import, shown", "city-viewer", "/city/imports/{shown_import}/"),
    Place("import, done", "city-viewer", "/city/imports/{import_run}/"),
    Place("import, unreadable", "city-viewer", "/city/imports/{unreadable_import}/"),
    Place("addresses", "city-viewer", "/city/addresses/"),
    Place("addresses, none", "new-city-admin", "/city/addresses/"),
    Place("street on the map", "city-viewer", "/city/addresses/streets/{waiting_street}/"),
    Place("settings of staff", "city-viewer", "/settings/"),
    Place("not yours", "analyst", "/city/staff/"),
)
# Looked at in every language by axe and at 320 px.
AT_HOME = (
    Place("invitation, gone", None, "/join/invited/"),
    Place("join for somebody", None, "/join/for-somebody/"),
    Place("join for somebody, wrong", None, "/join/for-somebody/", _sent_empty()),
    Place("ask for a letter", None, "/join/letter/"),
    Place("no more letters", None, "/no-letters/"),
    Place("tell of something, without signing in", None, "/notice/"),
    Place("tell of something, wrong", None, "/notice/", _sent_empty()),
    Place("my photo", "viewer", "/me/photo/"),
    Place("my phone", "viewer", "/me/phone/"),
    Place("moving", "viewer", "/me/home/"),
    Place("invite", "viewer", "/me/invite/"),
    Place("who knows me", "newcomer", "/me/known/"),
    Place("my reports", "viewer", "/me/reports/"),
    Place("blocked", "viewer", "/me/blocks/"),
    Place("who acted for me", "viewer", "/me/helped/"),
    Place("somebody", "viewer", "/people/{neighbour}/"),
    Place("block?", "viewer", "/people/{neighbour}/block/"),
    Place("shelf", "viewer", "/share/"),
    Place("what I have at home", "viewer", "/share/at-home/"),
    Place("thing", "viewer", "/share/{thing}/"),
    Place("thing, wrong", "viewer", "/share/{thing}/", _sent_empty("#borrow")),
    Place("loans", "viewer", "/loans/"),
    Place("loan", "viewer", "/loans/{loan}/"),
    Place("report", "viewer", "/report/post/{post}/"),
    Place("report, wrong", "viewer", "/report/post/{post}/", _sent_empty()),
    Place("ambassador", "ambassador", "/ambassador/"),
    Place("reports", "moderator", "/moderation/"),
    Place("case", "moderator", "/moderation/cases/{case}/"),
    Place("case, wrong", "moderator", "/moderation/cases/{case}/", _sent_empty()),
    Place("desk", "desk", "/desk/"),
    Place("desk, wrong", "desk", "/desk/", _sent_empty("main form.card")),
    Place("desk, join for somebody", "desk", "/desk/join/"),
    Place("ambassadors", "city-viewer", "/city/ambassadors/"),
)
EVERYWHERE = (*DOOR, *RESIDENT, *CITY)
