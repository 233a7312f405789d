"""The page of what was found. It works by an address alone, so it can be kept, and without scripts."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from stoep.access.decorators import neighbours_only
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.feed.closeness import excerpt
from stoep.feed.kinds import KINDS
from stoep.feed.models import TITLE_LENGTH
from stoep.feed.search import LONGEST_QUESTION, MOST_POSTS, PAGE, search
from stoep.feed.search_budget import may_ask, may_be_shown


@neighbours_only
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    question = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUESTION]
    page = _page(request.GET.get("page", ""))
    if question and not may_ask(person.pk, now=clock.now()):
        return render(request, "shell/too_many.html", status=429)
    found = search(person, question, page=page, now=clock.now())
    is_within = may_be_shown(person.pk, [each.person_id for each in found.people], now=clock.now())
    facts = {
        "question": question,
        "found": found,
        "people": found.people if is_within else [],
        "is_within": is_within,
        "kinds": KINDS,
        "page": page,
        "excerpt": lambda text: excerpt(text, found.words),
        "more": _address(question, page + 1) if page * PAGE < found.post_count else "",
        "ask": reverse("new_post") + "?" + urlencode({"title": question[:TITLE_LENGTH]}),
        "address_of": lambda words: _address(words, 1),
    }
    return render(request, "feed/search.html", facts)


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 4  # noqa: PLR2004  no question has so many pages
    return min(max(int(text), 1), MOST_POSTS // PAGE) if is_number else 1


def _address(question: str, page: int) -> str:
    return reverse("search") + "?" + urlencode({"q": question} | ({"page": page} if page > 1 else {}))
