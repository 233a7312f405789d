"""A letter that somebody else used: the resident says so, the desk decides, and no thief stays (docs/trust.md T5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from stoep.access.gate import NotAllowed
from stoep.common import clock
from stoep.joining.actions import join
from stoep.joining.codes import CodeRefused
from stoep.joining.disputes import decide_dispute, open_dispute, open_disputes
from stoep.joining.homes import prove_home
from stoep.joining.models import Dispute, LetterCode, Vouch
from stoep.joining.tests.door import browser, join_by_email, letter, letter_for, mails, text_of, type_code, type_name
from stoep.joining.tests.test_inviting import as_, invitation_of, path_of
from stoep.joining.tests.test_moving import move
from stoep.joining.tests.test_vouching import fresh, home_of, speaks
from stoep.operations.cast import Cast
from stoep.people.leaving import end_membership, resume_membership
from stoep.people.models import Membership, Person
from stoep.places.models import Address

pytestmark = pytest.mark.django_db


def is_inside(person: Person) -> bool:
    return fresh(person).standing.is_member


def test_the_resident_who_types_a_used_code_is_asked_and_says_that_it_was_nobody_of_theirs(cast: Cast) -> None:
    post = letter(cast)
    thief = join_by_email(browser(), post.code, name="Dirk Dief", email="dirk@post.example")
    Person.objects.filter(pk=thief.pk).update(email_confirmed_at=clock.now())
    resident = browser()
    type_code(resident, post.code)
    page = text_of(resident.get(reverse("join_name")))
    assert "1 person joined at this address already." in page
    assert "Dirk" not in page
    asked = text_of(resident.get(reverse("join_dispute")))
    assert "Dirk" not in asked
    assert is_inside(thief), "looking does nothing"

    said = resident.post(reverse("join_dispute"))

    assert said.headers["Location"].endswith("?done")
    assert "We look into it" in text_of(resident.get(said.headers["Location"]))
    assert not is_inside(thief)
    assert as_(thief).get("/").headers["Location"] == reverse("suspended")
    assert [mail.person for mail in mails() if mail.kind == "joining/mail/disputed"] == [thief]
    assert [each.person for each in open_disputes(cast.cities["hasselt"])] == [thief]


def test_for_a_fresh_letter_nothing_is_asked_and_without_one_nothing_is_to_be_had(cast: Cast) -> None:
    client = browser()
    assert client.post(reverse("join_dispute")).status_code == 302
    type_code(client, letter(cast).code)
    assert "joined at this address already" not in text_of(client.get(reverse("join_name")))
    assert not Dispute.objects.exists()


def test_while_it_is_asked_nobody_joins_there(cast: Cast) -> None:
    post = letter(cast)
    join_by_email(browser(), post.code)
    open_dispute(code=post.row, now=clock.now())
    answer = type_code(browser(), post.code)
    assert answer.status_code == 422
    assert "There is a question about this address." in text_of(answer)
    other = letter_for(Address.objects.get(pk=post.row.address_id))
    assert type_code(browser(), other.code).status_code == 422
    assert as_(cast["neighbour"]).post(reverse("moving"), {"code": other.code, "confirmed": "1"}).status_code == 422


def test_decided_for_the_resident_the_other_is_out_with_all_they_did(cast: Cast) -> None:
    post = letter(cast)
    thief = join_by_email(browser(), post.code, name="Dirk Dief", email="dirk@post.example")
    friend = home_of(cast["newcomer"])
    speaks(thief, friend)
    speaks(cast["neighbour"], friend)
    invitation = invitation_of(fresh(thief))
    open_dispute(code=post.row, now=clock.now())
    (asked,) = open_disputes(cast.cities["hasselt"])

    assert decide_dispute(actor=cast["desk"], dispute=asked, for_resident=True, now=clock.now()) is True
    assert decide_dispute(actor=cast["desk"], dispute=asked, for_resident=False, now=clock.now()) is False

    assert not Membership.objects.filter(person=thief, ended_at=None).exists()
    assert not is_inside(thief)
    friend.refresh_from_db()
    assert (friend.standing, Vouch.objects.count()) == ("provisional", 1)
    client = browser()
    client.get(path_of(invitation))
    assert client.get(reverse("join_invited")).status_code == 410
    assert type_code(browser(), post.code).status_code == 422
    fresh_post = letter_for(Address.objects.get(pk=post.row.address_id))
    resident = join_by_email(browser(), fresh_post.code, name="Rita Resident", email="rita@post.example")
    assert is_inside(resident)
    assert as_(fresh(thief)).post(reverse("moving"), {"code": letter(cast, at=0).code}).status_code == 403


def test_decided_for_who_was_there_they_read_on_and_the_letter_makes_no_second_dispute(cast: Cast) -> None:
    post = letter(cast)
    person = join_by_email(browser(), post.code)
    open_dispute(code=post.row, now=clock.now())
    decide_dispute(
        actor=cast["desk"], dispute=open_disputes(cast.cities["hasselt"])[0], for_resident=False, now=clock.now()
    )
    assert is_inside(person)
    post.row.refresh_from_db()
    with pytest.raises(CodeRefused):
        open_dispute(code=post.row, now=clock.now())


def test_who_was_paused_for_another_reason_stays_paused(cast: Cast) -> None:
    paused = cast["suspended"]
    household = home_of(paused).household
    assert household is not None
    post = letter_for(household.address)
    open_dispute(code=post.row, now=clock.now())
    asked = open_disputes(cast.cities["hasselt"]).get(person=paused)
    decide_dispute(actor=cast["desk"], dispute=asked, for_resident=False, now=clock.now())
    assert fresh(paused).standing.is_suspended


@pytest.mark.parametrize("who", ["neighbour", "editor", "city-admin", "moderator", "rollout"])
def test_only_desk_and_operator_decide(cast: Cast, who: str) -> None:
    post = letter(cast)
    join_by_email(browser(), post.code)
    open_dispute(code=post.row, now=clock.now())
    asked = open_disputes(cast.cities["hasselt"])[0]
    with pytest.raises(NotAllowed):
        decide_dispute(actor=cast[who], dispute=asked, for_resident=True, now=clock.now())


def test_a_neighbour_who_moved_away_from_there_is_not_touched(cast: Cast) -> None:
    post = letter(cast)
    person = join_by_email(browser(), post.code)
    move(as_(person), letter(cast, neighbourhood="Tuilt"))
    client = browser()
    type_code(client, post.code)
    assert "joined at this address already" not in text_of(client.get(reverse("join_name")))
    type_name(client)
    assert open_dispute(code=post.row, now=clock.now()) == 0
    assert is_inside(person)


class StolenLetters(RuleBasedStateMachine):
    """A thief and a resident with letters of one address, in any order; the desk always sees who lives there.

    Promise: from a decision for the resident on, no thief is inside, unless they stole a letter printed later.
    """

    cast: Any

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = clock.now()
        self.address = Address.objects.filter(neighbourhood=self.cast.neighbourhoods["Kermt"], household=None).last()
        assert self.address is not None
        self.letters: list[LetterCode] = []
        self.thieves: list[Person] = []
        self.residents: list[Person] = []
        self.put_out: set[Any] = set()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def passes(self) -> None:
        self.now += timedelta(minutes=1)

    @rule()
    def a_letter_is_printed(self) -> None:
        self.passes()
        assert self.address is not None
        self.letters.append(letter_for(self.address).row)

    @rule(at=st.integers(0, 5), thief=st.booleans())
    def somebody_joins(self, at: int, *, thief: bool) -> None:
        self.passes()
        if self.letters:
            name = "Dirk Dief" if thief else "Rita Resident"
            try:
                person = join(code=self.letters[at % len(self.letters)], name=name, own_key="482913", now=self.now)
            except CodeRefused:
                return
            (self.thieves if thief else self.residents).append(person)

    @rule(at=st.integers(0, 5))
    def somebody_disputes(self, at: int) -> None:
        self.passes()
        if self.letters:
            try:
                open_dispute(code=self.letters[at % len(self.letters)], now=self.now)
            except CodeRefused:
                return

    @rule(at=st.integers(0, 5), letter_at=st.integers(0, 5))
    def a_thief_types_a_letter_inside(self, at: int, letter_at: int) -> None:
        self.passes()
        if self.thieves and self.letters:
            thief = fresh(self.thieves[at % len(self.thieves)])
            try:
                prove_home(person=thief, code=self.letters[letter_at % len(self.letters)], now=self.now)
            except (CodeRefused, NotAllowed):
                return
            assert thief.pk not in self.put_out

    @rule(at=st.integers(0, 5))
    def a_thief_leaves_and_comes_back(self, at: int) -> None:
        self.passes()
        if self.thieves:
            thief = self.thieves[at % len(self.thieves)]
            end_membership(thief, self.now)
            Person.objects.filter(pk=thief.pk).update(left_at=self.now)
            left_at = self.now
            self.passes()
            for disputed in open_disputes(self.cast.cities["hasselt"]):
                self._decide(disputed)
            Person.objects.filter(pk=thief.pk).update(left_at=None)
            resume_membership(thief, left_at)

    @rule()
    def the_desk_decides(self) -> None:
        self.passes()
        for disputed in open_disputes(self.cast.cities["hasselt"]):
            self._decide(disputed)

    def _decide(self, disputed: Dispute) -> None:
        is_thief = any(disputed.person_id == thief.pk for thief in self.thieves)
        decide_dispute(actor=self.cast["desk"], dispute=disputed, for_resident=is_thief, now=self.now)
        if is_thief:
            self.put_out.add(disputed.person_id)

    @invariant()
    def no_thief_stays(self) -> None:
        inside = Person.objects.holding("neighbour").filter(pk__in=self.put_out)
        assert not inside.exists()
        living = Membership.objects.filter(person__in=self.put_out, household__address=self.address, ended_at=None)
        assert not living.exists()

    @invariant()
    def nobody_is_put_out_who_lives_there(self) -> None:
        undecided = Dispute.objects.filter(decided_at=None).values("person")
        for resident in self.residents:
            if not undecided.filter(person=resident).exists():
                assert is_inside(resident)


def test_no_path_leaves_a_thief_inside(cast: Cast) -> None:
    """Every run begins at a savepoint to which it goes back."""
    run_state_machine_as_test(
        type("StolenLettersHere", (StolenLetters,), {"cast": cast}),
        settings=settings(max_examples=30, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )
