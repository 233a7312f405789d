"""Addresses that wait for a hand: street by street, on the map, or each by itself."""

from typing import cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import PersonRequest, staff_only
from stoep.common import clock
from stoep.people.models import Person
from stoep.people.models import RoleName as R
from stoep.places.choosing import drawing_of, living
from stoep.places.models import Municipality, Street
from stoep.rollout.actions import AlreadyPlacedError, place_address, place_street
from stoep.rollout.forms import PlaceForm, PlaceOnMapForm
from stoep.rollout.queries import known_points, waiting_addresses, waiting_streets, with_likely_places

WRITERS = (R.ROLLOUT, R.CITY_ADMIN)
STREETS_A_PAGE = 25


@staff_only(*WRITERS)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    return _waiting_page(request)


@staff_only(*WRITERS)
@require_POST
def street_place(request: HttpRequest, street_id: UUID) -> HttpResponse:
    """Everything of this street that waits, in one go."""
    municipality = _municipality(request)
    street = get_object_or_404(Street, pk=street_id, municipality=municipality)
    form = PlaceForm(request.POST, municipality=municipality)
    if not form.is_valid():
        return _waiting_page(request, wrong=street)
    neighbourhood = form.cleaned_data["neighbourhood"]
    place_street(person=_person(request), street=street, neighbourhood=neighbourhood, now=clock.now())
    return HttpResponseRedirect(_back(request, street))


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def street_map(request: HttpRequest, street_id: UUID) -> HttpResponse:
    """One street on the map: tick its addresses, point at the neighbourhood."""
    municipality = _municipality(request)
    street = get_object_or_404(Street, pk=street_id, municipality=municipality)
    addresses = list(waiting_addresses(municipality).filter(street=street))
    doors = [(address.pk, address.door) for address in addresses]
    form = PlaceOnMapForm(request.POST if request.method == "POST" else None, municipality=municipality, waiting=doors)
    if request.method == "POST" and form.is_valid():
        place_street(
            person=_person(request),
            street=street,
            neighbourhood=form.cleaned_data["neighbourhood"],
            only=form.cleaned_data["addresses"],
            now=clock.now(),
        )
        return HttpResponseRedirect(_back(request, street))
    drawing = drawing_of(municipality)
    facts = {
        "street": street,
        "addresses": addresses,
        "form": form,
        "drawing": drawing,
        "dots": drawing.points(known_points(street)) if drawing else [],
        "ticked": set(request.POST.getlist("addresses")) if form.is_bound else {str(key) for key, _door in doors},
        "pointed": request.POST.get("neighbourhood", ""),
    }
    return render(request, "rollout/street_map.html", facts, status=422 if form.errors else 200)


@staff_only(*WRITERS)
@require_POST
def address_place(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Only what waits: a house that has its neighbourhood is no longer here to be moved."""
    municipality = _municipality(request)
    address = get_object_or_404(waiting_addresses(municipality), pk=address_id)
    form = PlaceForm(request.POST, municipality=municipality)
    if not form.is_valid():
        return _waiting_page(request, wrong=address.street)
    neighbourhood = form.cleaned_data["neighbourhood"]
    try:
        place_address(person=_person(request), address=address, neighbourhood=neighbourhood, now=clock.now())
    except AlreadyPlacedError as error:  # a colleague was a moment faster
        raise Http404 from error
    return HttpResponseRedirect(_back(request, address.street))


def _waiting_page(request: HttpRequest, wrong: Street | None = None) -> HttpResponse:
    municipality = _municipality(request)
    page = Paginator(waiting_streets(municipality), STREETS_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "streets": with_likely_places(page.object_list),
        "count": waiting_addresses(municipality).count(),
        "places": list(living(municipality)),
        "wrong": wrong,
        "placed": "placed" in request.GET,
    }
    return render(request, "rollout/waiting.html", facts, status=422 if wrong else 200)


def _back(request: HttpRequest, street: Street) -> str:
    """To the street while some of its addresses wait, else to the list, which says so."""
    waits = waiting_addresses(_municipality(request)).filter(street=street).exists()
    return reverse("street_map", args=[street.pk]) if waits else reverse("waiting_addresses") + "?placed"


def _person(request: HttpRequest) -> Person:
    return cast("PersonRequest", request).user


def _municipality(request: HttpRequest) -> Municipality:
    return _person(request).municipality
