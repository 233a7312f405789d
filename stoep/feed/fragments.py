"""Cards as HTML, kept in this process. The key says everything that the card depends on, so nothing is ever stale.

A card holds nothing of the viewer but what the key names: no token, no name. Its words about time are five minutes old
at most, because that too is in the key.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Any

from django.template.loader import get_template
from django.utils.translation import get_language
from markupsafe import Markup

from stoep.feed.kinds import KINDS
from stoep.feed.parts import CardWords, card_words
from stoep.feed.queries import Card, Head, feed_cards
from stoep.people.standing import Standing

MOST_KEPT = 5000
TIME_STEP = 300
NO_WORDS = CardWords()

_kept: OrderedDict[tuple[Any, ...], Markup] = OrderedDict()
_lock = Lock()


def rendered_cards(viewer: Standing, heads: Iterable[Head], *, now: datetime) -> list[tuple[Head, Markup]]:
    """Each head with its card, in the same order. Only cards that are not kept are asked of the database."""
    scope = _scope(viewer, now)
    keyed = [(head, _key(head, scope)) for head in heads]
    # Whoever blocked or muted somebody sees cards of their own: those are neither kept nor taken from the kept.
    is_shared = not (viewer.apart or viewer.muted)
    found = {key: html for _head, key in keyed if is_shared and (html := _kept.get(key))}
    missing = [(head, key) for head, key in keyed if key not in found]
    cards = feed_cards(viewer, [head for head, _key_of_it in missing])
    words = card_words(viewer, {post_id: card.kind for post_id, card in cards.items()})
    for head, key in missing:
        if head.id in cards:
            found[key] = _rendered(viewer, head, cards[head.id], words.get(head.id, NO_WORDS))
            if is_shared:
                _keep(key, found[key])
    return [(head, found[key]) for head, key in keyed if key in found]


def forget_cards() -> None:
    """For tests and benches that want to see the cold page."""
    _kept.clear()


def _rendered(viewer: Standing, head: Head, card: Card, words: CardWords) -> Markup:
    """By a macro: a template of its own would be set up anew for every card."""
    made: Any = get_template("feed/_card.html")
    html = made.template.module.post_card(card, head, KINDS[card.kind], words, viewer.is_provisional)
    return Markup(html)  # noqa: S704  our own template, which escapes


def _scope(viewer: Standing, now: datetime) -> tuple[Any, ...]:
    """What all cards of a page depend on."""
    return (viewer.neighbourhood_id, viewer.is_provisional, get_language(), int(now.timestamp()) // TIME_STEP)


def _key(head: Head, scope: tuple[Any, ...]) -> tuple[Any, ...]:
    return (head.id, head.version, head.is_own, head.is_thanked, head.is_addressed, scope)


def _keep(key: tuple[Any, ...], html: Markup) -> None:
    with _lock:
        _kept[key] = html
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
