"""Changing what one wrote: edit, remove and bring back, solve. Nothing asks "are you sure": everything comes back."""

from contextlib import suppress
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of, uuid_or_none
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.feed.editing import (
    NotAHelper,
    edit_comment,
    edit_post,
    remove_comment,
    remove_post,
    restore_comment,
    restore_post,
    solve_request,
)
from stoep.feed.forms import EditCommentForm, EditPostForm, SolutionForm, refuse
from stoep.feed.kinds import KINDS
from stoep.feed.parts import PartRefused, form_of_edit, part_of, refuse_part
from stoep.feed.reading import comments_for, helpers_for, own_posts, posts_for, removed_comments, removed_posts
from stoep.media.actions import AltRefused, describe_photo, remove_photo
from stoep.media.queries import photos_of
from stoep.moderation.thinking import concerns_in, think_page, wants_to_edit
from stoep.people.models import Person

MOST_OF_MINE = 200


@neighbours_only
@require_GET
def my_posts(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    facts = {
        "kinds": KINDS,
        "posts": own_posts(person)[:MOST_OF_MINE],
        "removed": removed_posts(person, now=clock.now())[:MOST_OF_MINE],
        "just_removed": request.GET.get("removed", ""),
    }
    return render(request, "feed/my_posts.html", facts)


@neighbours_only
@require_http_methods(["GET", "POST"])
def change_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if not may(person, "feed:post:edit", post):
        raise NotAllowed
    is_sent = request.method == "POST" and not wants_to_edit(request)
    initial = {name: request.POST.get(name, getattr(post, name)) for name in ("title", "body")}
    form = EditPostForm(request.POST if is_sent else None, initial=initial)
    part, now = part_of(post.kind), clock.now()
    questions = form_of_edit(part, post, sent=request.POST or None, is_checked=is_sent) if part else None
    if form.is_valid() & (questions is None or questions.is_valid()):
        concerns = concerns_in(request, form.cleaned_data["title"], form.cleaned_data["body"])
        if concerns:
            return think_page(request, concerns)
        try:
            also = partial(part.write, answers=questions.cleaned_data, now=now) if part and questions else None
            edit_post(person=person, post=post, also=also, now=now, **form.cleaned_data)
        except TextRefused as error:
            refuse(form, error, "title" if error.reason == "empty" else None)
        except PartRefused as error:
            refuse_part(questions, error)
        else:
            return HttpResponseRedirect(reverse("post", args=[post.pk]))
    facts = {
        "form": form,
        "part_form": questions,
        "post": post,
        "photos": photos_of("post", post.pk),
        "title": _("Change your message"),
    }
    return render(request, "feed/edit.html", facts, status=422 if is_sent else 200)


@neighbours_only
@require_POST
def change_photo(request: HttpRequest, post_id: UUID, photo_id: UUID) -> HttpResponse:
    """Other words about a photo of one's own post, or the photo gone."""
    person, now = person_of(request), clock.now()
    post = get_object_or_404(posts_for(person), pk=post_id)
    if not may(person, "feed:post:edit", post):
        raise NotAllowed
    photo = next((one for one in photos_of("post", post.pk) if one.pk == photo_id), None)
    if photo is not None and request.POST.get("do") == "remove":
        remove_photo(person=person, photo=photo, now=now)
    elif photo is not None:
        with suppress(AltRefused):
            describe_photo(person=person, photo=photo, alt=request.POST.get("alt", ""), now=now)
    return HttpResponseRedirect(reverse("edit_post", args=[post.pk]) + "#photos")


@neighbours_only
@require_POST
def remove(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Pressed twice, it is removed once."""
    person, now = person_of(request), clock.now()
    if not removed_posts(person, now=now).filter(pk=post_id).exists():
        remove_post(person=person, post=get_object_or_404(posts_for(person), pk=post_id), now=now)
    return HttpResponseRedirect(f"{reverse('my_posts')}?removed={post_id}")


@neighbours_only
@require_POST
def restore(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Pressed twice, it is put back once."""
    person, now = person_of(request), clock.now()
    if not own_posts(person).filter(pk=post_id).exists():
        restore_post(person=person, post=get_object_or_404(removed_posts(person, now=now), pk=post_id), now=now)
    return HttpResponseRedirect(reverse("post", args=[post_id]))


@neighbours_only
@require_http_methods(["GET", "POST"])
def solution(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """The request is solved: who helped, and a word of thanks."""
    person = person_of(request)
    post = get_object_or_404(posts_for(person), pk=post_id)
    if not may(person, "feed:post:solve", post):
        if may(person, "feed:post:edit", post):  # solved already, perhaps by the same press twice
            return HttpResponseRedirect(reverse("post", args=[post.pk]))
        raise NotAllowed
    helpers = helpers_for(person, post)
    form = SolutionForm(request.POST if request.method == "POST" else None, helpers=helpers)
    if form.is_valid():
        chosen = uuid_or_none(form.cleaned_data["helper"])
        helper = Person.objects.filter(pk=chosen).first() if chosen else None
        words = form.cleaned_data["thank_you"]
        try:
            solve_request(author=person, post=post, helper=helper, thank_you=words, now=clock.now())
        except TextRefused as error:
            refuse(form, error, "thank_you")
        except NotAHelper:
            form.add_error("helper", _("Choose somebody who answered."))
        else:
            return HttpResponseRedirect(reverse("post", args=[post.pk]))
    return render(request, "feed/solution.html", {"form": form, "post": post}, status=422 if form.errors else 200)


@neighbours_only
@require_http_methods(["GET", "POST"])
def change_comment(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    person = person_of(request)
    comment = get_object_or_404(comments_for(person), pk=comment_id)
    if not may(person, "feed:comment:edit", comment):
        raise NotAllowed
    is_sent = request.method == "POST" and not wants_to_edit(request)
    initial = {"body": request.POST.get("body", comment.body)}
    form = EditCommentForm(request.POST if is_sent else None, initial=initial)
    if form.is_valid():
        concerns = concerns_in(request, form.cleaned_data["body"])
        if concerns:
            return think_page(request, concerns)
        try:
            edit_comment(person=person, comment=comment, body=form.cleaned_data["body"], now=clock.now())
        except TextRefused as error:
            refuse(form, error, "body")
        else:
            return HttpResponseRedirect(f"{reverse('post', args=[comment.post_id])}#comment-{comment.pk}")
    facts = {"form": form, "post": comment.post, "part_form": None, "photos": [], "title": _("Change your answer")}
    return render(request, "feed/edit.html", facts, status=422 if form.errors else 200)


@neighbours_only
@require_POST
def remove_answer(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Pressed twice, it is removed once."""
    person, now = person_of(request), clock.now()
    gone = removed_comments(person, now=now).filter(pk=comment_id).first()
    comment = gone or get_object_or_404(comments_for(person), pk=comment_id)
    if not gone:
        remove_comment(person=person, comment=comment, now=now)
    return HttpResponseRedirect(f"{reverse('post', args=[comment.post_id])}?removed={comment.pk}")


@neighbours_only
@require_POST
def restore_answer(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Pressed twice, it is put back once."""
    person, now = person_of(request), clock.now()
    standing = comments_for(person).filter(author=person, pk=comment_id).first()
    comment = standing or get_object_or_404(removed_comments(person, now=now), pk=comment_id)
    if not standing:
        restore_comment(person=person, comment=comment, now=now)
    return HttpResponseRedirect(f"{reverse('post', args=[comment.post_id])}#comment-{comment.pk}")
