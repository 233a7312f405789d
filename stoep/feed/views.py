"""The feed, the composer and a post with its answers: translate, call one action, answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from stoep.access.decorators import neighbours_only, readers_only
from stoep.access.gate import may
from stoep.access.requests import person_of, safe_next, uuid_or_none
from stoep.access.slots import Filled, filled
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.delivery.bell import read_about
from stoep.feed.actions import publish_comment, speaks_for, take_thanks_back, thank
from stoep.feed.drafts import draft_of
from stoep.feed.forms import CommentForm, refuse
from stoep.feed.fragments import NO_WORDS, rendered_cards
from stoep.feed.kinds import GROUPS, KINDS, kinds_of
from stoep.feed.models import Post
from stoep.feed.parts import card_words, part_of
from stoep.feed.queries import PAGE, Head, feed_heads
from stoep.feed.reading import (
    answers_to,
    audience_facts,
    groups_of,
    helper_name,
    nearby,
    posts_for,
    removed_comments,
    thanks_count_for,
    writer_of,
)
from stoep.feed.visits import since_last_visit
from stoep.media.queries import photos_of, profile_photos
from stoep.moderation.thinking import concerns_in, think_page, wants_to_edit
from stoep.people.models import Person


@dataclass(frozen=True)
class Line:
    """A card in the feed, with the day above it where a new day begins. `is_first_seen`: older than the last visit."""

    head: Head
    html: Markup
    day: date | None
    is_first_seen: bool


@readers_only
@require_GET
def feed(request: HttpRequest) -> HttpResponseBase:
    """A neighbour's own square; staff goes to its own side, the suspended to their explanation."""
    person = person_of(request)
    if person.is_staff_member:
        return HttpResponseRedirect(reverse("city"))
    return _feed_page(request)


@neighbours_only
def _feed_page(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), clock.now()
    group = request.GET.get("kind", "")
    group = group if group in GROUPS else ""
    before = uuid_or_none(request.GET.get("before", ""))
    is_first_page, is_welcome = before is None, "welcome" in request.GET
    groups = dict(groups_of(person).values_list("pk", "name")) if person.standing.groups else {}
    only = uuid_or_none(request.GET.get("group", ""))
    only = only if only in groups else None
    heads = feed_heads(person.standing, before=before, kinds=kinds_of(group), group=only)
    shown = heads[:PAGE]
    since = since_last_visit(request.session, person, now=now)
    facts = {
        "lines": list(_lines(rendered_cards(person.standing, shown, now=now), since)),
        "next_before": shown[-1].id if len(heads) > PAGE else None,
        "is_first_page": is_first_page,
        "group": group,
        "groups": GROUPS,
        "my_groups": groups,
        "only_group": only,
        "since": since,
        "is_welcome": is_welcome,
        "on_top": _on_top(request, person, now) if is_first_page and not group and not is_welcome else [],
        "beginning": filled("feed.beginning", person, now) if _is_bare(request, person, heads) else [],
        "beside": filled("feed.side", person, now),
        "just_placed": next((head.id for head in shown if head.is_own and is_fresh(head.created_at, now)), None),
        "draft": draft_of(person) if is_first_page else None,
    }
    return render(request, "feed/page.html", facts)


def _on_top(request: HttpRequest, person: Person, now: datetime) -> list[Filled]:
    """One question, and how far a neighbourhood is that is only beginning."""
    is_beginning = person.standing.is_beginning and "group" not in request.GET
    return filled("feed.top", person, now) + (filled("feed.progress", person, now) if is_beginning else [])


def _is_bare(request: HttpRequest, person: Person, heads: list[Head]) -> bool:
    """The whole square of a neighbourhood that is only beginning, where it still fits on one page."""
    is_whole = len(heads) <= PAGE and request.GET.keys().isdisjoint({"kind", "group", "before"})
    return is_whole and person.standing.is_beginning


