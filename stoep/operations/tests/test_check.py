"""`stoep check`: each thing is broken for real, and said with the way to mend it; a good set-up is left alone."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stoep.delivery.tests.post_office import HOST, PostOffice
from stoep.operations.preparing import ROOT
from stoep.operations.tests.installation import Place, beside, database_name

Findings = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, migrated: Place) -> Iterator[Place]:
    """A real set-up, as far as one machine goes: a proxy is said to stand in front, a mail server answers."""
    place = Place(tmp_path_factory.mktemp("check") / "var", database_name("check"))
    place.create_database(like=migrated)
    office = PostOffice()
    office.start()
    place.more |= {"STOEP_PROXIES": "1", "STOEP_MAIL_FROM": "stoep@buurt.hasselt.be"}
    place.more |= {"STOEP_SMTP_HOST": HOST, "STOEP_SMTP_PORT": str(office.port), "STOEP_SMTP_SECURITY": "none"}
    place.more |= {"STOEP_PORT": str(closed_port())}
    try:
        place.var.mkdir(mode=0o700)
        yield place
    finally:
        office.stop()
        place.drop_database()


def closed_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
        return port


def check(place: Place, **changed: str) -> Findings:
    """By what they are about; and the exit code fits what was found."""
    broken = Place(place.var, place.database, place.more | changed)
    ended = broken.run("check", "--json")
    assert ended.stderr == ""
    said = json.loads(ended.stdout)
    states = [one["state"] for one in said["findings"]]
    assert (ended.returncode, said["well"]) == ((1, False) if "wrong" in states else (0, True))
    assert all(one["mend"] for one in said["findings"] if one["state"] != "ok")
    found: Findings = {}
    for one in said["findings"]:
        found.setdefault(one["about"], []).append(one)
    return found


def wrong(found: Findings, about: str) -> str:
    return " ".join(f"{one['said']} {one['mend']}" for one in found.get(about, []) if one["state"] != "ok")


def test_in_a_good_set_up_only_what_does_not_run_yet_is_named(good: Place) -> None:
    found = check(good)
    (worker,) = [one for one in found.pop("worker") if one["state"] != "ok"]
    assert worker["mend"] == "Start it: stoep worker"
    may_be_named = {"backup", "cities", "pages", "live", "style", "disk"}
    named = {about for about, ones in found.items() if any(one["state"] != "ok" for one in ones)}
    assert named - {"database"} <= may_be_named
    # The tests' own server knows one role only, and that one may do everything: said, and no more.
    assert [one["state"] for one in found["database"]] == ["ok", "ok", "warning"]


def test_people_read_it_too(good: Place) -> None:
    ended = good.run("check")
    lines = ended.stdout.splitlines()
    assert ended.returncode == 1
    assert any(line.startswith("WRONG  worker: ") for line in lines)
    assert "       → Start it: stoep worker" in lines
    assert " wrong, " in lines[-1]
    for key in (good.environment["STOEP_SECRET_KEY"], good.environment["STOEP_DATA_KEY"]):
        assert key not in ended.stdout


@pytest.mark.parametrize(
    ("changed", "about", "said"),
    [
        ({"STOEP_SECRET_KEY": "ab" * 30}, "keys", "STOEP_SECRET_KEY can be guessed"),
        ({"STOEP_DEMO": "1"}, "keys", "STOEP_DEMO"),
        ({"STOEP_ALLOWED_HOSTS": ""}, "hosts", "No host is allowed"),
        ({"STOEP_ALLOWED_HOSTS": "https://buurt.hasselt.be"}, "hosts", "is no host name"),
        ({"STOEP_ALLOWED_HOSTS": "*"}, "hosts", "lets in every name"),
        ({"STOEP_PROXIES": "0"}, "proxies", "sent on to https without end"),
        ({"STOEP_HOST": "0.0.0.0"}, "proxies", "can claim any address"),
        ({"STOEP_MAIL_FROM": "stoep@localhost"}, "mail", "no real domain"),
        ({"STOEP_SMTP_SECURITY": "starttls"}, "mail", "does not take mail"),
        ({"STOEP_SMTP_PORT": "1"}, "mail", "does not take mail"),
        ({"DATABASE_URL": "postgresql:///x?host=/nowhere"}, "database", "does not answer"),
        ({"STOEP_DATA_KEY": "another key, and not the one that sealed what lies there"}, "data key", "not the one"),
        ({"STOEP_VAR": "/nowhere/at/all"}, "files", "is not there"),
    ],
    ids=lambda value: value.replace(" ", "-")[:30] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said(good: Place, changed: dict[str, str], about: str, said: str) -> None:
    assert said in wrong(check(good, **changed), about)


def test_a_folder_open_to_others_or_to_nobody(good: Place, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert "open to others" in wrong(check(good, STOEP_VAR=str(tmp_path)), "files")
    tmp_path.chmod(0o700)
    assert wrong(check(good, STOEP_VAR=str(tmp_path)), "files") == ""


def test_an_older_database_without_our_tables(good: Place) -> None:
    empty = Place(good.var, database_name("check_empty"), good.more)
    empty.create_database()
    try:
        assert "are not applied" in wrong(check(empty), "migrations")
    finally:
        empty.drop_database()


def test_a_database_in_another_encoding(good: Place) -> None:
    name = database_name("check_latin")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        make = f"CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        connection.execute(make.encode())
    latin = Place(good.var, name, good.more)
    try:
        assert "encoding is LATIN1" in wrong(check(latin), "database")
    finally:
        latin.drop_database()


def test_a_role_that_may_not_make_tables(good: Place) -> None:
    role = database_name("weak")
    good.ask(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    good.ask(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    try:
        url = beside(good.database).replace("//stoep@", f"//{role}@")
        found = check(good, DATABASE_URL=url)
        assert "may not make tables" in wrong(found, "database")
        assert "everything" not in wrong(found, "database")
    finally:
        good.ask(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_backup_that_is_late_a_restore_that_is_open_and_a_city_that_nobody_can_reach(good: Place) -> None:
    good.ask("UPDATE operations_installation SET backed_up_at = now() - interval '3 days', restored_at = now()")
    good.done("municipality", "add", "Mechelen", "--host", "buurt.mechelen.example", "--independent")
    try:
        found = check(good)
        assert "The last one is of" in wrong(found, "backup")
        assert "erasures not applied" in wrong(found, "restore")
        assert "buurt.mechelen.example is not in STOEP_ALLOWED_HOSTS" in wrong(found, "cities")
    finally:
        good.ask("UPDATE operations_installation SET backed_up_at = NULL, restored_at = NULL")
        good.ask("DELETE FROM operations_hosting; DELETE FROM places_municipality")


def test_a_worker_is_seen_while_it_works(good: Place) -> None:
    assert "No worker" in wrong(check(good), "worker")
    good.ask("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert wrong(check(good), "worker") == ""
    good.ask("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    assert "No worker has worked since" in wrong(check(good), "worker")
    good.ask("DELETE FROM procrastinate_workers")


def test_pages_that_answer_are_seen(good: Place) -> None:
    with socket.create_server((HOST, 0)) as server:
        server.listen()
        answered = _answering(server)
        found = check(good, STOEP_PORT=str(server.getsockname()[1]))
        answered.join(10)
        assert not answered.is_alive()
    assert found["pages"][0]["said"].endswith("answers (200).")
    assert wrong(found, "live") != ""


def _answering(server: socket.socket) -> threading.Thread:

    def answer() -> None:
        connection, _address = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_files_that_were_not_built_are_named(good: Place, tmp_path: Path) -> None:
    """In a copy of the program, from which a catalogue and the built files are missing."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("stoep", "config"):
        (copy / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "locale", copy / "locale", ignore=shutil.ignore_patterns("*.mo"))
    script = (
        "import json, django; django.setup(); from pathlib import Path; from django.conf import settings;"
        "from stoep.operations import checkup_machine as m; settings.STATIC_ROOT = Path('nowhere');"
        f"m.ROOT = Path({str(copy)!r});"
        "print(json.dumps([[f.state, f.said, f.mend] for f in m.built_files(None)]))"
    )
    place = Place(good.var, good.database, good.more | {"DJANGO_SETTINGS_MODULE": "config.settings"})
    ended = place.python("-c", script)
    states = json.loads(ended.stdout)
    assert [(state, mend) for state, _said, mend in states] == [("wrong", "stoep build")] * 2
    assert "nl" in states[1][1]
