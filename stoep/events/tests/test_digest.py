"""In the daily mail: what takes place within a week, told once, and only to those for whom it exists."""

from collections.abc import Callable

import pytest

from stoep.common import clock
from stoep.delivery.digest import make_digests, plan_digests
from stoep.delivery.models import DigestBatch, Mail
from stoep.events.tests.planners import Planner, local
from stoep.operations.cast import Cast
from stoep.people.models import Mute, Person

GoesTo = Callable[[str], Planner]


@pytest.fixture(autouse=True)
def _english(cast: Cast) -> None:
    Person.objects.filter(pk__in=[person.pk for person in cast.values()]).update(language="en")


def test_soon_in_the_neighbourhood_is_told_once(visit: GoesTo, cast: Cast) -> None:
    visit("neighbour").plan("Street party", on="2026-11-25")
    visit("neighbour").plan("Far away", on="2026-12-20")
    Mute.objects.create(person=cast["ambassador"], muted=cast["neighbour"], created_at=clock.now())
    first = _five("2026-11-20 17:00")
    text = first["second-neighbour"]
    assert "Soon in the neighbourhood" in text
    assert "Wednesday, November 25, 2026, 14:00: Street party (The park)" in text.replace("\n", " ")
    assert "14:00: Far away" not in text
    assert "Street party" not in first.get("ambassador", "")
    assert "Street party" not in first.get("neighbour", "")
    assert "Street party" not in first.get("next-neighbourhood", "")
    assert all("Street party" not in text for text in _five("2026-11-21 17:00").values())


def _five(moment: str) -> dict[str, str]:
    now = local(moment)
    before = set(Mail.objects.values_list("pk", flat=True))
    with clock.frozen(now):
        plan_digests(now=now)
        for batch in DigestBatch.objects.filter(done_at=None):
            make_digests(batch.pk, now=now)
    made = Mail.objects.exclude(pk__in=before).filter(kind="delivery/mail/digest").select_related("person")
    return {_key(mail): mail.text for mail in made}


def _key(mail: Mail) -> str:
    return str(mail.recipient).partition("@")[0]
