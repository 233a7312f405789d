"""What happened in the demo's past, done again in order of time, each thing while the clock stands at its moment."""

from collections.abc import Callable
from datetime import datetime

from stoep.common import clock
from stoep.delivery.models import OutboxEntry
from stoep.delivery.sending import handle_entry

# The moment comes in as the one argument.
Act = Callable[[datetime], object]


class Diary:
    """Noted in any order, played in the order of time; what is told is mailed at that same moment."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, Act]] = []

    def note(self, at: datetime, act: Act) -> None:
        self._acts.append((at, act))

    def play(self) -> int:
        """Answers how many things happened. Two of the same moment happen in the order in which they were noted."""
        for at, act in sorted(self._acts, key=lambda noted: noted[0]):
            with clock.frozen(at):
                act(at)
                hand_out()
        return len(self._acts)


def hand_out() -> None:
    """Make the mails of what was just told: today's worker would make all of the past at once."""
    for entry_id, told_at in OutboxEntry.objects.filter(handled_at=None).values_list("pk", "told_at"):
        handle_entry(entry_id, now=told_at)
