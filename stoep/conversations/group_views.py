"""Small groups: beginning one, who is in it, and leaving it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.conversations.actions import GroupRefused, add_neighbours, leave_conversation, start_conversation
from stoep.conversations.forms import CompanyForm, refuse
from stoep.conversations.models import Conversation
from stoep.conversations.queries import partners_of
from stoep.conversations.reading import companies_of
from stoep.media.queries import shown_people
from stoep.moderation.thinking import concerns_in, think_page, wants_to_edit
from stoep.people.models import Person

HARSH = ("harsh",)


@neighbours_only
@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """Of neighbours with whom one talks already."""
    if person_of(request).standing.is_provisional:
        raise NotAllowed
    return _company_page(request, None)


@neighbours_only
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Who is in it, who can come too, and the way out."""
    group = _found(request, conversation_id)
    if not may(person_of(request), "conversations:conversation:extend", group):
        raise NotAllowed
    return _company_page(request, group)


@neighbours_only
@require_POST
def leave(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    leave_conversation(person=person_of(request), conversation=_found(request, conversation_id), now=clock.now())
    return HttpResponseRedirect(reverse("conversations"))


def _found(request: HttpRequest, conversation_id: UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.visible_to(person_of(request)), pk=conversation_id)


def _company_page(request: HttpRequest, group: Conversation | None) -> HttpResponse:
    person = person_of(request)
    company = companies_of(person, [group])[group.pk] if group else None
    # Who is in it already is not offered; sent twice, the form still knows them.
    inside = company.ids if company and request.method == "GET" else []
    partners = {partner.pk: partner for partner in partners_of(person).exclude(pk__in=inside)}
    is_sent = request.method == "POST" and not wants_to_edit(request)
    initial = {"body": request.POST.get("body", ""), "others": (request.POST or request.GET).getlist("others")}
    names = {pk: shown.name for pk, shown in shown_people(list(partners.values()), reader=person).items()}
    form = CompanyForm(request.POST if is_sent else None, names=names, initial=initial)
    if is_sent and form.is_valid():
        concerns = concerns_in(request, form.cleaned_data["body"], kinds=HARSH)
        if concerns:
            return think_page(request, concerns)
        others = [partners[key] for key in form.cleaned_data["others"]]
        try:
            found = _send(person, group, others, form)
        except (TextRefused, GroupRefused) as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("conversation", args=[found.pk]))
    facts = {"form": form, "group": group, "company": company, "has_partners": bool(partners)}
    return render(request, "conversations/group.html", facts, status=422 if form.errors else 200)


def _send(person: Person, group: Conversation | None, others: list[Person], form: CompanyForm) -> Conversation:
    words = {name: form.cleaned_data[name] for name in ("body", "request_key")}
    if group is None:
        return start_conversation(person=person, others=others, now=clock.now(), **words)
    add_neighbours(person=person, conversation=group, others=others, now=clock.now(), **words)
    return group
