"""What the residents' door keeps no longer than it must (docs/trust.md 4.3): codes' addresses, tries, old sessions."""

from datetime import datetime, timedelta

from django.core.management import call_command

from stoep.access.limits import forget_before
from stoep.joining.models import Dispute, Invitation, LetterCode, Vouch

ADDRESS_KEPT_FOR = timedelta(days=30)
TRIES_KEPT_FOR = timedelta(days=2)
INVITATIONS_KEPT_FOR = timedelta(days=30)
VOUCHES_KEPT_FOR = DISPUTES_KEPT_FOR = timedelta(days=365)


def forget_old_codes(*, now: datetime) -> int:
    """Which door an expired code belonged to is erased; that it was made and used stays counted."""
    old = LetterCode.objects.filter(expires_at__lt=now - ADDRESS_KEPT_FOR, address__isnull=False)
    return old.update(address=None)


def forget_old_invitations(now: datetime) -> int:
    """Thirty days after its end nobody comes back to an invitation; who came with it stays."""
    gone, _by_model = Invitation.objects.filter(expires_at__lt=now - INVITATIONS_KEPT_FOR).delete()
    return gone


def forget_old_disputes(now: datetime) -> int:
    gone, _by_model = Dispute.objects.filter(decided_at__lt=now - DISPUTES_KEPT_FOR).delete()
    return gone


def forget_old_vouches(now: datetime) -> int:
    """Who was let in stays in; who spoke for them is forgotten."""
    gone, _by_model = Vouch.objects.filter(created_at__lt=now - VOUCHES_KEPT_FOR).delete()
    return gone


def forget_old_tries(*, now: datetime) -> int:
    return forget_before(now - TRIES_KEPT_FOR)


def forget_old_visits() -> None:
    """Sessions that ended."""
    call_command("clearsessions")
