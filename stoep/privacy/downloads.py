"""Everything that is held about somebody as one zip: a page to read, JSON to take along, and their files.

Promises: nothing in it that others wrote, of others no more than the name as shown, and nothing readable on our disk.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from stoep.common.crypto import seal_bytes, unseal_bytes
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.people.data_map import Attached, Coded, Declaration, NotExported, declarations
from stoep.people.models import Person
from stoep.privacy.models import Download

KEPT = timedelta(days=7)
SCHEMA = "stoep-my-data-1"
PURPOSE = "privacy.download"


@dataclass(frozen=True)
class Held:
    """One kind of data of one person: what it is, and the rows; each row is labels and values in their order."""

    declaration: Declaration
    rows: list[Mapping[str, Any]]

    @property
    def labels(self) -> Mapping[str, Any]:
        exported = self.declaration.exported
        return {} if isinstance(exported, NotExported) else exported.fields


def held_about(person: Person) -> list[Held]:
    """Kind by kind; those of which there is nothing are left out."""
    found = (Held(each, _rows(each, person)) for each in declarations())
    return [held for held in found if held.rows]


def make(download_id: UUID, *, now: datetime) -> bool:
    """Make the zip; run twice, it is made once. Who left meanwhile gets none. Answers whether it was made."""
    download = Download.objects.select_related("person__municipality").filter(pk=download_id, ready_at=None).first()
    if download is None or download.person.left_at is not None:
        return False
    with translation.override(download.person.language):
        content = zip_of(download.person, now=now)
    _store(download.pk, content)
    with transaction.atomic():
        is_first = Download.objects.filter(pk=download.pk, ready_at=None).update(ready_at=now)
        if is_first:
            _tell(download.person, now=now)
    return bool(is_first)


def fetch(download: Download) -> bytes | None:
    """The zip; None when it is not made yet, or gone."""
    path = _path(download.pk)
    return unseal_bytes(PURPOSE, path.read_bytes()) if download.ready_at and path.is_file() else None


def forget_downloads(now: datetime) -> int:
    """Seven days after it was asked for, the file and its row go; so do files without a row."""
    gone, _by_model = Download.objects.filter(asked_at__lt=now - KEPT).delete()
    known = {_path(pk).name for pk in Download.objects.values_list("pk", flat=True)}
    for path in _folder().glob("*") if _folder().is_dir() else ():
        if path.name not in known:
            path.unlink(missing_ok=True)
    return gone


def erase_downloads(person: Person, _now: datetime) -> None:
    for pk in Download.objects.filter(person=person).values_list("pk", flat=True):
        path = _path(pk)
        transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))  # type: ignore[misc]  # bound at once
    Download.objects.filter(person=person).delete()


def zip_of(person: Person, *, now: datetime) -> bytes:
    held = held_about(person)
    page = render_to_string("privacy/export.html", {"held": held, "person": person, "made_at": now, "shown": _shown})
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.html", page)
        archive.writestr("my-data.json", json.dumps(_as_json(held, now), ensure_ascii=False, indent=2))
        for file in _files(held):
            archive.writestr(f"files/{Path(file.name).name}", file.read())
    return sink.getvalue()


def _rows(declaration: Declaration, person: Person) -> list[Mapping[str, Any]]:
    exported = declaration.exported
    return [] if isinstance(exported, NotExported) else list(exported.rows(declaration.model, person))


def _files(held: Iterable[Held]) -> Iterable[Attached]:
    return (value for each in held for row in each.rows for value in row.values() if isinstance(value, Attached))


def _as_json(held: list[Held], now: datetime) -> dict[str, Any]:
    """`schema` names this shape: docs/how-to/add-personal-data.md."""
    kinds = [
        {
            "table": each.declaration.table,
            "what": str(each.declaration.what),
            "purpose": str(each.declaration.purpose),
            "basis": each.declaration.basis.value,
            "kept": [str(kept.words) for kept in each.declaration.kept],
            "rows": [{name: _plain(value) for name, value in row.items()} for row in each.rows],
        }
        for each in held
    ]
    return {"schema": SCHEMA, "made_at": now.isoformat(), "kinds": kinds}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    return f"files/{Path(value.name).name}" if isinstance(value, Attached) else str(value)


def _shown(value: Any) -> str:
    """For the page: an empty cell where there is nothing."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, Coded):
        return str(value.label)
    plain = _plain(value)
    return "" if plain is None else str(plain)


def _tell(person: Person, *, now: datetime) -> None:
    if person.email and person.email_confirmed_at is not None:
        context = {"reader": person, "link": site_url(person.municipality, "/me/download/")}
        envelope = Envelope(person.municipality, person.email, person.language, person=person, expires_at=now + KEPT)
        post_mail(envelope, template="privacy/mail/download_ready", context=context, now=now)


def _store(download_id: UUID, content: bytes) -> None:
    """There whole or not at all."""
    path = _path(download_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.touch(mode=0o600)
    draft.write_bytes(seal_bytes(PURPOSE, content))
    draft.replace(path)


def _path(download_id: UUID) -> Path:
    return _folder() / f"{download_id}.sealed"


def _folder() -> Path:
    return Path(settings.STOEP_VAR) / "downloads"
