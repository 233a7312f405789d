"""Each night what was kept long enough goes, and what was not stays: with the clock put forward."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from stoep.access.audience import city_audience, home_audience
from stoep.access.models import AccessLog, Once
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.outbox import tell
from stoep.feed.actions import publish_comment, publish_post
from stoep.feed.editing import remove_comment, remove_post
from stoep.feed.models import Comment, Post, Revision
from stoep.joining.tests.door import browser, post_comes
from stoep.operations.cast import Cast
from stoep.people.data_map import declarations, months
from stoep.people.models import Person
from stoep.privacy import jobs
from stoep.privacy.models import ErasedPerson, Reminder

SignIn = Callable[[Client, Person], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[datetime]:
    with clock.frozen(clock.now().replace(minute=30, second=0)) as now:
        yield now


def at(later: timedelta) -> None:
    """The night that is so much later."""
    with clock.frozen(clock.now() + later):
        jobs.forget()


def place(cast: Cast, kind: str = "question", **facts: object) -> Post:
    post = publish_post(
        author=cast["neighbour"],
        audience=home_audience(cast.neighbourhoods["Kermt"]),
        kind=kind,
        title="A title",
        body="",
        request_key=uuid4(),
        now=clock.now(),
    )
    Post.objects.filter(pk=post.pk).update(**facts)
    return post


def answer(cast: Cast, post: Post) -> Comment:
    return publish_comment(
        author=cast["second-neighbour"], post=post, body="Words", request_key=uuid4(), now=clock.now()
    )


@pytest.fixture
def _stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is away for long: so that only the things themselves grow old."""
    del cast
    monkeypatch.setattr(jobs, "care_for_inactive", lambda _now: 0)


