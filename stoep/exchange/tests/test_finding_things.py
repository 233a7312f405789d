"""A search finds the things that neighbours ticked, by any of their names, and for nobody who may not see them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.exchange.models import Item
from stoep.exchange.tests.sharing import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Mute

GoesTo = Callable[[str], Visit]


@pytest.fixture(name="owner")
def _owner(visit: GoesTo) -> Visit:
    """Marie ticked a drill, a ladder and a car trailer, and answered a wish with her tile cutter."""
    marie = visit("neighbour")
    marie.send("at_home", things=["drill", "ladder", "trailer"])
    marie.has_one(visit("second-neighbour").wish("Who cuts tiles?"), name="Tile cutter", is_for_shelf="on")
    return marie


def found(who: Visit, question: str) -> str:
    return page(who.get("search", q=question)).partition('id="things-title"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("drill", "Drill"),
        ("boormachine", "Drill"),
        ("boor", "Drill"),
        ("boormachien", "Drill"),
        ("Bohrmaschine", "Drill"),
        ("wie heeft een ladder?", "Ladder"),
        ("échelle", "Ladder"),
        ("aanhangwagen", "Car trailer"),
        ("tile cutter", "Tile cutter"),
        ("cutter", "Tile cutter"),
    ],
)
@pytest.mark.usefixtures("owner")
def test_it_is_found_by_what_one_calls_it(question: str, name: str, visit: GoesTo) -> None:
    html = found(visit("ambassador"), question)
    assert f">{name}</a>" in html
    assert "Marie Peeters" in html
    assert "free" in html.lower()


@pytest.mark.parametrize("question", ["boord", "hond", "ladekast", "Marie"])
@pytest.mark.usefixtures("owner")
def test_and_not_by_what_only_looks_alike(question: str, visit: GoesTo) -> None:
    assert found(visit("ambassador"), question) == ""


def test_what_a_message_tells_of_is_found_as_the_message_alone(visit: GoesTo) -> None:
    visit("neighbour").put_down("Tile cutter")
    html = page(visit("ambassador").get("search", q="cutter"))
    assert "Tile" in html
    assert "things-title" not in html


@pytest.mark.usefixtures("owner")
def test_nobody_finds_it_who_may_not_see_it(visit: GoesTo, cast: Cast) -> None:
    for key in ("next-neighbourhood", "other-city"):
        assert found(visit(key), "drill") == ""
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=clock.now())
    assert found(visit("second-neighbour"), "drill") == ""
    Mute.objects.create(person=cast["ambassador"], muted=cast["neighbour"], created_at=clock.now())
    assert found(visit("ambassador"), "drill") == ""


def test_what_was_taken_off_the_shelf_is_not_found(owner: Visit, visit: GoesTo) -> None:
    owner.send("remove_thing", Item.objects.get(common="drill").pk)
    assert found(visit("ambassador"), "drill") == ""


def test_more_things_cost_no_more_queries(visit: GoesTo) -> None:
    def asked() -> int:
        looking = visit("ambassador")
        with CaptureQueriesContext(connection) as queries:
            assert looking.get("search", q="ladder").status_code == 200
        return len(queries)

    visit("neighbour").send("at_home", things=["ladder"])
    asked()
    few = asked()
    visit("second-neighbour").send("at_home", things=["ladder", "drill", "tent"])
    assert asked() == few


@pytest.mark.usefixtures("owner")
def test_a_common_thing_is_found_behind_many_with_names_of_their_own(
    visit: GoesTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stoep.exchange.shelf_search.LOOKED_AT", 1)
    assert ">Ladder</a>" in found(visit("ambassador"), "ladder")
