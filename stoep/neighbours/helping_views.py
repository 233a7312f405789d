"""The page where somebody ticks what they can help with, and the button that puts the question away."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.requests import person_of, safe_next
from stoep.common import clock
from stoep.neighbours.forms import SkillsForm
from stoep.neighbours.helping import choose_skills, leave_skills_unasked
from stoep.people.skills import GROUPS, skills_of


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_skills(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    kept = {"skills": skills_of([person.pk]).get(person.pk, [])}
    form = SkillsForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_bound and form.is_valid():
        choose_skills(person=person, skills=form.cleaned_data["skills"], now=clock.now())
        return HttpResponseRedirect(reverse("settings") + "?saved")
    facts = {"form": form, "groups": GROUPS}
    return render(request, "neighbours/my_skills.html", facts, status=422 if form.is_bound else 200)


@neighbours_only
@require_POST
def skills_dismissal(request: HttpRequest) -> HttpResponse:
    leave_skills_unasked(person=person_of(request), now=clock.now())
    return HttpResponseRedirect(safe_next(request, reverse("settings")))
