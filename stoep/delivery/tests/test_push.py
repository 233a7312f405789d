"""Messages on devices: asked for on one page, not before the second visit; calm, sealed, and gone when unwanted."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from stoep.common import clock
from stoep.delivery import push as wire
from stoep.delivery.models import OutboxEntry, Push, PushDevice
from stoep.delivery.pushing import forget_devices, send_due_pushes
from stoep.delivery.tests.days import Days
from stoep.delivery.tests.maker import Maker, opened
from stoep.operations import command_line
from stoep.operations.cast import Cast
from stoep.people.models import Block, Consent, Person

pytestmark = pytest.mark.usefixtures("english")
SignIn = Callable[[Client, Person], Client]


@pytest.fixture
def maker() -> Iterator[Maker]:
    with opened() as one:
        yield one


@pytest.fixture
def days(cast: Cast) -> Days:
    return Days(cast)


@pytest.fixture
def marie(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    return at_second_visit(sign_in(client, cast["neighbour"]))


def at_second_visit(client: Client) -> Client:
    session = client.session
    session["since"] = (clock.now() - timedelta(days=1)).isoformat()
    session.save()
    return client


def has_consent(cast: Cast) -> bool:
    return Consent.objects.filter(person=cast["neighbour"], purpose="push", withdrawn_at=None).exists()


def answer_marie(days: Days) -> str:
    """One answer; the path of her post."""
    now = clock.now()
    post = days.place(title="A secret title", body="Secret words", at=now)
    days.answer(post, at=now)
    days.hand_out(now)
    return f"/posts/{post.pk}/"


def test_it_tells_calmly_where_something_is_and_nothing_else(maker: Maker, marie: Client, days: Days) -> None:
    assert marie.post("/me/push/", maker.browser("phone")).headers["Location"] == "/me/push/?saved"
    path = answer_marie(days)
    assert send_due_pushes() == 1
    told = {"title": "Kermt", "text": "There is an answer to your message.", "path": path}
    assert maker.told == {"phone": [told]}
    assert "ecret" not in json.dumps(told)
    assert maker.headers[0]["authorization"].startswith("vapid t=")
    assert maker.headers[0]["ttl"] == "86400"


def test_an_entry_handled_twice_tells_once(maker: Maker, marie: Client, days: Days) -> None:
    marie.post("/me/push/", maker.browser("phone"))
    answer_marie(days)
    send_due_pushes()
    OutboxEntry.objects.update(handled_at=None)
    days.hand_out(clock.now())
    assert send_due_pushes() == 0
    assert len(maker.told["phone"]) == 1


def test_every_device_of_somebody_and_of_nobody_else(
    maker: Maker, marie: Client, days: Days, cast: Cast, sign_in: SignIn
) -> None:
    for name in ("phone", "laptop"):
        marie.post("/me/push/", maker.browser(name))
    other = at_second_visit(sign_in(Client(), cast["ambassador"]))
    other.post("/me/push/", maker.browser("other"))
    answer_marie(days)
    assert send_due_pushes() == 2
    assert set(maker.told) == {"phone", "laptop"}


def test_a_browser_that_somebody_else_sits_at_now_tells_nothing_of_the_one_before(
    maker: Maker, marie: Client, days: Days, cast: Cast, sign_in: SignIn
) -> None:
    browser = maker.browser("shared")
    marie.post("/me/push/", browser)
    at_second_visit(sign_in(Client(), cast["ambassador"])).post("/me/push/", browser)
    answer_marie(days)
    assert send_due_pushes() == 0


def test_it_follows_the_same_choices_as_the_mail(maker: Maker, marie: Client, days: Days) -> None:
    marie.post("/me/push/", maker.browser("phone"))
    days.choose("neighbour", mine="daily")
    answer_marie(days)
    assert Push.objects.count() == 0
    days.choose("neighbour", mine="never", city="now")
    answer_marie(days)
    days.announce(at=clock.now())
    days.hand_out(clock.now())
    assert send_due_pushes() == 1
    assert maker.told["phone"][0]["text"] == "The city has a message for you."


def test_whom_a_block_stands_between_hears_nothing(maker: Maker, marie: Client, days: Days, cast: Cast) -> None:
    marie.post("/me/push/", maker.browser("phone"))
    now = clock.now()
    days.answer(days.place(at=now), at=now)
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=now)
    days.hand_out(now)
    assert Push.objects.count() == 0


@pytest.mark.parametrize(
    ("answer", "left"),
    [(410, "nothing"), (404, "nothing"), (400, "device"), (307, "device"), (500, "both"), (429, "both")],
)
def test_what_the_makers_server_answers(answer: int, left: str, maker: Maker, marie: Client, days: Days) -> None:
    marie.post("/me/push/", maker.browser("phone"))
    answer_marie(days)
    maker.answers["phone"] = answer
    assert send_due_pushes() == 0
    assert PushDevice.objects.exists() is (left != "nothing")
    assert Push.objects.filter(sent_at=None).exists() is (left == "both")
    if left == "both":
        maker.answers["phone"] = 201
        assert send_due_pushes() == 0, "not again in the same minute"
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            assert send_due_pushes() == 1


def test_a_server_that_is_away_is_tried_again_and_after_a_day_it_is_no_news(
    maker: Maker, marie: Client, days: Days
) -> None:
    browser = maker.browser("phone")
    marie.post("/me/push/", browser | {"endpoint": "http://127.0.0.1:9/away"})
    answer_marie(days)
    assert send_due_pushes() == 0
    assert Push.objects.get().attempts == 1
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert send_due_pushes() == 0
    assert not Push.objects.exists()


def test_nobody_is_asked_on_the_first_visit(client: Client, cast: Cast, sign_in: SignIn, maker: Maker) -> None:
    first = sign_in(client, cast["neighbour"])
    first.get("/")
    assert "data-push" not in first.get("/me/push/").content.decode()
    assert first.post("/me/push/", maker.browser("phone")).status_code == 422
    assert not PushDevice.objects.exists()
    assert "data-push" in at_second_visit(first).get("/me/push/").content.decode()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://me@fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "http://localhost/x",
        "http://127.0.0.1.evil.example/x",
        "javascript:alert(1)",
        "",
    ],
)
def test_we_call_nobody_but_the_makers_of_browsers(endpoint: str, maker: Maker, marie: Client) -> None:
    assert marie.post("/me/push/", maker.browser("phone") | {"endpoint": endpoint}).status_code == 422
    assert not PushDevice.objects.exists()


def test_the_makers_that_there_are_may_be_called(settings: Settings) -> None:
    good = ["fcm.googleapis.com/fcm/send/x", "updates.push.services.mozilla.com/wpush/v2/x", "web.push.apple.com/x"]
    assert all(wire.may_be_asked(f"https://{place}") for place in [*good, "wns2-am3p.notify.windows.com/w/?token=x"])
    settings.IS_REHEARSAL = False
    assert not wire.may_be_asked("http://127.0.0.1:8000/x")


def test_turning_it_off_takes_the_consent_back(maker: Maker, marie: Client, days: Days, cast: Cast) -> None:
    for name in ("phone", "laptop"):
        marie.post("/me/push/", maker.browser(name))
    first, second = PushDevice.objects.all()
    marie.post("/me/push/removal/", {"device": str(first.pk)})
    assert has_consent(cast)
    marie.post("/me/push/removal/", {"device": str(second.pk)})
    assert not has_consent(cast)
    answer_marie(days)
    assert send_due_pushes() == 0


def test_a_consent_that_is_taken_back_elsewhere_takes_the_devices(maker: Maker, marie: Client, cast: Cast) -> None:
    marie.post("/me/push/", maker.browser("phone"))
    forget_devices(cast["neighbour"], clock.now())
    assert not PushDevice.objects.exists()


def test_nobody_turns_off_the_device_of_another(maker: Maker, marie: Client, cast: Cast, sign_in: SignIn) -> None:
    marie.post("/me/push/", maker.browser("phone"))
    device = PushDevice.objects.get()
    other = sign_in(Client(), cast["ambassador"])
    other.post("/me/push/removal/", {"device": str(device.pk)})
    assert PushDevice.objects.exists()


def test_a_key_is_made_by_command_and_used(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    assert command_line.main(["push-key"]) == 0
    key = capsys.readouterr().out.strip().removeprefix("STOEP_VAPID_KEY=")
    settings.STOEP_VAPID_KEY = key
    wire._vapid.cache_clear()
    try:
        assert len(wire.public_key()) == 87
    finally:
        wire._vapid.cache_clear()
