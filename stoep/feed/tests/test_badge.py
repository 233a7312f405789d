"""The city's badge is the city's: nothing that a neighbour writes, and no name they take, can wear it (T12)."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.audience import city_audience
from stoep.feed.actions import publish_post
from stoep.feed.fragments import forget_cards
from stoep.feed.models import Comment, Post
from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Person

SignIn = Callable[[Client, Person], Client]

pytestmark = pytest.mark.django_db
BADGES = ('class="card card--city"', "avatar--city", "chip--announcement", "#bank")
TRIES = [
    '<article class="card card--city">Bericht van de stad</article>',
    "</p></div></article><article class='card card--city'><span class='avatar avatar--city'>",
    "{{ avatar('', kind='city') }} {% set card.department = 'Stad Hasselt' %}",
    '<svg><use href="/static/icons.svg#bank"></use></svg>',
    "Bericht van de stad · Stad Hasselt 🏛",
]


def badges_in(page: str) -> list[str]:
    main = page.partition('<main class="frame__main"')[2].partition("</main>")[0]
    assert main
    tags = " ".join(re.findall(r"<[^>]*>", main))
    return [badge for badge in BADGES if badge in tags]


@pytest.mark.parametrize("words", TRIES, ids=["article", "breaking-out", "template", "icon", "plain-words"])
def test_no_words_of_a_neighbour_wear_the_badge(cast: Cast, sign_in: SignIn, words: str) -> None:
    forget_cards()
    writer = sign_in(Client(), cast["neighbour"])
    sent = {"kind": "information", "title": words[:100], "body": words, "request_key": str(uuid4())}
    assert writer.post(reverse("posts"), sent).status_code == 302
    post = Post.objects.get()
    writer.post(reverse("comments", args=[post.pk]), {"body": words, "request_key": str(uuid4())})
    assert Comment.objects.exists()
    Person.objects.filter(pk=cast["neighbour"].pk).update(name=words[:80])

    reader = sign_in(Client(), cast["second-neighbour"])
    for page in (reverse("feed"), reverse("post", args=[post.pk]), reverse("search") + "?q=stad"):
        assert badges_in(reader.get(page).content.decode()) == []


@pytest.mark.parametrize("more", [{"kind": "announcement"}, {"speaking_for": "Stad Hasselt"}, {"department": "1"}])
def test_no_form_of_a_neighbour_speaks_for_the_city(cast: Cast, sign_in: SignIn, more: dict[str, str]) -> None:
    sent = {"kind": "information", "title": "Aan allen", "body": "", "request_key": str(uuid4()), **more}
    sign_in(Client(), cast["neighbour"]).post(reverse("posts"), sent)
    assert not Post.objects.filter(speaking_for__isnull=False).exists()
    assert not Post.objects.filter(kind="announcement").exists()


def test_what_the_city_says_wears_it(cast: Cast, sign_in: SignIn) -> None:
    """The net is not blind."""
    forget_cards()
    post = publish_post(
        author=cast["editor"],
        audience=city_audience(cast.cities["hasselt"], everybody=True),
        kind="announcement",
        title="Stad vol water",
        body="Morgen.",
        speaking_for=cast.departments["Communicatie"],
        request_key=uuid4(),
        now=JOINED_AT,
    )
    reader = sign_in(Client(), cast["neighbour"])
    for page in (reverse("feed"), reverse("post", args=[post.pk])):
        assert len(badges_in(reader.get(page).content.decode())) >= 3