@pytest.mark.usefixtures("_stays")
class TestThings:
    @pytest.mark.parametrize(
        ("kind", "period"),
        [
            ("question", months(36)),
            ("information", months(36)),
            ("lend", months(6)),
            ("borrow", months(6)),
            ("give", months(6)),
            ("lost_found", months(6)),
        ],
    )
    def test_a_post_goes_after_its_time_with_its_answers(self, cast: Cast, kind: str, period: timedelta) -> None:
        post = place(cast, kind)
        answer(cast, post)
        Revision.objects.create(of="post", subject_id=post.pk, body="Before", replaced_at=clock.now())
        at(period - DAY)
        assert (Post.objects.count(), Comment.objects.count()) == (1, 1)
        at(period + DAY)
        assert (Post.objects.count(), Comment.objects.count(), Revision.objects.count()) == (0, 0, 0)

    def test_what_departments_say_is_the_citys_archive_and_answers_to_it_go(self, cast: Cast) -> None:
        post = publish_post(
            author=cast["editor"],
            audience=city_audience(cast.cities["hasselt"], everybody=True),
            kind="announcement",
            title="Works",
            body="",
            speaking_for=cast.departments["Communicatie"],
            request_key=uuid4(),
            now=clock.now(),
        )
        answer(cast, post)
        at(months(36) + DAY)
        post.refresh_from_db()
        assert post.comment_count == 0
        assert Comment.objects.count() == 0

    def test_what_was_deleted_can_come_back_for_thirty_days_and_is_gone_after(self, cast: Cast) -> None:
        gone, standing = place(cast), place(cast)
        comment = answer(cast, standing)
        remove_post(person=cast["neighbour"], post=gone, now=clock.now())
        remove_comment(person=cast["second-neighbour"], comment=comment, now=clock.now())
        at(timedelta(days=29))
        assert (Post.objects.count(), Comment.objects.count()) == (2, 1)
        at(timedelta(days=31))
        assert list(Post.objects.all()) == [standing]
        assert Comment.objects.count() == 0
        standing.refresh_from_db()
        assert standing.comment_count == 0

    def test_what_a_moderator_took_away_waits_for_the_appeal(self, cast: Cast) -> None:
        post = place(cast, removed_at=clock.now(), removed_by=cast["moderator"])
        at(timedelta(days=200))
        assert Post.objects.filter(pk=post.pk).exists()
        at(months(36) + DAY)
        assert not Post.objects.filter(pk=post.pk).exists()

    def test_keys_of_forms_go_after_thirty_days(self, cast: Cast) -> None:
        place(cast)
        at(timedelta(days=29))
        assert Once.objects.count() == 1
        at(timedelta(days=31))
        assert Once.objects.count() == 0

    def test_the_log_of_what_staff_did_goes_after_24_months(self, cast: Cast) -> None:
        AccessLog.objects.create(municipality=cast.cities["hasselt"], action="x:y:z", at=clock.now())
        at(months(24) - DAY)
        assert AccessLog.objects.count() == 1
        at(months(24) + DAY)
        assert AccessLog.objects.count() == 0

    def test_what_was_told_goes_once_it_was_handled_and_mailed(self, cast: Cast) -> None:
        now, city = clock.now(), cast.cities["hasselt"]
        handled, waiting, mailed = (
            tell("x", municipality_id=city.pk, subject_id=new_id(), actor=cast["neighbour"], now=now) for _each in "abc"
        )
        OutboxEntry.objects.exclude(pk=waiting.pk).update(handled_at=now)
        mail = Mail.objects.create(
            entry=mailed,
            municipality=city,
            kind="x",
            recipient="a",
            subject="b",
            text="c",
            html="d",
            made_at=now,
            due_at=now,
        )
        at(timedelta(days=29))
        assert OutboxEntry.objects.count() == 3
        at(timedelta(days=31))
        assert set(OutboxEntry.objects.values_list("pk", flat=True)) == {waiting.pk, mailed.pk}, "one mail still waits"
        assert not OutboxEntry.objects.filter(pk=handled.pk).exists()
        Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=now)
        at(timedelta(days=31))
        assert Mail.objects.count() == 0

    def test_one_kind_that_fails_keeps_no_other_from_going(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        place(cast)

        def broken(_now: datetime) -> int:
            raise RuntimeError

        monkeypatch.setattr(jobs, "erase_due", broken)
        at(months(36) + DAY)
        assert Post.objects.count() == 0


class TestPeople:
    def test_who_is_away_is_reminded_twice_and_then_erased(self, cast: Cast) -> None:
        marie = cast["neighbour"]
        _everybody_else_is_here(marie)
        at(months(22) - DAY)
        assert Reminder.objects.count() == 0
        for number in (22, 23):
            with clock.frozen(clock.now() + months(number) + DAY):
                jobs.forget()
                jobs.forget()
                told = [mail for mail in post_comes() if mail.kind == "privacy/mail/reminder"]
                assert [mail.recipient for mail in told] == [marie.email]
        at(months(24) - DAY)
        assert Person.objects.filter(pk=marie.pk).exists()
        at(months(24) + 2 * DAY)
        assert not Person.objects.filter(pk=marie.pk).exists()
        assert ErasedPerson.objects.filter(pk=marie.pk).exists()

    def test_one_visit_is_enough_to_stay_and_the_count_begins_anew(self, cast: Cast, sign_in: SignIn) -> None:
        marie = cast["neighbour"]
        _everybody_else_is_here(marie)
        at(months(23) + DAY)
        assert Reminder.objects.filter(person=marie).exists()
        with clock.frozen(clock.now() + months(23) + 2 * DAY):
            client = sign_in(browser(), marie)
            Session.objects.update(expire_date=clock.now() + DAY)
            assert client.get("/").status_code == 200
        at(months(25))
        assert Person.objects.filter(pk=marie.pk, left_at=None).exists()
        assert not Reminder.objects.filter(person=marie).exists()

    def test_nobody_who_can_be_mailed_is_erased_without_a_month_of_warning(self, cast: Cast) -> None:
        """The jobs stood still for a year."""
        marie = cast["neighbour"]
        _everybody_else_is_here(marie)
        at(months(36))
        assert Person.objects.filter(pk=marie.pk).exists()
        at(months(36) + timedelta(days=27))
        assert Person.objects.filter(pk=marie.pk).exists()
        at(months(36) + timedelta(days=29))
        assert not Person.objects.filter(pk=marie.pk).exists()

    def test_who_has_no_mail_is_erased_after_24_months(self, cast: Cast) -> None:
        marie = cast["neighbour"]
        _everybody_else_is_here(marie)
        Person.objects.filter(pk=marie.pk).update(email="", email_hash="", email_confirmed_at=None)
        at(months(24) - DAY)
        assert Person.objects.filter(pk=marie.pk).exists()
        at(months(24) + DAY)
        assert not Person.objects.filter(pk=marie.pk).exists()

    def test_staff_does_not_come_to_the_square_and_is_not_away(self, cast: Cast) -> None:
        at(months(60))
        assert Person.objects.filter(pk=cast["editor"].pk).exists()


class TestThePeriods:
    def test_every_period_has_somebody_who_keeps_it(self) -> None:
        """A period is kept by the nightly job, or by a job of the app itself, which is named here."""
        own_jobs = {"delivery.Mail", "delivery.TextMessage", "joining.Ticket"}
        unkept = {
            each.table
            for each in declarations()
            for kept in each.kept
            if kept.period is not None and kept.forget is None
        }
        assert unkept == own_jobs


def _everybody_else_is_here(person: Person) -> None:
    Person.objects.exclude(pk=person.pk).update(feed_seen_at=clock.now() + timedelta(days=5000))
    Person.objects.filter(pk=person.pk).update(joined_at=clock.now(), feed_seen_at=clock.now())
