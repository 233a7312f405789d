"""What a town's worker would do at another hour; run as a program of its own, with the town's settings.

`night`: what is forgotten each night. `everything`: prints all that whoever holds the server could read.
`five DAYS`: it is 17:00 so many days from now, and the daily mails are made and sent.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import django

HOME = ZoneInfo("Europe/Brussels")


def night() -> None:
    from stoep.delivery.jobs import empty_old_mails
    from stoep.privacy.jobs import forget

    empty_old_mails()
    forget()


def everything() -> None:
    from stoep.privacy.tests.leaving_town import dump

    sys.stdout.write(dump())


def five(days: str) -> None:
    """In one transaction: the town's own worker, for whom it is still today, would throw tomorrow's batches away."""
    from django.db import transaction

    from stoep.common import clock
    from stoep.delivery.digest import make_digests, plan_digests
    from stoep.delivery.models import DigestBatch
    from stoep.delivery.sending import send_due_mails

    today = clock.now().astimezone(HOME).replace(hour=17, minute=0, second=0, microsecond=0)
    with clock.frozen(today + timedelta(days=int(days))) as moment:
        with transaction.atomic():
            plan_digests(now=moment)
            for batch in DigestBatch.objects.filter(done_at=None).order_by("id"):
                make_digests(batch.pk, now=moment)
        send_due_mails()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    works: dict[str, Callable[..., None]] = {"night": night, "everything": everything, "five": five}
    name, *words = sys.argv[1:]
    works[name](*words)


if __name__ == "__main__":
    main()
