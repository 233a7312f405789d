"""What moderation forgets: a copy after half a year, a case a year after it was decided (docs/trust.md 4.3)."""

from datetime import datetime

from django.db.models import Max, Q

from stoep.moderation.models import Case
from stoep.people.data_map import months

COPY_KEPT, CASE_KEPT = months(6), months(12)


def forget_cases(now: datetime) -> int:
    """Counted from the last word: a decision, or what came of an objection."""
    copies = Case.objects.filter(closed_at__lt=now - COPY_KEPT).exclude(copy="").update(copy="")
    closed = Case.objects.filter(closed_at__lt=now - CASE_KEPT)
    settled = closed.annotate(last=Max("decisions__appeals__decided_at"))
    old = settled.filter(Q(last=None) | Q(last__lt=now - CASE_KEPT))
    gone, _by_model = Case.objects.filter(pk__in=[*old.values_list("pk", flat=True)]).delete()
    return copies + gone
