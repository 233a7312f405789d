"""What each command of `stoep` does: translates words into one call of an action, and says how it went."""

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from stoep.access.gate import INSTALLATION
from stoep.cityhall.actions import StaffRefused, appoint_staff
from stoep.common import clock
from stoep.delivery.bounces import take_back
from stoep.delivery.push import new_key
from stoep.delivery.queue import run_worker
from stoep.operations import crisis_command, demo_city, generated, hosting, metrics, provider_commands
from stoep.operations.health import require_erasures_applied
from stoep.operations.installing import AlreadyThere, add_municipality
from stoep.people.models import Department, RoleName
from stoep.places.models import Municipality, Neighbourhood, Street
from stoep.rollout import letter_files
from stoep.rollout.actions import open_neighbourhood
from stoep.rollout.imports import apply_import, drop_import, show_import
from stoep.rollout.letter_runs import (
    NoDoors,
    doors_of,
    finish,
    letters_for,
    make_batch,
    order_letters,
    receive_letters,
)
from stoep.rollout.letters import LetterRefusedError
from stoep.rollout.models import ImportRun, LetterRun

DONE, REFUSED = 0, 1
# Connections a worker holds at once (the proxy allows 200 in all); who sends slowly is let go, who grows old replaced.
SHEDDING = (
    *("--backpressure", "256", "--backlog", "256", "--http1-header-read-timeout", "10000"),
    *("--workers-lifetime", "86400", "--workers-kill-timeout", "10"),
)
# What follows from living somewhere, or from neighbours' trust, is given to nobody by command.
NOT_OF_STAFF = {RoleName.NEIGHBOUR, RoleName.PROVISIONAL, RoleName.SUSPENDED, RoleName.AMBASSADOR}


class Refused(Exception):
    """Said to the person at the keyboard in one line."""


def serve(words: Namespace) -> int:
    require_erasures_applied()
    place = ["--host", settings.STOEP_HOST, "--port", str(settings.STOEP_PORT)]
    granian = ["granian", "--interface", "wsgi", "--workers", str(words.workers), "--blocking-threads", "2", "--no-ws"]
    granian += ["--respawn-failed-workers", "--respawn-interval", "1", *SHEDDING]
    os.environ[metrics.FOLDER] = str(_fresh_folder(Path(settings.STOEP_VAR) / "run" / "metrics"))
    os.execv(sys.executable, [sys.executable, "-m", *granian, *place, "config.wsgi:application"])  # noqa: S606  our own program, fixed words


def bounce(_words: Namespace) -> int:
    """Done also where there is nothing to do: a mail server would send back again what we refuse."""
    print(take_back(sys.stdin.buffer.read(), now=clock.now()))
    return DONE


