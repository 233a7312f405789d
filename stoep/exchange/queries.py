"""Which requests for help wait: nobody answered, nobody was chosen, nothing is solved."""

from django.db.models import Exists, OuterRef, QuerySet

from stoep.exchange.models import HelpOffer
from stoep.feed.models import Post
from stoep.people.models import Person


def waiting_requests(person: Person) -> QuerySet[Post]:
    """Those that exist for this person, the oldest first."""
    chosen = HelpOffer.objects.standing().filter(post=OuterRef("pk"), chosen_at__isnull=False)
    seen: QuerySet[Post] = Post.objects.all().visible_to(person)
    return seen.filter(~Exists(chosen), kind="help_wanted", solution=None).order_by("id")


def shared_requests(person: Person) -> QuerySet[Post]:
    """For the city: only what its authors shared, with where each comes from."""
    shared = waiting_requests(person).filter(audience__shared_with_city=True)
    return shared.select_related("membership__neighbourhood")
