"""What a resident hears: that staff acts for them, and what was done, for who can be reached by mail."""

from collections.abc import Iterable
from typing import Any

from stoep.delivery.links import site_url
from stoep.delivery.notices import Notice, Told
from stoep.desk.models import DeskSession
from stoep.desk.queries import acts_of, first_name
from stoep.people.models import Person


def _resident(told: Told) -> Iterable[Person]:
    return Person.objects.filter(desk_sessions=told.subject_id, left_at=None)


def _session(told: Told, reader: Person) -> dict[str, Any] | None:
    session = DeskSession.objects.select_related("staff", "municipality").filter(pk=told.subject_id).first()
    if session is None:
        return None
    link = site_url(reader.municipality, "/me/helped/")
    return {"session": session, "first_name": first_name(session), "acts": acts_of(session), "link": link}


NOTICES = (
    Notice("desk.session_started", _resident, "desk/mail/session_started", _session, text="desk/sms/session_started"),
    Notice("desk.session_done", _resident, "desk/mail/session_done", _session, text="desk/sms/session_done"),
)
