"""A fresh proof that it is you: asked before what cannot be undone, or gives away much (docs/trust.md 4.2)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from stoep.common import clock

FRESH_FOR = timedelta(minutes=15)
KEY = "proved_at"

View = Callable[..., HttpResponseBase]


def note_proof(session: SessionBase, *, now: datetime) -> None:
    """Somebody has just shown who they are, by whatever door."""
    session[KEY] = now.isoformat()


def is_proved(session: SessionBase, *, now: datetime) -> bool:
    shown = session.get(KEY, "")
    return bool(shown) and timedelta(0) <= now - datetime.fromisoformat(shown) <= FRESH_FOR


def proved_only(view: View) -> View:
    """Below one of the doors: whoever has not proved lately who they are does that first, and comes back here."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_proved(request.session, now=clock.now()):
            return view(request, *args, **kwargs)
        return to_proof(request.path)

    return door


def to_proof(path: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('prove')}?{urlencode({'next': path})}")
