"""Afterwards "we met": one tap of who came, counted, told only where enough did, and nobody knows who."""

from collections.abc import Callable

from stoep.events.meeting import meeting_of
from stoep.events.models import Meeting
from stoep.events.tests.planners import Planner, day_of, later
from stoep.feed.tests.visits import page
from stoep.operations.cast import Cast
from stoep.people.models import Household, Membership, Person
from stoep.places.models import Address

GoesTo = Callable[[str], Planner]


def test_who_came_says_it_once_and_few_are_not_told(visit: GoesTo, cast: Cast) -> None:
    author, guest, other = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.plan()
    guest.say(post)
    other.say(post, "maybe")
    assert "This is for who came, once it began." in page(guest.send("event_meeting", day_of(post).pk))
    with later(days=8, hours=5):
        assert "We met each other" in guest.read(post)
        for _twice in range(2):
            assert guest.send("event_meeting", day_of(post).pk).status_code == 302
        assert "It is counted, without your name." in guest.read(post)
        assert "We met each other" not in other.read(post)
        assert other.send("event_meeting", day_of(post).pk).status_code == 422
        assert visit("next-neighbourhood").send("event_meeting", day_of(post).pk).status_code == 404
        assert "met here" not in other.read(post)
        for _more in range(9):
            meeting_of(_neighbour(cast), day_of(post)).save()
        assert "About 10 neighbours met here." in other.read(post)
    kept = Meeting.objects.first()
    assert kept
    assert not {str(guest.person.pk), guest.person.pk.hex} & {kept.who, kept.home}


def _neighbour(cast: Cast) -> Person:
    made = Person.objects.create(
        municipality=cast.cities["hasselt"], name="Nora Nieuw", joined_at=cast["desk"].joined_at
    )
    door = Address.objects.filter(household=None, neighbourhood=cast.neighbourhoods["Kermt"])[0]
    home = Household.objects.create(address=door, created_at=made.joined_at)
    Membership.objects.create(
        person=made,
        neighbourhood=cast.neighbourhoods["Kermt"],
        household=home,
        proof="letter",
        started_at=made.joined_at,
    )
    return made
