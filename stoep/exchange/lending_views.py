"""Asking for a thing, offering one to a wish, and the pages of loans: each step one button, pressed twice done once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.delivery.bell import read_about
from stoep.exchange import lending
from stoep.exchange.lending import LoanRefused
from stoep.exchange.lending_days import today_in
from stoep.exchange.lending_forms import DamageForm, DaysForm, GiftForm, OfferForm
from stoep.exchange.lending_queries import MOST, loan_lines, loans_for
from stoep.exchange.lending_wishes import fitting_things, own_offer, thing_in
from stoep.exchange.lending_words import REASONS
from stoep.exchange.models import Item, Loan
from stoep.exchange.shelf_queries import items_for, own_things, taken_days
from stoep.exchange.shelf_views import render_thing
from stoep.feed.forms import refuse as refuse_text
from stoep.feed.models import Post
from stoep.feed.reading import posts_for, writer_of
from stoep.people.models import Person
from stoep.places.queries import crisis_since


@neighbours_only
@require_POST
def ask(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Ask to borrow it on these days; a gift has none."""
    person = person_of(request)
    item = get_object_or_404(items_for(person), pk=item_id)
    if not may(person, "exchange:item:borrow", item):
        raise NotAllowed
    form = DaysForm(request.POST) if item.kind == Item.Kind.LEND else GiftForm(request.POST)
    if form.is_valid():
        days, key = getattr(form, "days", None), form.cleaned_data["request_key"] or uuid4()
        try:
            loan = lending.ask_loan(person=person, item=item, days=days, request_key=key, now=clock.now())
        except LoanRefused as error:
            form.add_error(None, str(REASONS[error.reason]))
        else:
            return HttpResponseRedirect(reverse("loan", args=[loan.pk]))
    return render_thing(request, item, form, status=422)