def _lines(cards: list[tuple[Head, Markup]], since: datetime | None) -> Iterator[Line]:
    day, is_passed = None, False
    for at, (head, html) in enumerate(cards):
        on = timezone.localtime(head.created_at).date()
        is_old = since is not None and head.created_at <= since
        yield Line(head, html, on if on != day else None, is_old and not is_passed and at > 0)
        day, is_passed = on, is_passed or is_old


@readers_only
@require_GET
def post_page(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    read_about(person, post.pk, now=clock.now())
    return render_post(request, post, CommentForm(initial={"request_key": uuid4()}))


def is_fresh(created_at: datetime, now: datetime) -> bool:
    """So new that no mail has left yet: taken back, nobody was bothered."""
    return now - created_at < settings.UNDO_FOR


def render_post(request: HttpRequest, post: Post, form: CommentForm, *, status: int = 200) -> HttpResponse:
    person = person_of(request)
    undo, now = uuid_or_none(request.GET.get("removed", "")), clock.now()
    answers = answers_to(person, post)
    part = part_of(post.kind)
    facts = {
        "card_words": card_words(person.standing, {post.pk: post.kind}).get(post.pk, NO_WORDS),
        "section": part.section(person, post, now) if part else None,
        "post": post,
        "kinds": KINDS,
        "nearby": nearby(person, post),
        "writer": writer_of(person, post, profile_photos([post.author_id])),
        "answers": answers,
        "helper_name": helper_name(person, post),
        "thanks_count": thanks_count_for(person, post),
        "is_thanked": post.thanks.filter(person=person).exists(),
        "may_answer": may(person, "feed:comment:create", post) and speaks_for(person, post),
        "may_thank": may(person, "feed:post:thank", post),
        "removed_comment": removed_comments(person, now=now).filter(post=post, pk=undo).first() if undo else None,
        "photos": photos_of("post", post.pk),
        "audience": audience_facts(person, post.audience),
        "is_just_placed": post.author_id == person.pk and is_fresh(post.created_at, now),
        "just_answered": {
            answer.comment.pk
            for answer in answers
            if answer.comment.author_id == person.pk and is_fresh(answer.comment.created_at, now)
        },
        "form": form,
        "layout": "shell/city.html" if person.is_staff_member else "shell/neighbour.html",
    }
    return render(request, "feed/post.html", facts, status=status)


@readers_only
@require_POST
def create_comment(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if wants_to_edit(request):
        return render_post(
            request, post, CommentForm(initial={"body": request.POST.get("body"), "request_key": uuid4()})
        )
    form = CommentForm(request.POST)
    if form.is_valid():
        concerns = concerns_in(request, form.cleaned_data["body"])
        if concerns:
            return think_page(request, concerns)
        try:
            comment = publish_comment(
                author=person,
                post=post,
                body=form.cleaned_data["body"],
                request_key=form.cleaned_data["request_key"],
                now=clock.now(),
            )
        except TextRefused as error:
            refuse(form, error, "body")
        else:
            return HttpResponseRedirect(f"{reverse('post', args=[post.pk])}#comment-{comment.pk}")
    return render_post(request, post, form, status=422)


@readers_only
@require_POST
def give_thanks(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    thank(person=person, post=get_object_or_404(posts_for(person), pk=post_id), now=clock.now())
    return _card_or_back(request, post_id)


@readers_only
@require_POST
def remove_thanks(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    take_thanks_back(person=person, post=get_object_or_404(posts_for(person), pk=post_id), now=clock.now())
    return _card_or_back(request, post_id)


def _card_or_back(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """To a script the card anew; to a browser the page it came from, at that card."""
    person = person_of(request)
    if request.headers.get("HX-Request") == "true":
        heads = [head for head in feed_heads(person.standing, before=_after(post_id), most=1) if head.id == post_id]
        for _head, html in rendered_cards(person.standing, heads, now=clock.now()):
            return HttpResponse(html)
    return HttpResponseRedirect(f"{safe_next(request, reverse('post', args=[post_id]))}#post-{post_id}")


def _after(post_id: UUID) -> UUID:
    return UUID(int=post_id.int + 1)
