"""The feed, the composer and a post with its answers: translate, call one action, answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from stoep.access.audience import home_audience
from stoep.access.decorators import neighbours_only, readers_only
from stoep.access.gate import may
from stoep.access.requests import person_of, safe_next, uuid_or_none
from stoep.common import clock
from stoep.feed.actions import TextRefused, publish_comment, publish_post, speaks_for, take_thanks_back, thank
from stoep.feed.forms import CommentForm, PostForm, refuse
from stoep.feed.fragments import rendered_cards
from stoep.feed.kinds import GROUPS, KINDS, kinds_of
from stoep.feed.models import Post
from stoep.feed.queries import PAGE, Head, feed_heads
from stoep.feed.reading import answers_to, helper_name, places_of, posts_for, removed_comments, writer_of
from stoep.feed.visits import since_last_visit
from stoep.places.models import Neighbourhood


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
    heads = feed_heads(person.standing, before=before, kinds=kinds_of(group))
    shown = heads[:PAGE]
    since = since_last_visit(request.session, person, now=now)
    facts = {
        "lines": list(_lines(rendered_cards(person.standing, shown, now=now), since)),
        "next_before": shown[-1].id if len(heads) > PAGE else None,
        "is_first_page": before is None,
        "group": group,
        "groups": GROUPS,
        "since": since,
        "is_welcome": "welcome" in request.GET,
    }
    return render(request, "feed/page.html", facts)


def _lines(cards: list[tuple[Head, Markup]], since: datetime | None) -> Iterator[Line]:
    day, is_passed = None, False
    for at, (head, html) in enumerate(cards):
        on = timezone.localtime(head.created_at).date()
        is_old = since is not None and head.created_at <= since
        yield Line(head, html, on if on != day else None, is_old and not is_passed and at > 0)
        day, is_passed = on, is_passed or is_old


@neighbours_only
@require_http_methods(["GET", "POST"])
def new_post(request: HttpRequest) -> HttpResponse:
    """The composer: what kind, which words, who sees it."""
    person = person_of(request)
    home = get_object_or_404(Neighbourhood, pk=person.standing.neighbourhood_id)
    is_sent = request.method == "POST"
    initial = {"kind": request.GET.get("kind", ""), "title": request.GET.get("title", "")[:100]}
    form = PostForm(request.POST if is_sent else None, home=home, initial=initial)
    if is_sent and form.is_valid():
        try:
            publish_post(
                author=person,
                audience=home_audience(
                    home,
                    adjacent=form.cleaned_data["adjacent"],
                    shared_with_city=form.cleaned_data["shared_with_city"],
                ),
                kind=form.cleaned_data["kind"],
                title=form.cleaned_data["title"],
                body=form.cleaned_data["body"],
                request_key=form.cleaned_data["request_key"],
                now=clock.now(),
            )
        except TextRefused as error:
            refuse(form, error, "title" if error.reason == "empty" else None)
        else:
            return HttpResponseRedirect(reverse("feed"))
    facts = {"form": form, "home": home, "kinds": KINDS, "is_allowed": not person.standing.is_provisional}
    return render(request, "feed/composer.html", facts, status=422 if form.errors else 200)


@readers_only
@require_GET
def post_page(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    return render_post(request, post, CommentForm(initial={"request_key": uuid4()}))


def render_post(request: HttpRequest, post: Post, form: CommentForm, *, status: int = 200) -> HttpResponse:
    person = person_of(request)
    undo = uuid_or_none(request.GET.get("removed", ""))
    facts = {
        "post": post,
        "kinds": KINDS,
        "writer": writer_of(person, post),
        "answers": answers_to(person, post),
        "helper_name": helper_name(person, post),
        "places": places_of(post.audience),
        "is_thanked": post.thanks.filter(person=person).exists(),
        "may_answer": may(person, "feed:comment:create", post) and speaks_for(person, post),
        "may_thank": may(person, "feed:post:thank", post),
        "removed_comment": removed_comments(person, now=clock.now()).filter(post=post, pk=undo).first()
        if undo
        else None,
        "form": form,
        "layout": "shell/city.html" if person.is_staff_member else "shell/neighbour.html",
    }
    return render(request, "feed/post.html", facts, status=status)


@readers_only
@require_POST
def create_comment(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    form = CommentForm(request.POST)
    if form.is_valid():
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
