"""A real city cannot start with a missing or known key, nor show the inside of its errors."""

import os
import subprocess
import sys

import pytest

from stoep.operations.preparing import ROOT

KEY, OTHER_KEY = (
    "a long and random key for the tests of the settings",
    "another long and random key, for the data in it",
)
ASK = """
import json
from config import settings
names = ["DEBUG", "IS_DEMO", "ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""
REAL = {"STOEP_SECRET_KEY": KEY, "STOEP_DATA_KEY": OTHER_KEY, "STOEP_ALLOWED_HOSTS": "buurt.hasselt.be"}


def started(**given: str) -> "subprocess.CompletedProcess[str]":
    """The settings as a program reads them that knows nothing but `given`."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment = clean | {"PYTHONPATH": str(ROOT)} | given
    return subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_a_real_city_with_its_own_keys_starts_closed() -> None:
    done = started(**REAL)
    assert done.returncode == 0, done.stderr
    assert '"DEBUG": false' in done.stdout
    assert '"IS_DEMO": false' in done.stdout
    assert '"ALLOWED_HOSTS": ["buurt.hasselt.be"]' in done.stdout
    assert '"SESSION_COOKIE_NAME": "__Host-stoep_session"' in done.stdout
    assert '"SESSION_COOKIE_SECURE": true, "SECURE_SSL_REDIRECT": true' in done.stdout


@pytest.mark.parametrize("name", ["STOEP_SECRET_KEY", "STOEP_DATA_KEY"])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="missing"),
        pytest.param("too short to be random", id="short"),
        pytest.param("the demo's key: anybody can read it in the source, so no real city may use it", id="demo"),
        pytest.param(
            "the demo's key: anybody can read it in the source, so no real city may use it (STOEP_DATA_KEY)",
            id="demo with its name",
        ),
    ],
)
def test_a_missing_short_or_known_key_is_refused(name: str, value: str) -> None:
    done = started(**{**REAL, name: value})
    assert done.returncode != 0
    assert f"{name} is missing or too weak" in done.stderr


def test_one_key_for_two_purposes_is_refused() -> None:
    done = started(**{**REAL, "STOEP_DATA_KEY": KEY})
    assert done.returncode != 0
    assert "STOEP_DATA_KEY" in done.stderr


def test_debug_is_refused_in_a_real_city_and_allowed_in_the_demo() -> None:
    done = started(**REAL, STOEP_DEBUG="1")
    assert done.returncode != 0
    assert "STOEP_DEBUG" in done.stderr
    assert started(STOEP_DEMO="1", STOEP_DEBUG="1").returncode == 0


def test_the_demo_needs_no_keys_and_no_certificate() -> None:
    done = started(STOEP_DEMO="1")
    assert done.returncode == 0, done.stderr
    assert '"SESSION_COOKIE_SECURE": false, "SECURE_SSL_REDIRECT": false' in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STOEP_PORT", "eighty", "STOEP_PORT must be a whole number"),
        ("STOEP_PROXIES", "-1", "STOEP_PROXIES must be a whole number"),
        ("DATABASE_URL", "mysql://localhost/stoep", "DATABASE_URL must be a postgresql:// address"),
    ],
)
def test_what_makes_no_sense_is_named(name: str, value: str, said: str) -> None:
    done = started(**REAL, **{name: value})
    assert done.returncode != 0
    assert said in done.stderr


def test_the_command_says_it_in_one_line() -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "stoep.operations.command_line", "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("stoep: STOEP_SECRET_KEY is missing")
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_away_is_said_in_one_line() -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **REAL}
    environment |= {"DATABASE_URL": "postgresql:///stoep?host=/nowhere"}
    command = [sys.executable, "-m", "stoep.operations.command_line", "municipality", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("stoep: The database does not answer")
    assert done.stderr.count("\n") == 1
