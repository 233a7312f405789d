"""The list of who was erased, as a file below STOEP_VAR, to be kept apart from the database: lines are only added.

A line is {"person": a random id, "at": a moment}; there is no name in it. Whoever keeps a copy of this file can put any
backup back, and nobody returns with it.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings


def ledger_path() -> Path:
    return Path(settings.STOEP_VAR) / "erased" / "ledger.jsonl"


def append(person_id: UUID, *, at: datetime) -> None:
    """On the disk when this returns."""
    path = ledger_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps({"person": str(person_id), "at": at.isoformat()}) + "\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def erased_ids(path: Path) -> Iterator[UUID]:
    """Everybody in a ledger; a last line that was cut off by a crash is passed over, for its erasure never ended."""
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        try:
            yield UUID(json.loads(line)["person"])
        except (ValueError, KeyError, TypeError):
            continue
