"""It is found: a word for who searched along, and the search is over."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.exchange.lost_found import close_as_found, is_back
from stoep.exchange.lost_found_forms import FoundForm
from stoep.feed.forms import refuse
from stoep.feed.reading import posts_for


@neighbours_only
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if post.author_id != person.pk:
        raise NotAllowed
    if post.kind != "lost_found":
        raise Http404
    if is_back(post):  # perhaps by the same press twice
        return HttpResponseRedirect(reverse("post", args=[post.pk]))
    form = FoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_as_found(author=person, post=post, thank_you=form.cleaned_data["thank_you"], now=clock.now())
        except TextRefused as error:
            refuse(form, error, "thank_you")
        else:
            return HttpResponseRedirect(reverse("post", args=[post.pk]))
    return render(request, "exchange/found.html", {"form": form, "post": post}, status=422 if form.errors else 200)
