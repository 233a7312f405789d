"""Reporting: by somebody who is signed in, or by anybody with the public form. The receipt is there at once."""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from stoep.access.gate import NotAllowed, NotVisible, require
from stoep.access.limits import Limit, hit
from stoep.access.models import Grant
from stoep.access.once import once
from stoep.access.visitors import Visitor
from stoep.common.ids import new_id
from stoep.common.text import clean_name, clean_text
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.moderation.materials import Found, Near, material, materials
from stoep.moderation.models import Case, Reason, Report
from stoep.people.models import Person
from stoep.places.models import Municipality

REPORTS_A_DAY = Limit("reports", 10, timedelta(days=1))
NOTICES_A_DAY = Limit("notices", 20, timedelta(days=1))
# Easy to read aloud: no 0, O, 1, I, L.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ADDRESS = re.compile(r"/([a-z]+)/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
# What the last word of an address of ours calls a thing.
KINDS_IN_ADDRESSES = {
    "posts": "post",
    "comments": "comment",
    "comment": "comment",
    "people": "person",
    "groups": "group",
    "share": "item",
}


class TooManyReports(Exception):
    """So many reports in one day, that nobody could look at them."""


@dataclass(frozen=True)
class Notice:
    """What the public form holds (DSA art. 16): name and address may stay empty."""

    where: str
    reason: str
    explanation: str
    name: str
    email: str
    language: str
    request_key: UUID


def report(
    *, person: Person, kind: str, subject_id: UUID, reason: str, explanation: str, request_key: UUID, now: datetime
) -> Report:
    """Report what one sees. Raises NotVisible, NotAllowed for one's own, TooManyReports."""
    require(person, "moderation:report:create", person.municipality, now=now)
    source = material(kind)
    found = source.find(person, subject_id) if source else None
    if found is None:
        raise NotVisible
    if found.author_id == person.pk:
        raise NotAllowed
    known = Report.objects.filter(request_key=request_key).first()
    if known is not None and known.reporter_id == person.pk:
        return known
    if not hit(REPORTS_A_DAY, str(person.pk), now=now):
        raise TooManyReports

    def write() -> UUID:
        case = _case_of(kind, subject_id, found, now)
        # A key that stands under another's report already is no key of theirs.
        key = request_key if known is None else None
        facts = {"reporter": person, "language": person.language, "request_key": key}
        return UUID(str(_add(case, reason, explanation, now, **facts).pk))

    made, _is_new = once(person=person, action="moderation:report:create", key=request_key, now=now, write=write)
    return Report.objects.get(pk=made)


@transaction.atomic
def give_notice(*, municipality: Municipality, notice: Notice, now: datetime) -> Report:
    """A notice without a sign-in. What it names is found where it can be; the answer is the same where it cannot."""
    # Pressed twice at one moment, the second waits for the first.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    known = Report.objects.filter(request_key=notice.request_key).first()
    if known is not None:
        return known
    case = _case_named(municipality, notice.where, now)
    made = _add(
        case,
        notice.reason,
        notice.explanation,
        now,
        where=clean_text(notice.where),
        name=clean_name(notice.name),
        email=notice.email.strip(),
        language=notice.language,
        request_key=notice.request_key,
    )
    if made.email:
        envelope = Envelope(municipality, made.email, made.language)
        facts = {"report": made, "link": receipt_link(municipality, made)}
        post_mail(envelope, template="moderation/mail/received", context=facts, now=now)
    return made


def may_give_notice(visitor: Visitor, *, now: datetime) -> bool:
    """Counts one more from this network. Outside any transaction."""
    return hit(NOTICES_A_DAY, visitor.network, now=now)


def receipt_link(municipality: Municipality, made: Report) -> str:
    return site_url(municipality, f"/notice/{made.number}/")


def grant(case: Case, now: datetime) -> None:
    """While the case is open moderators see the thing itself and two on each side, and nothing else."""
    source = material(case.subject_kind)
    if source is None or case.subject_id is None:
        return
    for near in (Near(case.subject_kind, case.subject_id), *source.near(case.subject_id)):
        Grant.objects.update_or_create(
            case_id=case.pk,
            subject_kind=near.kind,
            subject_id=near.id,
            defaults={"municipality_id": case.municipality_id, "granted_at": now, "ended_at": None},
        )


def _case_of(kind: str, subject_id: UUID, found: Found, now: datetime) -> Case:
    """The open case about this thing, opened where there is none."""
    copy = {"title": found.title, "body": found.body, "writer": found.writer}
    case, is_new = Case.objects.get_or_create(
        subject_kind=kind,
        subject_id=subject_id,
        closed_at=None,
        defaults={
            "id": new_id(now),
            "municipality_id": found.municipality_id,
            "neighbourhood_id": found.neighbourhood_id,
            "author_id": found.author_id,
            "copy": json.dumps(copy),
            "opened_at": now,
        },
    )
    if is_new:
        grant(case, now)
    return case


def _case_named(municipality: Municipality, where: str, now: datetime) -> Case:
    """What the last address in these words leads to; a case of its own where it leads nowhere."""
    kinds = {source.kind for source in materials()}
    for name, subject_id in reversed(ADDRESS.findall(where.casefold())):
        source = material(KINDS_IN_ADDRESSES.get(name, "")) if KINDS_IN_ADDRESSES.get(name) in kinds else None
        found = source.load(UUID(subject_id)) if source else None
        if source and found and found.municipality_id == municipality.pk:
            return _case_of(source.kind, UUID(subject_id), found, now)
    return Case.objects.create(id=new_id(now), municipality=municipality, opened_at=now)


def _add(case: Case, reason: str, explanation: str, now: datetime, **facts: object) -> Report:
    made = Report.objects.create(
        case=case,
        number="".join(secrets.choice(LETTERS) for _turn in range(10)),
        reason=reason,
        explanation=clean_text(explanation),
        reported_at=now,
        **facts,
    )
    if reason == Reason.DANGER:
        Case.objects.filter(pk=case.pk).update(is_urgent=True)
    return made
