"""Before something is placed: what its writer may want to look at once more. The decision stays with the writer."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from stoep.moderation.screening import KINDS, Concern, screen

# Neither words nor choices: the page brings its own.
NOT_KEPT = {"csrfmiddlewaretoken", "do", "confirmed", "remove_photo"}


def concerns_in(request: HttpRequest, *texts: str, kinds: Collection[str] = KINDS) -> list[Concern]:
    """Nothing, once its writer has seen the question and wants to place it all the same."""
    if request.POST.get("confirmed") == "yes":
        return []
    return [found for found in screen("\n\n".join(texts), get_language() or "nl") if found.kind in kinds]


def wants_to_edit(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("do") == "edit"


def think_page(request: HttpRequest, concerns: list[Concern], *, back: str = "") -> HttpResponse:
    """A full page with two buttons: change it first, place it second. `back`: the page that kept it, if one did."""
    kept = [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]
    facts = {"concerns": {concern.kind for concern in concerns}, "found": concerns, "kept": kept, "back": back}
    words = {name: request.POST.get(name, "") for name in ("title", "body")}
    return render(request, "moderation/think.html", {**facts, **words})
