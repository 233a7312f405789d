"""What a code on paper opens: a letter an address, an invitation a neighbourhood. Asked anew at each step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from stoep.joining.codes import CodeRefused
from stoep.joining.models import Dispute, Invitation, LetterCode
from stoep.people.models import Person, RoleName
from stoep.places.models import Address, Municipality, Neighbourhood

WayIn = LetterCode | Invitation


@dataclass(frozen=True)
class Entrance:
    """Where somebody comes to live. `address`: proven by a letter; `inviter`: whoever says that they know them."""

    municipality: Municipality
    neighbourhood: Neighbourhood
    address: Address | None = None
    inviter: Person | None = None


def entrance_of(way: WayIn, *, now: datetime) -> Entrance:
    """Raises CodeRefused when it opens nothing now."""
    if isinstance(way, Invitation):
        return _by_invitation(way, now=now)
    address = home_of(way, now=now)
    assert address.neighbourhood is not None  # noqa: S101  `home_of` has looked
    return Entrance(address.municipality, address.neighbourhood, address=address)


def home_of(code: LetterCode, *, now: datetime) -> Address:
    """The address that the code opens, with its neighbourhood. Raises CodeRefused when it opens none now."""
    if code.withdrawn_at is not None or code.expires_at <= now or code.address_id is None:
        raise CodeRefused("expired")
    if code.uses >= LetterCode.MOST_USES:
        raise CodeRefused("full")
    address = Address.objects.select_related("street", "neighbourhood", "municipality").get(pk=code.address_id)
    if Dispute.objects.filter(address=address, decided_at=None).exists():
        raise CodeRefused("disputed")
    if address.retired_at is not None or address.neighbourhood is None or not address.neighbourhood.admits:
        raise CodeRefused("closed")
    return address


def way_with(code_hash: str, municipality: Municipality) -> WayIn | None:
    """The letter or invitation with this code."""
    letter = LetterCode.objects.filter(municipality=municipality, code_hash=code_hash).first()
    return letter or _invitations(municipality).filter(code_hash=code_hash).first()


def way_with_id(pk: UUID, municipality: Municipality) -> WayIn | None:
    """The one that a visitor's session remembers."""
    letter = LetterCode.objects.filter(municipality=municipality, pk=pk).first()
    return letter or _invitations(municipality).filter(pk=pk).first()


def invitation_with_token(token_hash: str, municipality: Municipality) -> Invitation | None:
    return _invitations(municipality).filter(token_hash=token_hash).first()


def _invitations(municipality: Municipality) -> QuerySet[Invitation]:
    related = ("neighbourhood__municipality", "inviter")
    return Invitation.objects.filter(neighbourhood__municipality=municipality).select_related(*related)


def _by_invitation(invitation: Invitation, *, now: datetime) -> Entrance:
    """Good while its inviter is a neighbour there, and while the city lets neighbours invite."""
    neighbourhood = invitation.neighbourhood
    if invitation.ended_at is not None or invitation.expires_at <= now:
        raise CodeRefused("invitation_over")
    if invitation.uses >= Invitation.MOST_USES:
        raise CodeRefused("invitation_full")
    inviter = Person.objects.holding(RoleName.NEIGHBOUR).filter(pk=invitation.inviter_id).first()
    is_at_home = inviter is not None and inviter.standing.neighbourhood_id == neighbourhood.pk
    if not (is_at_home and neighbourhood.admits and neighbourhood.municipality.invitations_open):
        raise CodeRefused("invitation_over")
    return Entrance(neighbourhood.municipality, neighbourhood, inviter=inviter)
