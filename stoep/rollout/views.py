"""The rollout's pages: how it goes, letters, imports, addresses that wait for a hand."""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import PersonRequest, staff_only
from stoep.access.gate import require
from stoep.common import clock
from stoep.people.models import RoleName as R
from stoep.places.choosing import drawing_of, living, street_groups
from stoep.places.models import Address, Municipality, Neighbourhood
from stoep.places.readers.refusals import REASONS
from stoep.rollout import letter_files
from stoep.rollout.actions import edit_letter_text, open_neighbourhood, place_address
from stoep.rollout.forms import ImportForm, LetterTextForm, OrderForm, PlaceForm, StateForm
from stoep.rollout.imports import ChangedMeanwhile, NotShown, apply_import, drop_import, show_import
from stoep.rollout.letter_runs import NoDoors, NotReady, order_letters, receive_letters
from stoep.rollout.letter_words import default_texts, layout_of
from stoep.rollout.letters import LetterRefusedError, letter_pictures
from stoep.rollout.models import ImportRun
from stoep.rollout.queries import import_runs, letter_runs, overview, waiting_addresses

READERS = (R.ROLLOUT, R.CITY_ADMIN, R.ANALYST, R.DPO)
WRITERS = (R.ROLLOUT, R.CITY_ADMIN)
ADDRESSES_A_PAGE = 25


