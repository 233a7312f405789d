"""Two people take the last seat at the same moment: one has it, the other waits. Really committed, really at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from stoep.common import clock
from stoep.events.models import Attendance, Occurrence
from stoep.events.tests.planners import NOW, Planner, day_of
from stoep.operations.cast import make_cast

ROUNDS = 5


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_has_the_last_seat_and_the_other_waits() -> None:
    cast = make_cast()
    with clock.frozen(NOW):
        author, *guests = (Planner(cast[key]) for key in ("neighbour", "second-neighbour", "ambassador"))
        for number in range(ROUNDS):
            post = author.plan(f"Round {number}", seats="1")
            together = Barrier(len(guests))

            def come(guest: Planner, post: object = day_of(post), together: Barrier = together) -> int:
                together.wait()
                try:
                    return int(guest.say(post).status_code)  # type: ignore[arg-type]  # the day of this round
                finally:
                    connection.close()

            with ThreadPoolExecutor(len(guests)) as pool:
                assert list(pool.map(come, guests)) == [302, 302]
            said = Attendance.objects.filter(occurrence__event__post=post)
            assert said.filter(waiting_since=None).count() == 1
            assert said.filter(waiting_since__isnull=False).count() == 1
            assert Occurrence.objects.get(event__post=post).coming == 1
            guests.reverse()
