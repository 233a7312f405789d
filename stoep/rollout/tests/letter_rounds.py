"""Ordering, making and fetching a round of letters in the browser, as the tests need it."""

import csv
import io
import re
import zipfile
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from stoep.operations.cast import Cast
from stoep.places.models import StreetPart
from stoep.rollout.jobs import make_letters
from stoep.rollout.models import LetterRun


def part(cast: Cast, street: str, neighbourhood: str) -> str:
    found = StreetPart.objects.get(street=cast.streets[street], neighbourhood=cast.neighbourhoods[neighbourhood])
    return str(found.pk)


def order(client: Client, **where: Any) -> Any:
    """Asks how many letters that makes, then for the letters."""
    words = {"where": "some", "request_key": str(uuid4())} | where
    page = client.post(reverse("letters"), words | {"look": "1"}).content.decode()
    found = re.search(r'name="count" value="(\d+)"', page)
    return client.post(reverse("letters"), words | {"order": "1", "count": found[1] if found else ""})


def ordered(client: Client, **where: Any) -> LetterRun:
    answer = order(client, **where)
    assert answer.status_code == 302, answer.content.decode()
    return LetterRun.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1])


def made(run: LetterRun) -> LetterRun:
    while run.state == LetterRun.State.MAKING:
        make_letters(run_id=str(run.pk))
        run.refresh_from_db()
    return run


def fetch(client: Client, run: LetterRun) -> zipfile.ZipFile:
    answer: Any = client.post(reverse("letter_run_files", args=[run.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows_of(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    names = sorted(name for name in archive.namelist() if name.endswith(".csv"))
    texts = (archive.read(name).decode("utf-8-sig") for name in names)
    return [row for text in texts for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")]


def page_of(client: Client, run: LetterRun) -> str:
    return str(client.get(reverse("letter_run", args=[run.pk])).content.decode())
