"""The page on which an ambassador welcomes somebody, and the button that puts a newcomer's question away."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import may
from stoep.access.requests import person_of, safe_next
from stoep.ambassadors.forms import WelcomeForm, refuse
from stoep.ambassadors.queries import Newcomer, newcomer_for
from stoep.ambassadors.welcoming import note_welcome, put_hello_away, welcome
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.conversations.queries import thread_with
from stoep.moderation.thinking import concerns_in, think_page, wants_to_edit
from stoep.people.models import Person

# Who is asked whether they need anything is told of no bank account: as in every first private message.
CONCERNS = ("harsh", "bank_account")


@neighbours_only
@require_http_methods(["GET", "POST"])
def newcomer(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A word of welcome, written already, to change and send."""
    person, now = _ambassador(request), clock.now()
    found = newcomer_for(person, person_id, now=now)
    if found is None:
        return _to_conversation(person, person_id)
    is_sent = request.method == "POST" and not wants_to_edit(request)
    words = request.POST.get("body", "") if request.method == "POST" else _words(person, found)
    form = WelcomeForm(request.POST if is_sent else None, initial={"body": words, "request_key": uuid4()})
    if is_sent and form.is_valid():
        concerns = concerns_in(request, form.cleaned_data["body"], kinds=CONCERNS)
        if concerns:
            return think_page(request, concerns)
        try:
            begun = welcome(person=person, newcomer=found.person, now=now, **form.cleaned_data)
        except TextRefused as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("conversation", args=[begun.pk]))
    facts = {"newcomer": found, "form": form}
    return render(request, "ambassadors/welcome.html", facts, status=422 if form.errors else 200)


@neighbours_only
@require_POST
def welcomed(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Pressed twice, it brings to the same place."""
    person, now = _ambassador(request), clock.now()
    found = newcomer_for(person, person_id, now=now)
    if found is not None:
        note_welcome(person=person, newcomer=found.person, now=now)
    return HttpResponseRedirect(reverse("ambassador"))


@neighbours_only
@require_POST
def hello_dismissal(request: HttpRequest) -> HttpResponse:
    put_hello_away(person=person_of(request), now=clock.now())
    return HttpResponseRedirect(safe_next(request, reverse("feed")))


def _to_conversation(person: Person, person_id: UUID) -> HttpResponse:
    """Who was welcomed is on no list any more; sent twice, it leads to what was sent."""
    known = thread_with(person, person_id)
    if known is None:
        raise Http404
    return HttpResponseRedirect(reverse("conversation", args=[known.pk]))


def _words(person: Person, found: Newcomer) -> str:
    said = _("Hello %(name)s, welcome to %(place)s! I am %(me)s. Do you want to know something? Just ask me.")
    place = person.standing.neighbourhood_name
    return said % {"name": found.shown.name.split()[0], "place": place, "me": person.name.split()[0]}


def _ambassador(request: HttpRequest) -> Person:
    person = person_of(request)
    if not may(person, "ambassadors:desk:read", person):
        raise Http404
    return person
