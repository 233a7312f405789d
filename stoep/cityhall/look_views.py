"""The pages about the city's face, and its pictures as everybody may fetch them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from stoep.access.decorators import public, staff_only
from stoep.access.requests import person_of
from stoep.cityhall.look import change_contact, change_look
from stoep.cityhall.look_forms import ContactForm, LookForm
from stoep.common import clock
from stoep.people.models import RoleName as R
from stoep.places.models import Municipality
from stoep.shell.logos import LogoRefusedError, icon_file, logo_file, mark_of
from stoep.shell.theme import Choice, UnreadableColourError, choose, theme_of

FOR_EVER = "public, max-age=31536000, immutable"
# A picture that is opened by itself is a page of its own, which may do nothing at all.
SANDBOX = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; sandbox"
)
ICONS = {"180": 180, "192": 192, "512": 512, "cut": 512}
REFUSED_LOGOS = {
    "size": gettext_lazy("This picture is too large. Make it smaller, or send it as SVG."),
    "format": gettext_lazy("We cannot read this picture. Send an SVG or a PNG."),
}


@staff_only(R.CITY_ADMIN)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Choose a colour and a logo, look at them, keep them. While looking, the page itself wears the colour."""
    municipality = person_of(request).municipality
    is_sent = request.method == "POST"
    post, files = (request.POST, request.FILES) if is_sent else (None, None)
    form = LookForm(post, files, initial={"colour": municipality.theme_colour})
    choice = None
    if is_sent and form.is_valid():
        choice = _choice(form)
        if choice is not None and "save" in request.POST and _is_saved(request, form):
            return HttpResponseRedirect(reverse("look") + "?saved")
    shown = choice or Choice(municipality.theme_colour, theme_of(municipality.theme_colour).light.primary, 0)
    facts = {
        "form": form,
        "choice": choice,
        "shown": shown,
        "trial": shown.asked.lstrip("#") if choice else "",
        "is_saved": "saved" in request.GET,
    }
    return render(request, "cityhall/look.html", facts, status=422 if form.errors else 200)


@staff_only(R.CITY_ADMIN)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    is_sent = request.method == "POST"
    form = ContactForm(request.POST if is_sent else None, initial=ContactForm.kept(person.municipality))
    if is_sent and form.is_valid():
        change_contact(person=person, municipality=person.municipality, contact=form.contact, now=clock.now())
        return HttpResponseRedirect(reverse("contact") + "?saved")
    facts = {"form": form, "is_saved": "saved" in request.GET}
    return render(request, "cityhall/contact.html", facts, status=422 if form.errors else 200)


@public
@require_GET
def logo(request: HttpRequest, mark: str) -> HttpResponse:
    """The logo. Its address holds a mark of its content, so it may be kept for ever."""
    city = _city(request, mark)
    if not city.logo_svg:
        raise Http404
    kind, content = logo_file(city.logo_svg)
    return _picture(kind, content)


@public
@require_GET
def app_icon(request: HttpRequest, mark: str, shape: str) -> HttpResponse:
    """The square picture for home screens and tabs; `cut`: with room for a phone that cuts its corners."""
    city = _city(request, mark)
    if shape not in ICONS:
        raise Http404
    colour = theme_of(city.theme_colour).light.primary
    return _picture("image/png", icon_file(city.logo_svg, colour, ICONS[shape], is_cut=shape == "cut"))


def _choice(form: LookForm) -> Choice | None:
    try:
        return choose(form.cleaned_data["colour"])
    except UnreadableColourError:
        form.add_error(
            "colour",
            _("This colour is too light. To read letters on it, it would become another one. Choose a darker one."),
        )
        return None


def _is_saved(request: HttpRequest, form: LookForm) -> bool:
    person = person_of(request)
    try:
        change_look(person=person, municipality=person.municipality, now=clock.now(), **form.cleaned_data)
    except LogoRefusedError as error:
        form.add_error("logo", REFUSED_LOGOS[error.reason])
        return False
    return True


def _city(request: HttpRequest, mark: str) -> Municipality:
    city: Municipality | None = getattr(request, "municipality", None)
    if city is None or mark != mark_of(city.logo_svg, city.theme_colour):
        raise Http404
    return city


def _picture(kind: str, content: bytes) -> HttpResponse:
    headers: dict[str, Any] = {"Cache-Control": FOR_EVER, "Content-Security-Policy": SANDBOX}
    return HttpResponse(content, content_type=kind, headers=headers)