@staff_only(*READERS)
@require_GET
def rollout(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    require(_person(request), "rollout:page:read", municipality, now=clock.now())
    facts = {"overview": overview(municipality), "drawing": drawing_of(municipality), "states": Neighbourhood.State}
    return render(request, "rollout/rollout.html", facts)


@staff_only(*WRITERS)
@require_POST
def neighbourhood_state(request: HttpRequest, neighbourhood_id: UUID) -> HttpResponse:
    neighbourhood = get_object_or_404(living(_municipality(request)), pk=neighbourhood_id)
    form = StateForm(request.POST)
    if form.is_valid():
        state = Neighbourhood.State(form.cleaned_data["state"])
        open_neighbourhood(person=_person(request), neighbourhood=neighbourhood, state=state, now=clock.now())
    return HttpResponseRedirect(reverse("rollout") + f"#place-{neighbourhood_id}")


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    form = OrderForm(request.POST or None, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        is_chosen = form.cleaned_data["where"] == "some"
        try:
            run = order_letters(
                person=_person(request),
                municipality=municipality,
                neighbourhoods=list(form.cleaned_data["neighbourhoods"]) if is_chosen else [],
                streets=list(form.cleaned_data["streets"]) if is_chosen else [],
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("letter_run", args=[run.pk]))
        except NoDoors:
            form.add_error("where", _("There is no letterbox there yet. Import the addresses first."))
    facts = {"form": form, "runs": letter_runs(municipality)[:50], **_pickers(request, municipality)}
    return render(request, "rollout/letters.html", facts, status=422 if form.is_bound else 200)


@staff_only(*WRITERS)
@require_GET
def letter_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(letter_runs(_municipality(request)), pk=run_id)
    return render(request, "rollout/letter_run.html", {"run": run, "not_ready": "not-ready" in request.GET})


@staff_only(*WRITERS)
@require_POST
def letter_run_files(request: HttpRequest, run_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The whole run as one zip. A POST, because it is written down who fetched it."""
    run = get_object_or_404(letter_runs(_municipality(request)), pk=run_id)
    require(_person(request), "rollout:letters:fetch", run, now=clock.now())
    if run.state != run.State.READY:
        return HttpResponseRedirect(reverse("letter_run", args=[run.pk]) + "?not-ready")
    response = StreamingHttpResponse(letter_files.zip_of(run.pk), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="letters-{run.ordered_at:%Y-%m-%d}.zip"'
    return response


@staff_only(*WRITERS)
@require_POST
def letter_run_receipt(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(letter_runs(_municipality(request)), pk=run_id)
    try:
        receive_letters(person=_person(request), run=run, now=clock.now())
    except NotReady:
        return HttpResponseRedirect(reverse("letter_run", args=[run.pk]) + "?not-ready")
    return HttpResponseRedirect(reverse("letter_run", args=[run.pk]))


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def letter_text(request: HttpRequest) -> HttpResponse:
    municipality = Municipality.objects.get(pk=_municipality(request).pk)
    form = LetterTextForm(request.POST if request.method == "POST" else None, initial=municipality.letter_text)
    if request.method == "POST" and form.is_valid():
        try:
            edit_letter_text(
                person=_person(request), municipality=municipality, words=form.cleaned_data, now=clock.now()
            )
            return HttpResponseRedirect(reverse("letter_text") + "?saved")
        except LetterRefusedError:
            form.add_error(None, _("These words do not fit on the letter. Make them shorter."))
    proposal = default_texts(municipality.name, municipality.default_language)
    facts = {"form": form, "proposal": proposal, "saved": "saved" in request.GET}
    return render(request, "rollout/letter_text.html", facts, status=422 if form.is_bound else 200)


@staff_only(*WRITERS)
@require_GET
def letter_picture(request: HttpRequest, side: str) -> HttpResponse:
    """The letter as it would be printed now, as a picture: front or back."""
    if side not in {"front", "back"}:
        raise Http404
    pictures = letter_pictures(layout_of(Municipality.objects.get(pk=_municipality(request).pk)))
    return HttpResponse(pictures[0 if side == "front" else 1], content_type="image/png")


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = cast("TemporaryUploadedFile", form.cleaned_data["file"])
        run = show_import(
            person=_person(request),
            municipality=municipality,
            kind=ImportRun.Kind(form.cleaned_data["kind"]),
            path=Path(file.temporary_file_path()),
            file_name=file.name or "",
            now=clock.now(),
        )
        return HttpResponseRedirect(reverse("import_run", args=[run.pk]))
    facts = {"form": form, "runs": import_runs(municipality)[:50]}
    return render(request, "rollout/imports.html", facts, status=422 if form.is_bound else 200)


@staff_only(*WRITERS)
@require_GET
def import_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(import_runs(_municipality(request)), pk=run_id)
    facts = {"run": run, "reasons": REASONS, "changed": "changed" in request.GET}
    return render(request, "rollout/import_run.html", facts)


@staff_only(*WRITERS)
@require_POST
def import_application(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(import_runs(_municipality(request)), pk=run_id)
    page = reverse("import_run", args=[run.pk])
    try:
        apply_import(person=_person(request), run=run, now=clock.now())
    except (ChangedMeanwhile, NotShown):
        return HttpResponseRedirect(page + "?changed")
    return HttpResponseRedirect(page)


@staff_only(*WRITERS)
@require_POST
def import_refusal(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(import_runs(_municipality(request)), pk=run_id)
    drop_import(person=_person(request), run=run, now=clock.now())
    return HttpResponseRedirect(reverse("import_run", args=[run.pk]))


@staff_only(*WRITERS)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    municipality = _municipality(request)
    page = Paginator(waiting_addresses(municipality), ADDRESSES_A_PAGE).get_page(request.GET.get("page"))
    form = PlaceForm(municipality=municipality)
    drawing = drawing_of(municipality)
    return render(request, "rollout/waiting.html", {"page": page, "form": form, "drawing": drawing})


@staff_only(*WRITERS)
@require_POST
def address_place(request: HttpRequest, address_id: UUID) -> HttpResponse:
    municipality = _municipality(request)
    address = get_object_or_404(Address, pk=address_id, municipality=municipality, retired_at=None)
    form = PlaceForm(request.POST, municipality=municipality)
    if form.is_valid():
        neighbourhood = form.cleaned_data["neighbourhood"]
        place_address(person=_person(request), address=address, neighbourhood=neighbourhood, now=clock.now())
    return HttpResponseRedirect(reverse("waiting_addresses"))


def _person(request: HttpRequest) -> Any:
    return cast("PersonRequest", request).user


def _municipality(request: HttpRequest) -> Municipality:
    return cast("Municipality", _person(request).municipality)


def _pickers(request: HttpRequest, municipality: Municipality) -> dict[str, Any]:
    chosen = {*request.POST.getlist("neighbourhoods"), *request.POST.getlist("streets")}
    return {"drawing": drawing_of(municipality), "groups": street_groups(municipality), "chosen": chosen}
