"""Never empty: a place that holds nothing yet says so kindly, and shows one thing to do."""

import re

import pytest

from stoep.feed.fragments import forget_cards
from stoep.feed.tests.visits import Visit, page
from stoep.neighbours.tests.crowds import settle
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person
from stoep.places.models import Neighbourhood

# Where somebody stands who has nothing → what it says, the step for a neighbour, and the one for who is not known yet.
KNOWN = "/me/known/"
PAGES: dict[str, tuple[str, str, str]] = {
    "/": ("You are among the first.", "/posts/new/?kind=introduction&title=Hello%2C%20I%20am%20An", KNOWN),
    "/?kind=help": ("Nothing here yet", "/", "/"),
    "/agenda/": ("Nothing planned yet in Stevoort", "/posts/new/?kind=activity&title=Coffee%20together", "/"),
    "/agenda/?when=today": ("Nothing planned here", "/agenda/", "/agenda/"),
    "/agenda/?when=weekend": ("Nothing planned here", "/agenda/", "/agenda/"),
    "/share/": ("The shelf is still empty", "/share/at-home/", KNOWN),
    "/share/?kind=give": ("Nothing of this kind", "/posts/new/?kind=borrow", "/share/"),
    "/loans/": ("Nothing under way", "/share/", "/share/"),
    "/people/?q=nobody": ("Nobody found", "/people/", KNOWN),
    "/people/?skill=dog": ("Nobody ticked this yet", "/posts/new/?kind=help_wanted", KNOWN),
    "/people/": ("Stevoort is only beginning", "/me/invite/", KNOWN),
    "/groups/": ("No groups yet", "/groups/new/", KNOWN),
    "/chat/": ("No conversations yet", "/people/", KNOWN),
    "/notifications/": ("Nothing yet", "/", "/"),
    "/search/?q=ladder": ("Nothing found for “ladder”", "/posts/new/?title=ladder", "/"),
    "/posts/mine/": ("You have not placed anything yet", "/posts/new/", "/posts/new/"),
}
LONGEST_SENTENCE = 15
KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def ann(cast: Cast) -> Visit:
    """One of three in Stevoort, where nothing was ever said."""
    forget_cards()
    people = settle(cast.neighbourhoods["Stevoort"], ["An Aerts", "Bert Bos", "Cis Cox"])
    Neighbourhood.objects.filter(pk=cast.neighbourhoods["Stevoort"].pk).update(member_count=3)
    return Visit(people[0])


@pytest.mark.parametrize("address", PAGES)
def test_an_empty_place_has_one_step_that_leads_somewhere(address: str, ann: Visit) -> None:
    words, step, _of_newcomer = PAGES[address]
    html = page(ann.client.get(address))
    assert words in html
    assert _steps(html) == [step]
    assert ann.client.get(step).status_code == 200


@pytest.mark.parametrize("address", [each for each in PAGES if each != "/posts/mine/"])
def test_who_is_not_known_yet_has_a_step_that_they_may_take(address: str, ann: Visit) -> None:
    Membership.objects.filter(person=ann.person).update(standing="provisional", proof="invitation")
    response = ann.client.get(address)
    assert response.status_code == (403 if address.startswith("/people/") else 200)
    step = PAGES[address][2]
    assert _steps(page(response)) == [step]
    assert ann.client.get(step).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_it_is_said_in_one_short_sentence_of_everyday_dutch(address: str, ann: Visit) -> None:
    Person.objects.filter(pk=ann.person.pk).update(language="nl")
    html = page(ann.client.get(address))
    found = re.findall(r'class="empty__title">([^<]+)</h\d>\s*<p>([^<]+)</p>', html)
    assert len(found) == (address != "/people/"), "there oneself stands already"
    assert PAGES[address][0] not in html, "it is in English"
    sentences = re.split(r"[.?!]", " . ".join(words for each in found for words in each))
    assert all(len(sentence.split()) <= LONGEST_SENTENCE for sentence in sentences)


def test_with_something_in_them_no_place_says_that_it_is_empty(ann: Visit, cast: Cast) -> None:
    bert = Visit(Membership.objects.get(person__name="Bert Bos").person)
    ann.place("Who has a ladder?")
    ann.send("at_home", things=["ladder"])
    assert (
        bert.client.post(
            "/groups/new/", {"name": "Allotment", "about": "", "is_open": "yes", "request_key": KEY}
        ).status_code
        == 302
    )
    ann.send("write_to", bert.person.pk, body="Hello", request_key=KEY)
    for address in ("/", "/share/", "/groups/", "/chat/", "/search/?q=ladder", "/posts/mine/", "/people/?q=bert"):
        html = page(ann.client.get(address))
        assert 'class="empty"' not in html, address
    assert 'class="empty"' in Visit(cast["next-neighbourhood"]).feed(), "what stands here fills nobody else's square"


def _steps(html: str) -> list[str]:
    """Where the main buttons of the page itself lead."""
    main = html[html.index('<main class="frame__main"') : html.index("</main>")]
    found = re.findall(r'<(?:a|button) class="button button--primary[^"]*"(?: href="([^"]*)")?', main)
    return [step.replace("&amp;", "&") for step in found]
