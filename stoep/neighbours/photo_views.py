"""The page of one's own photo: take one, see it, take it away."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stoep.access.decorators import neighbours_only
from stoep.access.gate import may
from stoep.access.requests import person_of
from stoep.common import clock
from stoep.common.images import ImageRefused
from stoep.media.actions import TooManyPhotos
from stoep.media.refusals import photo_trouble
from stoep.neighbours.forms import PhotoForm
from stoep.neighbours.photos import own_photo, remove_profile_photo, set_profile_photo


@neighbours_only
@require_http_methods(["GET", "POST"])
def my_photo(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), clock.now()
    is_removal = request.POST.get("do") == "remove"
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" and not is_removal else PhotoForm()
    if is_removal:
        remove_profile_photo(person=person, now=now)
        return HttpResponseRedirect(reverse("my_photo"))
    if form.is_bound and form.is_valid():
        try:
            set_profile_photo(person=person, file=form.cleaned_data["photo"], now=now)
        except ImageRefused as error:
            form.add_error("photo", photo_trouble(error, form.cleaned_data["photo"].name))
        except TooManyPhotos:
            form.add_error("photo", _("Your photo is still being made. Try again in a minute."))
        else:
            return HttpResponseRedirect(reverse("my_photo"))
    facts = {"form": form, "photo": own_photo(person), "is_allowed": may(person, "media:photo:create", person)}
    return render(request, "neighbours/my_photo.html", facts, status=422 if form.is_bound else 200)
