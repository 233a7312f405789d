"""What the worker does for the desk; each job may be stopped anywhere and run again."""

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.desk.actions import end_overdue, forget_old_sessions


@job("desk.end_overdue", cron="*/15 * * * *")
def end_sessions(timestamp: int = 0) -> None:
    """Nothing works in them any more; now it is written down too, and so is the end of the consent."""
    del timestamp  # when it was planned; what counts is now
    end_overdue(now=clock.now())


@job("desk.forget", cron="41 3 * * *")
def forget(timestamp: int = 0) -> None:
    del timestamp  # when it was planned; what counts is now
    forget_old_sessions(now=clock.now())
