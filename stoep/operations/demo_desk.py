"""The desk of the demo: somebody without e-mail was helped by phone, and somebody waits to be helped."""

from datetime import datetime, timedelta

from stoep.access.visitors import Visitor
from stoep.common.ids import new_id
from stoep.desk.acting import give_own_key
from stoep.desk.actions import Yes, start_session, stop_session
from stoep.desk.finding import find_resident
from stoep.joining import codes
from stoep.operations.demo_places import DemoCity
from stoep.operations.demo_register import TryResident
from stoep.people.models import Person

HELPED_BEFORE, TOOK = timedelta(days=3, hours=2), timedelta(minutes=9)
COUNTER = Visitor("192.0.2.10")


def help_by_phone(city: DemoCity, place: str, *, now: datetime) -> list[TryResident]:
    """A session of three days ago; answers somebody else, with their letter's code, for who visits the demo."""
    alone = Person.objects.filter(memberships__neighbourhood=city.places[place], left_at=None, email="")
    by_hash = {codes.code_hash(code): code for code in city.codes.values()}
    first = alone.filter(return_credential__isnull=False).order_by("joined_at", "id")[:2]
    found = [TryResident(by_hash[person.return_credential.code_hash], person.name) for person in first]
    if found:
        _helped(city, found[0], now=now - HELPED_BEFORE)
    return found[1:]


def _helped(city: DemoCity, who: TryResident, *, now: datetime) -> None:
    """She had lost her own key, and called."""
    staff = city.staff["desk"]
    asked = find_resident(staff=staff, typed_code=who.code, typed_name=who.name, visitor=COUNTER, now=now)
    if asked is None:
        return
    session = start_session(staff=staff, found=asked, yes=Yes("phone", new_id()), now=now)
    give_own_key(staff=staff, session=session, now=now + TOOK / 2)
    stop_session(staff=staff, session=session, now=now + TOOK)
