"""The pages for what goes wrong. A 404 is the same, byte by byte, for what is hidden and for what never was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stoep.access.decorators import signed_in_person, to_sign_in


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # Django hands it over by this name; the page tells nothing of it
    return render(request, "shell/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # Django hands it over by this name; the page tells nothing of it
    return render(request, "shell/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # Django hands it over by this name; the page tells nothing of it
    return render(request, "shell/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from another page, or cookies are off. A visitor learns no more than anywhere else."""
    del reason
    door = getattr(getattr(request.resolver_match, "func", None), "door", "")
    if door != "public" and signed_in_person(request) is None:
        return to_sign_in(request)
    return render(request, "shell/csrf.html", status=403)
