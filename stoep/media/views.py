"""A photo for who may see the thing it belongs to: one size as a file, or alone on a page with its words."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stoep.access.decorators import readers_only
from stoep.access.requests import person_of
from stoep.media import files
from stoep.media.models import SIZES, Photo
from stoep.media.owners import owner_of
from stoep.media.queries import photo_for

# So long a browser shows what it has without asking again. After that it asks whether it still may.
MINUTES = 10
HEADERS = {
    "Cache-Control": f"private, max-age={MINUTES * 60}",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@readers_only
@require_GET
def photo_file(request: HttpRequest, photo_id: UUID, size: str) -> HttpResponse:
    photo = _seen(request, photo_id)
    if size not in SIZES or not photo.is_ready:
        raise Http404
    tag = f'"{photo.renditions[size]["digest"]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={**HEADERS, "ETag": tag})
    try:
        content = files.path_of(photo.municipality_id, photo.pk, size).read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(content, content_type="image/webp", headers={**HEADERS, "ETag": tag})


@readers_only
@require_GET
def photo_page(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    photo = _seen(request, photo_id)
    if not photo.is_ready:
        raise Http404
    owner = owner_of(photo.owner_kind)
    facts = {
        "photo": photo,
        "back": owner.address(photo.owner_id) if owner else "/",
        "layout": "shell/city.html" if person_of(request).is_staff_member else "shell/neighbour.html",
    }
    return render(request, "media/photo.html", facts)


def _seen(request: HttpRequest, photo_id: UUID) -> Photo:
    photo = photo_for(person_of(request), photo_id)
    if photo is None:
        raise Http404
    return photo
