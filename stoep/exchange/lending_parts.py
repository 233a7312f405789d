"""What the shelf adds to messages: the kind of a thing and its state, the days of a wish, and the page's next step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoep.access.gate import may
from stoep.common import clock
from stoep.exchange.lending_days import today_in
from stoep.exchange.lending_forms import ThingForm, WishForm
from stoep.exchange.lending_queries import loan_lines
from stoep.exchange.lending_wishes import offers_to, own_offer
from stoep.exchange.lending_words import days_between, thing_state
from stoep.exchange.models import Item, Loan, Wish
from stoep.exchange.shelf import write_thing, write_wish
from stoep.exchange.shelf_kinds import CATEGORIES
from stoep.exchange.shelf_queries import items_for, shown_things, with_state
from stoep.feed.models import Post
from stoep.feed.parts import Answer, CardWords, Chip, Fact, Part, Section
from stoep.people.models import Person
from stoep.people.standing import Standing


def _kept_thing(post: Post) -> dict[str, Any]:
    item = Item.objects.filter(told_by=post).first()
    return {"category": item.category, "until_on": item.until_on} if item else {}


def _thing_cards(viewer: Standing, post_ids: Sequence[UUID]) -> Mapping[UUID, CardWords]:
    """Cards are kept five minutes at most, so the day may be read here. Who has it is nothing for the city."""
    if not viewer.is_member:
        return {}
    gone = Loan.objects.filter(item=OuterRef("pk"), kind=Item.Kind.GIVE, out_at__isnull=False)
    found = Item.objects.filter(told_by__in=post_ids).annotate(is_gone=Exists(gone))
    today = timezone.localdate(clock.now())
    return {item.told_by_id: _thing_card(item) for item in with_state(found, today)}


def _thing_card(item: Any) -> CardWords:
    category = CATEGORIES.get(item.category, CATEGORIES["other"])
    facts = [Fact(category.icon, str(category.label))]
    if item.is_gone:
        return CardWords(chips=[Chip("solved", _("Given away"))], facts=facts)
    state = thing_state(item.kind, item.back_on, is_promised=item.is_promised)
    facts.append(Fact("clock" if item.is_promised else "check-circle", state))
    is_gift = item.kind == Item.Kind.GIVE
    href = reverse("thing", args=[item.pk])
    label = _("I would like to have it") if is_gift else _("Borrow it")
    return CardWords(facts=facts, answer=Answer(label, "gift" if is_gift else "toolbox", href))


def _thing_section(person: Person, post: Post, now: datetime) -> Section | None:
    if not person.standing.is_member:
        return None
    items = with_state(items_for(person).filter(told_by=post), today_in(person.municipality, now))
    shown = next(iter(shown_things(person, items)), None)
    if shown is None:
        return None
    is_own = post.author_id == person.pk
    may_borrow = may(person, "exchange:item:borrow", shown.item)
    return Section("exchange/loan_thing_section.html", {"shown": shown, "is_own": is_own, "may_borrow": may_borrow})


def _kept_wish(post: Post) -> dict[str, Any]:
    wish = Wish.objects.filter(post=post).first()
    return {"from_on": wish.from_on, "to_on": wish.to_on} if wish else {}


def _wish_cards(viewer: Standing, post_ids: Sequence[UUID]) -> Mapping[UUID, CardWords]:
    if not viewer.is_member:
        return {}
    found = Loan.objects.filter(wish=OuterRef("pk"), agreed_at__isnull=False, ended_at=None)
    posts = Post.objects.filter(pk__in=post_ids).select_related("wish").annotate(is_found=Exists(found))
    return {post.pk: _wish_card(post) for post in posts}


def _wish_card(post: Any) -> CardWords:
    wish = getattr(post, "wish", None)
    days = days_between(wish.from_on, wish.to_on) if wish else ""
    facts = [Fact("calendar-blank", _("Needed %(days)s") % {"days": days})] if days else []
    if post.is_found:
        return CardWords(chips=[Chip("solved", _("Found"))], facts=facts)
    return CardWords(facts=facts, answer=Answer(_("I have one"), "toolbox", reverse("have_one", args=[post.pk])))


def _wish_section(person: Person, post: Post, now: datetime) -> Section | None:
    if not person.standing.is_member:
        return None
    today = today_in(person.municipality, now)
    mine = own_offer(person, post)
    facts = {
        "offers": loan_lines(person, offers_to(person, post), today=today) if post.author_id == person.pk else [],
        "own_offer": mine,
        "may_answer": mine is None and may(person, "exchange:wish:answer", post),
        "post": post,
    }
    return Section("exchange/loan_wish_section.html", facts)


PARTS = (
    Part(
        name="thing",
        kinds=frozenset({"lend", "give"}),
        title=gettext_lazy("About the thing"),
        form=ThingForm,
        kept=_kept_thing,
        write=write_thing,
        cards=_thing_cards,
        section=_thing_section,
    ),
    Part(
        name="wish",
        kinds=frozenset({"borrow"}),
        title=gettext_lazy("When do you need it?"),
        form=WishForm,
        kept=_kept_wish,
        write=write_wish,
        cards=_wish_cards,
        section=_wish_section,
    ),
)
