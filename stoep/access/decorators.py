"""Every door says whom it lets in: one of these stands on every view (a test walks the resolver)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from stoep.people.models import Person, RoleName

View = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """A request behind one of the doors below: somebody is signed in."""

    user: Person


def public(view: View) -> View:
    """Open to everybody, signed in or not."""
    view.door = "public"  # type: ignore[attr-defined]  # a mark that the resolver walk reads
    return view


def neighbours_only(view: View) -> View:
    """For people who live here, provisional ones too. Not for staff (404); a suspended one is told so.

    Whose membership ended is shown how to come back.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = signed_in_person(request)
        if person is None:
            return to_sign_in(request)
        if person.is_staff_member:
            raise Http404
        if person.standing.is_suspended:
            return HttpResponseRedirect(reverse("suspended"))
        if not person.standing.is_member:
            return HttpResponseRedirect(reverse("moving"))
        return view(request, *args, **kwargs)

    return _marked(door, "neighbours")


def readers_only(view: View) -> View:
    """For neighbours and staff: what a view shows is decided by `visible_to`. A suspended one is told so."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = signed_in_person(request)
        if person is None:
            return to_sign_in(request)
        if person.standing.is_suspended:
            return HttpResponseRedirect(reverse("suspended"))
        return view(request, *args, **kwargs)

    return _marked(door, "readers")


def signed_in_only(view: View) -> View:
    """For anybody with a session, the suspended too: their own details and the way out."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if signed_in_person(request) is None:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return _marked(door, "signed in")


def staff_only(*roles: str) -> Callable[[View], View]:
    """For staff who hold one of `roles` (none named: any). Other staff: 403. Neighbours: 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = signed_in_person(request)
            if person is None:
                return to_sign_in(request)
            if not person.is_staff_member:
                raise Http404
            if roles and person.standing.roles.isdisjoint(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _marked(door, "staff: " + ", ".join(RoleName(role).value for role in roles) if roles else "staff")

    return decorate


def signed_in_person(request: HttpRequest) -> Person | None:
    """The person of this session; None for visitors."""
    user = cast("Any", request).user
    return user if isinstance(user, Person) and user.is_active else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, whatever the address: existing or not, the answer is the same."""
    next_page = {"next": request.get_full_path()} if request.method == "GET" and request.path != "/" else {}
    query = f"?{urlencode(next_page)}" if next_page else ""
    return HttpResponseRedirect(reverse("sign_in") + query)


def _marked(door: View, mark: str) -> View:
    door.door = mark  # type: ignore[attr-defined]  # a mark that the resolver walk reads
    return door
