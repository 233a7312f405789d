"""The shelf of the neighbourhood, one thing on it, and the list of what one has at home."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of, uuid_or_none
from stoep.common import clock
from stoep.exchange.lending_days import today_in
from stoep.exchange.lending_forms import AtHomeForm, DaysForm, GiftForm
from stoep.exchange.lending_queries import loan_lines, loans_for
from stoep.exchange.models import Item
from stoep.exchange.shelf import StillPromised, audience_at_home, take_off_shelf, tick_things
from stoep.exchange.shelf_kinds import CATEGORIES, COMMON
from stoep.exchange.shelf_queries import (
    PAGE,
    Wanted,
    has_taken_off,
    items_for,
    shelf,
    shown_things,
    taken_days,
    ticked,
    with_state,
)
from stoep.exchange.thing_photos import thing_photos


@neighbours_only
@require_GET
def shelf_page(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), clock.now()
    category, kind = request.GET.get("category", ""), request.GET.get("kind", "")
    wanted = Wanted(category if category in CATEGORIES else "", kind if kind in Item.Kind.values else "")
    before = uuid_or_none(request.GET.get("before", ""))
    found = shelf(person, wanted, today=today_in(person.municipality, now), before=before)
    facts = {
        "things": found[:PAGE],
        "next_before": found[PAGE - 1].item.pk if len(found) > PAGE else None,
        "wanted": wanted,
        "categories": CATEGORIES,
        "kinds": {"": _("Everything"), Item.Kind.LEND: _("To lend"), Item.Kind.GIVE: _("To give away")},
        "may_add": may(person, "exchange:item:create", audience_at_home(person)),
        "is_saved": "saved" in request.GET,
    }
    return render(request, "exchange/shelf.html", facts)


@neighbours_only
@require_http_methods(["GET", "POST"])
def at_home(request: HttpRequest) -> HttpResponse:
    """What somebody has and lends: ticked is on the shelf, not ticked is not."""
    person = person_of(request)
    if not may(person, "exchange:item:create", audience_at_home(person)):
        raise NotAllowed
    form = AtHomeForm(request.POST if request.method == "POST" else None, initial={"things": ticked(person)})
    if form.is_valid():
        tick_things(person=person, chosen=form.cleaned_data["things"], now=clock.now())
        return HttpResponseRedirect(reverse("shelf") + "?saved")
    options = [(option, CATEGORIES[COMMON[str(option.data["value"])].category].icon) for option in form["things"]]
    facts = {"form": form, "options": options}
    return render(request, "exchange/shelf_at_home.html", facts, status=422 if form.errors else 200)


@neighbours_only
@require_GET
def thing(request: HttpRequest, item_id: UUID) -> HttpResponse:
    item = get_object_or_404(items_for(person_of(request)), pk=item_id)
    first = request.GET.get("from", "")
    form = (
        DaysForm(initial={"request_key": uuid4(), "from_on": first, "to_on": first}) if _is_lent(item) else GiftForm()
    )
    return render_thing(request, item, form)


def render_thing(request: HttpRequest, item: Item, form: forms.Form, *, status: int = 200) -> HttpResponse:
    person = person_of(request)
    today = today_in(person.municipality, clock.now())
    shown = shown_things(person, with_state(items_for(person).filter(pk=item.pk), today))[0]
    mine = loans_for(person).open().filter(item=item).order_by("id")
    facts: dict[str, Any] = {
        "shown": shown,
        "form": form,
        "taken": taken_days(item, today=today),
        "photos": thing_photos(item),
        "loans": loan_lines(person, mine, today=today),
        "may_borrow": may(person, "exchange:item:borrow", item),
        "may_remove": may(person, "exchange:item:remove", item),
        "may_change": may(person, "exchange:item:change", item),
        "is_own": item.author_id == person.pk,
        "is_promised": "promised" in request.GET,
    }
    return render(request, "exchange/shelf_thing.html", facts, status=status)


@neighbours_only
@require_POST
def remove(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Taken off the shelf; pressed twice, it is off once."""
    person = person_of(request)
    if has_taken_off(person, item_id):
        return HttpResponseRedirect(reverse("shelf"))
    item = get_object_or_404(items_for(person), pk=item_id)
    try:
        take_off_shelf(person=person, item=item, now=clock.now())
    except StillPromised:
        return HttpResponseRedirect(reverse("thing", args=[item_id]) + "?promised")
    return HttpResponseRedirect(reverse("shelf"))


def _is_lent(item: Item) -> bool:
    return item.kind == Item.Kind.LEND
