"""Whoever leaves counts on nobody and nobody on them; coming back it is as it was; erased, nothing of it stays."""

from collections.abc import Callable
from datetime import timedelta

from stoep.common import clock
from stoep.exchange.helping_leaving import erase_offers, hide_offers, show_offers
from stoep.exchange.models import HelpOffer
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]


def test_who_leaves_helps_no_more_and_helps_again_coming_back(visit: GoesTo, cast: Cast) -> None:
    author, helper, now = visit("neighbour"), cast["second-neighbour"], clock.now()
    post = _helped_by(visit, cast)
    hide_offers(helper, now)
    assert "Somebody helps" not in author.feed()
    show_offers(helper, now)
    assert "Somebody helps" in author.feed()
    assert HelpOffer.objects.get(post=post, helper=helper).is_chosen


def test_coming_back_it_takes_nobodys_place(visit: GoesTo, cast: Cast) -> None:
    helper, now = cast["second-neighbour"], clock.now()
    post = _helped_by(visit, cast)
    hide_offers(helper, now)
    visit("ambassador").send("helpers", post.pk)
    visit("neighbour").send("choose_helper", post.pk, HelpOffer.objects.get(helper=cast["ambassador"]).pk)
    show_offers(helper, now)
    chosen = HelpOffer.objects.get(post=post, chosen_at__isnull=False)
    assert chosen.helper == cast["ambassador"]
    assert HelpOffer.objects.get(helper=helper).withdrawn_at is None


def test_what_was_taken_back_before_stays_so(visit: GoesTo, cast: Cast) -> None:
    helper, now = cast["second-neighbour"], clock.now()
    post = _helped_by(visit, cast)
    visit("second-neighbour").send("remove_help_offer", post.pk)
    hide_offers(helper, now + timedelta(hours=1))
    show_offers(helper, now + timedelta(hours=1))
    assert HelpOffer.objects.get().withdrawn_at is not None


def test_erased_nothing_stays_of_either_side(visit: GoesTo, cast: Cast) -> None:
    _helped_by(visit, cast)
    erase_offers(cast["second-neighbour"], clock.now())
    assert not HelpOffer.objects.exists()
    visit("ambassador").send("helpers", Post.objects.get().pk)
    erase_offers(cast["neighbour"], clock.now())
    assert not HelpOffer.objects.exists()


def _helped_by(visit: GoesTo, cast: Cast) -> Post:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(kind="help_wanted")
    helper.send("helpers", post.pk)
    author.send("choose_helper", post.pk, HelpOffer.objects.get(helper=cast["second-neighbour"]).pk)
    return post
