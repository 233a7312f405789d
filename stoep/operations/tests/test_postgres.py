"""Our own PostgreSQL comes up by itself, keeps what it acknowledged and is never started twice."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stoep.operations import postgres
from stoep.operations.postgres import DatabaseUnavailableError


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield tmp_path
    postgres.stop(tmp_path)
    postgres.stop(tmp_path, "test")


def process_of(var: Path) -> int:
    return int((var / "postgres" / "postmaster.pid").read_text().split()[0])


def test_a_second_call_finds_the_same_server(var: Path) -> None:
    first = postgres.ensure_running(var)
    pid = process_of(var)
    assert postgres.ensure_running(var) == first
    assert process_of(var) == pid
    with psycopg.connect(first) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_test_server_is_another_one_and_forgets_fast(var: Path) -> None:
    with psycopg.connect(postgres.ensure_running(var, "test")) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
        assert connection.execute("SHOW max_connections").fetchone() == ("200",)
    assert not postgres.is_running(var, "demo")


def test_killed_it_comes_back_with_every_acknowledged_row(var: Path) -> None:
    with psycopg.connect(postgres.ensure_running(var), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (7)")
        os.kill(process_of(var), signal.SIGKILL)
    with psycopg.connect(postgres.ensure_running(var)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_a_number_that_is_somebody_elses_by_now_does_not_stop_it(var: Path) -> None:
    postgres.ensure_running(var)
    postgres.stop(var)
    (var / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{var / 'postgres'}\n")
    assert postgres.ensure_running(var)


def test_many_callers_at_once_get_one_server(var: Path) -> None:
    urls: list[str] = []
    threads = [threading.Thread(target=lambda: urls.append(postgres.ensure_running(var))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 6
    assert len(set(urls)) == 1


def test_when_its_socket_was_swept_away_it_is_started_anew(var: Path) -> None:
    postgres.ensure_running(var)
    before = process_of(var)
    (postgres.server_of(var, "demo").sockets / ".s.PGSQL.5432").unlink()
    postgres.ensure_running(var)
    assert process_of(var) != before


def test_a_given_database_is_left_alone(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/stoep")
    assert postgres.ensure_running(var) == "postgresql://elsewhere/stoep"
    assert not (var / "postgres").exists()


def test_recreating_leaves_an_empty_database(var: Path) -> None:
    url = postgres.ensure_running(var)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE gone (number int)")
    postgres.recreate_database(var)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('gone')").fetchone() == (None,)


def test_data_of_a_version_that_is_not_here_is_refused_in_one_line(var: Path) -> None:
    (var / "postgres").mkdir(mode=0o700)
    (var / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseUnavailableError, match="made by PostgreSQL 9"):
        postgres.ensure_running(var)


def test_a_file_in_the_place_of_the_socket_folder_is_refused(var: Path) -> None:
    place = postgres.server_of(var, "demo").sockets
    place.symlink_to(var)
    try:
        with pytest.raises((DatabaseUnavailableError, FileExistsError)):
            postgres.ensure_running(var)
    finally:
        place.unlink()


def test_the_socket_path_stays_short_in_a_deep_folder(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 8)
    path = postgres.server_of(deep, "demo").sockets / ".s.PGSQL.5432"
    assert len(str(path)) < 100
