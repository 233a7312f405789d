"""A real worker process: it sends what is asked for, ends when told to, and, killed, repeats at most one mail."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from stoep.delivery import queue
from stoep.delivery.letterbox import ask_for_sending
from stoep.delivery.models import Mail
from stoep.delivery.tests.conftest import MakeMails
from stoep.delivery.tests.listening import database_url, until
from stoep.delivery.tests.post_office import PostOffice

ROOT = Path(settings.ROOT)
DEADLINE = 30.0
COMMAND = (sys.executable, "-m", "stoep.operations.command_line", "worker")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_jobs")]
Start = Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture
def worker(office: PostOffice) -> Start:
    """`with worker("--once") as process:` on the tests' database; whatever happens, it does not outlive the block."""

    @contextlib.contextmanager
    def started(*words: str) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen([*COMMAND, *words], cwd=ROOT, env=_environment(office))
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    return started


def _environment(office: PostOffice) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database_url(),
        "STOEP_SMTP_HOST": office.hostname,
        "STOEP_SMTP_PORT": str(office.port),
        "STOEP_TEST": "1",
    }


def test_a_worker_does_what_waits_and_ends(office: PostOffice, worker: Start, waiting_mails: MakeMails) -> None:
    waiting_mails(5)
    ask_for_sending()
    with worker("--once") as process:
        assert process.wait(DEADLINE) == 0
    assert len(set(office.message_ids)) == len(office.message_ids) == 5
    assert not ProcrastinateJob.objects.exclude(status="todo").exists(), "nothing failed, nothing was left half done"


def test_a_worker_ends_when_it_is_told_to(office: PostOffice, worker: Start, waiting_mails: MakeMails) -> None:
    with worker() as process:
        waiting_mails(1)
        ask_for_sending()
        until(lambda: len(office.taken) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
    assert Mail.objects.get().state == Mail.State.SENT


def test_a_killed_worker_repeats_at_most_one_mail_as_itself(
    office: PostOffice, worker: Start, waiting_mails: MakeMails
) -> None:
    mails = waiting_mails(30)
    office.holds = {mails[10].recipient}
    ask_for_sending()
    with worker() as process:
        until(lambda: len(office.taken) == 11)
        process.kill()
        process.wait()
    assert Mail.objects.filter(state=Mail.State.SENT).count() == 10
    assert _doing() == ["delivery.send_mails"]
    _half_a_minute_passes()
    with worker("--once") as process:
        assert process.wait(DEADLINE) == 0
    expected = [f"<{mail.pk}@buurt.hasselt.example>" for mail in mails]
    assert sorted(office.message_ids) == sorted([*expected, expected[10]])
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.SENT}


def _doing() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="doing", lock__isnull=False).values_list("task_name", flat=True))


def _half_a_minute_passes() -> None:
    """As if the killed worker had been silent for so long."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")


def test_what_a_silent_worker_was_doing_is_put_back() -> None:
    ask_for_sending()
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        (worker_id,) = cursor.fetchone() or (None,)
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker_id])
    assert queue.retry_stalled() == 0, "it was heard of a moment ago"
    _half_a_minute_passes()
    assert queue.retry_stalled() == 1
    assert ProcrastinateJob.objects.get().status == "todo"
