"""Promises of a run's files: sealed on disk, whole or absent, never another's, harmless in a spreadsheet."""

import csv
import io
import stat
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from stoep.joining import codes
from stoep.places.models import Municipality
from stoep.rollout import letter_files
from stoep.rollout.letter_files import FileSpoiledError
from stoep.rollout.letter_words import Letter, layout_of

RUN = UUID("01900000-0000-7000-8000-000000000001")
OTHER_RUN = UUID("01900000-0000-7000-8000-000000000002")
CODE = codes.new_codes(1)[0]
LAYOUT = layout_of(Municipality(name="Stad Hasselt", host="buurt.hasselt.example", default_language="nl"))


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.STOEP_VAR = tmp_path
    return tmp_path / "letters"


def _rows(letters: list[Letter]) -> list[list[str]]:
    text = letter_files.letter_csv(LAYOUT, letters, first_number=7).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_printing_house_gets_every_door_with_its_code_and_address() -> None:
    letters = [Letter(CODE, "Dorpsstraat 1", "3510 Hasselt"), Letter("482917365501", "Plein 2 bus 3", "3500 Hasselt")]

    assert _rows(letters) == [
        ["number", "code", "addressee", "street_line", "city_line", "url"],
        ["7", codes.shown(CODE), "Aan de bewoners van", "Dorpsstraat 1", "3510 Hasselt", LAYOUT.code_url(CODE)],
        [
            "8",
            "4829 1736 5501",
            "Aan de bewoners van",
            "Plein 2 bus 3",
            "3500 Hasselt",
            LAYOUT.code_url("482917365501"),
        ],
    ]


def test_a_belgian_spreadsheet_reads_the_file_as_it_is() -> None:
    content = letter_files.letter_csv(LAYOUT, [Letter(CODE, "Crèvecœurstraat 1", "3500 Hasselt")])

    assert content.startswith(b"\xef\xbb\xbf")
    assert "Crèvecœurstraat".encode() in content
    assert content.count(b"\r\n") == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_run_by_a_spreadsheet(start: str) -> None:
    street = f'{start}HYPERLINK("http://x";"y")'

    assert _rows([Letter(CODE, street, "3500 Hasselt")])[1][3] == f"'{street}"


def test_quotes_semicolons_and_line_ends_stay_inside_their_cell() -> None:
    street = 'Straat "van" x; 12\nbus'

    assert _rows([Letter(CODE, street, "3500 Hasselt")])[1][3] == street


def test_what_was_stored_is_fetched() -> None:
    letter_files.store(RUN, 1, "letters.pdf", b"%PDF first")
    letter_files.store(RUN, 1, "letters.pdf", b"%PDF second")

    assert letter_files.fetch(RUN, 1, "letters.pdf") == b"%PDF second"


def test_no_code_stands_readable_on_disk(var: Path) -> None:
    content = letter_files.letter_csv(LAYOUT, [Letter(CODE, "Dorpsstraat 1", "3510 Hasselt")])
    letter_files.store(RUN, 1, "letters.csv", content)
    (file,) = [path for path in var.rglob("*") if path.is_file()]

    assert content not in file.read_bytes()
    assert codes.shown(CODE).encode() not in file.read_bytes()
    assert b"Dorpsstraat" not in file.read_bytes()


def test_only_the_owner_of_the_process_may_read_the_files(var: Path) -> None:
    letter_files.store(RUN, 1, "letters.pdf", b"x")
    (file,) = [path for path in var.rglob("*") if path.is_file()]

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_that_cannot_be_finished_leaves_nothing_behind(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter_files.store(RUN, 1, "letters.pdf", b"old")

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        letter_files.store(RUN, 1, "letters.pdf", b"new")

    assert letter_files.fetch(RUN, 1, "letters.pdf") == b"old"
    assert len([path for path in var.rglob("*") if path.is_file()]) == 1


def test_a_file_changed_cut_or_moved_is_not_opened(var: Path) -> None:
    letter_files.store(RUN, 1, "letters.pdf", b"first batch")
    letter_files.store(RUN, 2, "letters.pdf", b"second batch")
    first, second = sorted(path for path in var.rglob("*") if path.is_file())
    whole = first.read_bytes()

    for spoiled in (whole[:-1], whole[:5], b"", bytes([whole[0] ^ 1]) + whole[1:], second.read_bytes()):
        first.write_bytes(spoiled)
        with pytest.raises(FileSpoiledError):
            letter_files.fetch(RUN, 1, "letters.pdf")


def test_the_same_content_is_sealed_differently_each_time() -> None:
    assert letter_files.seal_file(b"same") != letter_files.seal_file(b"same")
    assert letter_files.open_file(letter_files.seal_file(b"same")) == b"same"


def test_the_zip_holds_every_batch_in_order_and_nothing_of_another_run() -> None:
    for batch in (2, 10, 1):
        letter_files.store(RUN, batch, "letters.pdf", b"%PDF batch " + str(batch).encode())
    letter_files.store(OTHER_RUN, 1, "letters.pdf", b"other")

    pieces = list(letter_files.zip_of(RUN))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))

    assert archive.testzip() is None
    assert archive.namelist() == ["0001-letters.pdf", "0002-letters.pdf", "0010-letters.pdf"] == letter_files.names(RUN)
    assert archive.read("0010-letters.pdf") == b"%PDF batch 10"
    assert len(pieces) == 4


def test_a_run_without_files_is_an_empty_zip() -> None:
    assert zipfile.ZipFile(io.BytesIO(b"".join(letter_files.zip_of(RUN)))).namelist() == []


def test_a_forgotten_run_is_gone_and_can_be_forgotten_again(var: Path) -> None:
    letter_files.store(RUN, 1, "letters.pdf", b"x")
    letter_files.store(OTHER_RUN, 1, "letters.pdf", b"y")

    (var / "lost+found").mkdir()

    letter_files.forget(RUN)
    letter_files.forget(RUN)

    assert letter_files.kept_runs() == [OTHER_RUN]
    assert not (var / str(RUN)).exists()
    with pytest.raises(FileNotFoundError):
        letter_files.fetch(RUN, 1, "letters.pdf")


def test_before_the_first_run_there_is_nothing_to_clean() -> None:
    assert letter_files.kept_runs() == []


@pytest.mark.parametrize("name", ["../letters.pdf", "/etc/passwd", "", "Letters.pdf", ".hidden", "a\x00b", "x" * 62])
def test_a_name_never_leads_out_of_the_runs_folder(name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        letter_files.store(RUN, 1, name, b"x")
