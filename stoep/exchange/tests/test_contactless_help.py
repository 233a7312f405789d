"""Errands and walks without contact: whoever asks, and whoever helps, can say so; both read how it goes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from stoep.access.gate import INSTALLATION
from stoep.cityhall.crisis import switch_crisis
from stoep.common import clock
from stoep.exchange.models import HelpOffer, HelpRequest
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]
OFFER, HOW = "Without contact, please", "leave it at the door"


@pytest.fixture
def crisis(cast: Cast) -> None:
    switch_crisis(person=INSTALLATION, municipality=cast.cities["hasselt"], is_on=True, now=clock.now())


def ask_help(visit: Visit, title: str = "Who brings bread?", **answers: Any) -> Post:
    words = {"kind": "help_wanted", "title": title, "body": "", "request_key": str(uuid4())}
    response = visit.send("posts", **words, **{f"help-{name}": value for name, value in answers.items()})
    assert response.status_code == 302, page(response)
    return Post.objects.latest("id")


@pytest.mark.usefixtures("crisis")
def test_whoever_asked_wants_it_with_one_tap_and_takes_it_back(visit: GoesTo) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = ask_help(author, skill="groceries")
    assert OFFER in author.read(post)
    assert "You can do it without contact." in helper.read(post)
    assert "Without contact" not in helper.feed()
    for _twice in range(2):
        assert author.send("help_distance", post.pk, wish="yes").headers["Location"] == f"/posts/{post.pk}/#help"
    assert "You asked for it. It stands on your message." in author.read(post)
    html = helper.read(post)
    assert "Marie Peeters asks for it without contact." in html
    assert HOW in html
    assert "Without contact" in helper.feed()
    assert "asks for it without contact" in page(helper.get("helpers", post.pk))
    author.send("help_distance", post.pk, wish="no")
    assert "asks for it without contact" not in helper.read(post)
    assert HelpRequest.objects.get(post=post).skill == "groceries", "nothing else was touched"


@pytest.mark.usefixtures("crisis")
def test_a_helper_wants_it_and_whoever_asked_reads_so_before_choosing(visit: GoesTo) -> None:
    author, helper, other = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = ask_help(author, "Who walks my dog?", skill="dog")
    assert "I would rather help without contact" in page(helper.get("helpers", post.pk))
    refused = helper.send("helpers", post.pk, words="85.07.30-033 28", keeps_distance="on")
    assert refused.status_code == 422
    assert "checked" in page(refused), "what was ticked stays"
    assert helper.send("helpers", post.pk, keeps_distance="on").status_code == 302
    assert other.send("helpers", post.pk).status_code == 302
    assert HOW in helper.read(post)
    assert HOW not in other.read(post)
    html = author.read(post)
    assert html.count("would rather help without contact") == 1
    author.send("choose_helper", post.pk, HelpOffer.objects.get(helper=helper.person).pk)
    html = author.read(post)
    assert "Ahmed El Amrani asks for it." in html
    assert HOW in html


def test_in_calm_days_the_composer_still_asks_for_it(visit: GoesTo) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    plain = ask_help(author, "Who helps with a form?")
    assert OFFER not in author.read(plain)
    assert "without contact" not in helper.read(plain)
    assert "without contact" not in page(helper.get("helpers", plain.pk))
    post = ask_help(author, "I have the flu", keeps_distance="on")
    assert "Marie Peeters asks for it without contact." in helper.read(post)
    assert "You asked for it." in author.read(post)
    assert 'name="help-keeps_distance"' in page(author.get("edit_post", post.pk))
    author.send("edit_post", post.pk, title="I had the flu", body="")
    assert "asks for it without contact" not in helper.read(post)


@pytest.mark.usefixtures("crisis")
def test_what_cannot_be_done_at_the_door_is_not_asked(visit: GoesTo) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = ask_help(author, "A lamp", skill="lamp")
    assert OFFER not in author.read(post)
    assert "without contact" not in helper.read(post)
    assert OFFER in author.read(ask_help(author, "Something")), "what nobody said the kind of, may be an errand"


@pytest.mark.usefixtures("crisis")
def test_it_is_the_wish_of_whoever_asked_and_of_nobody_else(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = ask_help(author)
    assert visit("second-neighbour").send("help_distance", post.pk, wish="yes").status_code == 403
    assert visit("next-neighbourhood").send("help_distance", post.pk, wish="yes").status_code == 404
    assert visit("newcomer").send("help_distance", post.pk, wish="yes").status_code == 403
    author.send("solution", post.pk, helper="", thank_you="")
    assert author.send("help_distance", post.pk, wish="yes").status_code == 302
    assert not HelpRequest.objects.filter(keeps_distance=True).exists(), "it is solved"
