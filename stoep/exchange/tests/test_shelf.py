"""The shelf: what stands on it and for whom, ticking what one has at home, and how many questions the pages ask."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.access.audience import home_audience
from stoep.common import clock
from stoep.exchange.models import Item
from stoep.exchange.tests.sharing import Visit, day, page
from stoep.feed.fragments import forget_cards
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Mute

GoesTo = Callable[[str], Visit]


def test_a_tick_is_a_thing_on_the_shelf_and_no_message(visit: GoesTo) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    assert "The shelf is still empty" in page(other.get("shelf"))
    response = lender.send("at_home", things=["ladder", "drill"])
    assert response.headers["Location"] == "/share/?saved"
    html = page(other.get("shelf"))
    assert "Ladder" in html
    assert "Drill" in html
    assert "Ladder" not in other.feed()
    lender.send("at_home", things=["drill", "tent"])
    assert set(Item.objects.filter(removed_at=None).values_list("common", flat=True)) == {"drill", "tent"}
    lender.send("at_home", things=["drill", "tent"])
    assert Item.objects.filter(removed_at=None).count() == 2
    assert visit("next-neighbourhood").get("thing", Item.objects.get(common="tent").pk).status_code == 404
    assert lender.send("at_home", things=["moon"]).status_code == 422
    assert visit("newcomer").send("at_home", things=["tent"]).status_code == 403


def test_what_is_promised_is_neither_unticked_nor_taken_off(visit: GoesTo) -> None:
    lender = visit("neighbour")
    lender.send("at_home", things=["ladder"])
    ladder = Item.objects.get()
    loan = visit("second-neighbour").asked(ladder)
    lender.step("agreement", loan)
    lender.send("at_home", things=[])
    assert Item.objects.get().is_live
    assert lender.send("remove_thing", ladder.pk).headers["Location"].endswith("?promised")
    lender.step("cancellation", loan)
    for _time in range(2):
        assert lender.send("remove_thing", ladder.pk).headers["Location"] == "/share/"
    assert not Item.objects.get().is_live
    assert "Ladder" in lender.reads(loan), "what was agreed keeps its name"


def test_a_thing_stands_while_its_message_stands_and_is_changed_with_it(visit: GoesTo) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    drill = lender.put_down("Drill")
    changed = {"title": "Hammer drill", "body": "", "thing-category": "other", "thing-until_on": str(day(9))}
    assert lender.send("edit_post", drill.told_by_id, **changed).status_code == 302
    html = page(other.get("thing", drill.pk))
    assert "Hammer drill" in html
    assert "Something else" in html
    wrong = lender.send("edit_post", drill.told_by_id, **{**changed, "thing-until_on": "soon"})
    assert wrong.status_code == 422
    assert "Choose a day, as 3/12/2026." in page(wrong)
    assert 'value="soon"' in page(wrong)
    assert lender.send("remove_thing", drill.pk).status_code == 403, "its message is what is removed"
    lender.send("remove_post", drill.told_by_id)
    assert "Hammer drill" not in page(other.get("shelf"))
    assert other.get("thing", drill.pk).status_code == 404


def test_the_composer_asks_keeps_and_refuses(visit: GoesTo) -> None:
    lender = visit("neighbour")
    data = {"kind": "lend", "title": "Drill", "body": "With bits.", "thing-until_on": "soon", "thing-category": "tools"}
    response = lender.send("posts", **data, request_key=str(uuid4()))
    assert response.status_code == 422
    html = page(response)
    assert "Choose a day, as 3/12/2026." in html
    assert 'value="soon"' in html
    assert "With bits." in html
    again = page(lender.get("new_post"))
    assert '<option value="tools" selected>' in again, "the draft keeps the questions too"
    backwards = {"kind": "borrow", "title": "Ladder", "wish-from_on": str(day(5)), "wish-to_on": str(day(4))}
    response = lender.send("posts", **backwards, request_key=str(uuid4()))
    assert "The last day comes before the first." in page(response)
    assert not Item.objects.exists()


def test_the_shelf_is_filtered_and_shows_nothing_that_is_over_or_muted(visit: GoesTo, cast: Cast) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    lender.put_down("Drill")
    lender.put_down("Sofa", kind="give", category="other")
    over = lender.put_down("Tent")
    Item.objects.filter(pk=over.pk).update(until_on=day(-1))
    html = page(other.get("shelf"))
    assert "Tent" not in html
    assert "Sofa" in html
    assert "Sofa" not in page(other.get("shelf", kind="lend"))
    assert "Drill" not in page(other.get("shelf", category="other"))
    Mute.objects.create(person=cast["second-neighbour"], muted=cast["neighbour"], created_at=clock.now())
    assert "Drill" not in page(other.get("shelf"))


@pytest.mark.parametrize("name", ["shelf", "loans", "thing", "loan", "feed"])
def test_pages_ask_the_same_number_of_questions_for_few_things_and_for_many(
    name: str, visit: GoesTo, cast: Cast
) -> None:
    lender, reader = visit("neighbour"), visit("second-neighbour")
    drill = lender.put_down()
    loan = reader.asked(drill)
    _fill(cast, visit, 2)
    args = {"thing": [drill.pk], "loan": [loan.pk]}.get(name, [])
    few = _questions(reader, name, args)
    _fill(cast, visit, 20)
    assert _questions(reader, name, args) == few
    assert few <= 25


def _fill(cast: Cast, visit: GoesTo, count: int) -> None:
    """Things of another neighbour, each lent to the reader some days."""
    audience = home_audience(cast.neighbourhoods["Kermt"])
    owner = Membership.objects.get(person=cast["ambassador"])
    for at in range(count):
        item = Item.objects.create(
            author=cast["ambassador"],
            audience=audience,
            membership=owner,
            category="tools",
            own_name=f"Thing {at}",
            created_at=clock.now(),
        )
        loan = visit("second-neighbour").asked(item, 3 + at, 3 + at) if at < 8 else None
        if loan:
            visit("ambassador").step("agreement", loan)


def _questions(reader: Visit, name: str, args: list[object]) -> int:
    """The fewest of two: now and then something that is kept for seconds is read anew."""
    return min(_asked(reader, name, args) for _time in range(2))


def _asked(reader: Visit, name: str, args: list[object]) -> int:
    forget_cards()
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(name, *args).status_code == 200
    return len(asked)