def _fresh_folder(folder: Path) -> Path:
    """The counters of processes that are gone would be added to ours."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def push_key(_words: Namespace) -> int:
    print(f"STOEP_VAPID_KEY={new_key()}")
    return DONE


def live(_words: Namespace) -> int:
    place = ["--host", settings.STOEP_HOST, "--port", str(settings.STOEP_LIVE_PORT or settings.STOEP_PORT + 1)]
    uvicorn = ["uvicorn", "config.live:application", "--no-access-log"]
    os.execv(sys.executable, [sys.executable, "-m", *uvicorn, *place])  # noqa: S606  our own program, fixed words


def worker(words: Namespace) -> int:
    require_erasures_applied()
    run_worker(is_once=words.once)
    return DONE


def docs(words: Namespace) -> int:
    late = generated.write(only_check=words.check)
    for path in late:
        print(f"{path} {'is not up to date: ./dev docs' if words.check else 'written'}")
    return REFUSED if words.check and late else DONE


def build_demo_city(_words: Namespace) -> int:
    if not settings.IS_DEMO:
        return _refuse("The demo city is only for ./dev demo (STOEP_DEMO=1).")
    if Municipality.objects.exists():
        return _refuse("This database holds a city already: ./dev demo --fresh builds the demo's anew.")
    demo_city.build(now=clock.now())
    return DONE


def municipality_add(words: Namespace) -> int:
    slug = words.slug or slugify(words.name)
    if words.dry_run:
        print(f"Would add {words.name} ({slug}) at {words.host}.")
        return DONE
    is_self_hosted = hosting.asked(words.self_hosted)
    try:
        made = add_municipality(
            name=words.name,
            slug=slug,
            host=words.host,
            postcode=words.postcode,
            help_phone=words.help_phone,
            help_hours=words.help_hours,
            controller=words.controller,
            dpo_contact=words.dpo,
            now=clock.now(),
        )
    except AlreadyThere as error:
        return _refuse(f"{error} is already there.")
    print(f"Added {made.name} at {made.host}. Next: stoep import-borders FILE")
    if is_self_hosted is not None:
        hosting.note(made, is_self_hosted=is_self_hosted, now=clock.now())
    print(hosting.rule(is_self_hosted=is_self_hosted))
    return DONE


def municipality_hosting(words: Namespace) -> int:
    try:
        municipality = _municipality(words)
    except Refused as error:
        return _refuse(str(error))
    is_self_hosted = hosting.asked(words.self_hosted)
    if is_self_hosted is None:
        return _refuse("Say --self-hosted or --independent.")
    hosting.note(municipality, is_self_hosted=is_self_hosted, now=clock.now())
    print(hosting.rule(is_self_hosted=is_self_hosted))
    return DONE


def municipality_list(_words: Namespace) -> int:
    for one in Municipality.objects.order_by("slug"):
        print(f"{one.slug}\t{one.name}\t{one.host}\t{one.neighbourhoods.filter(retired_at=None).count()}")
    return DONE


def municipality_crisis(words: Namespace) -> int:
    try:
        municipality = _municipality(words)
    except Refused as error:
        return _refuse(str(error))
    return crisis_command.switch(words, municipality)


def municipality_oidc(words: Namespace) -> int:
    try:
        municipality = _municipality(words)
    except Refused as error:
        return _refuse(str(error))
    return provider_commands.connect(words, municipality)


def import_borders(words: Namespace) -> int:
    return _import(words, ImportRun.Kind.BORDERS)


def import_addresses(words: Namespace) -> int:
    return _import(words, ImportRun.Kind.ADDRESSES)


def open_places(words: Namespace) -> int:
    try:
        municipality = _municipality(words)
        places = _named(Neighbourhood.objects.filter(municipality=municipality, retired_at=None), words.neighbourhoods)
    except Refused as error:
        return _refuse(str(error))
    state = Neighbourhood.State(words.state)
    for place in places:
        open_neighbourhood(person=INSTALLATION, neighbourhood=place, state=state, now=clock.now())
        print(f"{place.name}: {words.state}")
    return DONE


def letters(words: Namespace) -> int:
    try:
        municipality = _municipality(words)
        places = Neighbourhood.objects.filter(municipality=municipality, retired_at=None)
        neighbourhoods = _named(places, words.neighbourhood) if words.neighbourhood else []
        streets = _named(Street.objects.filter(municipality=municipality), words.street) if words.street else []
    except Refused as error:
        return _refuse(str(error))
    if words.out and not _can_be_written(Path(words.out)):
        return _refuse(f"{words.out} cannot be written.")
    if words.dry_run:
        doors = doors_of(municipality, neighbourhoods=neighbourhoods, streets=streets)
        print(f"Would make {letters_for(doors)} letters.")
        return DONE
    try:
        run = order_letters(
            person=INSTALLATION,
            municipality=municipality,
            neighbourhoods=neighbourhoods,
            streets=streets,
            now=clock.now(),
        )
    except NoDoors:
        return _refuse("There is no letterbox there.")
    except LetterRefusedError as error:
        return _refuse(f"The city's own words do not fit on the letter ({error}).")
    _make(run)
    if words.out:
        _write_out(run, Path(words.out))
    return DONE


def staff_add(words: Namespace) -> int:
    role = words.role.replace("-", "_")
    if role not in set(RoleName) - NOT_OF_STAFF:
        return _refuse(f"Staff has no role “{words.role}”.")
    try:
        municipality = _municipality(words)
        departments = Department.objects.filter(municipality=municipality)
        department = _named(departments, [words.department])[0] if words.department else None
    except Refused as error:
        return _refuse(str(error))
    if words.dry_run:
        print(f"Would add {words.name} to {municipality.name} as {role}.")
        return DONE
    try:
        appoint_staff(
            person=INSTALLATION,
            municipality=municipality,
            name=words.name,
            email=words.email,
            role=RoleName(role),
            department=department,
            now=clock.now(),
        )
    except StaffRefused as error:
        return _refuse(str(error))
    print(f"{words.name} is {role} of {municipality.name}.")
    return DONE


def _import(words: Namespace, kind: ImportRun.Kind) -> int:
    path = Path(words.file)
    if not path.is_file():
        return _refuse(f"There is no file {words.file}.")
    try:
        municipality = _municipality(words)
    except Refused as error:
        return _refuse(str(error))
    print(f"Reading {path.name} …", flush=True)
    run = show_import(
        person=INSTALLATION,
        municipality=municipality,
        kind=kind,
        path=path,
        file_name=path.name,
        now=clock.now(),
    )
    if run.state == ImportRun.State.UNREADABLE:
        return _refuse(run.message)
    _say_summary(run)
    if words.dry_run:
        drop_import(person=INSTALLATION, run=run, now=clock.now())
        return DONE
    apply_import(person=INSTALLATION, run=run, now=clock.now())
    print("Done.")
    return DONE


def _say_summary(run: ImportRun) -> None:
    print(f"{run.file_format}:")
    for name, value in run.summary.items():
        if isinstance(value, int):
            print(f"  {name.replace('_', ' '):<24}{value:>8}")
    for line, reason, row in run.summary.get("refused_rows", []):
        print(f"  line {line}: {reason.replace('_', ' ')}: {row}")


def _make(run: LetterRun) -> None:
    """Print here and now, with progress; the worker would do the same."""
    made = 0
    for batch in run.batches.filter(made_at=None).order_by("number"):
        make_batch(batch, now=clock.now())
        made += batch.letter_count
        print(f"\r{made} of {run.letter_count} letters", end="", flush=True)
    print()
    finish(run, now=clock.now())


def _write_out(run: LetterRun, path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        path.chmod(0o600)
        for piece in letter_files.zip_of(run.pk):
            file.write(piece)
    run.refresh_from_db()
    receive_letters(person=INSTALLATION, run=run, now=clock.now())
    print(f"Written to {path}. The codes are nowhere else: keep it safe, and remove it once the letters are printed.")


def _can_be_written(path: Path) -> bool:
    """Asked before the first letter is made: letters that lie nowhere were made in vain."""
    return os.access(path if path.exists() else path.parent, os.W_OK) and not path.is_dir()


def _municipality(words: Namespace) -> Municipality:
    everywhere = Municipality.objects.order_by("slug")
    found = list(everywhere.filter(slug=words.municipality) if words.municipality else everywhere)
    if len(found) != 1:
        raise Refused("Say which municipality with --municipality: see `stoep municipality list`.")
    return found[0]


def _named(places: Iterable[Any], names: list[str]) -> list[Any]:
    """The places, streets or departments that are named; all of them when nothing is."""
    by_name = {place.name.casefold(): place for place in places}
    unknown = [name for name in names if name.casefold() not in by_name]
    if unknown:
        raise Refused(f"There is no “{unknown[0]}” here.")
    return [by_name[name.casefold()] for name in names] if names else list(by_name.values())


def _refuse(text: str) -> int:
    print(f"stoep: {text}", file=sys.stderr)
    return REFUSED
