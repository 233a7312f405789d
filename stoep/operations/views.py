"""The operator's health page, and the demo's own pages; the latter exist in demo mode only."""

from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from stoep.access.decorators import public
from stoep.access.proof import note_proof
from stoep.common import clock
from stoep.operations import demo_register
from stoep.operations import metrics as measured
from stoep.operations.cast import CAST
from stoep.operations.demo_door import only_in_demo
from stoep.operations.health import health as health_now
from stoep.operations.measuring import may_measure
from stoep.people.models import Person
from stoep.shell import examples


@public
@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    found = health_now(now=clock.now())
    facts = {
        "status": "ok" if found.is_well else "trouble",
        "database": found.database,
        "migrations": found.migrations,
        "erasures": found.erasures,
        "work_is_late": found.work_is_late,
    }
    return JsonResponse(facts, status=200 if found.is_well else 503)


@public
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine itself, and whoever knows the token. To others it is not there."""
    if not may_measure(request):
        raise Http404
    return HttpResponse(measured.exposition(now=clock.now()), content_type=measured.CONTENT_TYPE)


@public
@only_in_demo
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    register = demo_register.read()
    neighbours = [one for one in CAST if not one.is_staff]
    staff = [one for one in CAST if one.is_staff]
    return render(
        request,
        "operations/demo.html",
        {
            "neighbours": neighbours,
            "staff": staff,
            "codes": register.codes,
            "invitation": register.invitation,
            "residents": register.residents,
            "known": register.people,
        },
    )


@csrf_exempt  # scripts that try the demo out may use it too; there is nothing to win in a demo
@public
@only_in_demo
@require_POST
def demo_session(request: HttpRequest) -> HttpResponse:
    person_id = demo_register.read().people.get(request.POST.get("person", ""))
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    if person is None:
        raise Http404
    logout(request)
    login(request, person, backend="stoep.people.backend.PersonBackend")
    if person.is_staff_member:  # nobody of the demo has the app that staff would prove themselves with
        note_proof(request.session, now=clock.now())
    return HttpResponseRedirect(reverse("city" if person.is_staff_member else "feed"))


@public
@only_in_demo
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/styleguide.html", examples.styleguide(clock.now()))
