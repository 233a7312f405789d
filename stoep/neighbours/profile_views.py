"""A neighbour's page, and keeping away from them: translate, call one action, answer."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.known import person_for
from stoep.access.requests import person_of, safe_next
from stoep.common import clock
from stoep.neighbours.blocking import block, mute, unblock, unmute
from stoep.neighbours.profile import TooManyProfiles, profile_of, shown_name
from stoep.people.models import Block, Mute, Person


@neighbours_only
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    reader = person_of(request)
    try:
        profile = profile_of(_found(request, person_id), reader=reader, now=clock.now())
    except TooManyProfiles:
        return render(request, "neighbours/too_many_profiles.html", status=429)
    return render(request, "neighbours/person.html", {"profile": profile})


@neighbours_only
@require_http_methods(["GET", "POST"])
def block_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """First what it means, then the button. There is nothing to see of them afterwards, so back to the list."""
    reader, other = person_of(request), _found(request, person_id)
    if not may(reader, "neighbours:person:block", other):
        raise NotAllowed
    if request.method == "POST":
        block(person=reader, other=other, with_letterbox="letterbox" in request.POST, now=clock.now())
        return HttpResponseRedirect(f"{reverse('blocks')}?done")
    return render(request, "neighbours/block.html", {"other": other, "shown": shown_name(other, reader=reader)})


@neighbours_only
@require_POST
def mute_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    mute(person=person_of(request), other=_found(request, person_id), now=clock.now())
    return HttpResponseRedirect(safe_next(request, reverse("person", args=[person_id])))


@neighbours_only
@require_POST
def unmute_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Whoever it was: somebody muted may have moved away, or never have been."""
    unmute(person=person_of(request), other_id=person_id, now=clock.now())
    return HttpResponseRedirect(safe_next(request, reverse("blocks")))


@neighbours_only
@require_GET
def blocks(request: HttpRequest) -> HttpResponse:
    """Whom I blocked and muted; who blocked me, nobody tells."""
    reader = person_of(request)
    facts = {
        "blocks": Block.objects.filter(person=reader).select_related("blocked"),
        "mutes": Mute.objects.filter(person=reader).select_related("muted"),
        "is_done": "done" in request.GET,
        "shown": lambda other: shown_name(other, reader=reader),
    }
    return render(request, "neighbours/blocks.html", facts)


@neighbours_only
@require_POST
def remove_block(request: HttpRequest, block_id: UUID) -> HttpResponse:
    unblock(person=person_of(request), block_id=block_id, now=clock.now())
    return HttpResponseRedirect(reverse("blocks"))


def _found(request: HttpRequest, person_id: UUID) -> Person:
    found = person_for(person_of(request), person_id)
    if found is None:
        raise Http404
    return found
