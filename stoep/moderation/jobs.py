"""What the worker does for moderation."""

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.moderation.deciding import end_what_is_over


@job("moderation.end_what_is_over", cron="*/5 * * * *")
def end(timestamp: int = 0) -> None:
    """Every five minutes: an ambassador's day ends, a pause ends."""
    del timestamp
    end_what_is_over(now=clock.now())
