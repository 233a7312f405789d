"""Long work of the rollout, done by the worker; each job may be stopped anywhere and run again."""

from stoep.common import clock
from stoep.delivery.queue import job
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


@job("rollout.forget_old_files")
def forget_old() -> None:
    forget_old_files(now=clock.now())
