"""Out to the organisation's own sign-in page, and back. A link begins it, so no policy lets a form leave our pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from stoep.access.decorators import public
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.joining.forms import TOO_MANY
from stoep.joining.limits import TooMany, spend
from stoep.joining.staff_entering import enter
from stoep.joining.staff_forms import StaffEmailForm
from stoep.joining.staff_providers import (
    STARTED_BY_NETWORK,
    ProviderRefusedError,
    provider_of,
    way_out,
    who_came_back,
)

REFUSALS = {
    "away": _("Your organisation's sign-in does not answer. Try again later, or use a code by mail."),
    "state": _("This sign-in was begun too long ago, or elsewhere. Begin again here."),
    "token": _("Your organisation's sign-in did not tell us who you are. Begin again here."),
    "unknown": _("Nobody with this e-mail address has a task here. Ask the administrator of your city."),
}


@public
@require_GET
def staff_provider(request: HttpRequest) -> HttpResponse:
    if provider_of(getattr(request, "municipality", None)) is None:
        return HttpResponseRedirect(reverse("staff_sign_in"))
    try:
        spend(STARTED_BY_NETWORK, Visitor.of(request).network, now=clock.now())
        return way_out(request)
    except TooMany:
        return _refused(request, str(TOO_MANY), 429)
    except ProviderRefusedError as error:
        return _refused(request, str(REFUSALS[error.reason]), 403)


@public
@require_GET
def staff_provider_back(request: HttpRequest) -> HttpResponse:
    """What the organisation says of who comes back is checked here, once."""
    if provider_of(getattr(request, "municipality", None)) is None:
        return HttpResponseRedirect(reverse("staff_sign_in"))
    try:
        spend(STARTED_BY_NETWORK, Visitor.of(request).network, now=clock.now())
        person = who_came_back(request)
    except TooMany:
        return _refused(request, str(TOO_MANY), 429)
    except ProviderRefusedError as error:
        return _refused(request, str(REFUSALS[error.reason]), 403)
    enter(request, person)
    return HttpResponseRedirect(reverse("city"))


def _refused(request: HttpRequest, words: str, status: int) -> HttpResponse:
    provider = provider_of(getattr(request, "municipality", None))
    facts = {"form": StaffEmailForm(), "provider": provider, "refusal": words}
    return render(request, "joining/staff/email.html", facts, status=status)
