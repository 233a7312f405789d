"""What the worker does for the residents' door; each job may be stopped anywhere and run again."""

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.joining.forgetting import forget_old_codes, forget_old_tries, forget_old_visits
from stoep.joining.signing_in import forget_old_tickets, municipality_of
from stoep.joining.signing_in import send_sign_in_mail as send
from stoep.joining.staff_codes import send_staff_code as send_code


@job("joining.send_sign_in_mail")
def send_sign_in_mail(municipality_id: str, sealed_address: str) -> None:
    municipality = municipality_of(municipality_id)
    if municipality is not None:
        send(municipality=municipality, sealed_address=sealed_address, now=clock.now())


@job("joining.send_staff_code")
def send_staff_code(municipality_id: str, sealed_request: str) -> None:
    municipality = municipality_of(municipality_id)
    if municipality is not None:
        send_code(municipality=municipality, sealed_request=sealed_request, now=clock.now())


@job("joining.forget", cron="29 3 * * *")
def forget(timestamp: int = 0) -> None:
    """Every night: what was kept long enough goes (docs/trust.md 4.3)."""
    del timestamp  # when it was planned; what counts is now
    now = clock.now()
    forget_old_codes(now=now)
    forget_old_tickets(now=now)
    forget_old_tries(now=now)
    forget_old_visits()
