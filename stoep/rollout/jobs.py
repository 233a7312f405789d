"""Long work of the rollout, done by the worker; each job may be stopped anywhere and run again."""

from datetime import timedelta

from stoep.common import clock
from stoep.delivery.queue import job
from stoep.places.models import Municipality
from stoep.rollout.freezing import freeze_missing_weeks
from stoep.rollout.imports import forget_old_imports
from stoep.rollout.letter_runs import finish, forget_old_files, go_on_with, make_batch
from stoep.rollout.models import LetterRun

STUCK_AFTER = timedelta(hours=1)


@job("rollout.make_letters")
def make_letters(run_id: str) -> None:
    """The next batch of a run; the one after it queues up again, so that no sign-in mail waits for a whole city."""
    run = LetterRun.objects.filter(pk=run_id, state=LetterRun.State.MAKING).first()
    if run is None:
        return
    batch = run.batches.filter(made_at=None).order_by("number").first()
    if batch is not None:
        make_batch(batch, now=clock.now())
    if not finish(run, now=clock.now()):
        go_on_with(run)


@job("rollout.forget_old_files", cron="23 * * * *")
def forget_old(timestamp: int = 0) -> None:
    """Also takes up the runs whose job ended in an error: a full disk, say, that has room again."""
    del timestamp  # when it was planned; what counts is now
    forget_old_files(now=clock.now())
    forget_old_imports(now=clock.now())
    for run in LetterRun.objects.filter(state=LetterRun.State.MAKING, ordered_at__lt=clock.now() - STUCK_AFTER):
        go_on_with(run)


@job("rollout.freeze_week", cron="41 3 * * *")
def freeze_weeks(timestamp: int = 0) -> None:
    """Every night: the first one after a week closes writes its figures, the others find them there."""
    del timestamp
    for municipality in Municipality.objects.order_by("id"):
        freeze_missing_weeks(municipality=municipality, now=clock.now())
