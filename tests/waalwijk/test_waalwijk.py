"""The Waalwijk test (trust.md 1.3), which blocks a release: without a letter and without help nobody enters.

For 24 simulated hours every door is tried. Passed: no neighbourhood entered, no name and no street seen.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from stoep.access.audience import home_audience
from stoep.access.limits import Limit
from stoep.common import clock
from stoep.common.crypto import seal
from stoep.common.ids import new_id
from stoep.delivery.models import Mail
from stoep.feed.models import Post
from stoep.joining import codes, limits
from stoep.joining.confirming import token_hash
from stoep.joining.inviting import invite
from stoep.joining.limits import CODES, HOUR, Brake
from stoep.joining.models import Invitation, LetterCode
from stoep.joining.tests.door import Letter, browser, join_by_own_key, letter, letter_for, post_comes
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Phone, number_hash
from stoep.places.models import Address, Neighbourhood
from tests.waalwijk.burglar import HERE, NEXT_CITY, Burglar, every_address, nth_guess

START = clock.now().replace(minute=0, second=0, microsecond=0)
HOURS = 24
CODES_AN_HOUR = 130
# Beyond what the limits let anybody look at in one moment of an hour, and well within what is tried.
LUCKY_AT = CODES.wrong.most + CODES.lane.most + 10
CANARY = "Kanarie in de Koorstraat"
ENDED_INVITATION = "an-invitation-that-ended"
KNOCKS_AT_LEAST = HOURS * (CODES_AN_HOUR + 50)


@pytest.fixture
def town(cast: Cast) -> Cast:
    """With something to steal: a post, an answer's author, somebody with an own key; and everybody well known."""
    kermt = cast.neighbourhoods["Kermt"]
    for title in (CANARY, "Nog een kanarie"):
        Post.objects.create(
            author=cast["neighbour"],
            audience=home_audience(kermt),
            membership=cast["neighbour"].memberships.get(),
            kind="question",
            title=title,
            body=CANARY,
            created_at=START,
        )
    return cast


def ended_invitation(inviter: Person) -> None:
    """A link that lay in a street, and that its maker ended."""
    made = invite(person=inviter, request_key=new_id(), now=START)
    Invitation.objects.filter(pk=made.pk).update(token_hash=token_hash(ENDED_INVITATION), ended_at=START)
    Phone.objects.create(
        person=inviter,
        purpose=Phone.Purpose.REACH,
        number="+32470123456",
        number_hash=number_hash("+32470123456"),
        confirmed_at=START,
        created_at=START,
    )


def burglar_of(cast: Cast) -> Burglar:
    people = Person.objects.values_list("name", flat=True)
    streets = {street.name for street in cast.streets.values()}
    posts = [str(pk) for pk in Post.objects.values_list("pk", flat=True)]
    members = [cast[key].email for key in ("neighbour", "second-neighbour", "suspended", "editor", "city-admin")]
    places = [str(cast.neighbourhoods["Kermt"].pk), str(cast["neighbour"].pk), "1", "..", "x%00"]
    return Burglar(
        secrets=(*people, *streets, CANARY),
        emails=(*members, "nobody@post.example", "burglar@evil.example"),
        ids=(*posts, *places),
    )


def sign_up_with_guessed_codes(burglar: Burglar) -> None:
    for code in (next(burglar.codes) for _each in range(CODES_AN_HOUR)):
        client = burglar.browser()
        if burglar.knock(client, "/join/", {"code": code}).status_code == 302:
            finish_joining(burglar, client)
            burglar.try_the_square(client, "a guessed code")


def finish_joining(burglar: Burglar, client: Client, **more: str) -> None:
    """Whatever the first screen said: on with the next ones."""
    burglar.knock(client, "/join/name/")
    burglar.knock(client, "/join/name/", {"name": "Bo Inbreker"})
    burglar.knock(client, "/join/contact/", {"way": "none", **more})
    burglar.knock(client, "/join/own-key/")


def letters_out_of_the_bin(cast: Cast) -> list[Letter]:
    """What lies about: an old letter, a used-up one, one called back, one for a place that is not open, one from next
    door's city, and one without an address any more."""
    gone = Address.objects.filter(neighbourhood=cast.neighbourhoods["Tuilt"]).order_by("id")[0]
    lost = letter(cast, expires_at=START + timedelta(days=90))
    LetterCode.objects.filter(pk=lost.row.pk).update(address=None)
    Address.objects.filter(pk=gone.pk).update(retired_at=START)
    Neighbourhood.objects.filter(name="Stevoort").update(state="planned")
    lasts = START + timedelta(days=90)
    return [
        letter(cast, expires_at=START - timedelta(days=1)),
        letter(cast, expires_at=lasts, uses=8),
        letter(cast, expires_at=lasts, withdrawn_at=START),
        letter(cast, expires_at=lasts, neighbourhood="Stevoort"),
        letter(cast, expires_at=lasts, neighbourhood="Rooierheide"),
        letter_for(gone, expires_at=lasts),
        lost,
    ]


