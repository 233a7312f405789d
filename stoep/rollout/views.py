"""The rollout's pages: how it goes, letters, imports."""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stoep.access.decorators import PersonRequest, staff_only
from stoep.access.gate import require
from stoep.common import clock
from stoep.joining.asking import asked_by_neighbourhood
from stoep.people.models import Person
from stoep.people.models import RoleName as R
from stoep.places.choosing import drawing_of, living, street_drawing, street_groups
from stoep.places.models import Municipality, Neighbourhood
from stoep.places.readers.refusals import REASONS, UnreadableFile
from stoep.places.shading import shaded
from stoep.rollout import letter_files
from stoep.rollout.actions import edit_letter_text, open_neighbourhood
from stoep.rollout.forms import ImportForm, LetterTextForm, OrderForm, StateForm
from stoep.rollout.imports import ChangedMeanwhile, NotShown, apply_import, drop_import, look_again, show_import
from stoep.rollout.letter_runs import (
    NoDoors,
    NotReady,
    doors_of,
    is_fetchable,
    letters_for,
    order_letters,
    receive_letters,
)
from stoep.rollout.letter_words import default_texts, layout_of
from stoep.rollout.letters import LetterRefusedError, letter_pictures
from stoep.rollout.models import ImportRun
from stoep.rollout.queries import import_runs, letter_runs, overview

READERS = (R.ROLLOUT, R.CITY_ADMIN, R.ANALYST, R.DPO)
WRITERS = (R.ROLLOUT, R.CITY_ADMIN)
TOO_MUCH = {
    "front": gettext_lazy("This is too much for the front of the letter. Make it shorter."),
    "back": gettext_lazy("This is too much for the back of the letter. Make it shorter."),
    "text": gettext_lazy("These words do not fit on the letter. Make them shorter."),
    "logo": gettext_lazy("The city's logo cannot be printed."),
}


@staff_only(*READERS)
@require_GET
def rollout(request: HttpRequest) -> HttpResponse:
    return _rollout_page(request)


@staff_only(*WRITERS)
@require_POST
def neighbourhood_state(request: HttpRequest, neighbourhood_id: UUID) -> HttpResponse:
    neighbourhood = get_object_or_404(living(_municipality(request)), pk=neighbourhood_id)
    form = StateForm(request.POST)
    if not form.is_valid():
        return _rollout_page(request, refusal=_("Choose one of the four states."))
    state = Neighbourhood.State(form.cleaned_data["state"])
    open_neighbourhood(person=_person(request), neighbourhood=neighbourhood, state=state, now=clock.now())
    return HttpResponseRedirect(reverse("rollout") + f"#place-{neighbourhood_id}")


@staff_only(*WRITERS)
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Choose where letters go, see how many that makes, order them."""
    municipality = _municipality(request)
    form = OrderForm(request.POST if request.method == "POST" else None, municipality=municipality)
    count = None
    if request.method == "POST" and form.is_valid():
        count = letters_for(doors_of(municipality, **form.destination))
        if "order" in request.POST and str(count) == request.POST.get("count"):
            return _order(request, form)
        if not count:
            form.add_error("where", _("There is no letterbox there yet. Import the addresses first."))
    return _letters_page(request, form, count)


@staff_only(*WRITERS)
@require_GET
def letter_streets(request: HttpRequest, neighbourhood_id: UUID) -> HttpResponse:
    """The map of one neighbourhood's streets, to be chosen from by pointing."""
    neighbourhood = get_object_or_404(living(_municipality(request)), pk=neighbourhood_id)
    facts = {"drawing": street_drawing(neighbourhood), "name": neighbourhood.name}
    return render(request, "rollout/streets.html", facts)


@staff_only(*WRITERS)
@require_GET
def letter_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(letter_runs(_municipality(request)), pk=run_id)
    facts = {"run": run, "is_fetchable": is_fetchable(run, now=clock.now()), "not_ready": "not-ready" in request.GET}
    return render(request, "rollout/letter_run.html", facts)


