"""Who wants to help, as each reader may know it: whoever asked sees all, the others only who was thanked in the end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stoep.access.gate import may
from stoep.exchange.models import HelpOffer, HelpRequest
from stoep.feed.models import Post
from stoep.media.queries import shown_people
from stoep.people.models import Person
from stoep.people.naming import ShownPerson
from stoep.places.queries import crisis_since

# What can be done at the door or on the street; and what nobody said the kind of.
ERRANDS_AND_WALKS = frozenset({"", "groceries", "parcel", "dog", "walk", "feeding", "plants", "cooking", "baking"})


@dataclass(frozen=True)
class ShownOffer:
    offer: HelpOffer
    helper: ShownPerson


def offers_for(author: Person, post: Post) -> list[ShownOffer]:
    """Those of one's own request that stand, the oldest first; not of whom a block keeps away."""
    if author.pk != post.author_id:
        return []
    found = HelpOffer.objects.standing().filter(post=post).exclude(helper__in=author.standing.apart)
    offers = list(found.select_related("helper").order_by("offered_at", "id"))
    names = shown_people([offer.helper for offer in offers], reader=author) if offers else {}
    return [ShownOffer(offer, names[offer.helper_id]) for offer in offers]


@dataclass(frozen=True)
class Distance:
    """`is_asked`: by whoever asks for help. `is_offered`: nobody did, and now it would be wise."""

    is_asked: bool
    is_offered: bool


def distance_of(reader: Person, post: Post, now: datetime) -> Distance:
    """Whether this help goes without contact; in crisis mode errands and walks offer it."""
    request = HelpRequest.objects.filter(post=post).first()
    is_asked, skill = (request.keeps_distance, request.skill) if request else (False, "")
    in_crisis = crisis_since(reader.municipality_id, now) is not None
    return Distance(is_asked, not is_asked and in_crisis and skill in ERRANDS_AND_WALKS)


def own_offer(person: Person, post: Post) -> HelpOffer | None:
    return HelpOffer.objects.filter(post=post, helper=person, withdrawn_at=None).first()


def named_helpers(reader: Person, post: Post) -> dict[UUID, str]:
    """For `feed/parts.py`: to whoever asked, all who offered; to neighbours who read it, who was thanked."""
    if reader.pk == post.author_id:
        return {shown.offer.helper_id: shown.helper.name for shown in offers_for(reader, post)}
    helper = post.solution.helper if hasattr(post, "solution") else None
    if helper is None or helper.pk in reader.standing.apart or not may(reader, "feed:post:thank", post):
        return {}
    if not HelpOffer.objects.standing().filter(post=post, helper=helper).exists():
        return {}
    return {helper.pk: shown_people([helper], reader=reader)[helper.pk].name}
