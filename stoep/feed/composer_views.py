"""The composer: what kind, which words, which photos, who sees it. What is typed is kept, whatever happens."""

from functools import partial
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.audience import group_audience, home_audience
from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.models import Audience
from stoep.access.requests import person_of, uuid_or_none
from stoep.access.slots import filled
from stoep.common import clock
from stoep.common.images import ImageRefused
from stoep.common.text import TextRefused
from stoep.feed.actions import publish_post
from stoep.feed.drafts import (
    DraftWords,
    add_draft_photo,
    answers_of,
    draft_of,
    draft_photos,
    keep_draft,
    remove_draft_photo,
    throw_draft_away,
)
from stoep.feed.forms import EVERYBODY, PostForm, refuse
from stoep.feed.kinds import ANY_PICTURE, KINDS
from stoep.feed.models import MOST_PHOTOS, TITLE_LENGTH, Draft
from stoep.feed.parts import ANSWER_LENGTH, PartRefused, all_parts, answers_in, forms_for, part_of, refuse_part
from stoep.feed.reading import AudiencePlace, groups_of
from stoep.feed.starters import starter_named
from stoep.media.actions import AltRefused, TooManyPhotos
from stoep.media.refusals import photo_trouble
from stoep.moderation.thinking import concerns_in, think_page
from stoep.people.models import Person
from stoep.places.models import Neighbourhood


@neighbours_only
@require_http_methods(["GET", "POST"])
def new_post(request: HttpRequest) -> HttpResponse:
    """The composer with what was kept, or what it is sent: placed, kept for later, or with photos more or less."""
    person = person_of(request)
    if request.method != "POST":
        return _composer(request, _form(request, None))
    form = _form(request, request.POST)
    if not may(person, "feed:draft:keep", person):
        raise NotAllowed
    return _taken(request, form) if _keeps(request, form) else _composer(request, form, is_wrong=True)


@neighbours_only
@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """What is typed so far, two seconds after the last letter."""
    person = person_of(request)
    if not may(person, "feed:draft:keep", person):
        raise NotAllowed
    is_kept = _keeps(request, _form(request, request.POST))
    return render(request, "feed/_kept.html", {"is_kept": is_kept})


@neighbours_only
@require_POST
def add_photos(request: HttpRequest) -> HttpResponse:
    """To a script: the list of photos anew, with what could not be taken."""
    person = person_of(request)
    if not may(person, "feed:draft:keep", person):
        raise NotAllowed
    form = _form(request, request.POST)
    _keeps(request, form)
    _add(request, form)
    return render(request, "feed/_draft_photos.html", _photo_facts(person, form))


@neighbours_only
@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    throw_draft_away(author=person_of(request), now=clock.now())
    return HttpResponseRedirect(reverse("feed"))


def _form(request: HttpRequest, sent: QueryDict | None) -> PostForm:
    person = person_of(request)
    groups = dict(groups_of(person).values_list("pk", "name")) if person.standing.groups else {}
    asked = request.GET.get("group", "")
    kept = asked if uuid_or_none(asked) in groups else _kept_group(draft_of(person))
    initial = _initial(request) | ({"group": kept} if uuid_or_none(kept) in groups else {})
    return PostForm(sent, home=_home(person), groups=groups, kept_group=kept, initial=initial if sent is None else None)


def _kept_group(draft: Draft | None) -> str:
    """For which group it was begun."""
    kept = answers_of(draft).get("group", [""])[0]
    return "" if kept == EVERYBODY else kept


def _taken(request: HttpRequest, form: PostForm) -> HttpResponse:
    """The words are kept; now what its button asks for."""
    person, now = person_of(request), clock.now()
    gone = uuid_or_none(request.POST.get("remove_photo", ""))
    if gone is not None:
        remove_draft_photo(author=person, photo_id=gone, now=now)
        return HttpResponseRedirect(reverse("new_post") + "#photos")
    is_added = _add(request, form)
    if form.photo_errors:
        return _composer(request, form, is_wrong=True)
    if is_added or request.POST.get("do") == "add":
        return HttpResponseRedirect(reverse("new_post") + "#photos")
    if request.POST.get("do") == "keep":
        return HttpResponseRedirect(reverse("feed"))
    return _placed(request, form)


def _placed(request: HttpRequest, form: PostForm) -> HttpResponse:
    person = person_of(request)
    asked = _questions(request, form)
    questions = asked.get(_part_name(form))
    # Both are asked, so that everything that is wrong is said at once.
    if form.is_valid() & (questions is None or questions.is_valid()):
        answers = questions.cleaned_data.values() if questions else ()
        typed = [words for words in answers if isinstance(words, str)]
        concerns = concerns_in(request, form.cleaned_data["title"], form.cleaned_data["body"], *typed)
        if concerns:
            return think_page(request, concerns, back=reverse("new_post"))
        try:
            _publish(person, form, questions)
        except TextRefused as error:
            refuse(form, error, "title" if error.reason == "empty" else None)
        except PartRefused as error:
            refuse_part(questions, error)
        else:
            return HttpResponseRedirect(reverse("feed"))
    return _composer(request, form, is_wrong=True, asked=asked)


