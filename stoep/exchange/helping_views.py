"""Offering help, and choosing whose: one press each; pressed twice, it is done once."""

from contextlib import suppress
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.conversations.queries import addressee
from stoep.exchange.helping import (
    HelpRefused,
    ask_for_distance,
    choose_helper,
    offer_help,
    take_choice_back,
    take_offer_back,
)
from stoep.exchange.helping_forms import REASONS, OfferForm
from stoep.exchange.helping_reading import distance_of, own_offer
from stoep.exchange.models import HelpOffer
from stoep.exchange.waiting import AnsweredAlready, show_next_door
from stoep.feed.models import Post
from stoep.feed.reading import posts_for, writer_of


@neighbours_only
@require_http_methods(["GET", "POST"])
def helpers(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """ "I want to help"; to a newcomer, how they come to be able to."""
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if not post.is_open_request or post.author_id == person.pk or own_offer(person, post):
        return _to(post)
    writer = writer_of(person, post)
    form = _offer_form(request, post, name=writer.name)
    facts = {
        "post": post,
        "writer": writer,
        "form": form,
        "may_offer": may(person, "exchange:help:offer", post),
        "may_write": addressee(person, post.author_id) is not None,
        "distance": distance_of(person, post, clock.now()),
    }
    if request.method != "POST":
        return render(request, "exchange/help.html", {**facts, "refusal": ""})
    refusal: Promise | str = ""
    if form.is_valid():
        try:
            offer_help(person=person, post=post, now=clock.now(), **form.cleaned_data)
        except HelpRefused as error:
            refusal = REASONS[error.reason]
        except TextRefused as error:
            form.add_error("words", str(REASONS[error.reason]))
        else:
            return _to(post)
    return render(request, "exchange/help.html", {**facts, "refusal": refusal}, status=422)


def _offer_form(request: HttpRequest, post: Post, *, name: str) -> OfferForm:
    """Begun with a friendly word, so that one press is enough."""
    words = _("I can help with “%(title)s”.") % {"title": post.title}
    begun = {"words": words, "request_key": uuid4()}
    return OfferForm(request.POST if request.method == "POST" else None, name=name, initial=begun)


@neighbours_only
@require_POST
def withdrawal(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if post.is_open_request and post.author_id != person.pk:
        with suppress(HelpRefused):  # solved at this very moment: there is nothing to take back
            take_offer_back(person=person, post=post, now=clock.now())
    return _to(post)


@neighbours_only
@require_POST
def choice(request: HttpRequest, post_id: UUID, offer_id: UUID) -> HttpResponse:
    """Whose help the author takes. Solved already, there is nothing to choose."""
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if post.author_id != person.pk:
        raise NotAllowed
    get_object_or_404(HelpOffer, post=post, pk=offer_id)
    if not post.is_open_request:
        return _to(post)
    try:
        choose_helper(author=person, post=post, offer_id=offer_id, now=clock.now())
    except HelpRefused as error:
        return _refused(request, post, REASONS[error.reason])
    return _to(post)


@neighbours_only
@require_POST
def choice_removal(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if post.author_id != person.pk:
        raise NotAllowed
    if post.is_open_request:
        with suppress(HelpRefused):
            take_choice_back(author=person, post=post, now=clock.now())
    return _to(post)


@neighbours_only
@require_POST
def distance(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Its author would rather be helped without contact; or need not any more."""
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if post.author_id != person.pk:
        raise NotAllowed
    if post.is_open_request:
        with suppress(HelpRefused):
            ask_for_distance(author=person, post=post, is_wanted=request.POST.get("wish") != "no", now=clock.now())
    return HttpResponseRedirect(reverse("post", args=[post.pk]) + "#help")


@neighbours_only
@require_POST
def next_door(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Its author shows it to the neighbourhoods next to theirs."""
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    try:
        show_next_door(author=person, post=post, now=clock.now())
    except AnsweredAlready:
        return _refused(request, post, REASONS["answered"])
    return _to(post)


def _refused(request: HttpRequest, post: Post, why: object) -> HttpResponse:
    return render(request, "exchange/refused.html", {"post": post, "why": why}, status=422)


def _to(post: Post) -> HttpResponse:
    return HttpResponseRedirect(reverse("post", args=[post.pk]))
