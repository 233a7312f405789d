"""`stoep`, command by command: 0 only when done, one line when refused, nothing changed by --dry-run."""

import argparse
import os
import pty
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from stoep.access.gate import INSTALLATION
from stoep.access.models import AccessLog
from stoep.cityhall.actions import add_department
from stoep.joining import codes
from stoep.joining.models import LetterCode
from stoep.operations import command_line, generated
from stoep.operations.cast import JOINED_AT, Cast
from stoep.operations.demo.facts import municipality
from stoep.operations.demo.places import addresses_csv, borders_geojson
from stoep.operations.models import Hosting
from stoep.people.models import Person, Role
from stoep.places.models import Address, Municipality, Neighbourhood
from stoep.rollout import letter_files
from stoep.rollout.models import ImportRun, LetterRun

Captured = pytest.CaptureFixture[str]
DONE, REFUSED, NOT_UNDERSTOOD = 0, 1, 2


def stoep(*words: str) -> int:
    return command_line.main(words)


def ended_with(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        stoep(*words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def assert_one_line(captured: Captured, *parts: str) -> None:
    said = captured.readouterr().err
    assert said.startswith("stoep: ")
    assert said.count("\n") == 1
    assert all(part in said for part in parts), said


def leaves(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command, with the words that lead to it."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                found += leaves(below, (*path, name))
    return found or [path]


COMMANDS = leaves(command_line._parser())


@pytest.fixture
def city(db: None) -> Municipality:
    del db
    assert stoep("municipality", "add", "Diepenbeek", "--host", "buurt.diepenbeek.example") == DONE
    return Municipality.objects.get()


@pytest.fixture
def borders(tmp_path: Path) -> Path:
    path = tmp_path / "wijken.geojson"
    path.write_bytes(borders_geojson(municipality("diepenbeek")))
    return path


@pytest.fixture
def addresses(tmp_path: Path) -> Path:
    path = tmp_path / "adressen.csv"
    path.write_bytes(addresses_csv(municipality("diepenbeek")))
    return path


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...], capsys: Captured) -> None:
    assert ended_with(*words, "--help") == DONE
    said = capsys.readouterr().out
    assert said.startswith(f"usage: stoep {' '.join(words)}")
    assert len(said.split("\n\n")[1]) > 10


def test_all_that_the_operator_needs_is_there() -> None:
    named = {" ".join(words) for words in COMMANDS}
    assert named >= {"serve", "migrate", "worker", "live", "letters", "import-borders", "import-addresses", "open"}
    assert named >= {"municipality add", "municipality list", "staff add", "docs", "demo-city"}


@pytest.mark.parametrize("words", [(), ("fly",), ("open", "wide"), ("municipality", "add", "Gent")])
def test_what_is_not_understood_ends_with_2(words: tuple[str, ...], capsys: Captured) -> None:
    assert ended_with(*words) == NOT_UNDERSTOOD
    assert "usage: stoep" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_municipality_is_added_once(capsys: Captured) -> None:
    add = ("municipality", "add", "Sint-Truiden", "--host", "buurt.sint-truiden.example", "--help-phone", "011 1")
    assert stoep(*add, "--dry-run") == DONE
    assert not Municipality.objects.exists()
    assert stoep(*add) == DONE
    made = Municipality.objects.get()
    assert (made.slug, made.name, made.help_phone) == ("sint-truiden", "Sint-Truiden", "011 1")
    capsys.readouterr()
    assert stoep(*add) == REFUSED
    assert_one_line(capsys, "already there")
    assert stoep("municipality", "list") == DONE
    assert "sint-truiden\tSint-Truiden\tbuurt.sint-truiden.example\t0" in capsys.readouterr().out


def test_borders_are_shown_then_imported(city: Municipality, borders: Path, capsys: Captured) -> None:
    assert stoep("import-borders", str(borders), "--dry-run") == DONE
    said = capsys.readouterr().out
    assert "Reading wijken.geojson" in said
    assert "neighbourhoods" in said
    assert not Neighbourhood.objects.exists()
    assert ImportRun.objects.get().state == ImportRun.State.DROPPED
    assert stoep("import-borders", str(borders)) == DONE
    assert Neighbourhood.objects.filter(municipality=city).count() == 3
    assert stoep("import-borders", str(borders)) == DONE
    assert Neighbourhood.objects.count() == 3


def test_addresses_are_shown_then_imported(
    city: Municipality, borders: Path, addresses: Path, capsys: Captured
) -> None:
    stoep("import-borders", str(borders))
    assert stoep("import-addresses", str(addresses), "--dry-run") == DONE
    assert not Address.objects.exists()
    assert stoep("import-addresses", str(addresses)) == DONE
    assert Address.objects.filter(municipality=city, neighbourhood__isnull=False).count() == 598
    said = capsys.readouterr().out
    assert "added" in said
    assert "waiting" in said


def test_a_file_that_cannot_be_read_changes_nothing(city: Municipality, tmp_path: Path, capsys: Captured) -> None:
    del city
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [')
    assert stoep("import-borders", str(tmp_path / "nowhere.geojson")) == REFUSED
    assert_one_line(capsys, "nowhere.geojson")
    assert stoep("import-borders", str(broken)) == REFUSED
    assert_one_line(capsys)
    assert stoep("import-addresses", str(broken)) == REFUSED
    assert_one_line(capsys)
    assert not Neighbourhood.objects.exists()
    assert not Address.objects.exists()


def test_neighbourhoods_open_by_name_or_all(city: Municipality, borders: Path, capsys: Captured) -> None:
    stoep("import-borders", str(borders))
    assert stoep("open", "pilot", "lutselus") == DONE
    states = dict(Neighbourhood.objects.values_list("name", "state"))
    assert states == {"Lutselus": "pilot", "Rooierheide": "planned", "Diepenbeek-Centrum": "planned"}
    capsys.readouterr()
    assert stoep("open", "open", "Lutselus", "Atlantis") == REFUSED
    assert_one_line(capsys, "Atlantis")
    assert Neighbourhood.objects.get(name="Lutselus").state == "pilot"
    assert stoep("open", "paused") == DONE
    assert set(Neighbourhood.objects.values_list("state", flat=True)) == {"paused"}
    assert AccessLog.objects.filter(municipality=city, action="rollout:neighbourhood:open").count() == 4


@pytest.mark.usefixtures("cast")
def test_letters_are_counted_first_and_then_written_out_once(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "letters.zip"
    letters = ("letters", "--municipality", "hasselt", "--street", "Koorstraat")
    assert stoep(*letters, "--dry-run") == DONE
    assert "12 letters" in capsys.readouterr().out
    assert not LetterRun.objects.exists()
    assert stoep(*letters, "--out", str(out)) == DONE
    assert "12 of 12 letters" in capsys.readouterr().out
    run = LetterRun.objects.get()
    assert run.state == LetterRun.State.RECEIVED
    assert letter_files.names(run.pk) == []
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["0001-letters.csv", "0001-letters.pdf"]
        rows = archive.read("0001-letters.csv").decode("utf-8-sig").splitlines()
    assert len(rows) == 13
    code = codes.normalise(rows[1].split(";")[1].strip('"'))
    assert code is not None
    assert LetterCode.objects.get(code_hash=codes.code_hash(code)).address is not None


@pytest.mark.usefixtures("cast")
def test_letters_to_nowhere_are_refused(tmp_path: Path, capsys: Captured) -> None:
    assert stoep("letters", "--municipality", "hasselt", "--street", "Nergensstraat") == REFUSED
    assert_one_line(capsys, "Nergensstraat")
    assert stoep("letters", "--street", "Koorstraat", "--out", str(tmp_path / "letters.zip")) == REFUSED
    assert_one_line(capsys, "--municipality")
    assert not LetterRun.objects.exists()


def test_a_city_without_letterboxes_gets_no_letters(city: Municipality, capsys: Captured) -> None:
    del city
    assert stoep("letters") == REFUSED
    assert_one_line(capsys, "no letterbox")


@pytest.mark.usefixtures("cast")
def test_an_output_that_cannot_be_written_is_said_before_a_letter_is_made(tmp_path: Path, capsys: Captured) -> None:
    letters = ("letters", "--municipality", "hasselt", "--street", "Koorstraat")
    assert stoep(*letters, "--out", str(tmp_path / "missing" / "letters.zip")) == REFUSED
    assert_one_line(capsys, "letters.zip")
    assert not LetterRun.objects.exists()


def test_staff_is_added_with_a_role(cast: Cast, capsys: Captured) -> None:
    hasselt = cast.cities["hasselt"]
    add_department(person=INSTALLATION, municipality=hasselt, name="Groendienst", now=JOINED_AT)
    add = ("staff", "add", "an.maes@hasselt.example", "--name", "An Maes", "--municipality", "hasselt")
    before = Person.objects.count()
    assert stoep(*add, "--role", "city-admin", "--dry-run") == DONE
    assert Person.objects.count() == before
    assert stoep(*add, "--role", "editor", "--department", "groendienst") == DONE
    assert stoep(*add, "--role", "moderator") == DONE
    person = Person.objects.get(name="An Maes")
    assert person.is_staff_member
    assert person.email_confirmed_at is not None
    roles = {role.role: role.department for role in Role.objects.filter(person=person)}
    assert set(roles) == {"editor", "moderator"}
    assert roles["editor"] is not None
    capsys.readouterr()
    assert stoep(*add, "--role", "mayor") == REFUSED
    assert_one_line(capsys, "mayor")
    assert stoep(*add, "--role", "editor", "--department", "Toverij") == REFUSED
    assert_one_line(capsys, "Toverij")
    assert stoep("staff", "add", "nowhere", "--name", "An Maes", "--role", "editor", "--municipality", "hasselt") == 1
    assert_one_line(capsys)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("role", ["neighbour", "provisional", "suspended", "ambassador"])
def test_a_neighbours_standing_is_no_task_of_staff(role: str, capsys: Captured) -> None:
    add = ("staff", "add", "an@hasselt.example", "--name", "An Maes", "--municipality", "hasselt", "--role", role)
    assert stoep(*add) == REFUSED
    assert_one_line(capsys, role)
    assert not Person.objects.filter(name="An Maes").exists()


@pytest.mark.django_db
def test_a_plan_of_migrations_is_only_shown(capsys: Captured) -> None:
    assert stoep("migrate", "--dry-run") == DONE
    assert "Planned operations" in capsys.readouterr().out


def test_generated_pages_are_checked_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(generated, "DOCS", tmp_path)
    assert stoep("docs", "--check") == REFUSED
    assert not list(tmp_path.iterdir())
    assert stoep("docs") == DONE
    assert "written" in capsys.readouterr().out
    assert stoep("docs", "--check") == DONE
    (tmp_path / "permissions.md").write_text("Everybody may do everything.")
    assert stoep("docs", "--check") == REFUSED
    assert "permissions.md is not up to date" in capsys.readouterr().out


@pytest.mark.usefixtures("cast")
def test_the_demo_city_is_only_built_in_the_demo_and_only_once(settings: Settings, capsys: Captured) -> None:
    assert stoep("demo-city") == REFUSED
    assert_one_line(capsys, "./dev demo")
    settings.IS_DEMO = True
    before = Municipality.objects.count()
    assert stoep("demo-city") == REFUSED
    assert_one_line(capsys, "already")
    assert Municipality.objects.count() == before


def test_who_may_hold_which_role_is_said_when_a_municipality_is_added(db: None, capsys: Captured) -> None:
    del db
    words = ("municipality", "add", "Diepenbeek", "--host", "buurt.diepenbeek.example")
    assert stoep(*words, "--self-hosted") == DONE
    said = capsys.readouterr().out
    assert "moderator and operator must be people of a body that is independent of the city" in said
    assert "Nobody who works for the city may moderate" in said
    assert Hosting.objects.get().is_self_hosted
    assert stoep("municipality", "hosting", "--independent") == DONE
    assert "a body independent of the city runs this server" in capsys.readouterr().out
    assert not Hosting.objects.get().is_self_hosted


def test_who_hosts_is_not_guessed_where_nobody_can_be_asked(db: None, capsys: Captured) -> None:
    del db
    assert stoep("municipality", "add", "Diepenbeek", "--host", "buurt.diepenbeek.example") == DONE
    assert "was not said: stoep municipality hosting" in capsys.readouterr().out
    assert not Hosting.objects.exists()
    assert stoep("municipality", "hosting") == REFUSED
    assert_one_line(capsys, "--self-hosted or --independent")


def test_at_the_keyboard_it_is_asked(db: None, capsys: Captured) -> None:
    """By a person at a real terminal, who first presses something else."""
    del db
    ours, theirs = pty.openpty()
    before = sys.stdin
    with os.fdopen(theirs, "r") as terminal:
        sys.stdin = terminal
        try:
            os.write(ours, b"perhaps\ny\n")
            assert stoep("municipality", "add", "Diepenbeek", "--host", "buurt.diepenbeek.example") == DONE
        finally:
            sys.stdin = before
    os.close(ours)
    assert capsys.readouterr().out.count("Does the city run this server itself?") == 2
    assert Hosting.objects.get().is_self_hosted
