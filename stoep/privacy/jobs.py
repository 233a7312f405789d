"""What the worker does for the rights: downloads, and each night all that was kept long enough."""

from uuid import UUID

import structlog

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.people.data_map import declarations
from stoep.privacy import downloads
from stoep.privacy.erasing import erase_due
from stoep.privacy.inactivity import care_for_inactive

log = structlog.get_logger(__name__)


@job("privacy.make_download")
def make_download(download_id: str) -> None:
    downloads.make(UUID(download_id), now=clock.now())


@job("privacy.forget", cron="41 3 * * *")
def forget(timestamp: int = 0) -> None:
    """Every night: the declared periods, who left 14 days ago, who was away for long. One failing stops no other."""
    del timestamp  # when it was planned; what counts is now
    now = clock.now()
    acts = [kept.forget for each in declarations() for kept in each.kept if kept.forget is not None]
    for act in [*acts, erase_due, care_for_inactive]:
        try:
            act(now)
        except Exception:
            log.exception("something could not be forgotten", act=act.__name__)