@neighbours_only
@require_http_methods(["GET", "POST"])
def have_one(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """ "I have one": one tap, for a thing that stands on my shelf or one that is called as the wish calls it."""
    person = person_of(request)
    wish = get_object_or_404(posts_for(person), pk=post_id)
    if not may(person, "exchange:wish:answer", wish):
        raise NotAllowed
    made = own_offer(person, wish)
    if made is not None:
        return HttpResponseRedirect(reverse("loan", args=[made.pk]))
    things = fitting_things(person, wish)
    typed = {"name": thing_in(wish.title), "is_for_shelf": True, "request_key": uuid4()}
    form = OfferForm(request.POST if request.method == "POST" else None, things=things, initial=typed)
    if form.is_valid():
        try:
            loan = _offered(person, wish, form)
        except LoanRefused as error:
            form.add_error(None, str(REASONS[error.reason]))
        except TextRefused as error:
            refuse_text(form, error, "name")
        else:
            return HttpResponseRedirect(reverse("loan", args=[loan.pk]))
    facts = {"form": form, "wish": wish, "writer": writer_of(person, wish)}
    return render(request, "exchange/loan_offer.html", facts, status=422 if form.errors else 200)


def _offered(person: Person, wish: Post, form: OfferForm) -> Loan:
    return lending.offer_thing(
        person=person,
        wish=wish,
        item=form.chosen,
        name=form.cleaned_data["name"],
        is_for_shelf=form.cleaned_data["is_for_shelf"],
        request_key=form.cleaned_data["request_key"],
        now=clock.now(),
    )


@neighbours_only
@require_GET
def loans(request: HttpRequest) -> HttpResponse:
    """What waits for me first, then what goes on, then what is over."""
    person = person_of(request)
    today = today_in(person.municipality, clock.now())
    lines = loan_lines(person, loans_for(person).order_by("-id")[:MOST], today=today)
    going = sorted((line for line in lines if not line.loan.is_over), key=lambda line: line.loan.to_on or today)
    facts = {
        "todo": [line for line in going if line.step is not None],
        "going": [line for line in going if line.step is None],
        "over": [line for line in lines if line.loan.is_over],
        "things": own_things(person, today=today),
    }
    return render(request, "exchange/loans.html", facts)


@neighbours_only
@require_GET
def loan_page(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    loan = _loan(request, loan_id)
    read_about(person_of(request), loan.pk, now=clock.now())
    return _render_loan(request, loan, trouble=str(REASONS.get(request.GET.get("trouble", ""), "")))


def _loan(request: HttpRequest, loan_id: UUID) -> Loan:
    return get_object_or_404(loans_for(person_of(request)).select_related("wish__wish"), pk=loan_id)


def _render_loan(
    request: HttpRequest,
    loan: Loan,
    *,
    days: forms.Form | None = None,
    damage: forms.Form | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    today = today_in(person.municipality, clock.now())
    line = loan_lines(person, [loan], today=today)[0]
    chooses = loan.is_offer and line.step is not None and line.step.noun == "agreement"
    facts: dict[str, Any] = {
        "line": line,
        "days": (days or DaysForm(initial=_wished(loan))) if chooses else None,
        "taken": taken_days(loan.item, today=today) if chooses and loan.item else [],
        "damage": damage or DamageForm(initial={"damage": loan.damage}),
        "may_note": may(person, "exchange:loan:note_damage", loan),
        "sees_thing": loan.item_id is not None and items_for(person).filter(pk=loan.item_id).exists(),
        "trouble": trouble,
        "is_mine": loan.keeps_distance(person),
        "in_crisis": crisis_since(person.municipality_id, clock.now()) is not None,
    }
    return render(request, "exchange/loan.html", facts, status=status)


def _wished(loan: Loan) -> dict[str, Any]:
    """The days that the wish named."""
    wish = getattr(loan.wish, "wish", None)
    return {"from_on": wish.from_on, "to_on": wish.to_on or wish.from_on} if wish else {}


@neighbours_only
@require_POST
def agreement(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Yes. To an offer with the days, which stand in the same form."""
    person, loan = person_of(request), _loan(request, loan_id)
    if not (loan.is_offer and may(person, "exchange:loan:agree", loan)):
        return _step(request, loan, "is_waiting", lending.agree)
    form = DaysForm(request.POST)
    if form.is_valid():
        try:
            lending.agree(person=person, loan=loan, days=form.days, now=clock.now())
        except LoanRefused as error:
            form.add_error(None, str(REASONS[error.reason]))
        else:
            return HttpResponseRedirect(reverse("loan", args=[loan.pk]))
    return _render_loan(request, loan, days=form, status=422)


@neighbours_only
@require_POST
def refusal(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    return _step(request, _loan(request, loan_id), "is_waiting", lending.refuse)


@neighbours_only
@require_POST
def handover(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    return _step(request, _loan(request, loan_id), "is_agreed", lending.hand_over)


@neighbours_only
@require_POST
def distance(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Without contact, please; or it need not be any more."""
    act = partial(lending.keep_distance, is_wanted=request.POST.get("wish") != "no")
    return _step(request, _loan(request, loan_id), "is_promised", act)


@neighbours_only
@require_POST
def return_of(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    return _step(request, _loan(request, loan_id), "is_out", lending.take_back)


@neighbours_only
@require_POST
def extension(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    return _step(request, _loan(request, loan_id), "is_out", lending.extend)


@neighbours_only
@require_POST
def cancellation(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    return _step(request, _loan(request, loan_id), "is_not_handed_over", lending.cancel)


@neighbours_only
@require_POST
def damage(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """What is broken, in words that only the two of them read."""
    person, loan = person_of(request), _loan(request, loan_id)
    if not may(person, "exchange:loan:note_damage", loan):
        raise NotAllowed
    form = DamageForm(request.POST)
    if form.is_valid():
        try:
            lending.note_damage(person=person, loan=loan, words=form.cleaned_data["damage"], now=clock.now())
        except TextRefused as error:
            refuse_text(form, error, "damage")
        else:
            return HttpResponseRedirect(reverse("loan", args=[loan.pk]) + "#damage")
    return _render_loan(request, loan, damage=form, status=422)


def _step(request: HttpRequest, loan: Loan, fits: str, act: Callable[..., object]) -> HttpResponse:
    """One step; where it was done already, or cannot be, the page says where it stands."""
    trouble, now = "", clock.now()
    if getattr(loan, fits):
        trouble = _tried(person_of(request), loan, act, now)
    query = f"?trouble={trouble}" if trouble else ""
    return HttpResponseRedirect(reverse("loan", args=[loan.pk]) + query)


def _tried(person: Person, loan: Loan, act: Callable[..., object], now: datetime) -> str:
    try:
        act(person=person, loan=loan, now=now)
    except LoanRefused as error:
        return error.reason
    return ""
