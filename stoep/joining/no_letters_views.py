"""Two pages for "no more letters": for who holds the letter, and for staff whom somebody called or wrote to."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import public, staff_only
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.joining.codes import CodeRefused
from stoep.joining.forms import CODE_REASONS, NO_SUCH_DOOR, TOO_MANY, NoLettersForm, NoLettersToForm
from stoep.joining.limits import TooMany
from stoep.joining.no_letters import NoSuchDoor, ask_by_code, ask_for_door
from stoep.people.models import RoleName as R


@public
@require_http_methods(["GET", "POST"])
def no_letters(request: HttpRequest) -> HttpResponse:
    """With the code from the letter: no more of them, or some again."""
    form = NoLettersForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            _ask(request, form)
        except CodeRefused as error:
            form.add_error("code", str(CODE_REASONS[error.reason]))
        except TooMany:
            form.add_error("code", str(TOO_MANY))
            status = 429
        else:
            return HttpResponseRedirect(f"{reverse('no_letters')}?{_said(is_wanted=form.is_wanted)}")
    response = render(request, "joining/no_letters.html", {"form": form, **_done(request)}, status=status)
    mark_device(request, response)
    return response


@staff_only(R.ROLLOUT, R.CITY_ADMIN, R.DESK)
@require_http_methods(["GET", "POST"])
def no_letters_to(request: HttpRequest) -> HttpResponse:
    """For somebody who called or wrote; nobody need say why, or who they are."""
    person = person_of(request)
    form = NoLettersToForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        asked = {"street": form.cleaned_data["street"], "number": form.cleaned_data["number"]}
        city, is_wanted = person.municipality, form.is_wanted
        try:
            ask_for_door(person=person, municipality=city, is_wanted=is_wanted, now=clock.now(), **asked)
        except NoSuchDoor:
            form.add_error("number", str(NO_SUCH_DOOR))
        else:
            return HttpResponseRedirect(f"{reverse('no_letters_to')}?{_said(is_wanted=is_wanted)}")
    facts = {"form": form, **_done(request)}
    return render(request, "joining/no_letters_to.html", facts, status=422 if form.is_bound else 200)


def _ask(request: HttpRequest, form: NoLettersForm) -> None:
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        raise CodeRefused("unknown")
    visitor, typed = Visitor.of(request), form.cleaned_data["code"]
    ask_by_code(municipality=municipality, typed=typed, is_wanted=form.is_wanted, visitor=visitor, now=clock.now())


def _said(*, is_wanted: bool) -> str:
    return "again" if is_wanted else "stopped"


def _done(request: HttpRequest) -> dict[str, bool]:
    return {"is_stopped": "stopped" in request.GET, "is_again": "again" in request.GET}
