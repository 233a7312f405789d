"""What leaving hides of helping, and what coming back shows again: who left counts on nobody, and nobody on them."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from stoep.exchange.models import HelpOffer
from stoep.feed.models import Post
from stoep.people.models import Person


def hide_offers(person: Person, now: datetime) -> None:
    offers = HelpOffer.objects.filter(helper=person, withdrawn_at=None)
    posts = list(offers.values_list("post_id", flat=True))
    offers.update(withdrawn_at=now)
    _show_anew(posts)


def show_offers(person: Person, left_at: datetime) -> None:
    """As they were; where somebody else was chosen meanwhile, it is an offer like others."""
    offers = HelpOffer.objects.filter(helper=person, withdrawn_at=left_at)
    posts = list(offers.values_list("post_id", flat=True))
    taken = HelpOffer.objects.filter(post__in=posts, chosen_at__isnull=False, withdrawn_at=None).values("post")
    offers.filter(post__in=taken).update(chosen_at=None)
    offers.update(withdrawn_at=None)
    _show_anew(posts)


def erase_offers(person: Person, _now: datetime) -> None:
    """And those made to them: of what they asked nothing stays but a gap."""
    HelpOffer.objects.filter(post__author=person).delete()
    offers = HelpOffer.objects.filter(helper=person)
    posts = list(offers.values_list("post_id", flat=True))
    offers.delete()
    _show_anew(posts)


def _show_anew(post_ids: list[UUID]) -> None:
    Post.objects.filter(pk__in=post_ids).update(version=F("version") + 1)
