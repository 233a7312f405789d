"""The door of every page of a session: only while its half hour runs, and only for whose it is."""

from functools import wraps
from typing import Protocol
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from stoep.access.requests import person_of
from stoep.common import clock
from stoep.desk.actions import SessionOver
from stoep.desk.models import DeskSession
from stoep.desk.queries import session_of


class SessionView(Protocol):
    def __call__(self, request: HttpRequest, session: DeskSession) -> HttpResponse: ...


class SessionDoor(Protocol):
    def __call__(self, request: HttpRequest, session_id: UUID) -> HttpResponse: ...


def in_session(view: SessionView) -> SessionDoor:
    """A colleague's session is not there; one that is over says so."""

    @wraps(view)
    def inside(request: HttpRequest, session_id: UUID) -> HttpResponse:
        session = session_of(person_of(request), session_id)
        if session is None:
            raise Http404
        if not session.is_running(clock.now()):
            return _over(request)
        try:
            return view(request, session)
        except SessionOver:  # while the form was on its way
            return _over(request)

    return inside


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/over.html", status=410)
