"""The pages about a letter that somebody else used: bring it, ask, decide, and a new code."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import staff_only
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.desk import kept
from stoep.desk.disputing import bring_letter, decide_all
from stoep.desk.forms import NO_LETTER, TOO_MANY, DecisionForm, LetterForm
from stoep.joining import codes
from stoep.joining.disputes import disputes_at, open_dispute_at_desk, open_disputes, people_at
from stoep.joining.limits import TooMany
from stoep.people.models import RoleName as R


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
def desk_disputes(request: HttpRequest) -> HttpResponse:
    """How many wait, and the letter of who stands here; nobody is listed."""
    staff, now = person_of(request), clock.now()
    form, status = LetterForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        try:
            letter = (
                bring_letter(staff=staff, typed=form.cleaned_data["code"], visitor=Visitor.of(request), now=now)
                if form.is_valid()
                else None
            )
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            if letter is not None:
                kept.keep_letter(request.session, letter, now=now)
                return HttpResponseRedirect(reverse("desk_dispute"))
            if form.is_valid():
                form.add_error("code", str(NO_LETTER))
    waiting = list(open_disputes(staff.municipality).values_list("opened_at", flat=True))
    response = render(request, "desk/disputes.html", {"form": form, "waiting": waiting}, status=status)
    mark_device(request, response)
    return response


@staff_only(R.DESK)
@require_http_methods(["GET", "POST"])
def desk_dispute(request: HttpRequest) -> HttpResponse:
    """Of everybody about whom it is asked there: do they live there? Decided for good."""
    staff, now = person_of(request), clock.now()
    letter = kept.letter_in(request.session, staff, now=now)
    if letter is None or letter.address is None:
        return HttpResponseRedirect(reverse("desk_disputes"))
    disputes = list(disputes_at(letter.address.pk))
    form = DecisionForm(request.POST if request.method == "POST" else None, disputes=disputes)
    if form.is_bound and form.is_valid():
        code = decide_all(staff=staff, letter=letter, outcomes=form.outcomes(), now=now)
        kept.forget_letter(request.session)
        # In the clear once, in this answer: sent again, it is decided already and shows no code.
        return render(request, "desk/decided.html", {"letter_code": codes.shown(code) if code else ""})
    facts = {"form": form, "disputes": disputes, "people_there": people_at(letter.address)}
    return render(request, "desk/dispute.html", facts, status=422 if form.is_bound else 200)


@staff_only(R.DESK)
@require_POST
def desk_dispute_opening(request: HttpRequest) -> HttpResponse:
    """They say that somebody who joined there does not live there: all of that address wait. Said twice, the same."""
    staff, now = person_of(request), clock.now()
    letter = kept.letter_in(request.session, staff, now=now)
    if letter is None:
        return HttpResponseRedirect(reverse("desk_disputes"))
    open_dispute_at_desk(actor=staff, code=letter, now=now)
    return HttpResponseRedirect(reverse("desk_dispute"))
