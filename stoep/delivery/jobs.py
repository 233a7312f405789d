"""What the worker does for delivery."""

from uuid import UUID

from stoep.common import clock
from stoep.delivery import digest, pushing, queue, sending, texts
from stoep.delivery.queue import job


@job("delivery.handle_entry")
def handle_entry(entry_id: str) -> None:
    sending.handle_entry(UUID(entry_id), now=clock.now())


@job("delivery.send_mails")
def send_mails() -> None:
    sending.send_due_mails()


@job("delivery.send_texts")
def send_texts() -> None:
    texts.send_due_texts()


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
    texts.empty_old_texts(now=clock.now())
    queue.forget_old()


@job("delivery.plan_digests", cron="*/5 * * * *")
def plan_digests(timestamp: int = 0) -> None:
    """Every five minutes: who sleeps through 17:00 still makes the mail of the day before midnight."""
    del timestamp
    digest.plan_digests(now=clock.now())


@job("delivery.make_digests")
def make_digests(batch_id: str) -> None:
    digest.make_digests(UUID(batch_id), now=clock.now())


@job("delivery.send_pushes")
def send_pushes() -> None:
    pushing.send_due_pushes()
