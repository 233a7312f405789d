"""What the worker does for the residents' door; each job may be stopped anywhere and run again."""

from uuid import UUID

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.joining.asking import forget_old_requests, place_request
from stoep.joining.forgetting import forget_old_codes, forget_old_tries, forget_old_visits
from stoep.joining.newcomers import end_newcomers, remind_newcomers
from stoep.joining.signing_in import forget_old_tickets, municipality_of
from stoep.joining.signing_in import send_sign_in_mail as send
from stoep.joining.staff_codes import send_staff_code as send_code
from stoep.joining.texting_in import send_sign_in_text as send_text


@job("joining.send_sign_in_mail")
def send_sign_in_mail(municipality_id: str, sealed_address: str) -> None:
    municipality = municipality_of(municipality_id)
    if municipality is not None:
        send(municipality=municipality, sealed_address=sealed_address, now=clock.now())


@job("joining.send_sign_in_text")
def send_sign_in_text(municipality_id: str, sealed_number: str) -> None:
    municipality = municipality_of(municipality_id)
    if municipality is not None:
        send_text(municipality=municipality, sealed_number=sealed_number, now=clock.now())


@job("joining.send_staff_code")
def send_staff_code(municipality_id: str, sealed_request: str) -> None:
    municipality = municipality_of(municipality_id)
    if municipality is not None:
        send_code(municipality=municipality, sealed_request=sealed_request, now=clock.now())


@job("joining.place_letter_request")
def place_letter_request(request_id: str) -> None:
    place_request(UUID(request_id))


@job("joining.look_after_newcomers", cron="11 9 * * *")
def look_after_newcomers(timestamp: int = 0) -> None:
    """In the morning, because mails follow from it."""
    del timestamp
    remind_newcomers(now=clock.now())
    end_newcomers(now=clock.now())


@job("joining.forget", cron="29 3 * * *")
def forget(timestamp: int = 0) -> None:
    """Every night: what was kept long enough goes (docs/trust.md 4.3)."""
    del timestamp  # when it was planned; what counts is now
    now = clock.now()
    forget_old_codes(now=now)
    forget_old_tickets(now=now)
    forget_old_tries(now=now)
    forget_old_visits()
    forget_old_requests(now=now)
