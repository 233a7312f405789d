"""Closing the answers of a post, and opening them: one press each; pressed twice, it is done once."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.feed.closing import close_answers, open_answers
from stoep.feed.reading import posts_for


@neighbours_only
@require_POST
def closure(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    close_answers(person=person, post=get_object_or_404(posts_for(person), pk=post_id), now=clock.now())
    return HttpResponseRedirect(reverse("post", args=[post_id]))


@neighbours_only
@require_POST
def opening(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    open_answers(person=person, post=get_object_or_404(posts_for(person), pk=post_id), now=clock.now())
    return HttpResponseRedirect(reverse("post", args=[post_id]))
