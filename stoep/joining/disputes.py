"""“Somebody joined with our letter, and it was none of us”: they are paused until the desk has seen who lives there.

Promises: while it is asked nobody joins at that address; decided for the resident, the other is out for good, and so is
what they did for others; whatever is decided, no letter printed before opens that address any more.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from stoep.access.gate import Actor, require
from stoep.common.ids import new_id
from stoep.delivery.outbox import tell
from stoep.joining import codes
from stoep.joining.entrances import home_of
from stoep.joining.models import Dispute, Invitation, LetterCode, ReturnCredential, Vouch
from stoep.people.leaving import end_membership, end_tasks
from stoep.people.models import Membership, Person, Suspension
from stoep.places.models import Address, Municipality

REASON = "Somebody with a letter of this address says that they do not live there."


def people_at(address: Address) -> int:
    """How many joined there: told to who holds a letter of it, and never who."""
    return _members_at(address).count()


@transaction.atomic
def open_dispute(*, code: LetterCode, now: datetime) -> int:
    """Pause everybody who joined at the letter's address. Answers how many. Raises CodeRefused.

    What permits it is the letter, as for joining. Said twice, it stays as it was.
    """
    return _ask_about(home_of(code, now=now), now=now)


@transaction.atomic
def open_dispute_at_desk(*, actor: Actor, code: LetterCode, now: datetime) -> int:
    """As `open_dispute`, from somebody who stands there with their card: an old or a full letter tells it too."""
    require(actor, "joining:dispute:open", code, now=now)
    return _ask_about(code.address, now=now) if code.address else 0


def _ask_about(address: Address, *, now: datetime) -> int:
    # Whoever joins at this moment is before us, and counted, or behind us, and refused.
    list(LetterCode.objects.select_for_update().filter(address=address).order_by("pk"))
    # Whoever left a moment ago may come back within days: they are asked about too.
    here_or_back = Q(ended_at=None) | Q(ended_at=F("person__left_at"))
    members = list(_ever_at(address).filter(here_or_back).select_related("person"))
    for membership in members:
        _pause(membership.person, address, now=now)
    return len(members)


def letter_with(*, actor: Actor, municipality: Municipality, typed: str, now: datetime) -> LetterCode | None:
    """The letter of an address that somebody brings to the desk, whatever it opens. Raises CodeRefused."""
    require(actor, "joining:dispute:open", municipality, now=now)
    found = LetterCode.objects.filter(municipality=municipality, code_hash=codes.code_hash(codes.well_formed(typed)))
    return found.filter(address__isnull=False).first()


def disputes_at(address_id: UUID) -> QuerySet[Dispute]:
    """About whom it is asked at this address: for the desk, while the resident stands there."""
    waiting = Dispute.objects.filter(address=address_id, decided_at=None)
    return waiting.select_related("person", "municipality").order_by("opened_at", "id")


@transaction.atomic
def letter_after_dispute(*, actor: Actor, dispute: Dispute, now: datetime) -> str:
    """Decided for the resident, who stands there without a letter that works: a new code for their door."""
    require(actor, "joining:dispute:decide", dispute, now=now)
    LetterCode.objects.filter(address=dispute.address_id, withdrawn_at=None).update(withdrawn_at=now)
    (code,) = codes.new_codes(1)
    LetterCode.objects.create(
        id=new_id(now),
        municipality_id=dispute.municipality_id,
        address_id=dispute.address_id,
        code_hash=codes.code_hash(code),
        uses=min(people_at(dispute.address), LetterCode.MOST_USES),
        created_at=now,
        expires_at=now + timedelta(days=dispute.municipality.code_days),
    )
    return code


def open_disputes(municipality: Municipality) -> QuerySet[Dispute]:
    """For the desk, the oldest first: call them, or let them come with their identity cards."""
    waiting = Dispute.objects.filter(municipality=municipality, decided_at=None)
    return waiting.select_related("person", "address__street").order_by("opened_at", "id")


@transaction.atomic
def decide_dispute(*, actor: Actor, dispute: Dispute, for_resident: bool, now: datetime) -> bool:
    """The desk has seen who lives there. Answers whether it was still open: decided twice, the first word counts."""
    require(actor, "joining:dispute:decide", dispute, now=now)
    outcome = Dispute.Outcome.RESIDENT if for_resident else Dispute.Outcome.PERSON
    decided_by = actor if isinstance(actor, Person) else None
    open_one = Dispute.objects.filter(pk=dispute.pk, decided_at=None)
    if not open_one.update(decided_at=now, decided_by=decided_by, outcome=outcome):
        return False
    LetterCode.objects.filter(address=dispute.address_id, withdrawn_at=None).update(withdrawn_at=now)
    if for_resident:
        _put_out(dispute.person, now=now)
        # Nor does one who left meanwhile find it again when they come back.
        Membership.objects.filter(person=dispute.person_id, household__address=dispute.address_id).update(ended_at=now)
    else:
        Suspension.objects.filter(pk=dispute.suspension_id, ended_at=None).update(ended_at=now)
    return True


def _members_at(address: Address) -> QuerySet[Membership]:
    return _ever_at(address).filter(ended_at=None, person__left_at=None)


def _ever_at(address: Address) -> QuerySet[Membership]:
    return Membership.objects.filter(household__address=address)


def _pause(person: Person, address: Address, *, now: datetime) -> None:
    if Dispute.objects.filter(person=person, decided_at=None).exists():
        return
    # Whoever is paused for another reason too stays so, whatever the desk decides here.
    pause = Suspension.objects.create(person=person, reason=REASON, started_at=now)
    made = Dispute.objects.create(
        id=new_id(),
        municipality_id=person.municipality_id,
        address=address,
        person=person,
        suspension=pause,
        opened_at=now,
    )
    tell("joining.disputed", municipality_id=person.municipality_id, subject_id=made.pk, actor=None, now=now)


def _put_out(person: Person, *, now: datetime) -> None:
    """Their place and task there, the ways back and in that they hold, and their words for others. The pause stays."""
    end_membership(person, now)
    end_tasks(person, now)
    ReturnCredential.objects.filter(person=person).delete()
    Invitation.objects.filter(inviter=person, ended_at=None).update(ended_at=now)
    Person.objects.filter(pk=person.pk).update(session_version=person.session_version + 1)
    spoken_for = list(Vouch.objects.filter(voucher=person).values_list("membership", flat=True))
    Vouch.objects.filter(voucher=person).delete()
    for membership in Membership.objects.filter(pk__in=spoken_for, proof=Membership.Proof.INVITATION, ended_at=None):
        if membership.vouches.count() < Vouch.NEEDED:
            Membership.objects.filter(pk=membership.pk).update(standing=Membership.Standing.PROVISIONAL)
