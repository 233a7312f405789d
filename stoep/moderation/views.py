"""Reporting, following one's report, objecting: translate, call one action, answer."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stoep.access.decorators import neighbours_only, public, signed_in_only
from stoep.access.gate import NotAllowed
from stoep.access.requests import person_of
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.moderation.actions import Notice, TooManyReports, give_notice, may_give_notice, report
from stoep.moderation.deciding import DecisionRefused, appeal
from stoep.moderation.forms import AppealForm, NoticeForm, ReportForm
from stoep.moderation.materials import material
from stoep.moderation.queries import decision_for, label_of, last_decision, receipt, reports_by, told_to


@neighbours_only
@require_http_methods(["GET", "POST"])
def report_something(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """What is wrong, in plain words; the receipt is the next page."""
    person = person_of(request)
    source = material(kind)
    found = source.find(person, subject_id) if source else None
    if source is None or found is None:
        raise Http404
    if found.author_id == person.pk:
        raise NotAllowed
    form = ReportForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_valid():
        try:
            made = report(person=person, kind=kind, subject_id=subject_id, now=clock.now(), **form.cleaned_data)
        except TooManyReports:
            form.add_error(None, _("You reported a lot today. Come back tomorrow, or call us."))
        else:
            return HttpResponseRedirect(f"{reverse('my_reports')}?number={made.number}")
    facts = {"form": form, "kind": kind, "label": source.label, "found": found}
    return render(request, "moderation/report.html", facts, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """Anybody tells us of something illegal; without a name if they like."""
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        raise Http404
    form = NoticeForm(
        request.POST if request.method == "POST" else None, initial={"where": request.GET.get("where", "")}
    )
    if form.is_valid():
        if not may_give_notice(Visitor.of(request), now=clock.now()):
            return render(request, "shell/too_many.html", status=429)
        given = {name: value for name, value in form.cleaned_data.items() if name != "is_in_good_faith"}
        told = Notice(**given, language=(get_language() or "nl")[:5])
        made = give_notice(municipality=municipality, notice=told, now=clock.now())
        return HttpResponseRedirect(f"{reverse('notice_receipt', args=[made.number])}?new")
    return render(request, "moderation/notice.html", {"form": form}, status=422 if form.errors else 200)


@public
@require_GET
def notice_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Where a report stands, for whoever holds its number."""
    found = receipt(number)
    if found is None:
        return render(request, "moderation/no_receipt.html", status=410)
    facts = {"report": found, "decision": last_decision(found), "is_new": "new" in request.GET}
    return render(request, "moderation/receipt.html", facts)


@signed_in_only
@require_GET
def my_reports(request: HttpRequest) -> HttpResponse:
    """What I reported, and what was decided about it and about me."""
    person = person_of(request)
    number = request.GET.get("number", "")
    reports = list(reports_by(person))
    facts = {
        "reports": [(each, label_of(each.case)) for each in reports],
        "just_made": next((each for each in reports if each.number == number), None),
        "told": told_to(person, now=clock.now()),
        "layout": "shell/city.html" if person.is_staff_member else "shell/neighbour.html",
    }
    return render(request, "moderation/my_reports.html", facts)


@signed_in_only
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    person = person_of(request)
    decision = decision_for(person, decision_id)
    if decision is None:
        raise Http404
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            appeal(person=person, decision=decision, words=form.cleaned_data["words"], now=clock.now())
        except DecisionRefused as error:
            late = _("This was decided more than six months ago.")
            form.add_error(None, late if error.reason == "late" else _("Tell us why."))
        else:
            return HttpResponseRedirect(reverse("my_reports"))
    layout = "shell/city.html" if person.is_staff_member else "shell/neighbour.html"
    facts = {"form": form, "decision": decision, "layout": layout}
    return render(request, "moderation/object.html", facts, status=422 if form.errors else 200)
