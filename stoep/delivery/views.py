"""One's notices, one's choices about mail, and the link that stops a mail: translate, call one action, answer."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import neighbours_only, public, signed_in_only
from stoep.access.requests import person_of, uuid_or_none
from stoep.common import clock
from stoep.delivery import push as wire
from stoep.delivery.bell import bell_lines, read_all
from stoep.delivery.choosing import choices_of, choose_mail, open_stop, stop_all_mail, stop_by_link
from stoep.delivery.forms import MailForm, PushForm
from stoep.delivery.models import Stream
from stoep.delivery.pushing import NoDevice, add_device, devices_of, remove_device
from stoep.delivery.stopping import ALL, Stop, token_for

GONE = 410


@signed_in_only
@require_http_methods(["GET", "POST"])
def mail_choices(request: HttpRequest) -> HttpResponse:
    """Also for whoever is paused: mail must be as easy to stop for them."""
    person = person_of(request)
    if person.is_staff_member:
        raise Http404
    form = MailForm(request.POST if request.method == "POST" else None, choices=choices_of(person.pk))
    if request.method == "POST" and form.is_valid():
        choose_mail(person=person, paces=form.paces, is_weekly=form.cleaned_data["is_weekly"], now=clock.now())
        return HttpResponseRedirect(f"{reverse('mail_choices')}?saved")
    facts = {"form": form, "is_saved": "saved" in request.GET, "is_stopped": "stopped" in request.GET}
    return render(request, "delivery/mail_choices.html", facts, status=422 if form.errors else 200)


@signed_in_only
@require_POST
def mail_stop(request: HttpRequest) -> HttpResponse:
    """All of it, with one click."""
    person = person_of(request)
    if person.is_staff_member:
        raise Http404
    stop_all_mail(person=person, now=clock.now())
    return HttpResponseRedirect(f"{reverse('mail_choices')}?stopped")


@neighbours_only
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """What concerns me, one line for each post."""
    return render(request, "delivery/notifications.html", {"lines": bell_lines(person_of(request))})


@neighbours_only
@require_POST
def notifications_reading(request: HttpRequest) -> HttpResponse:
    read_all(person=person_of(request), now=clock.now())
    return HttpResponseRedirect(reverse("notifications"))


@neighbours_only
@require_http_methods(["GET", "POST"])
def push(request: HttpRequest) -> HttpResponse:
    """Asked for here and nowhere else, and not before the second visit."""
    person = person_of(request)
    is_offered = wire.is_possible() and bool(request.session.get("since"))
    form = PushForm(request.POST)
    if request.method == "POST" and is_offered and form.is_valid():
        try:
            add_device(person=person, now=clock.now(), **form.cleaned_data)
        except NoDevice:
            form.add_error(None, "")
        else:
            return HttpResponseRedirect(f"{reverse('push')}?saved")
    is_refused = request.method == "POST"
    facts = {
        "is_possible": wire.is_possible(),
        "is_offered": is_offered,
        "is_saved": "saved" in request.GET,
        "is_refused": is_refused,
        "public_key": wire.public_key() if is_offered else "",
        "devices": devices_of(person),
    }
    return render(request, "delivery/push.html", facts, status=422 if is_refused else 200)


@neighbours_only
@require_POST
def push_removal(request: HttpRequest) -> HttpResponse:
    device_id = uuid_or_none(request.POST.get("device", ""))
    remove_device(person=person_of(request), device_id=device_id, now=clock.now())
    return HttpResponseRedirect(reverse("push"))


@public
@csrf_exempt  # mail programs press this button, without a page of ours: the token is the proof (RFC 8058)
@require_http_methods(["GET", "POST"])
def stop_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, for programs open links by themselves. POST does it, at once, and answers with a page."""
    is_done = request.method == "POST"
    stop = stop_by_link(token=token, now=clock.now()) if is_done else open_stop(token)
    if stop is None:
        return render(request, "delivery/no_stop.html", status=GONE)
    facts = {"stop": stop, "stream": _name(stop), "everything": _everything(stop), "is_done": is_done}
    return render(request, "delivery/stop.html", facts)


def _name(stop: Stop) -> str:
    return str(Stream(stop.wish).label) if stop.wish in Stream.values else ""


def _everything(stop: Stop) -> str:
    """The address of the button that stops all; none where all was stopped."""
    return "" if stop.wish == ALL else reverse("stop_mail", args=[token_for(stop.person_id, ALL)])
