"""The two texts that everybody may read, in every version, and the button under new house rules."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from stoep.access.decorators import neighbours_only, public, signed_in_person
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.people.data_map import declarations
from stoep.people.terms import HOUSE_RULES, Terms, has_new_rules
from stoep.privacy.actions import agree_to_new_rules
from stoep.privacy.notice import NOTICES, processors


@public
@require_GET
def house_rules(request: HttpRequest, version: str = "") -> HttpResponse:
    text = _version(HOUSE_RULES, version)
    person = signed_in_person(request)
    asks = text is HOUSE_RULES[0] and person is not None and person.standing.is_member and has_new_rules(person)
    facts = {"text": text, "versions": HOUSE_RULES, "asks": asks, "agreed": "agreed" in request.GET}
    return render(request, "privacy/house_rules.html", facts)


@public
@require_GET
def notice(request: HttpRequest, version: str = "") -> HttpResponse:
    facts = {
        "text": _version(NOTICES, version),
        "versions": NOTICES,
        "processors": processors(),
        "declarations": declarations(),
    }
    return render(request, "privacy/notice.html", facts)


@neighbours_only
@require_POST
def agreement(request: HttpRequest) -> HttpResponse:
    agree_to_new_rules(person=person_of(request), now=clock.now())
    return HttpResponseRedirect(reverse("house_rules") + "?agreed")


def _version(versions: tuple[Terms, ...], wanted: str) -> Terms:
    found = versions[0] if not wanted else next((each for each in versions if each.version == wanted), None)
    if found is None:
        raise Http404
    return found