def old_letters(burglar: Burglar, found: list[Letter]) -> None:
    for one in found:
        client = burglar.browser()
        burglar.knock(client, f"/q/{one.code}/")
        burglar.knock(client, "/join/")
        burglar.knock(client, "/join/", {"code": one.shown})
        finish_joining(burglar, client)
        burglar.try_the_square(client, "an old letter")


def sessions_that_are_not_theirs(burglar: Burglar, found: list[str]) -> None:
    """Cookies that were invented, that ended, or that were given by another city or by the own first screen."""
    invented = ["", "x", "0" * 32, "a" * 3000, "../../etc", "' OR '1'='1", '{"_auth_user_id": "1"}', str(new_id())]
    for key in (*invented, *found):
        client = burglar.browser()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        client.cookies[settings.DEVICE_COOKIE_NAME] = key
        client.cookies[settings.PREFERENCES_COOKIE_NAME] = key
        finish_joining(burglar, client)
        burglar.knock(client, "/settings/")
        burglar.try_the_square(client, "a session of somebody else")


def the_last_screen_alone(burglar: Burglar, member: Person) -> None:
    """The token of a sent-twice form, forged from what can be known."""
    for again in (str(member.pk), f"{member.pk} 482913", seal("another.purpose", f"{member.pk} 482913"), "x" * 2000):
        client = burglar.browser()
        finish_joining(burglar, client, again=again, join_plan=again, join_code=str(new_id()), email="b@evil.example")
        burglar.try_the_square(client, "a forged last screen")


def sign_in_mails_of_others(burglar: Burglar) -> None:
    for _each in range(5):
        client, email = burglar.browser(), burglar.email()
        burglar.knock(client, "/sign-in/", {"email": email, "next": "/posts/mine/"})
        for _try in range(6):
            burglar.knock(client, "/sign-in/code/", {"email": email, "code": burglar.six_digits(), "next": "/"})
        burglar.try_the_square(client, "guessed digits")
    post_comes()


def links_that_nobody_mailed(burglar: Burglar) -> None:
    for token in ("x", burglar.six_digits(), "A" * 32, "%00", str(new_id())):
        client = burglar.browser()
        for path in (f"/sign-in/link/{token}/", f"/e-mail/{token}/", f"/q/{token}/"):
            burglar.knock(client, path)
            burglar.knock(client, path, {"shared": "on"})
        burglar.try_the_square(client, "an invented link")


def guessed_keys(burglar: Burglar, found: Letter) -> None:
    """For guessed letters, and for one that was photographed in somebody's kitchen, without its key."""
    for code in (next(burglar.codes), found.code, found.code):
        client = burglar.browser()
        burglar.knock(client, "/sign-in/letter/", {"code": code, "own_key": burglar.six_digits()})
        burglar.try_the_square(client, "a guessed key")


def invitations_that_nobody_made(burglar: Burglar) -> None:
    """Guessed links and codes; the link of an invitation that was ended; a newcomer's page; a stranger's phone."""
    for token in (burglar.six_digits(), "A" * 24, str(new_id()), ENDED_INVITATION):
        client = burglar.browser()
        burglar.knock(client, f"/i/{token}/")
        burglar.knock(client, "/join/invited/", {})
        burglar.knock(client, "/join/dispute/", {})
        finish_joining(burglar, client)
        burglar.try_the_square(client, "an invented invitation")
    client = burglar.browser()
    for path in ("/me/invite/", "/me/known/", "/me/home/", "/me/phone/", f"/know/{new_id()}/", f"/phone/{new_id()}/"):
        burglar.knock(client, path, {"code": next(burglar.codes), "confirmed": "1"})
    burglar.knock(client, "/sign-in/sms/", {"number": "0470 12 34 56"})
    for _try in range(3):
        burglar.knock(client, "/sign-in/sms/code/", {"number": "0470 12 34 56", "code": burglar.six_digits()})
    burglar.knock(client, "/join/letter/", {"street": "Nergensstraat", "number": "1"})
    burglar.try_the_square(client, "a newcomer's door")


def another_address_after_the_fact(burglar: Burglar) -> None:
    """Nobody moves house on this site; and an e-mail address is changed from inside only."""
    client = burglar.browser()
    for path in ("/e-mail/change/", "/settings/", "/preferences/", "/address/", "/join/address/"):
        burglar.knock(client, path, {"email": "b@evil.example", "neighbourhood": burglar.ids[-5], "next": "/"})
    burglar.try_the_square(client, "a changed address")


