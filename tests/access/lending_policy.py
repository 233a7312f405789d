"""What the addresses of the shelf and of loans answer, and to whom: as `policy.py`, of which this is a part."""

from datetime import timedelta
from uuid import uuid4

from stoep.common import clock
from tests.access.policy import Answer, Page, of_author, seen
from tests.access.subject import Subject

# Tomorrow, whatever hour it is in the city.
_DAYS = {name: str((clock.now() + timedelta(days=ahead)).date()) for name, ahead in (("from_on", 1), ("to_on", 3))}
_ASK = {**_DAYS, "request_key": str(uuid4())}
_OFFER = {"name": "A ladder", "request_key": str(uuid4())}


def of_another(status: int) -> Answer:
    """For full neighbours who see it; nobody asks themselves, and a newcomer only looks."""

    def answer(who: str, it: Subject) -> int:
        if not it.is_seen_by(who):
            return 404
        return 403 if who in {it.author, "newcomer"} else status

    return answer


def answered_by_lender(who: str, it: Subject) -> int:
    """Yes or no, while it waits for that; later, where it stands."""
    if not it.is_seen_by(who):
        return 404
    return 403 if it.name == "waiting" and who != it.author else 302


def taken_back(who: str, it: Subject) -> int:
    """By whoever lent it; while it is not out, the page says where it stands."""
    if not it.is_seen_by(who):
        return 404
    return 403 if it.name.startswith("out") and who != it.author else 302


def noted(who: str, it: Subject) -> int:
    """Something can break only after it was handed over."""
    if not it.is_seen_by(who):
        return 404
    return 302 if it.name.startswith("out") else 403


def full(status: int) -> Answer:
    return lambda who, _it: 403 if who == "newcomer" else status


def removed(who: str, it: Subject) -> int:
    """Taken off already, it is off."""
    return 302 if who == it.author and not it.is_live else of_author(302)(who, it)


LENDING: dict[str, Page] = {
    "shelf": Page("neighbours", get=200),
    "at_home": Page("neighbours", get=full(200), post=full(302)),
    "have_one": Page("neighbours", get=of_another(200), post=of_another(302), of="wish", data=_OFFER),
    "thing": Page("neighbours", get=seen(200), of="thing"),
    "ask_loan": Page("neighbours", post=of_another(302), of="thing", data=_ASK),
    "thing_photo": Page("neighbours", get=of_author(200), post=of_author(302), of="thing", data={"do": "remove"}),
    "remove_thing": Page("neighbours", post=removed, of="thing"),
    "loans": Page("neighbours", get=200),
    "loan": Page("neighbours", get=seen(200), of="loan"),
    "loan_agreement": Page("neighbours", post=answered_by_lender, of="loan"),
    "loan_refusal": Page("neighbours", post=answered_by_lender, of="loan"),
    "loan_handover": Page("neighbours", post=seen(302), of="loan"),
    "loan_distance": Page("neighbours", post=seen(302), of="loan"),
    "loan_return": Page("neighbours", post=taken_back, of="loan"),
    "loan_extension": Page("neighbours", post=seen(302), of="loan"),
    "loan_cancellation": Page("neighbours", post=seen(302), of="loan"),
    "loan_damage": Page("neighbours", post=noted, of="loan"),
}
