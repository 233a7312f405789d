"""Long work of the rollout, done by the worker; each job may be stopped anywhere and run again."""

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.places.models import Municipality
from stoep.rollout.freezing import freeze_week
from stoep.rollout.letter_runs import finish, forget_old_files, make_batch
from stoep.rollout.models import LetterRun


@job("rollout.make_letters")
def make_letters(run_id: str) -> None:
    """Every batch of a run that is not made yet, one after the other."""
    run = LetterRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    for batch in run.batches.filter(made_at=None).order_by("number"):
        make_batch(batch, now=clock.now())
    finish(run, now=clock.now())


@job("rollout.forget_old_files", cron="23 * * * *")
def forget_old(timestamp: int = 0) -> None:
    del timestamp  # when it was planned; what counts is now
    forget_old_files(now=clock.now())


@job("rollout.freeze_week", cron="41 3 * * *")
def freeze_weeks(timestamp: int = 0) -> None:
    """Every night: the first one after a week closes writes its figures, the others find them there."""
    del timestamp
    for municipality in Municipality.objects.order_by("id"):
        freeze_week(municipality=municipality, now=clock.now())
