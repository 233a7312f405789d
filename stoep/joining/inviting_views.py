"""A neighbour's invitations and their flyer; a newcomer's way to be known; a neighbour's yes to a newcomer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import may, require
from stoep.access.requests import person_of, uuid_or_none
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.links import site_url
from stoep.joining import codes
from stoep.joining.codes import CodeRefused
from stoep.joining.flyers import flyer_of
from stoep.joining.inviting import InvitingRefused, end_invitation, guests_of, invite, link_of, living_invitations
from stoep.joining.limits import TooMany
from stoep.joining.models import Invitation
from stoep.joining.vouching import VouchRefused, has_spoken, progress_of, vouch
from stoep.people.models import Membership


@neighbours_only
@require_http_methods(["GET", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """What I made, who came, and a new one."""
    person, now = person_of(request), clock.now()
    require(person, "joining:invitation:create", person, now=now)
    refused, status = "", 200
    if request.method == "POST":
        key = uuid_or_none(request.POST.get("request_key", "")) or new_id()
        try:
            invite(person=person, request_key=key, now=now)
        except (InvitingRefused, TooMany) as error:
            refused, status = _why_not(error), 422
        else:
            return HttpResponseRedirect(reverse("invitations"))
    living = [_shown(each) for each in living_invitations(person, now=now)]
    facts = {
        "living": living,
        "has_room": len(living) < Invitation.MOST_LIVING,
        "guests": list(guests_of(person)),
        "refused": refused,
        "request_key": new_id(),
        "is_open": person.municipality.invitations_open,
    }
    return render(request, "joining/invitations.html", facts, status=status)


@neighbours_only
@require_GET
def flyer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Four flyers on one sheet, to print."""
    try:
        sheet = flyer_of(person=person_of(request), invitation=get_object_or_404(Invitation, pk=pk), now=clock.now())
    except CodeRefused as error:
        raise Http404 from error
    name = _("invitation")
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(sheet, content_type="application/pdf", headers=headers)


@neighbours_only
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    end_invitation(person=person_of(request), invitation=get_object_or_404(Invitation, pk=pk), now=clock.now())
    return HttpResponseRedirect(reverse("invitations"))


@neighbours_only
@require_GET
def known(request: HttpRequest) -> HttpResponse:
    """A newcomer's page: how many neighbours said yes, and what to show the others."""
    person = person_of(request)
    mine = Membership.objects.filter(person=person, ended_at=None).select_related("neighbourhood").get()
    link = site_url(person.municipality, reverse("know", args=[mine.pk]))
    facts = {"membership": mine, "progress": progress_of(mine), "link": link}
    return render(request, "joining/known.html", facts)


@neighbours_only
@require_http_methods(["GET", "POST"])
def know(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Do you know this newcomer? Asked of the neighbours there."""
    person, now = person_of(request), clock.now()
    newcomer = get_object_or_404(Membership.objects.select_related("person", "neighbourhood"), pk=pk)
    if newcomer.person_id == person.pk:
        return HttpResponseRedirect(reverse("known"))
    require(person, "joining:newcomer:read", newcomer, now=now)
    facts: dict[str, Any] = {"newcomer": newcomer, "refused": "", "said": False}
    status = 200
    if request.method == "POST":
        try:
            vouch(person=person, membership=newcomer, now=now)
        except VouchRefused as error:
            facts["refused"], status = error.reason, 422
        else:
            newcomer.refresh_from_db(fields=["standing"])
    facts |= {
        "said": has_spoken(person, newcomer),
        "progress": progress_of(newcomer),
        "may_speak": may(person, "joining:newcomer:vouch", newcomer),
    }
    return render(request, "joining/know.html", facts, status=status)


def _why_not(error: Exception) -> str:
    if isinstance(error, TooMany):
        return _("You made many invitations today. Wait until tomorrow.")
    if isinstance(error, InvitingRefused) and error.reason == "closed":
        return _("The city lets nobody invite now.")
    return _("Five invitations work already. End one first.")


def _shown(invitation: Invitation) -> dict[str, Any]:
    return {
        "pk": invitation.pk,
        "link": link_of(invitation),
        "code": codes.shown(invitation.code),
        "expires_at": invitation.expires_at,
        "uses": invitation.uses,
        "left": Invitation.MOST_USES - invitation.uses,
    }
