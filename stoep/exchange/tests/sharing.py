"""One person at the shelf, as the tests send them: every step goes through HTTP, as a browser would."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from stoep.common import clock
from stoep.exchange.models import Item, Loan
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit as FeedVisit
from stoep.feed.tests.visits import page

__all__ = ["Visit", "day", "page"]


def day(ahead: int = 0) -> date:
    """So many days from today, as the city counts them."""
    return timezone.localdate(clock.now()) + timedelta(days=ahead)


class Visit(FeedVisit):
    """A neighbour who lends and borrows."""

    def put_down(self, title: str = "Drill", *, kind: str = "lend", **answers: Any) -> Item:
        """A message "To lend" or "To give away", and the thing that it tells of."""
        data = {"kind": kind, "title": title, "body": "", "request_key": str(uuid4()), "thing-category": "tools"}
        response = self.send("posts", **data | {f"thing-{name}": value for name, value in answers.items()})
        assert response.status_code == 302, page(response)
        found: Item = Item.objects.select_related("told_by").latest("id")
        return found

    def wish(self, title: str = "Who has a ladder?", **answers: Any) -> Post:
        """A message "I look to borrow"."""
        data = {"kind": "borrow", "title": title, "body": "", "request_key": str(uuid4())}
        response = self.send("posts", **data, **{f"wish-{name}": value for name, value in answers.items()})
        assert response.status_code == 302, page(response)
        return Post.objects.latest("id")

    def ask(self, item: Item, first: int = 1, last: int = 3, *, key: str = "") -> Any:
        days = {"from_on": str(day(first)), "to_on": str(day(last))}
        return self.send("ask_loan", item.pk, **days, request_key=key or str(uuid4()))

    def asked(self, item: Item, first: int = 1, last: int = 3) -> Loan:
        response = self.ask(item, first, last)
        assert response.status_code == 302, page(response)
        return Loan.objects.latest("id")

    def has_one(self, wish: Post, **data: Any) -> Any:
        """ "I have one", sent with the name that stands in the form, or another thing."""
        data = {"name": "Ladder", "request_key": str(uuid4()), **data}
        return self.client.post(reverse("have_one", args=[wish.pk]), data)

    def step(self, noun: str, loan: Loan, **data: Any) -> Any:
        return self.send(f"loan_{noun}", loan.pk, **data)

    def reads(self, loan: Loan) -> str:
        response = self.get("loan", loan.pk)
        assert response.status_code == 200
        return page(response)
