"""One's own data below /me/: what is held, what was agreed to, the download, leaving and coming back."""

from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import public, signed_in_only
from stoep.access.proof import is_proved, proved_only, to_proof
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.joining.entering import enter_again, who_left
from stoep.people.models import Consent, Person
from stoep.people.unfinished import unfinished_of
from stoep.privacy.actions import LastAdministratorError, NotTakenBackError, ask_download, leave, take_back
from stoep.privacy.downloads import KEPT, fetch, held_about
from stoep.privacy.leaving import TooLateError, come_back
from stoep.privacy.queries import consents_of, download_for, downloads_of

ROWS_SHOWN = 10


@signed_in_only
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    return _page(request, "my_data", held=held_about(person_of(request)), most=ROWS_SHOWN)


@signed_in_only
@require_GET
def my_consents(request: HttpRequest) -> HttpResponse:
    return _page(request, "consents", consents=consents_of(person_of(request)), saved="saved" in request.GET)


@signed_in_only
@require_POST
def consent_withdrawal(request: HttpRequest, purpose: str) -> HttpResponse:
    if purpose not in Consent.Purpose.values:
        raise Http404
    try:
        take_back(person=person_of(request), purpose=purpose, now=clock.now())
    except NotTakenBackError:
        return HttpResponseRedirect(reverse("leave"))
    return HttpResponseRedirect(reverse("my_consents") + "?saved")


@signed_in_only
@require_http_methods(["GET", "POST"])
def download(request: HttpRequest) -> HttpResponse:
    """Ask for it, wait for it, fetch it: one page."""
    person, now = person_of(request), clock.now()
    proved = is_proved(request.session, now=now)
    if request.method == "POST":
        if not proved:
            return to_proof(request.path)
        ask_download(person=person, now=now)
        return HttpResponseRedirect(reverse("download"))
    found = downloads_of(person, now=now)
    ready = [each for each in found if each.ready_at]
    return _page(request, "download", proved=proved, ready=ready, kept=KEPT, is_waiting=len(ready) < len(found))


@signed_in_only
@require_GET
@proved_only
def download_file(request: HttpRequest, download_id: UUID) -> HttpResponse:
    found = download_for(person_of(request), download_id, now=clock.now())
    content = fetch(found) if found else None
    if content is None:
        raise Http404
    name = "my-data.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@signed_in_only
@require_http_methods(["GET", "POST"])
def leaving_page(request: HttpRequest) -> HttpResponse:
    """What will happen, and the button, once it is clear who presses it."""
    person, now = person_of(request), clock.now()
    proved = is_proved(request.session, now=now)
    if request.method == "GET":
        return _page(request, "leave", proved=proved, is_last=False, unfinished=unfinished_of(person))
    if not proved:
        return to_proof(request.path)
    try:
        leave(person=person, now=now)
    except LastAdministratorError:
        return _page(request, "leave", status=422, proved=proved, is_last=True, unfinished=[])
    return _gone(request, person)


@signed_in_only
@require_http_methods(["GET", "POST"])
def aside_page(request: HttpRequest) -> HttpResponse:
    """As leaving, but nothing is erased meanwhile: for a neighbour who wants their data unused for a time."""
    person, now = person_of(request), clock.now()
    if person.is_staff_member:
        raise Http404
    proved = is_proved(request.session, now=now)
    if request.method == "GET":
        return _page(request, "aside", proved=proved, unfinished=unfinished_of(person))
    if not proved:
        return to_proof(request.path)
    leave(person=person, is_aside=True, now=now)
    return _gone(request, person)


def _gone(request: HttpRequest, person: Person) -> HttpResponse:
    gone = Person.objects.get(pk=person.pk)
    logout(request)
    facts = {"until": gone.back_until, "is_aside": gone.is_aside, "may_come_back": not gone.is_staff_member}
    return render(request, "privacy/left.html", facts)


@public
@require_http_methods(["GET", "POST"])
def come_back_page(request: HttpRequest) -> HttpResponse:
    """For who has just shown, at a door, that they are somebody who left."""
    person = who_left(request)
    if person is None:
        return HttpResponseRedirect(reverse("sign_in"))
    if request.method == "POST":
        try:
            returned = come_back(returning=person, now=clock.now())
        except TooLateError:
            return HttpResponseRedirect(reverse("sign_in"))
        enter_again(request, returned)
        return HttpResponseRedirect(reverse("feed"))
    facts = {"name": person.name, "until": person.back_until, "is_aside": person.is_aside}
    return render(request, "privacy/come_back.html", facts)


def _page(request: HttpRequest, name: str, *, status: int = 200, **facts: Any) -> HttpResponse:
    layout = "shell/city.html" if person_of(request).is_staff_member else "shell/neighbour.html"
    return render(request, f"privacy/{name}.html", {"layout": layout, **facts}, status=status)
