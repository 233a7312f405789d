"""Importing borders and addresses: first shown, then applied whole or not at all; the run is the log."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from stoep.access.gate import Actor, require
from stoep.people.models import Person
from stoep.places.comparison import (
    AddressComparison,
    BorderComparison,
    KnownAddress,
    compare_addresses,
    compare_borders,
)
from stoep.places.geometry import Placer
from stoep.places.models import Municipality
from stoep.places.readers.addresses import AddressRow, read_addresses
from stoep.places.readers.borders import Border, read_borders
from stoep.places.readers.refusals import Refusal, UnreadableFile
from stoep.rollout.known_places import known_addresses, known_areas
from stoep.rollout.models import ImportRun
from stoep.rollout.writing import write_addresses, write_borders

# The page and the log show this many rows of each list; the counts are always whole.
ROWS_SHOWN = 200
# A file that was shown and never decided about is removed after this time; its log stays.
KEPT_FOR = timedelta(days=30)


class NotShown(Exception):
    """Only what was shown, and not yet decided about, can be applied."""


class ChangedMeanwhile(Exception):
    """The places changed after this import was shown: it must be looked at again."""


def show_import(
    *, person: Actor, municipality: Municipality, kind: ImportRun.Kind, path: Path, file_name: str, now: datetime
) -> ImportRun:
    """Read the file, compare it with what is known, and keep both; nothing of the city changes."""
    require(person, "rollout:places:import", municipality, now=now)
    run = ImportRun(
        municipality=municipality,
        kind=kind,
        file_name=file_name[:200],
        file_sha256=_digest(path),
        started_by=person if isinstance(person, Person) else None,
        started_at=now,
    )
    try:
        run.summary, file_format = _summary(run, path)
        run.file_format = file_format[:60]
        run.state = ImportRun.State.SHOWN
        _keep(run, path)
    except UnreadableFile as error:
        run.state, run.message = ImportRun.State.UNREADABLE, str(error.message)
    run.save()
    return run


@transaction.atomic
def apply_import(*, person: Actor, run: ImportRun, now: datetime) -> ImportRun:
    """Do what was shown, all of it. Raises NotShown or ChangedMeanwhile and then changes nothing.

    The file itself goes once that is certain: what it said is in the places now, and in the log.
    """
    require(person, "rollout:places:import", run, now=now)
    municipality = Municipality.objects.select_for_update().get(pk=run.municipality_id)
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportRun.State.SHOWN:
        raise NotShown
    path = kept_file(run)
    if run.kind == ImportRun.Kind.BORDERS:
        borders, border_changes, refused = _compared_borders(municipality, path)
        _require_unchanged(run, _border_summary(border_changes, refused))
        write_borders(municipality, borders, border_changes, now=now)
    else:
        address_changes = _compared_addresses(municipality, path)
        _require_unchanged(run, _address_summary(address_changes))
        write_addresses(municipality, address_changes, now=now)
    run.state, run.applied_at = ImportRun.State.APPLIED, now
    run.save(update_fields=["state", "applied_at"])
    transaction.on_commit(partial(_forget_file, run))
    return run


def look_again(*, person: Actor, run: ImportRun, now: datetime) -> ImportRun:
    """Show the same file anew, after the places changed under it; the older look is dropped.

    Answers the same run, dropped, when its file is gone.
    """
    require(person, "rollout:places:import", run, now=now)
    if run.state != ImportRun.State.SHOWN or not kept_file(run).exists():
        drop_import(person=person, run=run, now=now)
        return run
    again = show_import(
        person=person,
        municipality=run.municipality,
        kind=ImportRun.Kind(run.kind),
        path=kept_file(run),
        file_name=run.file_name,
        now=now,
    )
    drop_import(person=person, run=run, now=now)
    return again


def drop_import(*, person: Actor, run: ImportRun, now: datetime) -> None:
    """Decide against what was shown. The log stays, the file goes."""
    require(person, "rollout:places:import", run, now=now)
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.SHOWN).update(state=ImportRun.State.DROPPED)
    _forget_file(run)


def forget_old_imports(*, now: datetime) -> int:
    """Drop what nobody decided about; answers how many."""
    old = list(ImportRun.objects.filter(state=ImportRun.State.SHOWN, started_at__lt=now - KEPT_FOR))
    for run in old:
        ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.SHOWN).update(state=ImportRun.State.DROPPED)
        _forget_file(run)
    return len(old)


def kept_file(run: ImportRun) -> Path:
    return Path(settings.STOEP_VAR) / "imports" / str(run.pk) / "file"


def _forget_file(run: ImportRun) -> None:
    shutil.rmtree(kept_file(run).parent, ignore_errors=True)


def _keep(run: ImportRun, path: Path) -> None:
    target = kept_file(run)
    target.parent.mkdir(parents=True, exist_ok=True)
    siblings = [one for one in path.parent.glob(f"{path.stem}.*") if one.stem == path.stem]
    if path.suffix.casefold() == ".shp" and len(siblings) > 1:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for sibling in siblings:
                archive.write(sibling, sibling.name)
    else:
        shutil.copyfile(path, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _summary(run: ImportRun, path: Path) -> tuple[dict[str, Any], str]:
    if run.kind == ImportRun.Kind.BORDERS:
        found = read_borders(path)
        changes = compare_borders(known_areas(run.municipality), known_addresses(run.municipality), found.borders)
        return _border_summary(changes, found.refused), f"{found.format_name}, {found.crs_name}"
    rows = read_addresses(path)
    placer = Placer(known_areas(run.municipality))
    return _address_summary(compare_addresses(known_addresses(run.municipality), rows, placer)), rows.format_name


def _compared_borders(municipality: Municipality, path: Path) -> tuple[list[Border], BorderComparison, list[Refusal]]:
    found = read_borders(path)
    changes = compare_borders(known_areas(municipality), known_addresses(municipality), found.borders)
    return found.borders, changes, found.refused


def _compared_addresses(municipality: Municipality, path: Path) -> AddressComparison:
    return compare_addresses(known_addresses(municipality), read_addresses(path), Placer(known_areas(municipality)))


def _address_summary(changes: AddressComparison) -> dict[str, Any]:
    added = [one.row for one in changes.added]
    changed = [one.row for one in changes.changed]
    return {
        "added": len(added),
        "added_rows": _named(added),
        "changed": len(changed),
        "changed_rows": _named(changed),
        "moved": changes.moved,
        "changing_neighbourhood": changes.changing_neighbourhood,
        "unchanged": changes.unchanged,
        "gone": len(changes.gone),
        "gone_rows": _named(changes.gone),
        "placed": changes.placed,
        "waiting": changes.waiting,
        "refused": len(changes.refused),
        "refused_rows": _shown(changes.refused),
        "duplicates": len(changes.duplicates),
        "duplicate_rows": _shown(changes.duplicates),
    }


def _border_summary(changes: BorderComparison, refused: list[Refusal]) -> dict[str, Any]:
    return {
        "neighbourhoods": len(changes.matches),
        "new": sorted(border.name for border in changes.new),
        "renamed": sorted([old.name, border.name] for old, border in changes.renamed),
        "gone": sorted(area.name for area in changes.gone),
        "moving": changes.moved,
        "outside": len(changes.outside),
        "found": len(changes.found),
        "refused": len(refused),
        "refused_rows": _shown(refused),
    }


def _named(addresses: Iterable[AddressRow | KnownAddress]) -> list[str]:
    """The first ones by name, as people write an address."""
    names = (f"{one.street} {one.number}" + (f" bus {one.box}" if one.box else "") for one in addresses)
    return sorted(names)[:ROWS_SHOWN]


def _shown(refused: list[Refusal]) -> list[list[Any]]:
    """Line, reason, row: the reason as a code, so that each reader gets it in their own language."""
    return [[one.line, one.reason_code, one.row] for one in refused[:ROWS_SHOWN]]


def _require_unchanged(run: ImportRun, summary: dict[str, Any]) -> None:
    if run.summary != summary:
        raise ChangedMeanwhile
