"""The requests for help that were shared with the city and wait, for its editors: the plain list, oldest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stoep.access.decorators import staff_only
from stoep.access.requests import person_of
from stoep.exchange.queries import shared_requests
from stoep.people.models import RoleName as R

MOST = 100


@staff_only(R.EDITOR, R.APPROVER)
@require_GET
def city_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "exchange/city_requests.html", {"waiting": shared_requests(person_of(request))[:MOST]})
