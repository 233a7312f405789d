"""Helping: somebody says that they want to, whoever asked chooses one; each may take it back. Solving is the feed's."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from stoep.access.gate import may, require
from stoep.common.ids import new_id
from stoep.common.text import clean_text
from stoep.conversations.actions import start_conversation
from stoep.conversations.queries import addressee
from stoep.delivery.outbox import ring, tell
from stoep.exchange.models import HelpOffer, HelpRequest
from stoep.feed.actions import touch
from stoep.feed.models import Post
from stoep.people.models import Person
from stoep.people.queries import person_with_standing

# More than anybody can do in a day; it stops who would press everywhere.
MOST_OFFERS, DAY = 20, timedelta(days=1)


class HelpRefused(ValueError):
    """`solved`: help was found meanwhile; `taken`: somebody else was chosen; `gone`: who was chosen can help no more;
    `many_offers`: so many a day."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def offer_help(
    *,
    person: Person,
    post: Post,
    words: str = "",
    keeps_distance: bool = False,
    request_key: UUID | None = None,
    now: datetime,
) -> HelpOffer:
    """Say that one wants to help; said twice, it stands once. Raises HelpRefused (`solved`, `many_offers`).

    `keeps_distance`: they would rather do it without contact, and whoever asks sees so.
    `words`: with them a conversation with whoever asks begins, or goes on, once per `request_key`. Raises TextRefused.
    """
    require(person, "exchange:help:offer", post, now=now)
    _lock(post)
    known = HelpOffer.objects.filter(post=post, helper=person).first()
    if known is not None and known.withdrawn_at is None:
        return known
    _require_room(person, now)
    offer = known or HelpOffer(id=new_id(now), post=post, helper=person)
    offer.offered_at, offer.chosen_at, offer.withdrawn_at = now, None, None
    offer.keeps_distance = keeps_distance
    offer.save()
    _tell("exchange.offer", offer, by=person, now=now, wait=settings.UNDO_FOR)
    if clean_text(words) and addressee(person, post.author_id) is not None:
        key = request_key or new_id(now)
        start_conversation(person=person, others=[post.author], body=words, request_key=key, now=now)
    return offer


@transaction.atomic
def take_offer_back(*, person: Person, post: Post, now: datetime) -> None:
    """One cannot help after all; whoever counted on it hears so. Not offered, there is nothing to take back."""
    require(person, "exchange:help:offer", post, now=now)
    _lock(post)
    offer = HelpOffer.objects.filter(post=post, helper=person, withdrawn_at=None).first()
    if offer is None:
        return
    HelpOffer.objects.filter(pk=offer.pk).update(withdrawn_at=now)
    if offer.is_chosen:
        _tell("exchange.helper_gone", offer, by=person, now=now)
        _shows_anew(post)


@transaction.atomic
def choose_helper(*, author: Person, post: Post, offer_id: UUID, now: datetime) -> HelpOffer:
    """Take the help of one of those who offered it. Chosen twice, it is chosen once. Raises HelpRefused."""
    require(author, "exchange:help:choose", post, now=now)
    _lock(post)
    offer = HelpOffer.objects.standing().filter(post=post, pk=offer_id).select_related("helper").first()
    helper = person_with_standing(offer.helper_id) if offer else None
    if offer is None or helper is None or not may(helper, "exchange:help:offer", post):
        raise HelpRefused("gone")
    if offer.is_chosen:
        return offer
    _let_go_of_who_is_apart(author, post)
    if HelpOffer.objects.standing().filter(post=post, chosen_at__isnull=False).exists():
        raise HelpRefused("taken")
    HelpOffer.objects.filter(post=post, chosen_at__isnull=False).update(chosen_at=None)
    HelpOffer.objects.filter(pk=offer.pk).update(chosen_at=now)
    _tell("exchange.chosen", offer, by=author, now=now)
    _shows_anew(post)
    return offer


@transaction.atomic
def take_choice_back(*, author: Person, post: Post, now: datetime) -> None:
    """Nobody is asked any more, and who was hears so: then somebody else can be. Pressed twice, it is done once."""
    require(author, "exchange:help:choose", post, now=now)
    _lock(post)
    offer = HelpOffer.objects.filter(post=post, chosen_at__isnull=False, withdrawn_at=None).first()
    if offer is None:
        return
    HelpOffer.objects.filter(pk=offer.pk).update(chosen_at=None)
    _tell("exchange.let_go", offer, by=author, now=now)
    _shows_anew(post)


@transaction.atomic
def ask_for_distance(*, author: Person, post: Post, is_wanted: bool, now: datetime) -> None:
    """Help without contact, please; or it need not be any more. It stands on the card. Raises HelpRefused."""
    require(author, "exchange:help:keep_distance", post, now=now)
    _lock(post)
    HelpRequest.objects.update_or_create(post=post, defaults={"keeps_distance": is_wanted})
    _shows_anew(post)


def help_is_found(post: Post, now: datetime) -> None:
    """In the transaction in which the request is solved: the others who offered hear a kind word."""
    if HelpOffer.objects.standing().filter(post=post).exists():
        city = post.audience.municipality_id
        tell("exchange.help_found", municipality_id=city, subject_id=post.pk, actor=post.author, now=now)


def _lock(post: Post) -> None:
    """One after the other; and what was asked before waiting is asked again. Raises HelpRefused."""
    found = Post.objects.select_for_update().get(pk=post.pk)
    if not found.is_live or not found.is_open_request:
        raise HelpRefused("solved")


def _require_room(person: Person, now: datetime) -> None:
    if HelpOffer.objects.filter(helper=person, offered_at__gt=now - DAY).count() >= MOST_OFFERS:
        raise HelpRefused("many_offers")


def _let_go_of_who_is_apart(author: Person, post: Post) -> None:
    """Between whom a block stands now, neither counts on the other, and neither is told."""
    chosen = HelpOffer.objects.filter(post=post, chosen_at__isnull=False)
    chosen.filter(helper__in=author.standing.apart).update(chosen_at=None)


def _shows_anew(post: Post) -> None:
    touch(post)
    ring(audience_id=post.audience_id, post_id=post.pk)


def _tell(notice: str, offer: HelpOffer, *, by: Person, now: datetime, wait: timedelta = timedelta(0)) -> None:
    city = offer.post.audience.municipality_id
    tell(notice, municipality_id=city, subject_id=offer.pk, actor=by, now=now, wait=wait)
