"""Who ticked what somebody needs hears of it quietly: behind the bell only, a few people, once a day each."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils.translation import gettext as _

from stoep.access.gate import who_may
from stoep.delivery.models import Notification, Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.exchange.models import HelpRequest
from stoep.feed.reading import posts_for, writer_of
from stoep.people.models import Person
from stoep.people.queries import apart_from, muting
from stoep.people.skills import people_who_can

NAME = "exchange.matching"
MOST_PEOPLE, ONCE_IN = 5, timedelta(days=1)


def _able(told: Told) -> Iterable[Person]:
    """Each request finds others first, as by lot. Asked again for the same request, the same people hear of it."""
    rung = Notification.objects.filter(notice=NAME, subject_id=told.subject_id)
    if rung.exists():
        return Person.objects.filter(pk__in=rung.values("person"))
    request = HelpRequest.objects.filter(post=told.subject_id).select_related("post__membership").first()
    if request is None or not request.skill or not request.post.is_live or not request.post.is_open_request:
        return []
    author, home = request.post.author_id, request.post.membership
    if home is None:
        return []
    rung_lately = Notification.objects.filter(notice=NAME, happened_at__gt=told.told_at - ONCE_IN)
    able = people_who_can(request.skill, home.neighbourhood_id).exclude(pk=author)
    able = able.exclude(pk__in=apart_from([author]).values("pk")).exclude(pk__in=muting(author).values("pk"))
    able = able.filter(pk__in=who_may("exchange:help:offer", request.post).values("pk"))
    lot = MD5(Concat(Cast("pk", CharField()), Value(str(told.subject_id))))
    return able.exclude(pk__in=rung_lately.values("person")).order_by(lot)[:MOST_PEOPLE]


def _no_mail(_told: Told, _reader: Person) -> dict[str, Any] | None:
    """The request itself comes with the daily mail."""
    return None


def _asked(reader: Person, groups: Mapping[UUID, list[UUID]]) -> dict[UUID, Rung]:
    """As long as nobody helped."""
    return {
        post.pk: Rung(
            _("Can you help %(name)s?") % {"name": writer_of(reader, post).name},
            post.title,
            f"/posts/{post.pk}/",
            "lifebuoy",
        )
        for post in posts_for(reader).filter(pk__in=groups, solution=None)
    }


def _post_itself(told: Told) -> UUID | None:
    return told.subject_id


MATCHING = Notice(
    NAME,
    _able,
    "exchange/mail/help",
    _no_mail,
    stream=Stream.NEIGHBOURHOOD,
    group=_post_itself,
    describe=_asked,
)
