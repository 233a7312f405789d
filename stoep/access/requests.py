"""What doors read from a request: who asks, and which page of ours to go back to."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from stoep.access.decorators import PersonRequest
from stoep.people.models import Person

# Django refuses to redirect much further, and no address of ours is as long.
LONGEST_NEXT = 500


def person_of(request: HttpRequest) -> Person:
    """Behind the doors of `decorators` somebody is always signed in."""
    return cast("PersonRequest", request).user


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """The page that a form or a link names as the one to go to next, if it is one of ours."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    is_sane = wish.isprintable() and len(iri_to_uri(wish)) <= LONGEST_NEXT
    is_ours = is_sane and wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return wish if is_ours else otherwise


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
