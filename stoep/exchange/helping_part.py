"""What a request for help adds to its post: when and where, "somebody helps", and the piece of its page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoep.access.gate import may
from stoep.delivery.outbox import tell
from stoep.exchange.helping import help_is_found
from stoep.exchange.helping_forms import HelpForm
from stoep.exchange.helping_reading import distance_of, named_helpers, offers_for, own_offer
from stoep.exchange.models import HelpOffer, HelpRequest
from stoep.exchange.waiting import is_answered, is_next_door
from stoep.feed.models import Post
from stoep.feed.parts import Answer, CardWords, Chip, Fact, Part, Section
from stoep.people.models import Person
from stoep.people.skills import SKILLS
from stoep.people.standing import Standing
from stoep.shell.moments import short_day

WEEK, UNDO_FOR = timedelta(days=6), settings.UNDO_FOR
CARD = ("pk", "comments_open")
ASKED = ("when", "day", "where", "skill", "keeps_distance")
HOWS = {HelpRequest.When.ON: gettext_lazy("On %(day)s"), HelpRequest.When.BY: gettext_lazy("Until %(day)s")}


def _write(post: Post, /, *, answers: Mapping[str, Any], now: datetime) -> None:
    request = HelpRequest.objects.filter(post=post).first() or HelpRequest(post=post)
    request.when, request.day = _when(answers, request, timezone.localdate(now))
    is_asked, request.skill = answers["skill"] not in {"", request.skill}, answers["skill"]
    request.where, request.keeps_distance = answers["where"], bool(answers.get("keeps_distance"))
    request.may_go_next_door = "next_door" in answers["if_nobody"]
    request.may_go_to_city = "city" in answers["if_nobody"]
    request.save()
    if is_asked:
        city = post.audience.municipality_id
        tell("exchange.matching", municipality_id=city, subject_id=post.pk, actor=post.author, now=now, wait=UNDO_FOR)


def _when(answers: Mapping[str, Any], before: HelpRequest, today: date) -> tuple[str, date | None]:
    """A day, so that "today" is no lie tomorrow; "this week", said before, ends when it ended."""
    chosen = answers["when"]
    if chosen == "week":
        return HelpRequest.When.BY, before.day if before.when == HelpRequest.When.BY else today + WEEK
    if chosen == "today":
        return HelpRequest.When.ON, today
    return (HelpRequest.When.ON, answers["day"]) if chosen == "day" else ("", None)


def _kept(post: Post) -> dict[str, Any]:
    request = HelpRequest.objects.filter(post=post).first()
    if request is None:
        return {}
    allowed = (("next_door", request.may_go_next_door), ("city", request.may_go_to_city))
    return {
        "when": {"on": "day", "by": "week"}.get(request.when, ""),
        "day": request.day if request.when == HelpRequest.When.ON else None,
        "skill": request.skill,
        "where": request.where,
        "keeps_distance": request.keeps_distance,
        "if_nobody": [key for key, is_allowed in allowed if is_allowed],
    }


HELPED = Chip("help_offered", gettext_lazy("Somebody helps"))


def _cards(viewer: Standing, post_ids: Sequence[UUID]) -> dict[UUID, CardWords]:
    chosen = HelpOffer.objects.standing().filter(post=OuterRef("pk"), chosen_at__isnull=False)
    asked = (f"help_request__{name}" for name in ASKED)
    found = Post.objects.filter(pk__in=post_ids).values_list(*CARD, "solution__pk", Exists(chosen), *asked)
    return {
        pk: CardWords(
            # What became of it is for neighbours: the city reads what its author shared, and no more.
            chips=[Chip("help_offered", _("Somebody helps"))]
            if is_helped and not solution and viewer.is_member
            else [],
            facts=_facts(*words),
            answer=None if solution else _answer(pk, is_helped=is_helped, is_open=is_open),
        )
        for pk, is_open, solution, is_helped, *words in found
    }


def _answer(post_id: UUID, *, is_helped: bool, is_open: bool) -> Answer | None:
    if not is_helped:
        return Answer(_("I want to help"), "hand-heart", reverse("helpers", args=[post_id]))
    return Answer(_("Reply"), "chat-circle", reverse("post", args=[post_id]) + "#answer") if is_open else None


def _facts(
    when: str | None, day: date | None, where: str | None, skill: str | None, keeps_distance: bool | None
) -> list[Fact]:
    found = [Fact("calendar-blank", HOWS[HelpRequest.When(when)] % {"day": short_day(day)})] if when and day else []
    found += [Fact("map-pin", str(HelpRequest.Where(where).label))] if where else []
    found += [Fact("handshake", str(SKILLS[skill]))] if skill in SKILLS else []
    return found + ([Fact("hand-heart", _("Without contact"))] if keeps_distance else [])


def _section(person: Person, post: Post, now: datetime) -> Section | None:
    """To whoever asked: who wants to help; to a neighbour: whether they do."""
    if not post.is_open_request:
        return None
    if person.pk == post.author_id:
        return _for_author(person, post, now)
    if not may(person, "exchange:help:offer", post):
        return None
    mine = own_offer(person, post)
    facts = {"mine": mine, "distance": distance_of(person, post, now)}
    return Section("exchange/_help.html", facts, leads=mine is None)


def _for_author(author: Person, post: Post, now: datetime) -> Section | None:
    offers = offers_for(author, post)
    chosen = next((shown for shown in offers if shown.offer.is_chosen), None)
    may_go_on = not offers and not is_answered(post) and may(author, "exchange:post:widen", post)
    may_go_next_door, distance = may_go_on and not is_next_door(post), distance_of(author, post, now)
    facts = {"offers": offers, "chosen": chosen, "may_go_next_door": may_go_next_door, "distance": distance}
    has_more = offers or may_go_next_door or distance.is_asked or distance.is_offered
    return Section("exchange/_helpers.html", facts) if has_more else None


HELP = Part(
    name="help",
    kinds=frozenset({"help_wanted"}),
    title=gettext_lazy("When and where?"),
    form=HelpForm,
    kept=_kept,
    write=_write,
    cards=_cards,
    section=_section,
    helpers=named_helpers,
    solved=help_is_found,
)