def the_staff_door(burglar: Burglar) -> None:
    client, email = burglar.browser(), burglar.email()
    burglar.knock(client, "/staff/", {"email": email})
    for path in ("/staff/code/", "/staff/app/", "/staff/app/set-up/"):
        burglar.knock(client, path)
        for _try in range(3):
            burglar.knock(client, path, {"code": burglar.six_digits()})
    burglar.try_the_square(client, "the staff's door")


def the_demos_door(burglar: Burglar) -> None:
    client = burglar.browser()
    burglar.knock(client, "/demo/")
    for who in ("neighbour", "city-admin", "operator"):
        burglar.knock(client, "/demo/session/", {"person": who})
    burglar.try_the_square(client, "the demo's door")


def somebody_elses_host_or_network(burglar: Burglar) -> None:
    tricks = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": NEXT_CITY,
        "X-Original-Url": "/posts/mine/",
        "X-Rewrite-Url": "/posts/mine/",
        "X-Http-Method-Override": "PUT",
        "Hx-Request": "true",
        "Remote-User": "neighbour",
        "Authorization": "Basic bmVpZ2hib3VyOjQ4MjkxMw==",
    }
    for host in (HERE, NEXT_CITY, "localhost", "evil.example"):
        client = burglar.browser(host)
        for name, value in tricks.items():
            burglar.knock(client, "/", headers={name: value})
        burglar.try_the_square(client, "a header")


def every_address_of_the_site(burglar: Burglar) -> None:
    given = {"code": "482917365501", "name": "Bo Inbreker", "email": "b@evil.example", "title": "x", "text": "x"}
    client = burglar.browser()
    for path in every_address(burglar.ids):
        burglar.knock(client, path)
        burglar.knock(client, path, given)
    burglar.try_the_square(client, "an address of the site")


def sessions_that_ended(cast: Cast) -> Iterator[str]:
    """Of somebody who signed out, whose time was up, whose sessions were ended, who left; and one of the next city."""
    for key in ("neighbour", "second-neighbour", "next-neighbourhood", "ambassador"):
        client = browser()
        client.force_login(cast[key], backend="stoep.people.backend.PersonBackend")
        session = str(client.session.session_key)
        yield session
        if key == "neighbour":
            client.post("/sign-out/")
        elif key == "second-neighbour":
            Session.objects.filter(session_key=session).update(expire_date=START - timedelta(seconds=1))
        elif key == "next-neighbourhood":
            Person.objects.filter(pk=cast[key].pk).update(session_version=2)
        else:
            Person.objects.filter(pk=cast[key].pk).update(left_at=START)
    there = browser(host=NEXT_CITY)
    there.post("/join/", {"code": letter(cast, neighbourhood="Rooierheide").code})
    yield str(there.session.session_key)


def test_who_is_paused_sees_no_name_and_no_street_but_their_own(town: Cast) -> None:
    """An old session that still holds: it opens the page that says why nothing else opens."""
    paused = town["suspended"]
    burglar = burglar_of(town)
    home = Membership.objects.get(person=paused, ended_at=None).household
    assert home is not None
    own = {paused.name, home.address.street.name}
    burglar.secrets = tuple(secret for secret in burglar.secrets if secret not in own)
    client = with_session_of(paused)

    for path in every_address(burglar.ids):
        burglar.knock(client, path)
        if path not in {"/sign-out/", "/me/sign-out/"} and not path.startswith("/me/leave"):
            burglar.knock(client, path, {"title": "x", "text": "x", "name": "x", "email": "x@evil.example"})
    burglar.try_the_square(client, "a paused session")

    assert (burglar.entered, burglar.seen, burglar.broken) == ([], [], []), spoils(burglar)
    assert client.get("/paused/").status_code == 200, "the session held to the end"


def spoils(burglar: Burglar) -> str:
    return f"entered: {burglar.entered[:5]}, seen: {burglar.seen[:5]}, broken: {burglar.broken[:5]}"