def _publish(person: Person, form: PostForm, questions: forms.Form | None) -> None:
    now, part = clock.now(), part_of(form.cleaned_data["kind"])
    also = partial(part.write, answers=questions.cleaned_data, now=now) if part and questions else None
    publish_post(
        author=person,
        audience=_audience(person, form),
        kind=form.cleaned_data["kind"],
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"],
        draft=draft_of(person),
        also=also,
        request_key=form.cleaned_data["request_key"],
        now=now,
    )


def _audience(person: Person, form: PostForm) -> Audience:
    chosen = uuid_or_none(form.cleaned_data["group"])
    if chosen is not None:
        return group_audience(groups_of(person).get(pk=chosen))
    said = form.cleaned_data
    return home_audience(_home(person), adjacent=said["adjacent"], shared_with_city=said["shared_with_city"])


def _questions(request: HttpRequest, form: PostForm) -> dict[str, forms.Form]:
    """What each kind asks besides: as it was sent, or as it was kept."""
    draft, starter = draft_of(person_of(request)), starter_named(request.GET.get("begin", ""))
    kept = starter.kept if draft is None and starter is not None else answers_of(draft)
    return forms_for(sent=request.POST if request.method == "POST" else None, kept=kept, kind=_kind(form))


def _part_name(form: PostForm) -> str:
    part = part_of(_kind(form))
    return part.name if part else ""


def _kind(form: PostForm) -> str:
    return str(form["kind"].value() or "")


def _keeps(request: HttpRequest, form: PostForm) -> bool:
    """Keep the words and what is said of the photos; False, with the error in the form, where that cannot be."""
    alts = {pk: request.POST.get(name, "") for name in request.POST if (pk := _photo_named(name))}
    key = uuid_or_none(request.POST.get("request_key", ""))
    try:
        keep_draft(author=person_of(request), words=_words(request), alts=alts, request_key=key, now=clock.now())
    except AltRefused:
        form.photo_errors.append(_("This looks like a national register number. Take it out: nobody needs it here."))
        return False
    return True


def _add(request: HttpRequest, form: PostForm) -> bool:
    """Take in what was sent, one by one: what is good stays, whatever is wrong with the others."""
    added = False
    for file in request.FILES.getlist("photos"):
        try:
            add_draft_photo(author=person_of(request), words=_words(request), file=file, now=clock.now())
        except ImageRefused as error:
            form.photo_errors.append(photo_trouble(error, file.name))
        except TooManyPhotos:
            form.photo_errors.append(_("There is room for %(num)s photos. Remove one first.") % {"num": MOST_PHOTOS})
            break
        else:
            added = True
    return added


def _photo_named(name: str) -> UUID | None:
    return uuid_or_none(name.removeprefix("alt_")) if name.startswith("alt_") else None


def _words(request: HttpRequest) -> DraftWords:
    sent = request.POST
    places = (uuid_or_none(place) for place in sent.getlist("adjacent"))
    kind = sent.get("kind", "")
    return DraftWords(
        kind=kind if kind in KINDS else "",
        title=sent.get("title", ""),
        body=sent.get("body", ""),
        adjacent=[place for place in places if place],
        shared_with_city="shared_with_city" in sent,
        answers=answers_in(sent) | ({"group": [sent["group"][:ANSWER_LENGTH]]} if sent.get("group") else {}),
    )


def _initial(request: HttpRequest) -> dict[str, object]:
    """What was kept, else what the link asks for."""
    draft = draft_of(person_of(request))
    starter = starter_named(request.GET.get("begin", ""))
    if draft is None and starter is not None:
        return starter.words
    if draft is None:
        return {"kind": request.GET.get("kind", ""), "title": request.GET.get("title", "")[:TITLE_LENGTH]}
    facts = ("kind", "title", "body", "adjacent", "shared_with_city")
    return {name: getattr(draft, name) for name in facts}


def _home(person: Person) -> Neighbourhood:
    return get_object_or_404(Neighbourhood, pk=person.standing.neighbourhood_id)


def _composer(
    request: HttpRequest, form: PostForm, *, is_wrong: bool = False, asked: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """`asked`: the questions as they were refused."""
    person, now = person_of(request), clock.now()
    home = _home(person)
    questions = asked or _questions(request, form)
    facts = {
        "form": form,
        "said_first": filled("composer.first", person, now),
        "parts": [(part, questions[part.name], part.warning_for(person, now)) for part in all_parts()],
        "part_form": questions.get(_part_name(form)) if is_wrong else None,
        "audience": [AudiencePlace(home.name, home.member_count)],
        "kinds": KINDS,
        "is_allowed": not person.standing.is_provisional,
        "is_draft": draft_of(person) is not None,
        **_photo_facts(person, form),
    }
    return render(request, "feed/composer.html", facts, status=422 if is_wrong else 200)


def _photo_facts(person: Person, form: PostForm) -> dict[str, object]:
    kind = KINDS.get(_kind(form))
    return {
        "photos": draft_photos(person),
        "photo_errors": form.photo_errors,
        "most_photos": MOST_PHOTOS,
        "picture_hint": kind.picture_hint if kind else ANY_PICTURE,
    }
