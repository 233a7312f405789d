"""The list, one conversation, and the first message: translate, call one action, answer."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only
from stoep.access.gate import may
from stoep.access.requests import person_of, uuid_or_none
from stoep.common import clock
from stoep.common.text import TextRefused
from stoep.conversations.actions import mark_seen, remove_message, send_message, start_conversation
from stoep.conversations.forms import MessageForm, refuse
from stoep.conversations.models import Conversation, Message
from stoep.conversations.queries import addressee, partners_of, thread_with
from stoep.conversations.reading import bubbles_in, companies_of, conversations_of
from stoep.delivery.bell import read_about
from stoep.media.queries import shown_people
from stoep.moderation.thinking import concerns_in, think_page, wants_to_edit

# Whoever tells one neighbour that nobody is at home does as they should. To a stranger a bank account is asked about.
TO_ALL, TO_STRANGERS = ("harsh",), ("harsh", "bank_account")


@neighbours_only
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    reader = person_of(request)
    before = uuid_or_none(request.GET.get("before", ""))
    entries, next_before = conversations_of(reader, before=before)
    may_begin_group = not reader.standing.is_provisional and partners_of(reader).exists()
    facts = {"entries": entries, "next_before": next_before, "may_begin_group": may_begin_group, "is_first": not before}
    return render(request, "conversations/list.html", facts)


@neighbours_only
@require_GET
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    reader, now = person_of(request), clock.now()
    found = get_object_or_404(Conversation.objects.visible_to(reader), pk=conversation_id)
    mark_seen(person=reader, conversation=found, now=now)
    read_about(reader, found.pk, now=now)
    return render_conversation(request, found, MessageForm(initial={"request_key": uuid4()}))


def render_conversation(
    request: HttpRequest, found: Conversation, form: MessageForm, *, status: int = 200
) -> HttpResponse:
    reader = person_of(request)
    before = uuid_or_none(request.GET.get("before", ""))
    bubbles, older = bubbles_in(reader, found, before=before)
    company = companies_of(reader, [found])[found.pk]
    theirs = [bubble.message.pk for bubble in bubbles if not bubble.is_own and bubble.message.is_live]
    facts = {
        "conversation": found,
        "company": company,
        "bubbles": bubbles,
        "older": older,
        "is_newest": before is None,
        "other_id": company.ids[0] if company.ids and not found.is_group else None,
        "reportable": theirs[-1] if theirs else None,
        "may_write": may(reader, "conversations:message:create", found),
        "form": form,
    }
    return render(request, "conversations/conversation.html", facts, status=status)


@neighbours_only
@require_POST
def messages(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    author = person_of(request)
    found = get_object_or_404(Conversation.objects.visible_to(author), pk=conversation_id)
    if wants_to_edit(request):
        again = MessageForm(initial={"body": request.POST.get("body"), "request_key": uuid4()})
        return render_conversation(request, found, again)
    form = MessageForm(request.POST)
    if form.is_valid():
        concerns = concerns_in(request, form.cleaned_data["body"], kinds=TO_ALL)
        if concerns:
            return think_page(request, concerns)
        try:
            said = send_message(author=author, conversation=found, now=clock.now(), **form.cleaned_data)
        except TextRefused as error:
            refuse(form, error)
        else:
            return to_message(said)
    return render_conversation(request, found, form, status=422)


@neighbours_only
@require_http_methods(["GET", "POST"])
def write_to(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Where two talk already, there; else the first message, which says what the other will see."""
    person = person_of(request)
    known = thread_with(person, person_id)
    if known is not None and request.method == "GET":
        return HttpResponseRedirect(reverse("conversation", args=[known.pk]))
    other = addressee(person, person_id)
    if other is None:
        raise Http404
    is_sent = request.method == "POST" and not wants_to_edit(request)
    form = MessageForm(request.POST if is_sent else None, initial={"body": request.POST.get("body", "")})
    if is_sent and form.is_valid():
        concerns = concerns_in(request, form.cleaned_data["body"], kinds=TO_STRANGERS)
        if concerns:
            return think_page(request, concerns)
        try:
            begun = start_conversation(person=person, others=[other], now=clock.now(), **form.cleaned_data)
        except TextRefused as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("conversation", args=[begun.pk]))
    shown = {
        "other": shown_people([other], reader=person)[other.pk],
        "me": shown_people([person], reader=other)[person.pk],
    }
    return render(request, "conversations/write_to.html", {"form": form, **shown}, status=422 if form.errors else 200)


@neighbours_only
@require_POST
def remove(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Pressed twice, it brings to the same place."""
    person = person_of(request)
    message = get_object_or_404(Message.objects.with_gaps_for(person).select_related("conversation"), pk=message_id)
    if message.is_live or message.author_id != person.pk:
        remove_message(person=person, message=message, now=clock.now())
    return to_message(message)


def to_message(message: Message) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('conversation', args=[message.conversation_id])}#message-{message.pk}")
