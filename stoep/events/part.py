"""What an event adds to a post (feed/parts.py): questions in the composer, words on the card, a piece of the page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stoep.access.gate import may
from stoep.common import clock
from stoep.events.calendar_elsewhere import calendars_elsewhere
from stoep.events.days import coming_for, is_over, shown_days
from stoep.events.forms import AnswerForm, PlanForm
from stoep.events.models import Attendance, Occurrence
from stoep.events.planning import kept_plan, plan_event, when_removed
from stoep.events.queries import DayPage, day_page, days_for
from stoep.events.resting import RESTS, card_rests, rests
from stoep.feed.models import Post
from stoep.feed.parts import Answer, CardWords, Chip, Fact, Part, Section
from stoep.people.models import Person
from stoep.people.standing import Standing
from stoep.places.queries import crisis_since
from stoep.shell.moments import short_date

KINDS = frozenset({"activity", "announcement"})


def cards(viewer: Standing, post_ids: Sequence[UUID]) -> Mapping[UUID, CardWords]:
    """The day that it is about. A card is kept for five minutes at most, so the clock is read here."""
    now = clock.now()
    days = shown_days(post_ids, now)
    counts = coming_for(viewer, days.values())
    return {post_id: _card(viewer, day, counts[day.pk], now) for post_id, day in days.items()}


def _card(viewer: Standing, day: Occurrence, coming: int, now: datetime) -> CardWords:
    facts = [Fact("calendar-blank", short_date(day.starts_at)), Fact("map-pin", day.event.place)]
    if day.cancelled_at is not None:
        return CardWords(chips=[Chip("urgent", _("Called off"))], facts=facts)
    if is_over(day, now):
        return CardWords(chips=[Chip("information", _("Over"))], facts=facts)
    if day.event.is_remote:
        facts.append(Fact("phone", _("By phone or online")))
    if viewer.is_member and (words := who_comes(coming, day.seats_left)):
        facts.append(Fact("users-three", words))
    href = reverse("post", args=[day.event.post_id]) + "#event"
    if card_rests(viewer, day, now):
        return CardWords(chips=[Chip("information", _("Rests for a while"))], facts=facts)
    return CardWords(facts=facts, answer=Answer(_("I come"), "calendar-heart", href))


def who_comes(coming: int, seats_left: int | None) -> str:
    """12 come · 3 seats left"""
    words = []
    if coming:
        words.append(ngettext("%(num)s comes", "%(num)s come", coming) % {"num": coming})
    if seats_left == 0:
        words.append(_("full"))
    elif seats_left is not None:
        words.append(ngettext("%(num)s seat left", "%(num)s seats left", seats_left) % {"num": seats_left})
    return " · ".join(words)


def _who_said_what(page: DayPage, seats_left: int | None) -> str:
    words = [who_comes(page.coming, seats_left)]
    if page.maybe:
        words.append(ngettext("%(num)s maybe", "%(num)s maybe", page.maybe) % {"num": page.maybe})
    if page.waiting:
        said = ngettext("%(num)s waits for a seat", "%(num)s wait for a seat", page.waiting)
        words.append(said % {"num": page.waiting})
    return " · ".join(word for word in words if word)


def section(person: Person, post: Post, now: datetime) -> Section | None:
    shown = shown_days([post.pk], now).get(post.pk)
    day = days_for(person).filter(pk=shown.pk).first() if shown else None
    if day is None:
        return None
    facts = {**section_facts(person, day, now), "is_beside_card": True}
    return Section("events/_section.html", facts, leads=facts["may_answer"] and not facts["rests"])


def section_facts(person: Person, day: Occurrence, now: datetime, form: AnswerForm | None = None) -> dict[str, Any]:
    """What `_section.html` needs, on the post's page and on its own."""
    page, post = day_page(person, day, now), day.event.post
    is_open = day.cancelled_at is None and not page.is_over
    may_answer = is_open and may(person, "events:event:attend", post)
    return {
        "page": page,
        "is_beside_card": False,
        "form": form or AnswerForm(initial=_answered(page)),
        "may_answer": may_answer,
        "rests": may_answer and rests(person, day.event),
        "may_say_met": may(person, "events:event:count", post),
        "elsewhere": calendars_elsewhere(day) if is_open else [],
        "must_wait": is_open and person.standing.is_provisional,
        "may_change": may(person, "events:event:change", post),
        "may_cancel": not page.has_begun and day.cancelled_at is None and may(person, "events:event:cancel", post),
        "who_comes": _who_said_what(page, day.seats_left if is_open else None) if person.standing.is_member else "",
    }


def _answered(page: DayPage) -> dict[str, Any]:
    mine: Attendance | None = page.mine
    return {"answer": mine.answer, "together": mine.together, "brings": mine.brings} if mine else {}


def _warning(person: Person, now: datetime) -> str:
    return str(RESTS) if crisis_since(person.municipality_id, now) else ""


PART = Part(
    name="event",
    kinds=KINDS,
    title=gettext_lazy("When and where?"),
    form=PlanForm,
    kept=lambda post: kept_plan(post, clock.now()),
    write=plan_event,
    cards=cards,
    section=section,
    removed=when_removed,
    warning=_warning,
)
