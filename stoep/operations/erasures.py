"""Who was erased stays erased: after a restore the erasures since the backup are applied again, before the site opens.

The ledger is a file below STOEP_VAR that no backup holds; `stoep.privacy` writes it and knows how to erase.
"""

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from stoep.operations.trouble import OperatorError

FOLDER = "erased"
FILE = "ledger.jsonl"


class NotAppliedError(OperatorError):
    """The site stays closed."""


def ledger() -> Path:
    return Path(settings.STOEP_VAR) / FOLDER / FILE


def read_ledger() -> bytes | None:
    path = ledger()
    return path.read_bytes() if path.is_file() else None


def merge(found: bytes) -> None:
    """Lines that are not here yet are added: a ledger that survived may know more than the copy, or less."""
    path = ledger()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = (read_ledger() or b"").splitlines()
    new = [line for line in found.splitlines() if line.strip() and line not in set(here)]
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(b"".join(line + b"\n" for line in [*here, *new]))
    draft.replace(path)


def reapply(*, now: datetime) -> int:
    """Answers how many people were erased again. Raises NotAppliedError."""
    if not read_ledger():
        return 0
    if find_spec("stoep.privacy.erasing") is None:
        raise NotAppliedError("This release cannot erase anybody yet; the site stays closed.")
    erased: int = import_module("stoep.privacy.erasing").reapply_ledger(now=now)
    return erased
