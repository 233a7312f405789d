"""The city's pages: announcements with their preview, departments, staff."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import PersonRequest, staff_only
from stoep.cityhall.actions import (
    StaffRefused,
    add_department,
    announce,
    appoint_staff,
    close_department,
    release_staff,
    withdraw_announcement,
)
from stoep.cityhall.forms import AnnouncementForm, DepartmentForm, StaffForm
from stoep.cityhall.queries import announcements_of, departments_of, reach_of, staff_roles
from stoep.common import clock
from stoep.people.models import RoleName as R
from stoep.places.choosing import drawing_of, street_groups
from stoep.places.models import Municipality

WRITERS = (R.EDITOR, R.CITY_ADMIN)
READERS = (*WRITERS, R.APPROVER)
# Where each role begins its day; the first that somebody holds.
FIRST_PAGES = {
    R.EDITOR: "announcements",
    R.APPROVER: "announcements",
    R.CITY_ADMIN: "announcements",
    R.ROLLOUT: "rollout",
    R.ANALYST: "rollout",
    R.DPO: "rollout",
}


@staff_only()
@require_GET
def city(request: HttpRequest) -> HttpResponse:
    roles = _person(request).standing.roles
    name = next((page for role, page in FIRST_PAGES.items() if role in roles), "settings")
    return HttpResponseRedirect(reverse(name))


@staff_only(*READERS)
@require_GET
def announcements(request: HttpRequest) -> HttpResponse:
    found = announcements_of(_municipality(request))[:100]
    return render(request, "cityhall/announcements.html", {"announcements": found})


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def new_announcement(request: HttpRequest) -> HttpResponse:
    """Write, look at the preview with its reach, send. Without `send` nothing is sent."""
    person = _person(request)
    form = AnnouncementForm(request.POST if request.method == "POST" else None, person=person)
    facts: dict[str, Any] = {"form": form, "reach": None, "names": [], **_pickers(request)}
    if request.method == "POST" and form.is_valid():
        if "send" in request.POST:
            return _send(person, form)
        audience = form.places.audience(person.municipality)
        facts |= {"reach": reach_of(audience), "names": _names(form), "department": form.cleaned_data["department"]}
        return render(request, "cityhall/new_announcement.html", facts)
    return render(request, "cityhall/new_announcement.html", facts, status=422 if form.is_bound else 200)


@staff_only(*READERS)
@require_GET
def announcement(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    found = get_object_or_404(announcements_of(_municipality(request)), pk=announcement_id)
    return render(request, "cityhall/announcement.html", {"announcement": found, "sent": "sent" in request.GET})


@staff_only(*WRITERS)
@require_POST
def announcement_withdrawal(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    found = get_object_or_404(announcements_of(_municipality(request)), pk=announcement_id)
    if not found.post.is_live:
        raise Http404
    withdraw_announcement(person=_person(request), announcement=found, now=clock.now())
    return HttpResponseRedirect(reverse("announcement", args=[found.pk]))


@staff_only(R.CITY_ADMIN)
@require_http_methods(["GET", "POST"])
def departments(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    form = DepartmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        add_department(person=_person(request), municipality=municipality, name=name, now=clock.now())
        return HttpResponseRedirect(reverse("departments"))
    facts = {"form": form, "departments": departments_of(municipality)}
    return render(request, "cityhall/departments.html", facts, status=422 if form.is_bound else 200)


@staff_only(R.CITY_ADMIN)
@require_POST
def department_closure(request: HttpRequest, department_id: UUID) -> HttpResponse:
    department = get_object_or_404(departments_of(_municipality(request)), pk=department_id)
    close_department(person=_person(request), department=department, now=clock.now())
    return HttpResponseRedirect(reverse("departments"))


@staff_only(R.CITY_ADMIN)
@require_http_methods(["GET", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    form = StaffForm(request.POST if request.method == "POST" else None, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": R(form.cleaned_data["role"])}
        try:
            appoint_staff(person=_person(request), municipality=municipality, now=clock.now(), **given)
            return HttpResponseRedirect(reverse("staff"))
        except StaffRefused as error:
            form.add_error(None, str(error))
    facts = {"form": form, "roles": staff_roles(municipality)}
    return render(request, "cityhall/staff.html", facts, status=422 if form.is_bound else 200)


@staff_only(R.CITY_ADMIN)
@require_POST
def role_end(request: HttpRequest, role_id: UUID) -> HttpResponse:
    role = get_object_or_404(staff_roles(_municipality(request)), pk=role_id)
    try:
        release_staff(person=_person(request), role=role, now=clock.now())
    except StaffRefused as error:
        form = StaffForm(municipality=_municipality(request))
        facts = {"form": form, "roles": staff_roles(_municipality(request)), "refusal": str(error)}
        return render(request, "cityhall/staff.html", facts, status=422)
    return HttpResponseRedirect(reverse("staff"))


def _send(person: Any, form: AnnouncementForm) -> HttpResponse:
    given = form.cleaned_data
    made = announce(
        author=person,
        department=given["department"],
        title=given["title"],
        body=given["body"],
        places=form.places,
        comments_open=given["comments_open"],
        request_key=given["request_key"],
        now=clock.now(),
    )
    return HttpResponseRedirect(reverse("announcement", args=[made.pk]) + "?sent")


def _names(form: AnnouncementForm) -> list[str]:
    places = form.places
    return [place.name for place in (*places.neighbourhoods, *places.streets)]


def _pickers(request: HttpRequest) -> dict[str, Any]:
    municipality = _municipality(request)
    chosen = {*request.POST.getlist("neighbourhoods"), *request.POST.getlist("streets")}
    return {"drawing": drawing_of(municipality), "groups": street_groups(municipality), "chosen": chosen}


def _person(request: HttpRequest) -> Any:
    return cast("PersonRequest", request).user


def _municipality(request: HttpRequest) -> Municipality:
    return cast("Municipality", _person(request).municipality)
