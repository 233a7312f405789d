"""A block outlives leaving: whoever is erased and comes back to the same letterbox meets nobody who blocked them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.joining.tests.door import browser, join_by_email, join_by_own_key, letter_for, member, post_comes
from stoep.neighbours.protecting import protect
from stoep.operations.cast import Cast
from stoep.people.kept_blocks import KEPT, forget_kept_blocks
from stoep.people.models import Block, KeptBlock, Membership, Person
from stoep.people.queries import person_with_standing
from stoep.places.models import Address
from stoep.privacy.erasing import erase

EMAIL = "zeno@post.example"


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[datetime]:
    with clock.frozen(clock.now().replace(microsecond=0)) as now:
        yield now


@pytest.fixture
def home(cast: Cast) -> Address:
    found = Address.objects.filter(neighbourhood=cast.neighbourhoods["Kermt"], households=None).order_by("pk").first()
    assert found is not None
    return found


def joins(cast: Cast, home: Address, email: str = EMAIL, name: str = "Zeno Claes") -> Person:
    found = member(cast, name=name, email=email, code=letter_for(home).code)
    return Person.objects.get(pk=found.pk)


def meets(one: Person, other: Person) -> int:
    return int(Visit(Person.objects.get(pk=one.pk)).get("person", other.pk).status_code)


def test_who_was_blocked_comes_back_and_is_blocked(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    assert meets(zeno, marie) == 404
    erase(zeno.pk, now=clock.now())
    assert not Block.objects.exists()
    back = joins(cast, home)
    assert (meets(back, marie), meets(marie, back)) == (404, 404)
    assert Block.objects.get().person == marie, "she may take it back, he may not"


def test_a_second_account_does_not_walk_around_it(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    erase(zeno.pk, now=clock.now())
    letter = letter_for(home).code
    join_by_email(browser(), letter, name="Bram Aerts", email=EMAIL)
    assert meets(join_by_email(browser(), letter, name="Zeno Claes", email=EMAIL), marie) == 404


def test_taken_back_it_is_over_however_often_somebody_comes_back(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    erase(zeno.pk, now=clock.now())
    back = joins(cast, home)
    Visit(marie).client.post(reverse("remove_block", args=[Block.objects.get().pk]))
    assert meets(back, marie) == 200
    assert not KeptBlock.objects.exists()
    erase(back.pk, now=clock.now())
    assert meets(joins(cast, home), marie) == 200


def test_whoever_types_the_address_of_the_one_who_left_does_not_learn_whom_they_blocked(
    cast: Cast, home: Address
) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(zeno).client.post(reverse("block", args=[marie.pk]))
    erase(zeno.pk, now=clock.now())
    flat_mate = join_by_email(browser(), letter_for(home).code, name="Bram Aerts", email=EMAIL)
    assert Person.objects.get(pk=flat_mate.pk).email_confirmed_at is None
    assert marie.name not in page(Visit(flat_mate).get("blocks"))
    assert not Block.objects.exists()


def test_without_an_address_and_protected_it_is_the_real_name_that_counts(cast: Cast, home: Address) -> None:
    marie, (zeno, _key) = cast["neighbour"], join_by_own_key(browser(), letter_for(home).code, name="Zeno Claes")
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    hiding = person_with_standing(zeno.pk)
    assert hiding is not None
    protect(person=hiding, name="Bo Vermeulen", now=clock.now())
    erase(zeno.pk, now=clock.now())
    back, _key = join_by_own_key(browser(), letter_for(home).code, name="Zeno Claes")
    assert meets(back, marie) == 404


def test_for_a_whole_letterbox_it_comes_back_for_all_of_it(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]), {"letterbox": "on"})
    assert Block.objects.get().household is not None
    erase(zeno.pk, now=clock.now())
    back = joins(cast, home)
    assert Block.objects.get().household == Membership.objects.get(person=back).household


def test_who_blocked_somebody_comes_back_and_may_take_it_back(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(zeno).client.post(reverse("block", args=[marie.pk]))
    erase(zeno.pk, now=clock.now())
    back = joins(cast, home)
    assert meets(marie, back) == 404
    assert Block.objects.get().person == back
    Visit(back).client.post(reverse("remove_block", args=[Block.objects.get().pk]))
    assert meets(marie, back) == 200


def test_somebody_else_behind_that_letterbox_is_a_stranger(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    erase(zeno.pk, now=clock.now())
    assert meets(joins(cast, home, "anna@post.example", "Anna Claes"), marie) == 200
    elsewhere = Address.objects.filter(neighbourhood=home.neighbourhood, households=None).exclude(pk=home.pk).first()
    assert elsewhere is not None
    assert meets(joins(cast, elsewhere), marie) == 200


def test_with_another_address_first_it_stands_once_the_old_one_is_proved(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    erase(zeno.pk, now=clock.now())
    back = joins(cast, home, "other@post.example")
    assert meets(back, marie) == 200
    client = Visit(back).client
    client.post(reverse("change_email"), {"email": EMAIL})
    [mail] = [one for one in post_comes() if one.recipient == EMAIL]
    token = mail.text.partition("/e-mail/")[2].partition("/")[0]
    client.post(reverse("confirm_email", args=[token]))
    assert Person.objects.get(pk=back.pk).email == EMAIL
    assert meets(back, marie) == 404


def test_after_two_years_it_is_forgotten(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    erase(zeno.pk, now=clock.now())
    assert forget_kept_blocks(clock.now() + KEPT - timedelta(days=1)) == 0
    assert forget_kept_blocks(clock.now() + KEPT) == 1
    assert meets(joins(cast, home), marie) == 200


def test_nothing_kept_says_who_it_was(cast: Cast, home: Address) -> None:
    marie, zeno = cast["neighbour"], joins(cast, home)
    Visit(marie).client.post(reverse("block", args=[zeno.pk]))
    erase(zeno.pk, now=clock.now())
    kept = KeptBlock.objects.get()
    assert kept.person == marie
    assert not any(word in str(vars(kept)) for word in ("Zeno", EMAIL, str(zeno.pk), str(home.pk)))
