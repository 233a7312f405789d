"""What the shelf hands to the daily mail: what happened to my loans, for who wants to hear of it once a day."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stoep.delivery.digest_lines import Line, Rank, Readers, Source
from stoep.delivery.links import site_url
from stoep.delivery.models import OutboxEntry, Pace, Stream
from stoep.exchange.lending_notices import SAYINGS, Saying, said
from stoep.exchange.lending_queries import homes_of, shown_home
from stoep.exchange.models import Loan
from stoep.people.models import Membership, Person
from stoep.places.models import Neighbourhood

BY_NOTICE = {f"exchange.{saying.name}": saying for saying in SAYINGS}


def lines(readers: Readers) -> dict[UUID, list[Line]]:
    """The same that a mail would have said, of what is still so."""
    found: dict[UUID, list[Line]] = {person.pk: [] for person in readers.people}
    waiting = {one.pk: one for one in readers.people if readers.choices[one.pk].mine == Pace.DAILY}
    told = OutboxEntry.objects.filter(notice__in=BY_NOTICE, told_at__gt=readers.since, told_at__lte=readers.until)
    entries = list(told.filter(municipality=readers.municipality).order_by("told_at", "id") if waiting else [])
    mine = Loan.objects.filter(Q(lender__in=waiting) | Q(borrower__in=waiting))
    loans = mine.select_related("item__told_by", "municipality").in_bulk([entry.subject_id for entry in entries])
    homes = homes_of({side for loan in loans.values() for side in loan.sides})
    for entry in entries:
        loan, saying = loans.get(entry.subject_id), BY_NOTICE[entry.notice]
        if loan is None:
            continue
        for person in _hearing(loan, saying, entry, waiting):
            found[person.pk].append(_line(person, loan, saying, entry, homes))
    return found


def _hearing(loan: Loan, saying: Saying, entry: OutboxEntry, waiting: Mapping[UUID, Person]) -> Iterator[Person]:
    if not saying.is_still(loan):
        return
    for side in loan.sides:
        person = waiting.get(side) if side else None
        is_told = person is not None and (saying.is_for_both or side != entry.actor_id)
        if person is not None and is_told and loan.other_than(person) not in person.standing.apart:
            yield person


def _line(person: Person, loan: Loan, saying: Saying, entry: OutboxEntry, homes: Mapping[UUID, Membership]) -> Line:
    other = loan.other_than(person)
    names = {other: shown_home(person, homes[other]).name} if other and other in homes else {}
    return Line(
        notice=entry.notice,
        subject_id=loan.pk,
        rank=Rank.MINE,
        stream=Stream.MINE,
        chip=saying.label,
        title=loan.name,
        text=said(saying, person, loan, names),
        link=site_url(loan.municipality, f"/loans/{loan.pk}/"),
        created_at=entry.told_at,
        may_be_answered=False,
    )


def _activity(_neighbourhood: Neighbourhood, _since: datetime) -> int:
    """What two people agree says nothing about how much is written."""
    return 0


SOURCE = Source("exchange.lending", lines, _activity)
