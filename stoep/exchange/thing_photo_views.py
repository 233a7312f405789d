"""The page on which a neighbour gives a thing on the shelf its photo, or takes it away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import neighbours_only
from stoep.access.gate import NotAllowed, may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.images import ImageRefused
from stoep.exchange.lending_forms import ThingPhotoForm
from stoep.exchange.models import Item
from stoep.exchange.shelf_queries import items_for
from stoep.exchange.thing_photos import remove_thing_photo, set_thing_photo, thing_photos
from stoep.media.actions import TooManyPhotos
from stoep.media.refusals import photo_trouble
from stoep.people.models import Person


@neighbours_only
@require_http_methods(["GET", "POST"])
def thing_photo(request: HttpRequest, item_id: UUID) -> HttpResponse:
    person = person_of(request)
    item = get_object_or_404(items_for(person), pk=item_id)
    if not may(person, "exchange:item:change", item):
        raise NotAllowed
    if request.POST.get("do") == "remove":
        remove_thing_photo(person=person, item=item, now=clock.now())
        return HttpResponseRedirect(reverse("thing", args=[item.pk]))
    form = ThingPhotoForm(request.POST, request.FILES) if request.method == "POST" else ThingPhotoForm()
    if form.is_valid() and _is_taken(person, item, form):
        return HttpResponseRedirect(reverse("thing", args=[item.pk]))
    facts = {"form": form, "item": item, "photo": next(iter(reversed(thing_photos(item))), None)}
    return render(request, "exchange/thing_photo.html", facts, status=422 if form.is_bound else 200)


def _is_taken(person: Person, item: Item, form: ThingPhotoForm) -> bool:
    file, alt = form.cleaned_data["photo"], form.cleaned_data["alt"]
    try:
        set_thing_photo(person=person, item=item, file=file, alt=alt, now=clock.now())
    except ImageRefused as error:
        form.add_error("photo", photo_trouble(error, file.name))
    except TooManyPhotos:
        form.add_error("photo", _("Your photo is still being made. Try again in a minute."))
    return form.is_valid()
