"""The demo's neighbours lend: a shelf, one thing that comes back tomorrow, one that is back."""

from datetime import timedelta

from stoep.common import clock
from stoep.exchange.lending_days import today_in
from stoep.exchange.models import Item, Loan
from stoep.operations.cast import Cast
from stoep.operations.demo_sharing import AT_HOME, share


def test_the_shelf_is_filled_and_a_drill_comes_back_tomorrow(cast: Cast) -> None:
    now = clock.now()
    share(cast, now=now)
    assert Item.objects.count() == sum(len(things) for things in AT_HOME.values())
    out = Loan.objects.promised().get()
    assert out.to_on == today_in(cast.cities["hasselt"], now) + timedelta(days=1)
    assert Loan.objects.exclude(back_at=None).count() == 1
