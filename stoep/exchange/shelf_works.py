"""What the shelf tells a profile: what somebody lends that no message tells of, and that two sides know each other."""

from uuid import UUID

from django.urls import reverse

from stoep.access.works import Work, Works
from stoep.exchange.models import Loan
from stoep.exchange.shelf_queries import items_for
from stoep.people.models import Person


def _has_seen(reader: Person, author_id: UUID) -> bool:
    if items_for(reader).filter(author=author_id).exists():
        return True
    loans = Loan.objects.visible_to(reader).open()
    return loans.filter(lender=author_id).exists() or loans.filter(borrower=author_id).exists()


def _recent(reader: Person, author_id: UUID, most: int) -> list[Work]:
    found = items_for(reader).filter(author=author_id, told_by=None).order_by("-id")[:most]
    return [Work(item.name, reverse("thing", args=[item.pk]), item.created_at) for item in found]


WORKS = Works(_has_seen, _recent)
