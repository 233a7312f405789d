"""What the worker does for the exchange of neighbours; each job may be stopped anywhere and run again."""

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.exchange.lending_reminding import remind_of_loans
from stoep.exchange.waiting import look_after_requests


@job("exchange.look_after_requests", cron="*/10 * * * *")
def look_after(timestamp: int = 0) -> None:
    """Every ten minutes: a request that waited for a day goes further, where its author allowed it."""
    del timestamp  # when it was planned; what counts is now
    look_after_requests(now=clock.now())


@job("exchange.remind_of_loans", cron="19 8 * * *")
def remind_of_loans_tomorrow(timestamp: int = 0) -> None:
    """In the morning, because mails follow from it."""
    del timestamp
    remind_of_loans(now=clock.now())
