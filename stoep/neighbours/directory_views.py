"""The list of neighbours and their map: translate, read, answer."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from stoep.access.decorators import neighbours_only
from stoep.access.gate import may
from stoep.access.requests import person_of, uuid_or_none
from stoep.access.slots import filled
from stoep.common import clock
from stoep.neighbours.directory import TooManyNeighbours, Wish, directory_of
from stoep.neighbours.street_map import street_map
from stoep.people.skills import GROUPS, SKILLS
from stoep.places.models import Neighbourhood

LONGEST_QUESTION = 80


@neighbours_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    reader = person_of(request)
    if not may(reader, "neighbours:directory:read", reader):
        return _not_yet(request)
    wish, now = _wish(request), clock.now()
    try:
        found = directory_of(reader, wish, now=now)
    except TooManyNeighbours:
        return render(request, "neighbours/too_many_profiles.html", status=429)
    kept = {"q": wish.question, "skill": wish.skill}
    facts = {
        "wish": wish,
        "found": found,
        "groups": GROUPS,
        "beginning": filled("people.beginning", reader, now) if reader.standing.is_beginning and wish == Wish() else [],
        "skill_words": SKILLS.get(wish.skill, ""),
        "more": _address(**kept, letter=wish.letter, after=str(found.next_after)) if found.next_after else "",
        "from_letter": lambda letter: _address(**kept, letter=letter),
    }
    return render(request, "neighbours/people.html", facts)


@neighbours_only
@require_GET
def people_map(request: HttpRequest) -> HttpResponse:
    reader = person_of(request)
    if not may(reader, "neighbours:directory:read", reader):
        return _not_yet(request)
    places = Neighbourhood.objects.select_related("municipality")
    here = get_object_or_404(places, pk=reader.standing.neighbourhood_id)
    facts = {"map": street_map(here, now=clock.now()), "of_street": lambda name: _address(q=name)}
    return render(request, "neighbours/people_map.html", facts)


def _not_yet(request: HttpRequest) -> HttpResponse:
    """Why a newcomer finds no list of neighbours, and what opens it."""
    return render(request, "neighbours/people_not_yet.html", status=403)


def _wish(request: HttpRequest) -> Wish:
    """What an address names; what we do not know is as if it were not there."""
    asked = {name: request.GET.get(name, "").replace("\x00", "") for name in ("q", "skill", "letter", "after")}
    letter = asked["letter"].casefold()
    return Wish(
        question=" ".join(asked["q"].split())[:LONGEST_QUESTION],
        skill=asked["skill"] if asked["skill"] in SKILLS else "",
        letter=letter if len(letter) == 1 and letter.isalpha() else "",
        after=uuid_or_none(asked["after"]),
    )


def _address(**query: str) -> str:
    held = {name: value for name, value in query.items() if value}
    return reverse("people") + ("?" + urlencode(held) if held else "")
