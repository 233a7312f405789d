"""The link in each mail: read by programs and people, signed in or not, it stops the mail at once (RFC 8058)."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from stoep.common import clock
from stoep.delivery.choosing import choices_of
from stoep.delivery.mail import message_of
from stoep.delivery.models import Mail
from stoep.delivery.stopping import ALL, LETTERS, WEEKLY, Stop, read_token, token_for
from stoep.delivery.tests.test_choices import answer, hand_out, place
from stoep.operations.cast import Cast
from stoep.people.models import Person

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def strict() -> Client:
    """A browser, or a mail program, from which Django wants a token with every form."""
    return Client(enforce_csrf_checks=True)


def test_a_mail_carries_both_headers_and_a_program_needs_one_post(cast: Cast, strict: Client) -> None:
    answer(cast, place(cast))
    message = message_of(hand_out()[0])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(
        r"<https?://[^/]+(/u/[\w-]{43}/)>, <mailto:\S+@\S+\?subject=stop%20[\w-]{43}>", message["List-Unsubscribe"]
    )
    assert found
    answered = strict.post(found[1], {"List-Unsubscribe": "One-Click"})
    assert answered.status_code == 200
    assert choices_of(cast["neighbour"].pk).mine == "never"
    assert choices_of(cast["neighbour"].pk).neighbourhood == "daily", "only that stream"


def test_the_other_headers_let_programs_sort_and_gather(cast: Cast) -> None:
    post = place(cast)
    answer(cast, post)
    answer(cast, post)
    first, second = (message_of(mail) for mail in hand_out())
    host = cast.cities["hasselt"].host
    assert first["List-Id"] == f"Kermt <kermt.{host}>"
    assert (first["Precedence"], first["Auto-Submitted"]) == ("bulk", "auto-generated")
    assert first["Feedback-ID"] == "mine:hasselt:stoep"
    root = f"<post-{post.pk}@{host}>"
    assert first["References"] == first["In-Reply-To"] == second["References"] == root
    assert first["Message-ID"] != second["Message-ID"]
    assert cast["second-neighbour"].name not in first["Subject"], "no names in subjects"


def test_the_text_part_says_the_same_links(cast: Cast) -> None:
    answer(cast, place(cast))
    [mail] = hand_out()
    links = set(re.findall(r'href="([^"]+)"', mail.html))
    assert len(links) == 3
    assert all(link in mail.text.splitlines() for link in links)


def test_opening_the_link_asks_and_stops_nothing(cast: Cast, client: Client) -> None:
    path = f"/u/{token_for(cast['neighbour'].pk, 'mine')}/"
    page = client.get(path).content.decode()
    assert page.count('<form method="post">') == 1
    assert choices_of(cast["neighbour"].pk).mine == "now"
    assert cast["neighbour"].name not in page, "whoever finds the link learns nothing of its owner"


def test_after_one_stream_everything_is_one_click_away(cast: Cast, strict: Client) -> None:
    page = strict.post(f"/u/{token_for(cast['neighbour'].pk, 'mine')}/").content.decode()
    [path] = re.findall(r'action="(/u/[^"]+)"', page)
    assert strict.post(path).status_code == 200
    chosen = choices_of(cast["neighbour"].pk)
    assert {chosen.mine, chosen.chat, chosen.neighbourhood, chosen.city, chosen.urgent} == {"never"}


def test_the_daily_mail_is_stopped_by_stopping_what_it_holds(cast: Cast, strict: Client) -> None:
    strict.post(f"/u/{token_for(cast['neighbour'].pk, 'digest')}/")
    chosen = choices_of(cast["neighbour"].pk)
    assert (chosen.mine, chosen.neighbourhood, chosen.city, chosen.urgent) == ("now", "never", "never", "now")


def test_less_often_is_a_click_too(cast: Cast, strict: Client) -> None:
    strict.post(f"/u/{token_for(cast['neighbour'].pk, WEEKLY)}/")
    chosen = choices_of(cast["neighbour"].pk)
    assert (chosen.is_weekly, chosen.neighbourhood) == (True, "daily")


def test_a_changed_or_invented_link_stops_nothing(cast: Cast, client: Client) -> None:
    good = token_for(cast["neighbour"].pk, "mine")
    for at in range(len(good)):
        other = "A" if good[at] != "A" else "B"
        found = read_token(good[:at] + other + good[at + 1 :])
        # The last letter holds two bits that say nothing.
        assert found is None or at == len(good) - 1
    for wrong in ("x", good[:-1], good + "A", "é" * 43, token_for(uuid4(), "mine")):
        assert client.post(f"/u/{wrong}/").status_code == 410
    assert choices_of(cast["neighbour"].pk).mine == "now"


def test_every_wish_comes_back_from_its_token(cast: Cast) -> None:
    me = cast["neighbour"].pk
    assert [read_token(token_for(me, wish)) for wish in LETTERS] == [Stop(me, wish) for wish in LETTERS]
    assert len({token_for(me, wish) for wish in LETTERS}) == len(LETTERS)


def test_of_whoever_left_there_is_nothing_to_stop(cast: Cast, client: Client) -> None:
    Person.objects.filter(pk=cast["neighbour"].pk).update(left_at=clock.now())
    assert client.get(f"/u/{token_for(cast['neighbour'].pk, ALL)}/").status_code == 410


def test_it_works_in_any_language_and_at_any_size(cast: Cast, client: Client) -> None:
    Mail.objects.all().delete()
    for wish in LETTERS:
        path = f"/u/{token_for(cast['neighbour'].pk, wish)}/"
        assert (client.get(path).status_code, client.post(path).status_code, client.post(path).status_code) == (
            200,
        ) * 3
