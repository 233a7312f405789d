"""What the exchange tells people about helping, lost and found: by mail and behind the bell, in one shape."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stoep.delivery.links import site_url
from stoep.delivery.models import Stream
from stoep.delivery.notices import Notice, Rung, Told
from stoep.exchange.models import HelpOffer
from stoep.feed.models import Comment, Post, Solution
from stoep.feed.reading import posts_for, writer_of
from stoep.media.queries import shown_people
from stoep.people.models import Person
from stoep.people.queries import apart_from, muting


@dataclass(frozen=True)
class Words:
    """`subject` without a name: it is read over one's shoulder. `said` and `more` may name somebody and the title."""

    subject: Promise
    said: Promise
    more: Promise
    push: Promise
    icon: str = "hand-heart"


OFFER = Words(
    _("Somebody wants to help: %(title)s"),
    _("%(name)s wants to help you"),
    _('You asked for help: "%(title)s". Choose whose help you take.'),
    _("A neighbour wants to help you."),
)
HELPER_GONE = Words(
    _("Your helper cannot come: %(title)s"),
    _("%(name)s cannot help after all"),
    _('You asked for help: "%(title)s". Others can still help.'),
    _("A neighbour cannot help you after all."),
    "lifebuoy",
)
CHOSEN = Words(
    _("Your help is welcome: %(title)s"),
    _("%(name)s gladly takes your help"),
    _('You wanted to help with "%(title)s". Now agree on the moment.'),
    _("A neighbour gladly takes your help."),
)
LET_GO = Words(
    _("You need not come any more: %(title)s"),
    _("%(name)s does not need your help any more"),
    _('You wanted to help with "%(title)s". Thank you for that.'),
    _("A neighbour does not need your help any more."),
)
HELP_FOUND = Words(
    _("Help is found: %(title)s"),
    _("%(name)s found help"),
    _('You wanted to help with "%(title)s". Thank you for that.'),
    _("Help is found. Thank you for offering yours."),
)
FOUND = Words(
    _("It is found: %(title)s"),
    _("%(name)s thanks you for searching along"),
    _('The search is over: "%(title)s".'),
    _("It is found. Thank you for searching along."),
    "paw-print",
)


def _offer(told: Told) -> HelpOffer | None:
    return HelpOffer.objects.filter(pk=told.subject_id).select_related("post", "helper").first()


def _asking(told: Told, *, is_standing: bool) -> Iterable[Person]:
    """Whoever asked for help; not if the offer was taken back meanwhile, or is there again."""
    offer = _offer(told)
    if offer is None or (offer.withdrawn_at is None) != is_standing:
        return []
    asking = Person.objects.filter(pk=offer.post.author_id).exclude(pk__in=muting(offer.helper_id).values("pk"))
    return asking.exclude(pk__in=apart_from([offer.helper_id]).values("pk"))


def _helper(told: Told, *, is_chosen: bool) -> Iterable[Person]:
    offer = _offer(told)
    return [offer.helper] if offer and offer.withdrawn_at is None and offer.is_chosen == is_chosen else []


def _others(told: Told) -> Iterable[Person]:
    """Who offered help, but whoever is thanked for it: they hear it otherwise."""
    offers = HelpOffer.objects.standing().filter(post=told.subject_id)
    thanked = Solution.objects.filter(post=told.subject_id, helper__isnull=False).values("helper")
    return Person.objects.filter(pk__in=offers.values("helper")).exclude(pk__in=thanked)


def _searchers(told: Told) -> Iterable[Person]:
    """Everybody who answered."""
    answers = Comment.objects.filter(post=told.subject_id, removed_at=None, speaking_for=None)
    author = Post.objects.filter(pk=told.subject_id).values("author")
    return Person.objects.filter(pk__in=answers.values("author")).exclude(pk__in=author)


def _post_of_offer(told: Told) -> UUID | None:
    offer = _offer(told)
    return offer.post_id if offer else None


def _post_itself(told: Told) -> UUID | None:
    return told.subject_id


