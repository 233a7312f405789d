"""What the worker does for photos."""

import logging
from uuid import UUID

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.media import making

logger = logging.getLogger(__name__)


@job("media.make")
def make(photo_id: str) -> None:
    making.make(UUID(photo_id))


@job("media.ask_again", cron="*/5 * * * *")
def ask_again(timestamp: int = 0) -> None:
    del timestamp  # procrastinate says when it was planned; what counts is now
    making.ask_again(now=clock.now())


@job("media.sweep", cron="41 3 * * *")
def sweep(timestamp: int = 0) -> None:
    del timestamp
    making.sweep(now=clock.now())


@job("media.look_for_damage", cron="11 4 * * 0")
def look_for_damage(timestamp: int = 0) -> None:
    """Once a week: what the disk lost, the operator reads in the log and takes from the backup."""
    del timestamp
    for photo_id in making.spoiled():
        logger.error("The files of photo %s are damaged or missing: take them from the backup.", photo_id)
