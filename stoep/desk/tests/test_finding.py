"""Finding the one who asks: by what they bring, and by nothing else; a wrong code and a wrong name are one answer."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.desk.models import DeskSession
from stoep.desk.tests.counter import NAME, ask, at_desk, resident
from stoep.joining import codes
from stoep.joining.models import LetterCode
from stoep.joining.tests.conftest import still_clock  # noqa: F401  a fixture of the door's tests
from stoep.joining.tests.door import browser, letter, text_of, type_code
from stoep.operations.cast import Cast
from stoep.people.models import Person, Suspension

SAID = ["Godelieve Dürr-Peeters", "godelieve durr peeters", "GODELIEVE DÜRR PEETERS", "Dürr-Peeters Godelieve"]


@pytest.mark.parametrize("said", SAID, ids=range(len(SAID)))
def test_the_letter_and_the_name_as_it_sounds_find_her(said: str, cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    response = ask(client, who.letter.shown, said)
    assert response.headers["Location"] == reverse("desk_consent")
    assert NAME in text_of(client.get(reverse("desk_consent")))
    assert not DeskSession.objects.exists()  # nothing is done before her yes


def test_a_wrong_code_and_a_wrong_name_get_the_same_bytes(cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    unused = letter(cast, street="Koorstraat", at=0)
    tries = [
        (codes.new_codes(1)[0], NAME),  # nobody has this code
        (unused.code, NAME),  # a letter that nobody has used
        (who.letter.code, "Godelieve Peeters"),  # not the name
        (who.letter.code, "Marie Peeters"),  # a member, but not with this letter
    ]
    answers = {_bare(ask(client, code, name), code, name) for code, name in tries}
    assert len(answers) == 1
    assert "Nobody has joined with this code and this name" in answers.pop()[1]


def test_a_letter_that_lets_nobody_in_any_more_still_finds_her(cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    LetterCode.objects.filter(pk=who.letter.row.pk).update(
        expires_at=clock.now() - timedelta(days=200), withdrawn_at=clock.now(), address=None
    )
    assert ask(client, who.letter.code).status_code == 302


def test_two_of_one_name_behind_one_letter_are_nobody(cast: Cast) -> None:
    who, client = resident(cast, name="Jan Maes"), at_desk(cast)
    resident(cast, name="Jan Maes", paper=who.letter)
    assert ask(client, who.letter.code, "Jan Maes").status_code == 422


def test_who_has_left_and_who_lives_in_another_city_is_nobody(cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    Person.objects.filter(pk=who.person.pk).update(municipality=cast.cities["diepenbeek"])
    assert ask(client, who.letter.code).status_code == 422
    Person.objects.filter(pk=who.person.pk).update(municipality=cast.cities["hasselt"], left_at=clock.now())
    assert ask(client, who.letter.code).status_code == 422


def test_somebody_who_is_paused_may_be_helped_too(cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    Suspension.objects.create(person=who.person, reason="Test", started_at=clock.now())
    assert ask(client, who.letter.code).status_code == 302


@pytest.mark.parametrize("wrong", ["code", "name"])
def test_ten_wrong_tries_and_this_member_of_staff_waits(wrong: str, cast: Cast, still_clock: datetime) -> None:  # noqa: F811
    del still_clock
    who, client = resident(cast), at_desk(cast)
    for number in range(10):
        client.defaults["REMOTE_ADDR"] = f"198.51.100.{number}"  # from ever another place
        code = codes.new_codes(1)[0] if wrong == "code" else who.letter.code
        assert ask(client, code, "Somebody Else").status_code == 422
    client.defaults["REMOTE_ADDR"] = "198.51.100.99"
    assert ask(client, who.letter.code).status_code == 429
    assert "Too many tries" in text_of(ask(client, who.letter.code))


def test_ten_wrong_tries_of_a_network_and_everybody_there_waits(cast: Cast, still_clock: datetime) -> None:  # noqa: F811
    del still_clock
    who = resident(cast)
    stranger = browser(network="198.51.100.7")
    for _each in range(10):
        type_code(stranger, codes.new_codes(1)[0])
    assert ask(at_desk(cast), who.letter.code).status_code == 429


def test_typing_errors_are_nobodys_guess_and_keep_what_was_typed(cast: Cast, still_clock: datetime) -> None:  # noqa: F811
    del still_clock
    who, client = resident(cast), at_desk(cast)
    for _each in range(12):
        response = ask(client, who.letter.code[:-1] + str((int(who.letter.code[-1]) + 1) % 10))
        assert response.status_code == 422
        assert "One digit is not right" in text_of(response)
        assert NAME in text_of(response)
    assert ask(client, "1234").status_code == 422
    assert ask(client, "").status_code == 422
    assert ask(client, who.letter.code).status_code == 302


def test_every_look_is_written_down_with_who_looked_and_nothing_of_the_resident(cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    ask(client, who.letter.code, "Somebody Else")
    ask(client, who.letter.code)
    rows = AccessLog.objects.filter(action="desk:resident:find")
    assert [(row.person, row.subject_id) for row in rows] == [(cast["desk"], cast.cities["hasselt"].pk)] * 2


@pytest.mark.parametrize("who", ["editor", "analyst", "city-admin", "moderator", "operator"])
def test_no_other_staff_finds_anybody(who: str, cast: Cast) -> None:
    found = resident(cast)
    assert ask(at_desk(cast, who), found.letter.code).status_code == 403
    assert not AccessLog.objects.exists()


def _bare(response: object, code: str, name: str) -> tuple[int, str]:
    """Without the token of the form, and what was typed."""
    text = text_of(response)  # type: ignore[arg-type]  # the client's answer
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)
    return response.status_code, text.replace(code, "CODE").replace(name, "NAME")  # type: ignore[attr-defined]  # as above


def test_who_is_protected_is_found_by_the_own_name_and_shown_by_the_chosen_one(cast: Cast) -> None:
    who, client = resident(cast), at_desk(cast)
    Person.objects.filter(name=NAME).update(name="Noor Vrij", own_name=NAME, protected_at=clock.now())
    assert ask(client, who.letter.shown).headers["Location"] == reverse("desk_consent")
    text = text_of(client.get(reverse("desk_consent")))
    assert "Noor Vrij" in text
    assert NAME not in text
