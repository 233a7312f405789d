"""A municipality joins the installation. Only the operator's command line comes here: no page does."""

from datetime import datetime

from django.db import IntegrityError, transaction

from stoep.places.models import Municipality

LANGUAGES = ["nl", "fr", "en", "de"]


class AlreadyThere(ValueError):
    """The short name or the host belongs to a municipality already."""


def add_municipality(
    *,
    name: str,
    slug: str,
    host: str,
    postcode: str = "",
    help_phone: str = "",
    help_hours: str = "",
    help_place: str = "",
    controller: str = "",
    dpo_contact: str = "",
    now: datetime,
) -> Municipality:
    """Add it, empty: borders, addresses, staff and letters follow. Raises AlreadyThere."""
    try:
        with transaction.atomic():
            return Municipality.objects.create(
                slug=slug,
                name=name,
                host=host,
                postcode=postcode,
                languages=LANGUAGES,
                help_phone=help_phone,
                help_hours=help_hours,
                help_place=help_place,
                controller=controller or name,
                dpo_contact=dpo_contact,
                created_at=now,
            )
    except IntegrityError as error:
        raise AlreadyThere(f"{slug} or {host}") from error
