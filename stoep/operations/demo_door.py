"""The door of what exists in the demo only. A page that is not there says so plainly: nothing of a city hides here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]


def only_in_demo(view: View) -> View:
    """Outside the demo the answer is 404, to visitors too, whom every other unknown address sends to sign in."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.IS_DEMO:
            return _not_there(request)
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _not_there(request)

    return door


def _not_there(request: HttpRequest) -> HttpResponse:
    answer = render(request, "shell/404.html", status=404)
    answer.is_public_404 = True  # type: ignore[attr-defined]  # a mark that the wall reads
    return answer
