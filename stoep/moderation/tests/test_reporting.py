"""Reporting: on everything one sees, with a receipt at once; and by anybody, with the public form."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from stoep.access.models import Grant
from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.moderation.models import Case, Report
from stoep.operations.cast import Cast
from stoep.people.models import Block


def report(who: Visit, kind: str, subject_id: Any, reason: str = "insult", *, words: str = "", key: Any = None) -> Any:
    data = {"reason": reason, "explanation": words, "request_key": str(key or uuid4())}
    return who.client.post(reverse("report", args=[kind, subject_id]), data)


@pytest.fixture
def marie(cast: Cast) -> Visit:
    return Visit(cast["neighbour"])


@pytest.fixture
def ahmed(cast: Cast) -> Visit:
    return Visit(cast["second-neighbour"])


def test_the_button_stands_on_every_message_answer_and_page_of_another(marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place()
    answer = ahmed.answer(post)
    html = marie.read(post)
    for kind, subject in (("post", post.pk), ("comment", answer.pk)):
        assert reverse("report", args=[kind, subject]) in html
        assert reverse("report", args=[kind, subject]) not in ahmed.read(post)
    assert reverse("report", args=["person", ahmed.person.pk]) in page(marie.get("person", ahmed.person.pk))


def test_the_form_leads_back_to_what_it_is_about(marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place()
    answer = ahmed.answer(post)
    there = reverse("post", args=[post.pk])
    person = reverse("person", args=[ahmed.person.pk])
    for kind, pk, back in (
        ("post", post.pk, there),
        ("comment", answer.pk, f"{there}#comment-{answer.pk}"),
        ("person", ahmed.person.pk, person),
    ):
        assert f'href="{back}"' in page(marie.get("report", kind, pk)).partition("<main")[2]


def test_the_receipt_is_there_at_once_with_a_number(marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place("Rude words")
    response = report(marie, "post", post.pk, words="He means me.")
    made = Report.objects.get()
    html = page(marie.client.get(response.headers["Location"]))
    assert f"Its number is {made.number}." in html
    assert made.case.copied["title"] == "Rude words"
    assert made.case.author_id == ahmed.person.pk


def test_the_same_form_twice_is_one_report_and_two_people_are_one_case(cast: Cast, marie: Visit, ahmed: Visit) -> None:
    post, key = ahmed.place(), uuid4()
    for _turn in range(2):
        assert report(marie, "post", post.pk, key=key).status_code == 302
    report(Visit(cast["ambassador"]), "post", post.pk)
    assert Report.objects.count() == 2
    assert Case.objects.count() == 1


def test_what_one_does_not_see_one_cannot_report(cast: Cast, marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place()
    for who in (Visit(cast["next-neighbourhood"]), Visit(cast["other-city"])):
        assert report(who, "post", post.pk).status_code == 404
    Block.objects.create(person=ahmed.person, blocked=marie.person, created_at=clock.now())
    assert report(marie, "post", post.pk).status_code == 404
    assert report(marie, "person", ahmed.person.pk).status_code == 404
    assert report(marie, "nothing", post.pk).status_code == 404
    assert not Report.objects.exists()


def test_nobody_reports_themselves(ahmed: Visit) -> None:
    post = ahmed.place()
    assert report(ahmed, "post", post.pk).status_code == 403
    assert report(ahmed, "person", ahmed.person.pk).status_code == 403


def test_a_name_is_doubted_of_a_person_only(marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place()
    assert report(marie, "post", post.pk, "not_real_name").status_code == 422
    assert report(marie, "person", ahmed.person.pk, "not_real_name").status_code == 302
    assert Case.objects.get().copied["title"] == "Ahmed El Amrani"


def test_whoever_reports_all_day_is_asked_to_come_back_tomorrow(marie: Visit, ahmed: Visit) -> None:
    posts = [ahmed.place(f"Title {number}") for number in range(11)]
    with clock.frozen(clock.now()):
        statuses = [report(marie, "post", post.pk).status_code for post in posts]
    assert statuses == [302] * 10 + [422]


def test_danger_goes_first_and_names_the_emergency_number(marie: Visit, ahmed: Visit) -> None:
    first, second = ahmed.place(), ahmed.place()
    assert "112" in page(marie.get("report", "post", first.pk))
    report(marie, "post", first.pk)
    report(marie, "post", second.pk, "danger")
    assert [case.subject_id for case in Case.objects.all()] == [second.pk, first.pk]


def _notice(client: Client, **data: str) -> Any:
    good = {
        "where": "a message about drugs",
        "reason": "illegal",
        "explanation": "It is against the law.",
        "is_in_good_faith": "on",
        "request_key": str(uuid4()),
    }
    return client.post(reverse("notice"), good | data, headers={"Accept-Language": "en"})


@pytest.mark.usefixtures("cast")
def test_anybody_gives_notice_without_a_name_and_follows_it_by_its_number() -> None:
    client = Client()
    response = _notice(client)
    made = Report.objects.get()
    assert made.number in response.headers["Location"]
    assert made.number in page(client.get(response.headers["Location"]))
    assert (made.name, made.email, made.reporter) == ("", "", None)
    assert not Mail.objects.exists()
    assert client.get(reverse("notice_receipt", args=["NOTHING"])).status_code == 410


@pytest.mark.usefixtures("cast")
def test_whoever_gave_an_address_has_the_receipt_by_mail() -> None:
    _notice(Client(), email="somebody@post.example", name="Some Body")
    [mail] = Mail.objects.all()
    assert mail.recipient == "somebody@post.example"
    assert Report.objects.get().number in mail.text


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("missing", ["where", "reason", "explanation", "is_in_good_faith"])
def test_a_notice_says_what_where_and_why_in_good_faith(missing: str) -> None:
    response = _notice(Client(), **{missing: ""})
    assert response.status_code == 422
    assert not Report.objects.exists()


def test_a_notice_that_names_an_address_joins_its_case_and_answers_alike_where_nothing_is(
    marie: Visit, ahmed: Visit
) -> None:
    post = ahmed.place("Something bad")
    report(marie, "post", post.pk)
    answers = []
    for subject in (post.pk, uuid4()):
        client = Client()
        response = _notice(client, where=f"https://buurt.hasselt.example/posts/{subject}/")
        html = page(client.get(response.headers["Location"]))
        answers.append(re.sub(r'[A-Z2-9]{10}|<time.*?</time>|value="\w+"', "", html))
        assert "Something bad" not in html
    assert answers[0] == answers[1]
    assert sorted(case.reports.count() for case in Case.objects.all()) == [1, 2]


def test_a_grant_opens_the_reported_thing_and_two_on_each_side(cast: Cast, marie: Visit, ahmed: Visit) -> None:
    posts = [ahmed.place(f"Title {number}") for number in range(7)]
    report(marie, "post", posts[3].pk)
    moderator = Visit(cast["moderator"])
    for place, post in enumerate(posts):
        assert moderator.get("post", post.pk).status_code == (200 if 1 <= place <= 5 else 404)
    assert Grant.objects.count() == 5


def test_of_a_thread_the_moderator_sees_two_answers_on_each_side(cast: Cast, marie: Visit, ahmed: Visit) -> None:
    post = marie.place("The post")
    answers = [ahmed.answer(post, f"Words {number}") for number in range(7)]
    report(marie, "comment", answers[3].pk)
    moderator = Visit(cast["moderator"])
    html = page(moderator.get("case", Case.objects.get().pk))
    assert re.findall(r"Words \d", html) == ["Words 3", "Words 1", "Words 2", "Words 4", "Words 5"]
    assert moderator.get("post", post.pk).status_code == 404
    assert "The post" not in html


def test_who_left_can_still_be_judged(cast: Cast, marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place()
    report(marie, "post", post.pk)
    Case.objects.update(author=None)
    Post.objects.filter(pk=post.pk).delete()
    moderator = Visit(cast["moderator"])
    data = {"outcome": "remove", "days": 7, "ground": "rules", "ground_text": "Rule 2", "facts": "It hurts."}
    assert moderator.send("case", Case.objects.get().pk, **data).status_code == 302


def test_a_key_that_stands_under_another_report_still_makes_ones_own(marie: Visit, ahmed: Visit) -> None:
    key = uuid4()
    assert _notice(Client(), request_key=str(key)).status_code == 302
    assert report(marie, "post", ahmed.place().pk, key=key).status_code == 302
    assert Report.objects.filter(reporter=marie.person).count() == 1