def test_in_a_day_nobody_enters_and_no_name_or_street_is_seen(town: Cast) -> None:
    with clock.frozen(START):
        kitchen = letter(town, expires_at=START + timedelta(days=90), neighbourhood="Tuilt")
        owner, _key = join_by_own_key(browser(), kitchen.code, name="Odile Sleutels")
        ended_invitation(town["neighbour"])
        planted = nth_guess(LUCKY_AT)
        planted_code(town, planted)
        bin_of_letters = letters_out_of_the_bin(town)
        ended = list(sessions_that_ended(town))
    burglar = burglar_of(town)
    people, members = Person.objects.count(), Membership.objects.count()

    for hour in range(HOURS):
        with clock.frozen(START + timedelta(hours=hour)):
            sign_up_with_guessed_codes(burglar)
            old_letters(burglar, bin_of_letters)
            sessions_that_are_not_theirs(burglar, ended if hour % 6 == 0 else [])
            the_last_screen_alone(burglar, owner)
            sign_in_mails_of_others(burglar)
            links_that_nobody_mailed(burglar)
            guessed_keys(burglar, kitchen)
            invitations_that_nobody_made(burglar)
            another_address_after_the_fact(burglar)
            the_staff_door(burglar)
            the_demos_door(burglar)
            somebody_elses_host_or_network(burglar)
            if hour % 12 == 0:
                every_address_of_the_site(burglar)

    assert (burglar.entered, burglar.seen, burglar.broken) == ([], [], []), spoils(burglar)
    assert (Person.objects.count(), Membership.objects.count()) == (people, members)
    assert burglar.knocks >= KNOCKS_AT_LEAST
    assert not Mail.objects.filter(kind="joining/mail/confirm_email").exists()


def planted_code(cast: Cast, code: str) -> LetterCode:
    """A live letter whose code this burglar will draw one day."""
    post = letter(cast, expires_at=START + timedelta(days=90))
    LetterCode.objects.filter(pk=post.row.pk).update(code_hash=codes.code_hash(code))
    return post.row


def test_with_a_hole_in_the_wall_the_same_burglar_stands_inside(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The net works: without limits their luck is enough, and what they read is noticed."""
    wide = Limit("a limit that nothing reaches", 10**9, HOUR)
    monkeypatch.setattr(limits, "WRONG_OF_NETWORK", wide)
    monkeypatch.setattr(limits, "CODES", Brake(wide, Limit("a lane that nothing fills", 10**9, HOUR, is_final=True)))
    with clock.frozen(START):
        planted_code(town, nth_guess(LUCKY_AT))
        burglar = burglar_of(town)
        sign_up_with_guessed_codes(burglar)

    assert "a guessed code" in burglar.entered
    assert any(CANARY in found for found in burglar.seen)
    assert any(found.startswith(("Koorstraat", "Diestersteenweg", "Heerstraat")) for found in burglar.seen)
    assert Person.objects.filter(name="Bo Inbreker").exists()


def test_an_open_door_of_the_demo_would_be_noticed(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The net works at the other end too: a session handed out is a neighbourhood entered."""
    burglar = burglar_of(town)
    monkeypatch.setattr(burglar, "browser", lambda _host=HERE: with_session_of(town["neighbour"]))

    the_demos_door(burglar)

    assert "the demo's door" in burglar.entered
    assert any(CANARY in found for found in burglar.seen)


def with_session_of(person: Person) -> Client:
    client = browser()
    client.force_login(person, backend="stoep.people.backend.PersonBackend")
    return client


def test_an_invited_outsider_with_a_colluding_neighbour_sees_first_names_and_initials_only(town: Cast) -> None:
    """One neighbour inside, no letter: they read along, and no whole name and no street is seen at any door."""
    invitation = invite(person=town["neighbour"], request_key=new_id(), now=START)
    burglar = burglar_of(town)
    surnames = [name.partition(" ")[2] for name in Person.objects.values_list("name", flat=True)]
    streets = [street.name for street in town.streets.values()]
    burglar.secrets = (*surnames, *streets)
    client = burglar.browser()
    burglar.knock(client, f"/i/{invitation.token}/")
    burglar.knock(client, "/join/invited/", {})
    finish_joining(burglar, client)
    me = Person.objects.get(name="Bo Inbreker")
    # Marie says yes, and yes again; without a second address that is one yes.
    for _each in range(2):
        with_session_of(town["neighbour"]).post(f"/know/{me.memberships.get().pk}/")
    posts = [str(pk) for pk in Post.objects.values_list("pk", flat=True)]
    Post.objects.update(body="Wie heeft een ladder?", title="Een ladder")
    burglar.seen.clear()

    for path in every_address((*posts, str(me.memberships.get().pk), str(town["second-neighbour"].pk))):
        if not path.startswith(("/sign-out", "/me/leave")):
            burglar.knock(client, path)
    burglar.knock(client, "/posts/", {"kind": "question", "title": "Dag", "request_key": str(new_id())})

    assert me.memberships.get().standing == "provisional"
    assert client.get("/").status_code == 200, "they stand inside, and that is all"
    assert (burglar.seen, burglar.broken) == ([], []), spoils(burglar)
    assert not Post.objects.filter(title="Dag").exists()