def _mail(told: Told, reader: Person, *, words: Words, is_of_offer: bool) -> dict[str, Any] | None:
    """Only of a post that the reader sees; and no name that a block hides."""
    offer = _offer(told) if is_of_offer else None
    subject_id = offer.post_id if offer else told.subject_id
    post = posts_for(reader).filter(pk=subject_id, speaking_for=None).first()
    if post is None or (is_of_offer and offer is None):
        return None
    name = _name(reader, post, offer)
    about = {"name": name, "title": post.title}
    link = site_url(post.audience.municipality, f"/posts/{post.pk}/")
    return {"words": words, "about": about, "post": post, "thread_id": post.pk, "link": link}


def _name(reader: Person, post: Post, offer: HelpOffer | None) -> str:
    """The other one: to whoever asked the helper, to the others whoever asked."""
    if offer is not None and post.author_id == reader.pk:
        return shown_people([offer.helper], reader=reader)[offer.helper_id].name
    return writer_of(reader, post).name


def _of_author(reader: Person, groups: Mapping[UUID, list[UUID]], *, words: Words) -> dict[UUID, Rung]:
    """About posts of others: their author is the one who says it."""
    posts = posts_for(reader).filter(pk__in=groups, speaking_for=None)
    return {post.pk: _rung(post, words, str(words.said) % {"name": writer_of(reader, post).name}) for post in posts}


def _of_helpers(reader: Person, groups: Mapping[UUID, list[UUID]], *, words: Words) -> dict[UUID, Rung]:
    """About one's own posts: Ahmed and 2 others want to help, the newest by name."""
    subjects = [pk for ids in groups.values() for pk in ids]
    found = HelpOffer.objects.filter(pk__in=subjects).exclude(helper__in=reader.standing.apart | reader.standing.muted)
    offers = list(found.select_related("helper").order_by("-offered_at", "id"))
    names = shown_people([offer.helper for offer in offers], reader=reader)
    said: dict[UUID, list[str]] = {}
    for offer in offers:
        said.setdefault(offer.post_id, []).append(names[offer.helper_id].name)
    posts = posts_for(reader).filter(pk__in=said)
    return {post.pk: _rung(post, words, _named(words, said[post.pk])) for post in posts}


def _named(words: Words, names: list[str]) -> str:
    others = len(names) - 1
    if not others or words is not OFFER:
        return str(words.said) % {"name": names[0]}
    more = ngettext(
        "%(name)s and %(count)s other want to help you", "%(name)s and %(count)s others want to help you", others
    )
    return more % {"name": names[0], "count": others}


def _rung(post: Post, words: Words, said: str) -> Rung:
    return Rung(said, post.title, f"/posts/{post.pk}/", words.icon)


def _of_offer(name: str, words: Words, recipients: Callable[[Told], Iterable[Person]]) -> Notice:
    """`subject_id`: the offer."""
    describe = _of_helpers if words in {OFFER, HELPER_GONE} else _of_author
    return Notice(
        f"exchange.{name}",
        recipients,
        "exchange/mail/help",
        partial(_mail, words=words, is_of_offer=True),
        stream=Stream.MINE,
        group=_post_of_offer,
        describe=partial(describe, words=words),
        push=words.push,
        repeats=True,
    )


def _of_post(name: str, words: Words, recipients: Callable[[Told], Iterable[Person]]) -> Notice:
    """`subject_id`: the post."""
    return Notice(
        f"exchange.{name}",
        recipients,
        "exchange/mail/help",
        partial(_mail, words=words, is_of_offer=False),
        stream=Stream.MINE,
        group=_post_itself,
        describe=partial(_of_author, words=words),
        push=words.push,
        repeats=True,
    )


NOTICES = (
    _of_offer("offer", OFFER, partial(_asking, is_standing=True)),
    _of_offer("helper_gone", HELPER_GONE, partial(_asking, is_standing=False)),
    _of_offer("chosen", CHOSEN, partial(_helper, is_chosen=True)),
    _of_offer("let_go", LET_GO, partial(_helper, is_chosen=False)),
    _of_post("help_found", HELP_FOUND, _others),
    _of_post("found", FOUND, _searchers),
)
