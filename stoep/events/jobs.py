"""What the worker does for events: days that come within reach, and a word the day before."""

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.events.planning import plan_ahead
from stoep.events.reminding import remind


@job("events.plan_ahead", cron="23 2 * * *")
def make_days(timestamp: int = 0) -> None:
    del timestamp  # when it was planned; what counts is now
    plan_ahead(clock.now())


@job("events.remind", cron="*/15 * * * *")
def remind_of_tomorrow(timestamp: int = 0) -> None:
    """Every quarter of an hour: who sleeps through ten o'clock still reminds before the evening."""
    del timestamp
    remind(clock.now())
