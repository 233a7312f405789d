"""The moderator's desk: the queue, one case, one objection."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from stoep.access.decorators import staff_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.moderation.deciding import DecisionRefused, Verdict, decide, decide_appeal, outcomes_of
from stoep.moderation.forms import AppealDecisionForm, DecisionForm
from stoep.moderation.queries import case_for, open_appeals, open_cases
from stoep.people.models import RoleName as R

REFUSALS = {
    "decided": _("Somebody decided this already."),
    "outcome": _("That cannot be decided about this."),
    "too_many": _("You took away a lot within an hour. Ask a colleague to decide the next."),
    "incomplete": _("Both sides read why. Write it down."),
}


@staff_only(R.MODERATOR)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    facts = {"cases": open_cases(person), "appeals": open_appeals(person), "is_done": "done" in request.GET}
    return render(request, "moderation/queue.html", facts)


@staff_only(R.MODERATOR)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    person, now = person_of(request), clock.now()
    found = case_for(person, case_id, now=now)
    if found is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None, outcomes=outcomes_of(found.case))
    if form.is_valid():
        try:
            decide(person=person, case=found.case, verdict=Verdict(**form.cleaned_data), now=now)
        except DecisionRefused as error:
            form.add_error(None, str(REFUSALS[error.reason]))
        else:
            return HttpResponseRedirect(f"{reverse('moderation')}?done")
    return render(request, "moderation/case.html", {"found": found, "form": form}, status=422 if form.errors else 200)


@staff_only(R.MODERATOR)
@require_http_methods(["GET", "POST"])
def appeal_case(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    person, now = person_of(request), clock.now()
    appeal = get_object_or_404(open_appeals(person), pk=appeal_id)
    found = case_for(person, appeal.decision.case_id, now=now)
    form = AppealDecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decide_appeal(person=person, appeal=appeal, now=now, **form.cleaned_data)
        except DecisionRefused as error:
            form.add_error(None, str(REFUSALS[error.reason]))
        else:
            return HttpResponseRedirect(f"{reverse('moderation')}?done")
    facts = {"appeal": appeal, "found": found, "form": form}
    return render(request, "moderation/appeal.html", facts, status=422 if form.errors else 200)
