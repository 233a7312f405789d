"""When somebody hears of what is theirs to choose: three paces for each stream, and one button that ends it all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from stoep.access.audience import home_audience
from stoep.common import clock
from stoep.delivery.choosing import choices_of
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.feed.actions import publish_comment, publish_post
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Person

pytestmark = pytest.mark.usefixtures("english")
SignIn = Callable[[Client, Person], Client]
GOOD = {"mine": "daily", "chat": "now", "neighbourhood": "now", "city": "never", "urgent": "now"}


def place(cast: Cast, who: str = "neighbour", now: datetime | None = None) -> Post:
    audience = home_audience(cast.neighbourhoods["Kermt"])
    words: dict[str, Any] = {"kind": "question", "title": "Who has a ladder?", "body": "For an hour."}
    return publish_post(author=cast[who], audience=audience, request_key=uuid4(), now=now or clock.now(), **words)


def answer(cast: Cast, post: Post, who: str = "second-neighbour") -> None:
    publish_comment(author=cast[who], post=post, body="I have one.", request_key=uuid4(), now=clock.now())


def hand_out() -> list[Mail]:
    for entry in OutboxEntry.objects.filter(handled_at=None):
        handle_entry(entry.pk, now=clock.now())
    return list(Mail.objects.order_by("id"))


def test_whoever_chose_nothing_has_the_calmest_that_still_helps(cast: Cast) -> None:
    chosen = choices_of(cast["neighbour"].pk)
    paces = (chosen.mine, chosen.chat, chosen.neighbourhood, chosen.city, chosen.urgent)
    assert paces == ("now", "now", "daily", "daily", "now")
    assert not chosen.is_weekly
    answer(cast, place(cast))
    assert [(mail.person, mail.stream) for mail in hand_out()] == [(cast["neighbour"], "mine")]


def test_each_stream_is_chosen_on_one_page(client: Client, cast: Cast, sign_in: SignIn) -> None:
    sign_in(client, cast["neighbour"])
    page = client.get("/me/mail/").content.decode()
    assert page.count('type="radio"') == 15
    assert page.count(" checked") == 5
    answered = client.post("/me/mail/", {**GOOD, "is_weekly": "on"})
    assert answered.headers["Location"] == "/me/mail/?saved"
    chosen = choices_of(cast["neighbour"].pk)
    assert (chosen.mine, chosen.neighbourhood, chosen.city, chosen.is_weekly) == ("daily", "now", "never", True)
    assert choices_of(cast["second-neighbour"].pk).mine == "now", "it is one's own choice"


@pytest.mark.parametrize("wrong", [{}, {**GOOD, "city": "hourly"}, {"mine": "now"}], ids=["none", "unknown", "half"])
def test_half_a_form_changes_nothing(wrong: dict[str, str], client: Client, cast: Cast, sign_in: SignIn) -> None:
    answered = sign_in(client, cast["neighbour"]).post("/me/mail/", wrong)
    assert answered.status_code == 422
    assert choices_of(cast["neighbour"].pk).city == "daily"


def test_staff_has_no_such_page_and_a_visitor_comes_in_first(client: Client, cast: Cast, sign_in: SignIn) -> None:
    assert client.get("/me/mail/").status_code == 302
    sign_in(client, cast["editor"])
    assert [client.get("/me/mail/").status_code, client.post("/me/mail/stop/").status_code] == [404, 404]


def test_whoever_is_paused_can_still_stop_their_mail(client: Client, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(client, cast["suspended"]).post("/me/mail/stop/").status_code == 302
    assert choices_of(cast["suspended"].pk).mine == "never"


def test_at_once_once_a_day_and_never_differ(client: Client, cast: Cast, sign_in: SignIn) -> None:
    reader = sign_in(client, cast["second-neighbour"])
    reader.post("/me/mail/", GOOD)
    place(cast)
    assert [(mail.person, mail.stream) for mail in hand_out()] == [(cast["second-neighbour"], "neighbourhood")]
    reader.post("/me/mail/", {**GOOD, "neighbourhood": "never"})
    place(cast)
    assert len(hand_out()) == 1
    own = place(cast, "second-neighbour")
    answer(cast, own, "neighbour")
    assert len(hand_out()) == 1, "what is said to me comes once a day"


def test_one_click_stops_it_all_and_what_waits_is_not_sent(client: Client, cast: Cast, sign_in: SignIn) -> None:
    answer(cast, place(cast))
    [mail] = hand_out()
    assert mail.state == Mail.State.WAITING
    answered = sign_in(client, cast["neighbour"]).post("/me/mail/stop/", follow=True)
    assert "You get no more mail from us" in answered.content.decode()
    mail.refresh_from_db()
    assert mail.state == Mail.State.EXPIRED
    answer(cast, place(cast))
    assert len(hand_out()) == 1


def test_what_one_asks_for_oneself_still_comes(client: Client, cast: Cast, sign_in: SignIn) -> None:
    sign_in(client, cast["neighbour"]).post("/me/mail/stop/")
    me = cast["neighbour"]
    envelope = Envelope(me.municipality, me.email, "nl", person=me, expires_at=clock.now() + timedelta(minutes=20))
    context = {"link": "https://x.example/", "code": "123 456", "reader": me}
    post_mail(envelope, template="joining/mail/sign_in", context=context, now=clock.now())
    [mail] = Mail.objects.all()
    assert (mail.state, mail.stream) == (Mail.State.WAITING, "")
    assert not {"List-Unsubscribe", "Precedence", "List-Id"} & set(mail.headers)
