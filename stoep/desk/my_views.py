"""The resident's side: who acted for me, when, and what they did; and a stop."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from stoep.access.decorators import signed_in_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.desk.actions import take_yes_back
from stoep.desk.queries import first_name, sessions_for


@signed_in_only
@require_GET
def helped(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), clock.now()
    if person.is_staff_member:
        raise Http404
    lines = [(one, first_name(one), one.is_running(now)) for one in sessions_for(person)]
    return render(request, "desk/helped.html", {"lines": lines})


@signed_in_only
@require_POST
def helped_end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Said twice, it stays said."""
    person = person_of(request)
    session = get_object_or_404(sessions_for(person), pk=session_id)
    take_yes_back(person=person, session=session, now=clock.now())
    return HttpResponseRedirect(reverse("helped"))
