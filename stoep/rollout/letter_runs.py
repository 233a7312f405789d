"""Letter runs: ordered for streets, neighbourhoods or the city, made in batches, fetched, received, forgotten."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Greatest

from stoep.access.gate import Actor, require
from stoep.access.once import once
from stoep.delivery import queue
from stoep.delivery.links import site_url
from stoep.joining import codes
from stoep.joining.asking import asked_doors, forget_asked
from stoep.joining.models import LetterCode
from stoep.joining.no_letters import declining_doors
from stoep.people.models import Person
from stoep.places.models import Address, Municipality, Neighbourhood, Street, StreetPart
from stoep.rollout import letter_files
from stoep.rollout.letter_words import Letter, layout_from_json, layout_of
from stoep.rollout.letters import BATCH, letter_pdf, text_size
from stoep.rollout.models import LetterBatch, LetterRun

# A run's files wait this long to be fetched (docs/trust.md 4.3).
FETCHED_WITHIN = timedelta(hours=72)


class NoDoors(ValueError):
    """There is no letterbox where these letters should go."""


class NotReady(Exception):
    """The letters are still being made, or their files are gone."""


@dataclass(frozen=True)
class Destination:
    """Where letters go: whole neighbourhoods, whole streets, parts of streets. Nothing named: the whole city."""

    neighbourhoods: Collection[Neighbourhood] = ()
    streets: Collection[Street] = ()
    parts: Collection[StreetPart] = ()

    def condition(self) -> Q:
        if not (self.neighbourhoods or self.streets or self.parts):
            return Q()
        chosen = StreetPart.objects.filter(pk__in=[part.pk for part in self.parts])
        is_in_part = Exists(chosen.filter(street=OuterRef("street"), neighbourhood=OuterRef("neighbourhood")))
        return Q(neighbourhood__in=self.neighbourhoods) | Q(street__in=self.streets) | Q(is_in_part)


def doors_of(
    municipality: Municipality,
    *,
    neighbourhoods: Collection[Neighbourhood] = (),
    streets: Collection[Street] = (),
    parts: Collection[StreetPart] = (),
) -> QuerySet[Address]:
    """Every living letterbox that has a place and wants letters; of all the city when nothing is named.

    In the order of a walk.
    """
    where = Destination(neighbourhoods, streets, parts).condition()
    house = Cast(Func("number", Value(r"^\d{1,9}"), function="substring"), BigIntegerField())
    doors = Address.objects.filter(where, municipality=municipality, retired_at=None, neighbourhood__isnull=False)
    doors = doors.exclude(pk__in=declining_doors(municipality))
    return doors.order_by("neighbourhood__name", "street__name", house, "number", "box", "id")


def letters_for(doors: QuerySet[Address]) -> int:
    """How many letters these doors get: one for each household behind them."""
    return doors.order_by().aggregate(count=Sum(Greatest("households", 1)))["count"] or 0


def order_letters(
    *,
    person: Actor,
    municipality: Municipality,
    neighbourhoods: Collection[Neighbourhood] = (),
    streets: Collection[Street] = (),
    parts: Collection[StreetPart] = (),
    request_key: UUID | None = None,
    now: datetime,
) -> LetterRun:
    """One letter for every household, member or not; nothing named means the whole city. Once per `request_key`.

    Raises NoDoors, and letters.LetterRefusedError when the city's words do not fit on the letter.
    """
    require(person, "rollout:letters:create", municipality, now=now)
    where = Destination(neighbourhoods, streets, parts)
    ordered_by = person if isinstance(person, Person) else None

    def write() -> UUID:
        return UUID(str(_order(municipality, where, ordered_by, now=now).pk))

    if ordered_by is None or request_key is None:
        return LetterRun.objects.get(pk=write())
    run_id, _is_new = once(person=ordered_by, action="rollout:letters:create", key=request_key, now=now, write=write)
    return LetterRun.objects.get(pk=run_id)


@transaction.atomic
def _order(municipality: Municipality, where: Destination, ordered_by: Person | None, *, now: datetime) -> LetterRun:
    doors = doors_of(municipality, neighbourhoods=where.neighbourhoods, streets=where.streets, parts=where.parts)
    wanted = [door for door, households in doors.values_list("pk", "households") for _each in range(households or 1)]
    if not wanted:
        raise NoDoors
    asked = [door.pk for door in asked_doors(municipality)]
    wanted += [door for door in asked if door not in set(wanted)]
    layout = layout_of(municipality, base_url=site_url(municipality, "/").rstrip("/"))
    text_size(layout)
    run = LetterRun.objects.create(
        municipality=municipality,
        letter_count=len(wanted),
        layout=layout.as_json(),
        ordered_by=ordered_by,
        ordered_at=now,
    )
    run.neighbourhoods.set(where.neighbourhoods)
    run.streets.set(where.streets)
    run.parts.set(where.parts)
    forget_asked(municipality, asked)
    LetterBatch.objects.bulk_create(
        LetterBatch(run=run, number=number, address_ids=[str(door) for door in part], letter_count=len(part))
        for number, part in enumerate(_parts(wanted), start=1)
    )
    go_on_with(run)
    return run


def go_on_with(run: LetterRun) -> None:
    """Ask for the next batch. Asked twice, none is made twice."""
    queue.later("rollout.make_letters", run_id=str(run.pk), lock=f"letters-{run.pk}")


def make_batch(batch: LetterBatch, *, now: datetime) -> None:
    """Print one batch. Killed on the way, nothing of it counts: it is made anew, with new codes."""
    with transaction.atomic():
        batch = LetterBatch.objects.select_for_update().select_related("run__municipality").get(pk=batch.pk)
        if batch.made_at is not None:
            return
        run = batch.run
        layout = layout_from_json(run.layout)
        doors = Address.objects.select_related("street", "municipality").in_bulk(batch.address_ids)
        addresses = [doors[UUID(one)] for one in batch.address_ids]
        fresh = codes.new_codes(len(addresses))
        letters = [_letter(address, code) for address, code in zip(addresses, fresh, strict=True)]
        letter_files.store(run.pk, batch.number, "letters.pdf", letter_pdf(layout, letters))
        first = 1 + (batch.number - 1) * BATCH
        letter_files.store(
            run.pk, batch.number, "letters.csv", letter_files.letter_csv(layout, letters, first_number=first)
        )
        _keep_codes(run, addresses, fresh, now=now)
        counts = Counter(str(address.neighbourhood_id) for address in addresses)
        LetterBatch.objects.filter(pk=batch.pk).update(made_at=now, address_ids=[], counts=counts)
        LetterRun.objects.filter(pk=run.pk).update(made_count=F("made_count") + batch.letter_count)


def finish(run: LetterRun, *, now: datetime) -> bool:
    """Whether every batch is made; the run is then ready to be fetched."""
    if run.batches.filter(made_at=None).exists():
        return False
    LetterRun.objects.filter(pk=run.pk, state=LetterRun.State.MAKING).update(state=LetterRun.State.READY, ready_at=now)
    return True


def is_fetchable(run: LetterRun, *, now: datetime) -> bool:
    """Ready, not yet called received, and not too old: that does not wait for the job that removes the files."""
    return run.state == LetterRun.State.READY and run.ready_at is not None and run.ready_at > now - FETCHED_WITHIN


def receive_letters(*, person: Actor, run: LetterRun, now: datetime) -> None:
    """The printing house has them: the files go. Said twice, it stays as it was. Raises NotReady."""
    require(person, "rollout:letters:fetch", run, now=now)
    if run.state == LetterRun.State.MAKING:
        raise NotReady
    LetterRun.objects.filter(pk=run.pk, state=LetterRun.State.READY).update(
        state=LetterRun.State.RECEIVED, received_at=now
    )
    letter_files.forget(run.pk)


def forget_old_files(*, now: datetime) -> int:
    """Remove the files of runs that nobody called received in time; answers how many runs."""
    late = LetterRun.objects.filter(state=LetterRun.State.READY, ready_at__lte=now - FETCHED_WITHIN)
    gone = list(late)
    for run in gone:
        letter_files.forget(run.pk)
        LetterRun.objects.filter(pk=run.pk).update(state=LetterRun.State.GONE, gone_at=now)
    return len(gone)


def _letter(address: Address, code: str) -> Letter:
    city_line = f"{address.postcode or address.municipality.postcode} {address.municipality.name}".strip()
    return Letter(code=code, street_line=f"{address.street.name} {address.door}", city_line=city_line)


def _keep_codes(run: LetterRun, addresses: list[Address], fresh: list[str], *, now: datetime) -> None:
    expires_at = now + timedelta(days=run.municipality.code_days)
    LetterCode.objects.bulk_create(
        LetterCode(
            municipality=run.municipality,
            address=address,
            run_id=run.pk,
            code_hash=codes.code_hash(code),
            created_at=now,
            expires_at=expires_at,
        )
        for address, code in zip(addresses, fresh, strict=True)
    )


def _parts(doors: list[UUID]) -> Iterable[list[UUID]]:
    return (doors[start : start + BATCH] for start in range(0, len(doors), BATCH))
