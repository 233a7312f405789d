"""An ambassador's desk: who is new, who waits, what was reported; and no more of anybody than a neighbour sees."""

from datetime import timedelta

import pytest
from django.urls import reverse

from stoep.common import clock
from stoep.feed.tests.visits import Visit, page
from stoep.moderation.models import Case
from stoep.moderation.tests.test_reporting import report
from stoep.operations.cast import Cast
from stoep.people.models import Block, Membership


@pytest.fixture
def jos(cast: Cast) -> Visit:
    return Visit(cast["ambassador"])


@pytest.fixture
def marie(cast: Cast) -> Visit:
    return Visit(cast["neighbour"])


@pytest.fixture
def ahmed(cast: Cast) -> Visit:
    return Visit(cast["second-neighbour"])


def test_who_came_this_week_is_new(jos: Visit, marie: Visit, ahmed: Visit) -> None:
    now = clock.now()
    Membership.objects.filter(person=marie.person).update(started_at=now - timedelta(days=2))
    Membership.objects.filter(person=ahmed.person).update(started_at=now - timedelta(days=9))
    html = page(jos.get("ambassador"))
    assert "Marie Peeters" in html
    assert "Ahmed" not in html


def test_who_blocked_an_ambassador_is_not_on_the_desk(jos: Visit, marie: Visit) -> None:
    now = clock.now()
    Membership.objects.filter(person=marie.person).update(started_at=now)
    Block.objects.create(person=marie.person, blocked=jos.person, created_at=now)
    assert "Marie" not in page(jos.get("ambassador"))


def test_what_nobody_answered_for_a_day_waits(jos: Visit, marie: Visit, ahmed: Visit) -> None:
    now = clock.now()
    with clock.frozen(now - timedelta(hours=30)):
        marie.place("Old and alone", kind="help_wanted")
        answered = marie.place("Old and answered", kind="help_wanted")
        ahmed.answer(answered)
    marie.place("Fresh", kind="help_wanted")
    html = page(jos.get("ambassador"))
    assert "Old and alone" in html
    assert "Old and answered" not in html
    assert "Fresh" not in html


def test_a_report_is_looked_at_and_hidden_for_a_day(jos: Visit, marie: Visit, ahmed: Visit) -> None:
    post = ahmed.place("Rude words")
    report(marie, "post", post.pk, words="Between us: he means me.")
    case = Case.objects.get()
    html = page(jos.get("ambassador_report", case.pk))
    assert "Rude words" in html
    for hidden in ("Between us", "Peeters", str(marie.person.pk)):
        assert hidden not in html
    assert jos.send("ambassador_report", case.pk, facts="").status_code == 422
    assert jos.send("ambassador_report", case.pk, facts="It threatens.").status_code == 302
    assert marie.get("post", post.pk).status_code == 404
    assert jos.send("ambassador_report", case.pk, facts="Again.").status_code == 422
    assert "Vandersmissen" not in page(ahmed.get("my_reports"))


def test_reports_about_oneself_next_door_and_people_are_not_an_ambassadors(
    jos: Visit, marie: Visit, ahmed: Visit, cast: Cast
) -> None:
    own, next_door = jos.place("My own"), Visit(cast["next-neighbourhood"]).place("Next door")
    report(marie, "post", own.pk)
    report(marie, "person", ahmed.person.pk, "not_real_name")
    Case.objects.create(
        municipality=cast.cities["hasselt"],
        neighbourhood=cast.neighbourhoods["Tuilt"],
        subject_kind="post",
        subject_id=next_door.pk,
        author=next_door.author,
        opened_at=clock.now(),
    )
    html = page(jos.get("ambassador"))
    for case in Case.objects.all():
        assert reverse("ambassador_report", args=[case.pk]) not in html
        assert jos.send("ambassador_report", case.pk, facts="No").status_code == 404


def test_answers_are_closed_and_opened_by_an_ambassador_only(jos: Visit, marie: Visit, ahmed: Visit) -> None:
    post = marie.place()
    assert ahmed.send("close_answers", post.pk).status_code == 403
    assert jos.send("close_answers", post.pk).status_code == 302
    assert "Answers are closed here." in ahmed.read(post)
    assert ahmed.reply(post).status_code == 403
    assert marie.send("open_answers", post.pk).status_code == 403
    jos.send("open_answers", post.pk)
    assert ahmed.reply(post).status_code == 302


def test_the_poster_is_a_tagged_pdf_with_nobodys_name(jos: Visit) -> None:
    made = jos.get("ambassador_poster")
    assert made.content.startswith(b"%PDF-")
    assert b"pdfuaid" in made.content
    assert made.headers["Content-Type"] == "application/pdf"


def test_a_neighbour_without_the_task_finds_no_desk(marie: Visit) -> None:
    for name in ("ambassador", "ambassador_poster"):
        assert marie.get(name).status_code == 404
