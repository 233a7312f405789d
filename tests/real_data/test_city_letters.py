"""One run of letters for every door of a real city: each its own code, and what is printed is what opens the door."""

import csv
import io
import resource
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import typst
import zxingcpp
from django.urls import reverse
from PIL import Image

from stoep.joining import codes
from stoep.joining.models import LetterCode
from stoep.rollout import letter_files
from stoep.rollout.jobs import make_letters
from stoep.rollout.models import LetterRun
from tests.real_data.city import CityHall, city_hall

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]

DOORS = 26_636
BATCH_LOOKED_AT, LETTER_LOOKED_AT = 53, 17
MOST_MEMORY = 1_200_000  # kibibytes


@pytest.fixture
def hasselt(city_files: Path) -> CityHall:
    hall = city_hall("Hasselt")
    hall.import_file("borders", city_files / "hasselt/hasselt-wijken-2024.geojson")
    hall.import_file("addresses", city_files / "hasselt/hasselt-adressen-crab-2013.csv")
    return hall


def ordered(hall: CityHall) -> LetterRun:
    words = {"where": "city", "request_key": str(uuid4())}
    assert "26,636 letters" in hall.browser.post(reverse("letters"), words | {"look": "1"}).content.decode()
    answer = hall.browser.post(reverse("letters"), words | {"order": "1", "count": str(DOORS)})
    return LetterRun.objects.get(pk=UUID(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def page_as_picture(pdf: bytes, page: int, folder: Path) -> Image.Image:
    """One page of the PDF itself, as a printer would put it on paper."""
    (folder / "letters.pdf").write_bytes(pdf)
    sheet = f'#set page(width: 210mm, height: 297mm, margin: 0pt)\n#image("letters.pdf", page: {page}, width: 210mm)'
    (folder / "sheet.typ").write_text(sheet)
    made: Any = typst.compile(str(folder / "sheet.typ"), root=str(folder), format="png", ppi=150)
    return Image.open(io.BytesIO(made))


def test_all_26636_letters_in_one_run(hasselt: CityHall, tmp_path: Path) -> None:
    run = ordered(hasselt)
    assert run.letter_count == DOORS

    began = time.perf_counter()
    while run.state == LetterRun.State.MAKING:
        make_letters(run_id=str(run.pk))
        run.refresh_from_db()
    seconds = time.perf_counter() - began

    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pace = f"{DOORS} letters in {seconds:.0f} s, {DOORS / seconds:.0f} a second, at most {memory / 1024:.0f} MiB"
    print(pace)  # noqa: T201  a figure for who runs it
    assert memory < MOST_MEMORY
    assert (run.state, run.made_count) == (LetterRun.State.READY, DOORS)
    kept = LetterCode.objects.filter(run_id=run.pk)
    assert kept.values("code_hash").distinct().count() == kept.values("address").distinct().count() == DOORS

    _look_at_one_letter(run, tmp_path)
    _fetch_all(hasselt, run)


def _look_at_one_letter(run: LetterRun, folder: Path) -> None:
    """The square on the sheet, the line of the printing house and the database speak of the same door."""
    table = letter_files.fetch(run.pk, BATCH_LOOKED_AT, "letters.csv").decode("utf-8-sig")
    row = list(csv.DictReader(io.StringIO(table, newline=""), delimiter=";"))[LETTER_LOOKED_AT]
    pdf = letter_files.fetch(run.pk, BATCH_LOOKED_AT, "letters.pdf")
    (square,) = zxingcpp.read_barcodes(page_as_picture(pdf, 2 * LETTER_LOOKED_AT + 1, folder))
    code = row["code"].replace(" ", "")
    assert square.text == row["url"]
    assert square.text.endswith(f"/q/{code}/")
    assert codes.is_well_formed(code)
    kept = LetterCode.objects.select_related("address__street").get(code_hash=codes.code_hash(code))
    assert f"{kept.address}" == row["street_line"]


def _fetch_all(hall: CityHall, run: LetterRun) -> None:
    """The zip comes piece by piece; afterwards nothing of it is left here."""
    answer: Any = hall.browser.post(reverse("letter_run_files", args=[run.pk]))
    size = sum(len(piece) for piece in answer.streaming_content)
    assert size > 50_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY
    hall.browser.post(reverse("letter_run_receipt", args=[run.pk]))
    assert letter_files.names(run.pk) == []
    overview = hall.page("rollout")
    assert overview.count("26,636") >= 2
