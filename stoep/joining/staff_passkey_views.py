"""The pages of passkeys: one's own, and the door that they open. Without scripts the mailed code and the app remain."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import public, staff_only
from stoep.access.proof import proved_only
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.joining.forms import TOO_MANY
from stoep.joining.limits import TooMany
from stoep.joining.staff_entering import enter, pending
from stoep.joining.staff_forms import PasskeyForm
from stoep.joining.staff_passkeys import (
    add_passkey,
    check_passkey,
    passkeys_of,
    question_for,
    question_for_new,
    remove_passkey,
)


@public
@require_http_methods(["GET", "POST"])
def staff_passkey(request: HttpRequest) -> HttpResponse:
    """In by passkey: alone, or after the mailed code instead of the app."""
    waiting, municipality = pending(request), getattr(request, "municipality", None)
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and municipality is not None:
        try:
            person = check_passkey(
                municipality=municipality,
                pending=waiting,
                answer=form.cleaned_data["credential"],
                visitor=Visitor.of(request),
                now=clock.now(),
            )
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            if person is not None:
                enter(request, person)
                return HttpResponseRedirect(reverse("city"))
            form.add_error(None, _("This passkey opens nothing here. Use a code by mail instead."))
    facts = {"form": form, "question": question_for(waiting)}
    return render(request, "joining/staff/passkey.html", facts, status=status)


@staff_only()
@require_http_methods(["GET", "POST"])
@proved_only
def staff_passkeys(request: HttpRequest) -> HttpResponse:
    """One's own passkeys, and a new one: a stolen session must not make itself a way in that lasts."""
    person = person_of(request)
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if add_passkey(person=person, name=form.cleaned_data["name"], answer=form.cleaned_data["credential"]):
            return HttpResponseRedirect(reverse("staff_passkeys"))
        form.add_error(None, _("This did not work. Try once more."))
    facts = {"form": form, "passkeys": passkeys_of(person), "question": question_for_new(person)}
    return render(request, "joining/staff/passkeys.html", facts, status=422 if form.is_bound else 200)


@staff_only()
@require_POST
def staff_passkey_removal(request: HttpRequest, passkey_id: int) -> HttpResponse:
    remove_passkey(person=person_of(request), passkey_id=passkey_id)
    return HttpResponseRedirect(reverse("staff_passkeys"))
