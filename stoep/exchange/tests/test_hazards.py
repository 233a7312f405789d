"""Something unsafe: whom to call comes first, then what, where and when; and nobody is suspected."""

import re
from collections.abc import Callable

import pytest

from stoep.exchange.emergency_numbers import NUMBERS, numbers_in
from stoep.exchange.models import Hazard
from stoep.feed.fragments import forget_cards
from stoep.feed.kinds import KINDS
from stoep.feed.models import Draft, Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Person
from stoep.places.models import Municipality
from stoep.places.queries import forget_municipalities

GoesTo = Callable[[str], Visit]
SAID = {"hazard-what": "street", "hazard-where": "Koorstraat, at the school", "hazard-when": "since this morning"}
KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def marie(cast: Cast) -> Visit:
    forget_cards()
    return Visit(cast["neighbour"])


def _words(**facts: str) -> dict[str, str]:
    return {"kind": "unsafe", "title": "Deep hole", "body": "", "request_key": KEY, **SAID, **facts}


def _placed(who: Visit) -> Post:
    response = who.client.post("/posts/", _words())
    assert response.status_code == 302, page(response)
    return Post.objects.get(title="Deep hole")


def test_whom_to_call_stands_before_every_question_of_it(marie: Visit) -> None:
    html = page(marie.get("new_post", kind="unsafe"))
    called = html.index("Danger or fire? Call")
    assert html.index('value="unsafe"') < called < html.index('name="title"') < html.index('name="hazard-what"')
    assert 'href="tel:112"' in html
    assert 'href="tel:101"' in html
    assert "Do not tell what somebody looks like" in html
    assert re.search(r'value="unsafe"[^>]* checked', html)


def test_the_numbers_are_those_of_the_citys_country(marie: Visit, cast: Cast) -> None:
    shown = {}
    for country in ("BE", "NL", "FR", "DE", "LU", "XX"):
        Municipality.objects.filter(pk=cast.cities["hasselt"].pk).update(country=country)
        forget_municipalities()
        html = page(marie.get("new_post"))
        shown[country] = re.findall(
            r'href="tel:(\d+)"', html[html.index("Danger or fire") : html.index('name="title"')]
        )
    assert shown == {
        "BE": ["112", "101"],
        "NL": ["112", "09008844"],
        "FR": ["112", "17"],
        "DE": ["112", "110"],
        "LU": ["112", "113"],
        "XX": ["112"],
    }
    assert all(numbers_in(country).emergency == "112" for country in NUMBERS)


def test_in_belgium_nobody_without_a_hurry_is_sent_to_a_number_for_emergencies(marie: Visit) -> None:
    html = page(marie.get("new_post"))
    assert "Do you need the police now?" in html
    assert "No hurry? Call the police of your own town." in html


def test_it_is_placed_by_the_door_of_every_message_and_says_what_where_and_when(marie: Visit, cast: Cast) -> None:
    post = _placed(marie)
    assert post.kind == "unsafe"
    reader = Visit(cast["second-neighbour"])
    for html in (reader.feed(), reader.read(post)):
        for words in ("Something unsafe", "Something broken in the street", *list(SAID.values())[1:]):
            assert words in html
    assert 'href="tel:112"' in reader.read(post)
    assert Visit(cast["next-neighbourhood"]).get("post", post.pk).status_code == 404
    assert Visit(cast["newcomer"]).client.post("/posts/", _words()).status_code == 403
    assert Hazard.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hazard-what": ""}, "Choose what is unsafe."),
        ({"hazard-what": "person"}, "Select a valid choice."),
        ({"hazard-where": ""}, "Say where it is."),
        ({"hazard-where": "x" * 61}, "60"),
        ({"hazard-when": " "}, "Say when it was."),
        ({"hazard-when": "85.07.30-033.28"}, "national register number"),
        ({"title": ""}, "Give your message a title."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_is_kept(wrong: dict[str, str], said: str, marie: Visit) -> None:
    sent = _words(body="Somebody nearly fell.") | wrong
    response = marie.client.post("/posts/", sent)
    assert response.status_code == 422
    html = page(response)
    assert said in html
    for name, typed in sent.items():
        if name in {"body", "hazard-where", "title"} and name not in wrong:
            assert typed in html
    assert not Post.objects.exists()
    assert Draft.objects.get().kind == "unsafe"


def test_its_questions_are_asked_of_no_other_kind(marie: Visit) -> None:
    response = marie.client.post("/posts/", {"kind": "question", "title": "Who has a ladder?", "request_key": KEY})
    assert response.status_code == 302
    assert not Hazard.objects.exists()


def test_there_is_no_kind_for_a_person(marie: Visit, cast: Cast) -> None:
    """Neither in the composer nor among what can be unsafe, in no language."""
    person = re.compile(r"person|verdacht|suspe[ck]t|verdächtig|onbekende|stranger|inconnu", re.IGNORECASE)
    for language in ("en", "nl", "fr", "de"):
        Person.objects.filter(pk=cast["neighbour"].pk).update(language=language)
        html = page(marie.get("new_post"))
        kinds = html[html.index('id="id_kind"') : html.index('name="title"')]
        tiles = re.findall(r"<label class=\"tile.*?</label>", kinds, re.DOTALL)
        choices = re.findall(r'<label[^>]*for="id_hazard-what_\d"[^>]*>.*?</label>', html, re.DOTALL)
        assert len(tiles) >= 12
        assert len(choices) == len(Hazard.What.choices)
        assert not [each for each in (*tiles, *choices) if person.search(re.sub(r"<[^>]+>", " ", each))]
    assert not [key for key in (*KINDS, *Hazard.What.values) if person.search(key)]


def test_who_describes_a_person_is_asked_before_it_is_placed(marie: Visit) -> None:
    for wrong in ({"title": "A suspicious man"}, {"hazard-where": "Koorstraat, where a suspicious man stands"}):
        sent = _words(**wrong)
        html = page(marie.client.post("/posts/", sent))
        assert "Do you want to say it like this?" in html
        assert "Better tell what happened, where and when." in html
        assert not Post.objects.exists()
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    assert kept["hazard-where"] == sent["hazard-where"]
    assert marie.client.post("/posts/", sent | {"confirmed": "yes"}).status_code == 302
    assert Hazard.objects.get().where == sent["hazard-where"], "the decision stays with the writer"


def test_it_is_changed_as_it_was_asked(marie: Visit) -> None:
    post = _placed(marie)
    html = page(marie.get("edit_post", post.pk))
    assert SAID["hazard-where"] in html
    changed = {"title": "Hole", "body": "", **SAID, "hazard-when": "until yesterday"}
    assert marie.client.post(f"/posts/{post.pk}/edit/", changed | {"hazard-when": ""}).status_code == 422
    assert marie.client.post(f"/posts/{post.pk}/edit/", changed).status_code == 302
    assert "until yesterday" in marie.read(post)
