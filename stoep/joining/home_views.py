"""A page for who is inside: a new letter's code proves the address, or brings them to where they moved."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import signed_in_only
from stoep.access.gate import NotAllowed
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.joining.actions import check_code
from stoep.joining.codes import CodeRefused
from stoep.joining.forms import CODE_REASONS, TOO_MANY, CodeForm
from stoep.joining.homes import Move, move_with, prove_home
from stoep.joining.limits import TooMany
from stoep.people.models import Person


@signed_in_only
@require_http_methods(["GET", "POST"])
def moving(request: HttpRequest) -> HttpResponse:
    """The code, then what it will do, then done."""
    person = person_of(request)
    if person.is_staff_member:
        raise Http404
    if person.standing.is_suspended:
        raise NotAllowed
    form, move, status = CodeForm(request.POST if request.method == "POST" else None), None, 200
    if form.is_bound:
        try:
            move = _asked(request, person, form) if form.is_valid() else None
        except CodeRefused as error:
            form.add_error("code", str(CODE_REASONS[error.reason]))
        except TooMany:
            form.add_error("code", str(TOO_MANY))
            status = 429
        if move is not None and request.POST.get("confirmed"):
            return HttpResponseRedirect(reverse("feed"))
        status = 200 if move else max(status, 422)
    response = render(request, "joining/moving.html", {"form": form, "move": move}, status=status)
    mark_device(request, response)
    return response


def _asked(request: HttpRequest, person: Person, form: CodeForm) -> Move:
    """Raises CodeRefused and TooMany."""
    now, typed = clock.now(), form.cleaned_data["code"]
    code = check_code(municipality=person.municipality, typed=typed, visitor=Visitor.of(request), now=now)
    move = move_with(person=person, code=code, now=now)
    if request.POST.get("confirmed") and not move.is_same:
        prove_home(person=person, code=code, now=now)
    return move
