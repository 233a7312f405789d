"""The daily mail: at five, never empty, at most one a day, nothing twice, in its order, for those who want it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stoep.access.audience import city_audience, home_audience
from stoep.common import clock
from stoep.delivery.digest import PEOPLE_A_BATCH, make_digests, plan_digests
from stoep.delivery.forgetting import forget_digests
from stoep.delivery.mail import message_of
from stoep.delivery.models import Digest, DigestBatch, Mail
from stoep.delivery.tests.days import FIVE, Days, items_of
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Block, Household, Membership, Mute, Person
from stoep.places.models import Address

pytestmark = pytest.mark.usefixtures("english")
DAY = timedelta(days=1)
HERE = ZoneInfo("Europe/Brussels")


@pytest.fixture
def days(cast: Cast) -> Days:
    return Days(cast)


def test_it_comes_at_five_where_people_live(days: Days) -> None:
    days.busy()
    assert days.five(FIVE - timedelta(minutes=1)) == {}
    mails = days.five(FIVE)
    assert {"neighbour", "second-neighbour"} <= set(mails)
    assert "next-neighbourhood" not in mails
    assert days.five(FIVE + timedelta(minutes=5)) == {}, "once"


@pytest.mark.parametrize(
    ("sleeps_until", "comes"),
    [(timedelta(hours=6, minutes=59), True), (timedelta(hours=7), False)],
    ids=["late", "after"],
)
def test_a_worker_that_slept_makes_it_before_midnight_or_with_the_next(
    sleeps_until: timedelta, comes: bool, days: Days
) -> None:
    days.busy()
    with clock.frozen(FIVE):
        plan_digests(now=FIVE)
    at = FIVE + sleeps_until
    with clock.frozen(at):
        for batch in DigestBatch.objects.all():
            make_digests(batch.pk, now=at)
    assert Digest.objects.exists() is comes
    mails = days.five(FIVE + DAY)
    assert ("neighbour" in mails) is not comes, "what was not told yet comes the next day"


def test_whoever_has_nothing_new_gets_no_mail(days: Days) -> None:
    assert days.five() == {}
    days.place("neighbour")
    assert "neighbour" not in days.five(FIVE + timedelta(minutes=1) + DAY), "their own words are no news"
    assert not Mail.objects.filter(text="").exists()


def test_what_was_seen_on_the_square_is_no_news(days: Days, cast: Cast) -> None:
    days.busy()
    Person.objects.filter(pk=cast["neighbour"].pk).update(feed_seen_at=FIVE - timedelta(hours=1))
    mails = days.five()
    assert "neighbour" not in mails
    assert "second-neighbour" in mails


def test_nothing_is_told_twice_over_many_days(days: Days, cast: Cast) -> None:
    for day in range(6):
        days.busy(at=FIVE + day * DAY - timedelta(hours=4), count=2)
        days.five(FIVE + day * DAY)
    items = items_of(cast["neighbour"])
    assert len(items) == len(set(items)) == 12


def test_the_database_itself_keeps_a_second_one_of_a_day_out(days: Days, cast: Cast) -> None:
    days.busy()
    days.five()
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(person=cast["neighbour"], on=FIVE.date(), made_at=FIVE, items=[])
    assert Digest.objects.filter(person=cast["neighbour"]).count() == 1


def test_a_batch_that_dies_in_the_middle_left_nothing_and_is_asked_for_again(days: Days) -> None:
    days.busy()
    with clock.frozen(FIVE):
        plan_digests(now=FIVE)
    [batch] = DigestBatch.objects.filter(neighbourhood=days.cast.neighbourhoods["Kermt"])
    with transaction.atomic():  # as a worker that is killed before it commits
        make_digests(batch.pk, now=FIVE)
        transaction.set_rollback(True)
    assert (Digest.objects.count(), Mail.objects.filter(stream="digest").count()) == (0, 0)
    later = FIVE + timedelta(minutes=11)
    assert plan_digests(now=later) >= 1
    assert "neighbour" in days.five(later)
    assert make_digests(batch.pk, now=later) == 0


def test_what_somebody_may_still_take_back_waits_for_the_next_day(days: Days) -> None:
    days.busy()
    fresh = days.place("ambassador", at=FIVE - timedelta(seconds=30))
    assert str(fresh.pk) not in days.five()["neighbour"].text
    assert str(fresh.pk) in days.five(FIVE + DAY)["neighbour"].text


def test_who_hears_it_at_once_hears_it_once(days: Days, cast: Cast) -> None:
    days.choose("neighbour", neighbourhood="now", city="daily")
    days.busy()
    days.hand_out(FIVE - timedelta(hours=1))
    assert Mail.objects.filter(person=cast["neighbour"], stream="neighbourhood").count() == 5
    days.choose("neighbour", neighbourhood="daily")
    assert "neighbour" not in days.five()
    late = days.place("ambassador", at=FIVE + timedelta(hours=1))
    assert str(late.pk) in days.five(FIVE + DAY)["neighbour"].text
    days.choose("neighbour", neighbourhood="now")
    days.hand_out(FIVE + DAY + timedelta(hours=1))
    assert not Mail.objects.filter(person=cast["neighbour"], entry__subject_id=late.pk).exists()


def test_answers_to_me_once_a_day_stand_in_it(days: Days) -> None:
    days.busy()
    own = days.place("neighbour", at=FIVE - timedelta(hours=5), title="My question")
    days.choose("neighbour", mine="daily")
    days.answer(own)
    text = days.five()["neighbour"].text
    assert "ANSWER TO YOU" in text
    assert text.count("My question") == 1


def test_the_order_city_then_help_that_waits_then_the_rest(days: Days) -> None:
    days.place("ambassador", at=FIVE - timedelta(hours=5), kind="help_wanted", title="Waiting help")
    days.busy(count=4)
    answered = days.place(
        "ambassador", at=FIVE - timedelta(hours=4, minutes=1), kind="help_wanted", title="Answered help"
    )
    days.answer(answered, "second-neighbour")
    days.announce(at=FIVE - timedelta(hours=3), title="Older news")
    days.announce(at=FIVE - timedelta(hours=2), title="Newest news")
    mail = days.five()["neighbour"]
    order = [mail.text.index(title) for title in ("Newest news", "Waiting help", "Title 1", "Answered help")]
    assert order == sorted(order)
    assert mail.text.index("Older news") > mail.text.index("Waiting help"), "one of the city on top"


def test_eight_at_most_and_the_rest_is_counted_and_told_for_good(days: Days) -> None:
    days.busy(count=12)
    mail = days.five()["neighbour"]
    assert mail.text.count("/posts/") == 8
    assert "And 4 more messages." in mail.text
    assert len(items_of(days.cast["neighbour"])) == 12
    assert "neighbour" not in days.five(FIVE + DAY)


def test_where_little_happens_it_comes_once_a_week(days: Days) -> None:
    days.place("ambassador")
    assert "neighbour" in days.five()
    days.place("ambassador", at=FIVE + DAY - timedelta(hours=1))
    days.place("ambassador", at=FIVE + 2 * DAY - timedelta(hours=1))
    assert [day for day in range(1, 8) if "neighbour" in days.five(FIVE + day * DAY)] == [7]


def test_once_a_week_by_choice(days: Days) -> None:
    days.choose("neighbour", is_weekly=True)
    seen = []
    for day in range(8):
        days.busy(at=FIVE + day * DAY - timedelta(hours=4), count=1 if day else 5)
        mails = days.five(FIVE + day * DAY)
        assert "second-neighbour" in mails
        seen += [day] if "neighbour" in mails else []
    assert seen == [0, 7]


@pytest.mark.parametrize(
    "monday", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)], ids=["spring", "autumn"]
)
def test_the_days_on_which_the_clock_changes_have_one_mail_each(monday: datetime, days: Days) -> None:
    Person.objects.update(joined_at=monday - 30 * DAY)
    hours = []
    for hour in range(72):
        at = monday + timedelta(hours=hour)
        days.busy(at=at - timedelta(minutes=30), count=1 if hour else 6)
        if "neighbour" in days.five(at):
            hours.append(at)
    assert len(hours) == 3
    assert {at.astimezone(tz=HERE).hour for at in hours} == {17}


def test_a_clock_that_jumps_back_makes_no_second_mail(days: Days) -> None:
    days.busy()
    days.five()
    days.busy(at=FIVE - timedelta(minutes=20), count=1)
    assert days.five(FIVE - timedelta(minutes=15)) == {}
    assert days.five(FIVE + timedelta(minutes=1)) == {}


def test_nothing_in_it_that_its_reader_may_not_see(days: Days, cast: Cast) -> None:
    """The rule in memory and `visible_to` agree, for everybody and every kind of audience."""
    hasselt, kermt, tuilt = cast.cities["hasselt"], cast.neighbourhoods["Kermt"], cast.neighbourhoods["Tuilt"]
    days.busy()
    days.place("neighbour", audience=home_audience(kermt, adjacent=[tuilt]), title="For both")
    days.place("next-neighbourhood", audience=home_audience(tuilt), title="Next door")
    days.place("other-city", audience=home_audience(cast.neighbourhoods["Rooierheide"]), title="Elsewhere")
    days.place("second-neighbour", at=FIVE - 40 * DAY, title="Long ago")
    removed = days.place("ambassador", title="Taken back")
    Post.objects.filter(pk=removed.pk).update(removed_at=FIVE)
    for name, street in cast.streets.items():
        if street.municipality_id == hasselt.pk:
            days.announce(audience=city_audience(hasselt, streets=[street]), title=f"Only {name}")
    days.announce(audience=city_audience(hasselt, neighbourhoods=[tuilt]), title="Only there")
    Block.objects.create(person=cast["second-neighbour"], blocked=cast["ambassador"], created_at=FIVE)
    Mute.objects.create(person=cast["newcomer"], muted=cast["neighbour"], created_at=FIVE)
    days.five()
    assert any(items_of(cast[key]) for key in ("neighbour", "second-neighbour", "newcomer", "next-neighbourhood"))
    for key, person in cast.items():
        told = {item.split()[1] for item in items_of(person)}
        if person.is_staff_member or not person.standing.is_member:
            assert told == set(), key
            continue
        with clock.frozen(FIVE):
            fresh = Person.objects.get(pk=person.pk)
            visible = Post.objects.visible_to(fresh).filter(created_at__gt=FIVE - 8 * DAY).exclude(author=person)
            visible = visible.exclude(author__in=fresh.standing.muted)
            assert told == {str(pk) for pk in visible.values_list("pk", flat=True)}, key


def test_whoever_left_is_paused_or_unreachable_gets_none(days: Days, cast: Cast) -> None:
    days.busy()
    Person.objects.filter(pk=cast["neighbour"].pk).update(left_at=FIVE)
    Person.objects.filter(pk=cast["second-neighbour"].pk).update(unreachable_at=FIVE)
    Person.objects.filter(pk=cast["newcomer"].pk).update(email_confirmed_at=None)
    assert set(days.five()) & {"neighbour", "second-neighbour", "newcomer", "suspended"} == set()


def test_the_mail_reads_well_in_both_parts(days: Days) -> None:
    long = "A sentence about a ladder that goes on. " * 30
    days.busy(count=3)
    days.place(
        "ambassador",
        title="Who can walk my dog on Sunday morning around the church?",
        body=long,
        at=FIVE - timedelta(hours=1),
    )
    days.place("ambassador", title="<b>Bold</b>", body="https://example.org/?a=1&b=2", at=FIVE - timedelta(hours=2))
    mail = days.five()["neighbour"]
    assert len(mail.subject) <= 60
    assert mail.subject.startswith("Kermt: Who can walk my dog")
    assert mail.subject.endswith(" + 4 others")
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', mail.html)}
    assert [link for link in links if link not in mail.text] == []
    assert [line for line in mail.text.splitlines() if len(line) > 72 and "://" not in line] == []
    assert "<b>" not in mail.html
    [shown] = re.findall(r"A sentence.*? …", mail.text, re.DOTALL)
    assert 380 <= len(" ".join(shown.split())) <= 402
    assert len(mail.html) < 60_000
    message = message_of(mail)
    assert message["List-Id"].startswith("Kermt <")
    assert message["List-Unsubscribe-Post"]


@pytest.fixture
def crowd(cast: Cast) -> Callable[[int], None]:
    def make(count: int) -> None:
        kermt = cast.neighbourhoods["Kermt"]
        like = cast["second-neighbour"]
        household = Household.objects.get_or_create(
            address=Address.objects.filter(street=cast.streets["Koorstraat"]).first(), defaults={"created_at": FIVE}
        )[0]
        people = [
            Person(
                municipality=like.municipality,
                name=f"Neighbour {n}",
                email=f"n{n}@example.org",
                joined_at=like.joined_at,
                email_confirmed_at=like.joined_at,
                language="nl",
            )
            for n in range(count)
        ]
        Person.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(person=one, neighbourhood=kermt, household=household, proof="letter", started_at=like.joined_at)
            for one in people
        )

    return make


def test_the_number_of_queries_does_not_grow_with_the_readers(days: Days, crowd: Callable[[int], None]) -> None:
    days.busy()
    days.announce()
    counts = []
    for day, more in enumerate((0, 60)):
        crowd(more)
        at = FIVE + day * DAY
        days.busy(at=at - timedelta(hours=4), count=3)
        with clock.frozen(at):
            plan_digests(now=at)
            batch = DigestBatch.objects.get(neighbourhood=days.cast.neighbourhoods["Kermt"], done_at=None)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert make_digests(batch.pk, now=at) >= 3 + more
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 19, counts


def test_a_large_neighbourhood_is_cut_into_batches(days: Days, crowd: Callable[[int], None]) -> None:
    crowd(PEOPLE_A_BATCH + 5)
    days.busy()
    with clock.frozen(FIVE):
        plan_digests(now=FIVE)
        batches = DigestBatch.objects.filter(neighbourhood=days.cast.neighbourhoods["Kermt"])
        made = [make_digests(batch.pk, now=FIVE) for batch in batches.order_by("first_id")]
    assert len(made) == 2
    assert sum(made) == Digest.objects.count() >= PEOPLE_A_BATCH + 5
    assert Mail.objects.filter(stream="digest").values("person").distinct().count() == Digest.objects.count()


def test_what_was_told_long_ago_is_forgotten(days: Days) -> None:
    days.busy()
    days.five()
    forget_digests(FIVE + 29 * DAY)
    assert Digest.objects.exists()
    forget_digests(FIVE + 31 * DAY)
    assert (Digest.objects.count(), DigestBatch.objects.count()) == (0, 0)
