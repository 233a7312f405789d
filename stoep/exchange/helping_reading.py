"""Who wants to help, as each reader may know it: whoever asked sees all, the others only who was thanked in the end."""

from dataclasses import dataclass
from uuid import UUID

from stoep.access.gate import may
from stoep.exchange.models import HelpOffer
from stoep.feed.models import Post
from stoep.media.queries import shown_people
from stoep.people.models import Person
from stoep.people.naming import ShownPerson


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
