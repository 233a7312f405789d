"""Coming back and going away: the sign-in page, mailed links and digits, the letter with the own key, sign-out."""

from urllib.parse import urlencode

from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stoep.access.decorators import neighbours_only, public, signed_in_only, signed_in_person
from stoep.access.requests import person_of, safe_next
from stoep.access.visitors import Visitor
from stoep.common import clock
from stoep.delivery import sms
from stoep.joining import begun
from stoep.joining.confirming import confirm_email, correct_email, open_question
from stoep.joining.entering import enter, onward
from stoep.joining.forms import TOO_MANY, TOO_MANY_DIGITS, EmailForm, LetterForm, MailCodeForm
from stoep.joining.limits import TooMany
from stoep.joining.signing_in import ask_sign_in_mail, open_link, return_with_letter, use_link, use_mail_code


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page for everybody outside: join with a letter, or come back by mail."""
    municipality = getattr(request, "municipality", None)
    if signed_in_person(request) is not None and request.method == "GET":
        return HttpResponseRedirect(reverse("feed"))
    form = EmailForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            if municipality is not None:
                ask_sign_in_mail(municipality=municipality, email=email, visitor=Visitor.of(request), now=clock.now())
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            begun.remember_address(request.session, email)
            return HttpResponseRedirect(_with_next(request, "sign_in_code"))
    facts = {"form": form, "next": safe_next(request, ""), "has_sms": sms.is_offered()}
    return render(request, "joining/sign_in.html", facts, status=status)


@public
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Six digits from the mail; the address is asked too, so that they work in another browser."""
    municipality = getattr(request, "municipality", None)
    asked = begun.address_of(request.session)
    form = MailCodeForm(request.POST if request.method == "POST" else None, initial={"email": asked})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and municipality is not None:
        email, typed, is_shared = (form.cleaned_data[name] for name in ("email", "code", "shared"))
        try:
            person = use_mail_code(
                municipality=municipality, email=email, typed=typed, visitor=Visitor.of(request), now=clock.now()
            )
        except TooMany:
            form.add_error("code", str(TOO_MANY_DIGITS))
            status = 429
        else:
            if person is not None:
                target = safe_next(request, reverse("feed"))
                enter(request, person, is_shared=is_shared)
                return HttpResponseRedirect(onward(person, target))
            form.add_error("code", _("These digits are not right, or too old. Ask for a new mail."))
    facts = {"form": form, "asked": asked, "next": safe_next(request, "")}
    return render(request, "joining/sign_in_code.html", facts, status=status)


@public
@require_http_methods(["GET", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: a page with one button, because mail scanners open links too."""
    if request.method == "POST":
        person = use_link(token=token, now=clock.now())
        if person is not None:
            enter(request, person, is_shared=bool(request.POST.get("shared")))
            return HttpResponseRedirect(onward(person, reverse("feed")))
    ticket = open_link(token, now=clock.now())
    facts = {"name": ticket.person.name if ticket else ""}
    return render(request, "joining/sign_in_link.html", facts, status=200 if ticket else 410)


@public
@require_http_methods(["GET", "POST"])
def sign_in_letter(request: HttpRequest) -> HttpResponse:
    """The letter's code and the own key: for who has no e-mail."""
    municipality = getattr(request, "municipality", None)
    form = LetterForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and municipality is not None:
        given = form.cleaned_data
        try:
            person = return_with_letter(
                municipality=municipality,
                code=given["code"],
                own_key=given["own_key"],
                visitor=Visitor.of(request),
                now=clock.now(),
            )
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            if person is not None:
                enter(request, person, is_shared=given["shared"])
                return HttpResponseRedirect(onward(person, reverse("feed")))
            form.add_error("own_key", _("The code and the key do not belong together. Look again at your letter."))
    return render(request, "joining/sign_in_letter.html", {"form": form}, status=status)


@signed_in_only
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    is_staff = person_of(request).is_staff_member
    logout(request)
    return HttpResponseRedirect(reverse("staff_sign_in" if is_staff else "sign_in"))


@public
@require_http_methods(["GET", "POST"])
def email_question(request: HttpRequest, token: str) -> HttpResponse:
    """The question "Is this your address?", answered by one button."""
    question = open_question(token, now=clock.now())
    is_confirmed = False
    if request.method == "POST" and question is not None:
        is_confirmed = _confirm(request, token)
    facts = {"question": question, "is_confirmed": is_confirmed}
    return render(request, "joining/email_question.html", facts, status=200 if question else 410)


@neighbours_only
@require_http_methods(["GET", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """A mistyped address is mended, a new one asked about."""
    person = person_of(request)
    form = EmailForm(request.POST if request.method == "POST" else None, initial={"email": person.email})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            correct_email(person=person, email=form.cleaned_data["email"], now=clock.now())
        except TooMany:
            form.add_error(None, str(TOO_MANY))
            status = 429
        else:
            return render(request, "joining/email_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "joining/change_email.html", {"form": form}, status=status)


def _with_next(request: HttpRequest, name: str) -> str:
    """The page that somebody wanted to see goes along."""
    target = safe_next(request, "")
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")


def _confirm(request: HttpRequest, token: str) -> bool:
    """A new address ends the sessions that the old one opened, but not the one in which its owner sits here."""
    confirmed = confirm_email(token=token, now=clock.now())
    if confirmed is not None and signed_in_person(request) == confirmed:
        update_session_auth_hash(request, confirmed)
    return confirmed is not None
