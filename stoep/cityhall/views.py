"""The city's pages: announcements with their preview, departments, staff."""

from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import PersonRequest, staff_only
from stoep.cityhall.actions import (
    StaffRefused,
    add_department,
    announce,
    appoint_staff,
    close_department,
    release_staff,
    reset_second_factor,
    withdraw_announcement,
)
from stoep.cityhall.forms import AnnouncementForm, DepartmentForm, StaffForm
from stoep.cityhall.queries import (
    announcements_of,
    colleagues_of,
    departments_answered_for,
    departments_of,
    staff_roles,
)
from stoep.cityhall.reach import reach_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.events.days import shown_days
from stoep.joining.staff_providers import provider_of
from stoep.people.models import Person
from stoep.people.models import RoleName as R
from stoep.places.choosing import drawing_of, living, street_drawing, street_groups
from stoep.places.models import Municipality

WRITERS = (R.EDITOR, R.CITY_ADMIN)
READERS = (*WRITERS, R.APPROVER)
ANNOUNCEMENTS_A_PAGE = 20
REFUSED_TEXTS = {
    "empty": gettext_lazy("Write a title that can be read."),
    "too_long": gettext_lazy("This is too long. Make it shorter."),
    "national_number": gettext_lazy("There is a national register number in it. Leave that out."),
    "kind": gettext_lazy("This cannot be sent."),
}
# Where each role begins its day; the first that somebody holds.
FIRST_PAGES = {
    R.EDITOR: "announcements",
    R.APPROVER: "announcements",
    R.CITY_ADMIN: "announcements",
    R.ROLLOUT: "rollout",
    R.ANALYST: "rollout",
    R.DPO: "rollout",
    R.DESK: "desk",
    R.MODERATOR: "moderation",
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
    found = announcements_of(_municipality(request))
    page = Paginator(found, ANNOUNCEMENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "cityhall/announcements.html", {"page": page})


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def new_announcement(request: HttpRequest) -> HttpResponse:
    """Write, look at the preview with its reach, send. Nothing is sent but what the preview showed."""
    person = _person(request)
    form = AnnouncementForm(request.POST if request.method == "POST" else None, person=person)
    facts: dict[str, Any] = {"form": form, "preview": None, "has_changed": False}
    if request.method == "POST" and form.is_valid():
        is_previewed = form.cleaned_data["previewed"] == form.digest
        if "send" in request.POST and is_previewed:
            return _send(request, form)
        facts |= {"preview": _preview(person, form), "has_changed": "send" in request.POST}
    return _compose(request, facts)


@staff_only(*WRITERS)
@require_GET
def announcement_streets(request: HttpRequest, neighbourhood_id: UUID) -> HttpResponse:
    """The map of one neighbourhood's streets, to be chosen from by pointing."""
    neighbourhood = get_object_or_404(living(_municipality(request)), pk=neighbourhood_id)
    facts = {"drawing": street_drawing(neighbourhood), "name": neighbourhood.name}
    return render(request, "cityhall/streets.html", facts)


@staff_only(*READERS)
@require_GET
def announcement(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    found = get_object_or_404(announcements_of(_municipality(request)), pk=announcement_id)
    is_ours = departments_answered_for(_person(request)).filter(pk=found.department_id).exists()
    now = clock.now()
    day = shown_days([found.post_id], now).get(found.post_id) if found.post.is_live else None
    facts = {"announcement": found, "is_ours": is_ours, "sent": "sent" in request.GET, "day": day}
    facts["is_to_come"] = day is not None and day.starts_at > now
    return render(request, "cityhall/announcement.html", facts)


@staff_only(*WRITERS)
@require_POST
def announcement_withdrawal(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """Asked twice, it is withdrawn once."""
    found = get_object_or_404(announcements_of(_municipality(request)), pk=announcement_id)
    if found.post.is_live:
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
    facts = {
        "form": form,
        "roles": staff_roles(municipality),
        "is_reset": "reset" in request.GET,
        "provider": provider_of(municipality),
    }
    return render(request, "cityhall/staff.html", facts, status=422 if form.is_bound else 200)


@staff_only(R.CITY_ADMIN)
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A colleague lost the app and the recovery codes: asked first, then done."""
    colleague = get_object_or_404(colleagues_of(_person(request)), pk=person_id)
    refusal = ""
    if request.method == "POST":
        try:
            reset_second_factor(person=_person(request), colleague=colleague, now=clock.now())
            return HttpResponseRedirect(f"{reverse('staff')}?reset={colleague.pk}")
        except StaffRefused as error:
            refusal = str(error)
    facts = {"colleague": colleague, "refusal": refusal}
    return render(request, "cityhall/staff_reset.html", facts, status=422 if refusal else 200)


@staff_only(R.CITY_ADMIN)
@require_POST
def role_end(request: HttpRequest, role_id: UUID) -> HttpResponse:
    role = get_object_or_404(staff_roles(_municipality(request)), pk=role_id)
    try:
        release_staff(person=_person(request), role=role, now=clock.now())
    except StaffRefused as error:
        form = StaffForm(municipality=_municipality(request))
        facts = {
            "form": form,
            "roles": staff_roles(_municipality(request)),
            "refusal": str(error),
            "is_reset": False,
            "provider": None,
        }
        return render(request, "cityhall/staff.html", facts, status=422)
    return HttpResponseRedirect(reverse("staff"))


def _send(request: HttpRequest, form: AnnouncementForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        made = announce(
            author=_person(request),
            department=given["department"],
            title=given["title"],
            body=given["body"],
            places=form.places,
            comments_open=given["comments_open"],
            plan=form.plan.cleaned_data,
            request_key=given["request_key"],
            now=clock.now(),
        )
    except TextRefused as error:
        form.add_error("body" if error.reason == "national_number" else None, REFUSED_TEXTS[error.reason])
        return _compose(request, {"form": form, "preview": None, "has_changed": False})
    return HttpResponseRedirect(reverse("announcement", args=[made.pk]) + "?sent")


def _preview(person: Person, form: AnnouncementForm) -> dict[str, Any]:
    reach = reach_of(form.places.audience(person.municipality), now=clock.now())
    return {
        "reach": reach,
        "names": form.places.names,
        "digest": form.digest,
        "plan": form.plan.cleaned_data,
        **form.cleaned_data,
    }


def _compose(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    municipality = _municipality(request)
    chosen = {*request.POST.getlist("neighbourhoods"), *request.POST.getlist("streets")}
    pickers = {"drawing": drawing_of(municipality), "groups": street_groups(municipality), "chosen": chosen}
    status = 422 if facts["form"].errors else 200
    return render(request, "cityhall/new_announcement.html", {**facts, **pickers}, status=status)


def _person(request: HttpRequest) -> Person:
    return cast("PersonRequest", request).user


def _municipality(request: HttpRequest) -> Municipality:
    return _person(request).municipality
