"""Joining for somebody who has no device of their own: a son for his mother, from her letter, on his own phone.

The helper stays who they are and never gets in as the other: what comes out is a card to print, with an own key.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import public, signed_in_person
from stoep.access.visitors import Visitor, mark_device
from stoep.common import clock
from stoep.common.text import clean_name
from stoep.joining import begun, codes
from stoep.joining.actions import Wishes, check_way_in, join, joined_just_now
from stoep.joining.codes import CodeRefused
from stoep.joining.entering import SHARED_SECONDS
from stoep.joining.entrances import WayIn
from stoep.joining.forms import CODE_REASONS, TOO_MANY, ForSomebodyForm
from stoep.joining.limits import TooMany
from stoep.joining.reissuing import people_of_letter
from stoep.people.models import Person
from stoep.people.real_names import NAME_REASONS, NameRefused
from stoep.places.models import Municipality


@public
@require_http_methods(["GET", "POST"])
def join_for_somebody(request: HttpRequest) -> HttpResponse:
    """One screen: their code, their name, and that they know of it."""
    fresh = {"plan": begun.Plan.fresh().sealed()}
    form = ForSomebodyForm(request.POST if request.method == "POST" else None, initial=fresh)
    municipality = getattr(request, "municipality", None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and municipality is not None:
        try:
            return _joined(request, municipality, form)
        except CodeRefused as error:
            form.add_error("code", str(CODE_REASONS[error.reason]))
        except NameRefused as error:
            form.add_error("name", str(NAME_REASONS[error.reason]))
        except TooMany:
            form.add_error("code", str(TOO_MANY))
            status = 429
    response = render(request, "joining/for_somebody.html", {"form": form}, status=status)
    mark_device(request, response)
    return response


@public
@require_http_methods(["GET", "POST"])
def return_card(request: HttpRequest) -> HttpResponse:
    """Shown until it is printed or written down, then never again."""
    card = begun.card_for_somebody(request.session)
    if request.method == "POST" or card is None:
        begun.forget_card(request.session)
        return HttpResponseRedirect(reverse("join"))
    own_key, name = card
    return render(request, "joining/return_card.html", {"own_key": codes.shown_own_key(own_key), "name": name})


def _joined(request: HttpRequest, municipality: Municipality, form: ForSomebodyForm) -> HttpResponse:
    """The same form sent twice makes one person with one key; with other words in it, another person."""
    given, now = form.cleaned_data, clock.now()
    code = check_way_in(municipality=municipality, typed=given["code"], visitor=Visitor.of(request), now=now)
    plan = _plan(given["plan"], code, given["name"])
    chosen = getattr(request, "preferences", None)
    person = join(
        code=code,
        name=given["name"],
        own_key=plan.own_key,
        wishes=Wishes(language=chosen.language) if chosen else Wishes(),
        request_key=plan.person_id,
        now=now,
    )
    begun.keep_card(request.session, plan.own_key, person.name)
    if signed_in_person(request) is None:
        request.session.set_expiry(SHARED_SECONDS)
    return HttpResponseRedirect(reverse("return_card"))


def _plan(sealed: str, code: WayIn, name: str) -> begun.Plan:
    """Who they will be, as the form carries it, unless somebody else became that already."""
    plan = begun.Plan.opened(sealed)
    if plan is None:
        return begun.Plan.fresh()
    known = Person.objects.filter(pk=plan.person_id).first()
    if known is None:
        return plan
    just_now = joined_just_now(person_id=plan.person_id, now=clock.now())
    is_same = clean_name(name) in {known.name, known.own_name} and known in people_of_letter(
        known.municipality_id, code.code_hash
    )
    return plan if just_now is not None and is_same else begun.Plan.fresh()
