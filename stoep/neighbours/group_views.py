"""The doors of groups: translate, call one action, answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.neighbours.forms import ChangeGroupForm, GroupForm
from stoep.neighbours.group_queries import group_page, group_rows, groups_for
from stoep.neighbours.grouping import (
    GroupRefused,
    admit,
    change_group,
    close_group,
    join_group,
    leave_group,
    make_group,
    put_out,
)
from stoep.people.models import Group

REFUSED = {
    "name": _("Give the group a name."),
    "too_long": _("This is too long. Make it shorter."),
    "taken": _("There is a group of this name already. Choose another name."),
    "national_number": _("This looks like a national register number. Take it out: nobody needs it here."),
    "many": _("You keep ten groups already. Close one first."),
}


@neighbours_only
@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    facts = {"rows": group_rows(person), "may_make": may(person, "neighbours:group:create", person)}
    return render(request, "neighbours/groups.html", facts)


@neighbours_only
@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not may(person, "neighbours:group:create", person):
        raise NotAllowed
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = make_group(person=person, now=clock.now(), **form.cleaned_data)
        except GroupRefused as error:
            form.add_error("name", str(REFUSED[error.reason]))
        else:
            return HttpResponseRedirect(reverse("group", args=[made.pk]))
    return render(request, "neighbours/group_form.html", {"form": form}, status=422 if form.errors else 200)


@neighbours_only
@require_GET
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    return render(request, "neighbours/group.html", {"page": group_page(person_of(request), _found(request, group_id))})


@neighbours_only
@require_http_methods(["GET", "POST"])
def edit_group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    person, found = person_of(request), _found(request, group_id)
    if not may(person, "neighbours:group:change", found):
        raise NotAllowed
    kept = {"name": found.name, "about": found.about, "is_open": "yes" if found.is_open else "no"}
    form = ChangeGroupForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        try:
            change_group(person=person, group=found, now=clock.now(), **form.cleaned_data)
        except GroupRefused as error:
            form.add_error("name", str(REFUSED[error.reason]))
        else:
            return HttpResponseRedirect(reverse("group", args=[found.pk]))
    facts = {"form": form, "group": found}
    return render(request, "neighbours/group_form.html", facts, status=422 if form.errors else 200)


@neighbours_only
@require_POST
def join(request: HttpRequest, group_id: UUID) -> HttpResponse:
    join_group(person=person_of(request), group=_found(request, group_id), now=clock.now())
    return HttpResponseRedirect(reverse("group", args=[group_id]))


@neighbours_only
@require_POST
def leave(request: HttpRequest, group_id: UUID) -> HttpResponse:
    leave_group(person=person_of(request), group=_found(request, group_id), now=clock.now())
    return HttpResponseRedirect(reverse("groups"))


@neighbours_only
@require_POST
def close(request: HttpRequest, group_id: UUID) -> HttpResponse:
    close_group(person=person_of(request), group=_found(request, group_id), now=clock.now())
    return HttpResponseRedirect(reverse("groups"))


@neighbours_only
@require_POST
def admission(request: HttpRequest, group_id: UUID, member_id: UUID) -> HttpResponse:
    admit(person=person_of(request), group=_found(request, group_id), member_id=member_id, now=clock.now())
    return HttpResponseRedirect(reverse("group", args=[group_id]))


@neighbours_only
@require_POST
def removal(request: HttpRequest, group_id: UUID, member_id: UUID) -> HttpResponse:
    put_out(person=person_of(request), group=_found(request, group_id), member_id=member_id, now=clock.now())
    return HttpResponseRedirect(reverse("group", args=[group_id]))


def _found(request: HttpRequest, group_id: UUID) -> Group:
    return get_object_or_404(groups_for(person_of(request)).select_related("neighbourhood"), pk=group_id)
