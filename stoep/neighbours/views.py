"""One's own page: how the pages look and speak, and the way out."""

import json
from urllib.parse import quote

from django.conf import settings as site
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from stoep.access.decorators import public, signed_in_only, signed_in_person
from stoep.access.requests import person_of, safe_next
from stoep.common import clock
from stoep.neighbours.actions import LOOKS, TEXT_SIZES, choose_preferences
from stoep.people.terms import has_new_rules
from stoep.shell.theme import UnreadableColourError, style_of

YEAR = 365 * 24 * 3600
KNOWN: dict[str, set[str]] = {
    "language": {code for code, _name in site.LANGUAGES},
    "look": set(LOOKS),
    "text_size": set(TEXT_SIZES),
}


@signed_in_only
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    layout = "shell/city.html" if person.is_staff_member else "shell/neighbour.html"
    facts = {"layout": layout, "saved": "saved" in request.GET, "has_new_rules": has_new_rules(person)}
    return render(request, "neighbours/settings.html", facts)


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, look, text size: of a person in their row, of a visitor in a cookie of this browser."""
    wishes = {name: request.POST[name] for name, known in KNOWN.items() if request.POST.get(name) in known}
    response = HttpResponseRedirect(safe_next(request, reverse("sign_in")))
    person = signed_in_person(request)
    if person is not None:
        choose_preferences(person=person, wishes=wishes, now=clock.now())
        return response
    chosen = getattr(request, "preferences", None)
    kept = {name: getattr(chosen, name) for name in KNOWN} if chosen else {}
    response.set_cookie(
        site.PREFERENCES_COOKIE_NAME,
        quote(json.dumps(kept | wishes)),
        max_age=YEAR,
        secure=site.USES_TLS,
        httponly=True,
        samesite="Lax",
    )
    return response


@public
@require_GET
def theme(_request: HttpRequest, colour: str) -> HttpResponse:
    """The city's own colour as a style sheet, made fit to read; the same for ever, because the colour is its name."""
    try:
        style = style_of(f"#{colour}")
    except UnreadableColourError:
        raise Http404 from None
    return HttpResponse(
        style, content_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


@signed_in_only
@require_GET
def suspended(request: HttpRequest) -> HttpResponse:
    """Why somebody cannot come in now, in plain words."""
    if not person_of(request).standing.is_suspended:
        return HttpResponseRedirect(reverse("feed"))
    return render(request, "neighbours/suspended.html")