@staff_only(*WRITERS)
@require_POST
def letter_run_files(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """The whole run as one zip. A POST, because it is written down who fetched it."""
    run = get_object_or_404(letter_runs(_municipality(request)), pk=run_id)
    require(_person(request), "rollout:letters:fetch", run, now=clock.now())
    if not is_fetchable(run, now=clock.now()):
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
        except LetterRefusedError as error:
            form.add_error(None, str(TOO_MUCH.get(error.reason, TOO_MUCH["text"])))
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
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
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
    facts = {"form": form, "runs": import_runs(municipality)[:50], "has_borders": living(municipality).exists()}
    return render(request, "rollout/imports.html", facts, status=422 if form.is_bound else 200)


@staff_only(*WRITERS)
@require_GET
def import_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(import_runs(_municipality(request)), pk=run_id)
    facts = {"run": run, "reasons": REASONS, "has_changed": "changed" in request.GET}
    return render(request, "rollout/import_run.html", facts)


@staff_only(*WRITERS)
@require_POST
def import_application(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Asked twice, it is done once. What changed meanwhile is shown anew, and asked again."""
    run = get_object_or_404(import_runs(_municipality(request)), pk=run_id)
    try:
        apply_import(person=_person(request), run=run, now=clock.now())
    except NotShown:
        pass
    except (ChangedMeanwhile, UnreadableFile):
        again = look_again(person=_person(request), run=run, now=clock.now())
        return HttpResponseRedirect(reverse("import_run", args=[again.pk]) + "?changed")
    return HttpResponseRedirect(reverse("import_run", args=[run.pk]))


@staff_only(*WRITERS)
@require_POST
def import_refusal(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(import_runs(_municipality(request)), pk=run_id)
    drop_import(person=_person(request), run=run, now=clock.now())
    return HttpResponseRedirect(reverse("import_run", args=[run.pk]))


def _rollout_page(request: HttpRequest, refusal: str = "") -> HttpResponse:
    municipality = _municipality(request)
    require(_person(request), "rollout:page:read", municipality, now=clock.now())
    found = overview(municipality)
    drawing = drawing_of(municipality)
    chart = shaded(drawing, {row.place.pk: row.members for row in found.rows}) if drawing else None
    facts = {"overview": found, "chart": chart, "states": Neighbourhood.State, "refusal": refusal}
    return render(request, "rollout/rollout.html", facts, status=422 if refusal else 200)


def _order(request: HttpRequest, form: OrderForm) -> HttpResponse:
    try:
        run = order_letters(
            person=_person(request),
            municipality=_municipality(request),
            request_key=form.cleaned_data["request_key"],
            now=clock.now(),
            **form.destination,
        )
    except NoDoors:
        form.add_error("where", _("There is no letterbox there yet. Import the addresses first."))
    except LetterRefusedError:
        form.add_error(None, _("The words of the letter do not fit. Make them shorter first."))
    else:
        return HttpResponseRedirect(reverse("letter_run", args=[run.pk]))
    return _letters_page(request, form, None)


def _letters_page(request: HttpRequest, form: OrderForm, count: int | None) -> HttpResponse:
    municipality = _municipality(request)
    chosen = {*request.POST.getlist("neighbourhoods"), *request.POST.getlist("streets")}
    facts: dict[str, Any] = {
        "form": form,
        "count": count,
        "asked": asked_by_neighbourhood(municipality),
        "runs": letter_runs(municipality)[:50],
        "drawing": drawing_of(municipality),
        "groups": street_groups(municipality),
        "chosen": chosen,
    }
    return render(request, "rollout/letters.html", facts, status=422 if form.errors else 200)


def _person(request: HttpRequest) -> Person:
    return cast("PersonRequest", request).user


def _municipality(request: HttpRequest) -> Municipality:
    return _person(request).municipality
