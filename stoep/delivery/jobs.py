"""What the worker does for delivery."""

from uuid import UUID

from stoep.common import clock
from stoep.delivery import queue, sending
from stoep.delivery.queue import job


@job("delivery.handle_entry")
def handle_entry(entry_id: str) -> None:
    sending.handle_entry(UUID(entry_id), now=clock.now())


@job("delivery.send_mails")
def send_mails() -> None:
    sending.send_due_mails()


@job("delivery.sweep", cron="* * * * *")
def sweep(timestamp: int = 0) -> None:
    del timestamp  # procrastinate says when it was planned; what counts is now
    sending.sweep(now=clock.now())


@job("delivery.take_up_stalled", cron="* * * * * */10")
def take_up_stalled(timestamp: int = 0) -> None:
    """Every ten seconds: a killed worker starts anew long before its silence says that it was killed."""
    del timestamp
    queue.retry_stalled()


@job("delivery.empty_old_mails", cron="17 3 * * *")
def empty_old_mails(timestamp: int = 0) -> None:
    del timestamp
    sending.empty_old_mails(now=clock.now())
    queue.forget_old()
