"""The demo city: as large and as alive as promised, made by the actions of real use, and as private as a real one."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse

from stoep.access.models import AccessLog, Audience
from stoep.cityhall.models import Announcement
from stoep.common import clock
from stoep.delivery.models import Mail, OutboxEntry
from stoep.exchange.models import Item
from stoep.feed.models import Comment, Post, Thanks
from stoep.joining.models import CodeUse, LetterCode
from stoep.media.models import Photo
from stoep.operations.cast import CAST
from stoep.operations.demo.facts import municipalities, municipality
from stoep.operations.demo.texts import announcement_texts
from stoep.operations.tests.conftest import DemoCityBuilt
from stoep.people.models import Group, GroupMember, Household, Membership, Person, Role, Suspension
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Municipality, Neighbourhood, StreetPart
from stoep.rollout.models import FrozenFigure, ImportRun, LetterRun, Opening

pytestmark = pytest.mark.django_db

SignIn = Callable[[Client, Person], Client]
PILOTS = {"Kermt", "Kuringen-Centrum", "Runkst-Centrum", "Stevoort"}
LIMIT_OF_A_FEED_PAGE = 20


def feed_of(sign_in: SignIn, person: Person) -> str:
    response = sign_in(Client(), person).get(reverse("feed"))
    assert response.status_code == 200
    return response.content.decode()


def test_two_cities_of_which_the_first_has_22_neighbourhoods(demo_city: DemoCityBuilt) -> None:
    del demo_city
    counts = dict(Municipality.objects.annotate(count=Count("neighbourhoods")).values_list("slug", "count"))
    assert counts == {"hasselt": 22, "diepenbeek": 3}
    first = Municipality.objects.order_by("created_at", "id").first()
    assert first is not None
    assert first.slug == "hasselt"


def test_four_pilots_are_full_and_the_others_nearly_empty(demo_city: DemoCityBuilt) -> None:
    del demo_city
    counts = dict(Neighbourhood.objects.values_list("name", "member_count"))
    for city in municipalities():
        assert {one.name: counts[one.name] for one in city.neighbourhoods} == {
            one.name: one.members for one in city.neighbourhoods
        }
    assert set(Neighbourhood.objects.filter(state="pilot").values_list("name", flat=True)) == PILOTS
    assert all(counts[name] >= 30 for name in PILOTS)
    assert counts["Kermt"] >= 200
    assert all(count <= 16 for name, count in counts.items() if name not in PILOTS)


def test_the_kept_counts_equal_a_recount(demo_city: DemoCityBuilt) -> None:
    del demo_city
    living = Count("memberships", filter=Q(memberships__ended_at=None))
    assert not Neighbourhood.objects.annotate(found=living).exclude(member_count=F("found")).exists()
    boxes = Count("addresses", filter=Q(addresses__retired_at=None))
    assert not Neighbourhood.objects.annotate(found=boxes).exclude(address_count=F("found")).exists()
    answers = Count("comments", filter=Q(comments__removed_at=None))
    assert not Post.objects.annotate(found=answers).exclude(comment_count=F("found")).exists()
    assert not Post.objects.annotate(found=Count("thanks")).exclude(thanks_count=F("found")).exists()
    assert not LetterCode.objects.annotate(found=Count("used_by")).exclude(uses=F("found")).exists()
    assert not LetterRun.objects.exclude(made_count=F("letter_count")).exists()
    for part in StreetPart.objects.all():
        there = Address.objects.filter(street=part.street_id, neighbourhood=part.neighbourhood_id, retired_at=None)
        assert part.address_count == there.count()
    assert min(Comment.objects.count(), Thanks.objects.count()) > 250


def test_everybody_came_in_by_a_letter_of_their_own_door(demo_city: DemoCityBuilt) -> None:
    joined = Membership.objects.filter(standing=Membership.Standing.FULL)
    uses = CodeUse.objects.select_related("code")
    homes = dict(joined.values_list("person_id", "household__address_id"))
    assert homes == {use.person_id: use.code.address_id for use in uses}
    assert all(use.code.created_at < use.used_at for use in uses)
    newcomer = Membership.objects.exclude(standing=Membership.Standing.FULL).get()
    assert newcomer.person == demo_city.person("newcomer")
    assert newcomer.invited_by == demo_city.person("neighbour")


def test_people_live_all_over_the_neighbourhood_and_some_together(demo_city: DemoCityBuilt) -> None:
    kermt = Membership.objects.filter(neighbourhood=demo_city.place("Kermt"))
    assert kermt.values("household__address__street").distinct().count() > 30
    together = Household.objects.annotate(count=Count("memberships")).filter(count__gte=2)
    assert together.count() > 40
    assert not together.filter(count__gt=3).exists()


def test_what_was_done_stands_in_the_logs(demo_city: DemoCityBuilt) -> None:
    """The same doors as in real use leave the same tracks."""
    done = set(AccessLog.objects.values_list("action", flat=True))
    assert done >= {
        "cityhall:announcement:create",
        "cityhall:department:add",
        "cityhall:staff:appoint",
        "rollout:letters:create",
        "rollout:letters:fetch",
        "rollout:neighbourhood:open",
        "rollout:places:import",
    }
    assert set(ImportRun.objects.values_list("state", flat=True)) == {ImportRun.State.APPLIED}
    by = {opening.decided_by for opening in Opening.objects.filter(neighbourhood__municipality__slug="hasselt")}
    assert by == {demo_city.person("rollout")}
    assert not AccessLog.objects.filter(at__gt=demo_city.now).exists()


def test_the_cast_stands_in_its_places(demo_city: DemoCityBuilt) -> None:
    assert set(demo_city.register.people) == {member.key for member in CAST}
    for member in CAST:
        person = demo_city.person(member.key)
        assert person.name == member.name
        assert person.is_staff_member == member.is_staff
        assert person.email.endswith("@demo.invalid")
        assert person.email_confirmed_at is not None
        roles = person.standing.roles
        if member.role:
            assert member.role in roles
        if member.home and member.role != R.SUSPENDED:
            assert person.standing.neighbourhood_name == member.home
    assert demo_city.person("suspended").standing.roles == {R.SUSPENDED}
    assert Suspension.objects.count() == 1
    assert set(Role.objects.filter(role=R.EDITOR).values_list("department__name", flat=True)) == {
        text.department for text in announcement_texts()
    }


def test_weeks_of_history_end_shortly_before_now(demo_city: DemoCityBuilt) -> None:
    kermt = Post.objects.filter(membership__neighbourhood=demo_city.place("Kermt"))
    moments = list(kermt.order_by("id").values_list("created_at", flat=True))
    assert all(earlier <= later for earlier, later in pairwise(moments)), "ids sort by time"
    assert moments[0] < demo_city.now - timedelta(days=38)
    assert timedelta(0) < demo_city.now - moments[-1] < timedelta(hours=13)
    for name in PILOTS:
        facts = municipality("hasselt").neighbourhood(name)
        posts = Post.objects.filter(membership__neighbourhood=demo_city.place(name)).count()
        assert 2.4 <= posts / (facts.members / 100 * 6) <= 3.2
    assert not Comment.objects.filter(created_at__lt=F("post__created_at")).exists()
    assert not Post.objects.filter(author__joined_at__gt=F("created_at")).exists()
    assert Announcement.objects.count() == len(announcement_texts()) + 1, "and what the city plans itself"


def test_the_cast_has_something_to_read_and_has_written(demo_city: DemoCityBuilt) -> None:
    for key in ("neighbour", "second-neighbour", "next-neighbourhood", "other-city"):
        assert Post.objects.filter(author=demo_city.person(key)).exists(), key
    own = Post.objects.filter(author=demo_city.person("neighbour")).latest("id")
    assert demo_city.now - own.created_at < timedelta(days=5)
    assert own.comment_count >= 3
    assert own.comments.filter(author=demo_city.person("second-neighbour")).exists()


def test_the_past_floods_nobody(demo_city: DemoCityBuilt) -> None:
    assert OutboxEntry.objects.count() > 900
    assert not OutboxEntry.objects.exclude(handled_at=F("told_at")).exists()
    assert Mail.objects.count() < 80
    assert not Mail.objects.filter(made_at__gt=demo_city.now).exists()
    cast = {UUID(str(demo_city.register.people[member.key])) for member in CAST}
    others = Mail.objects.exclude(stream="digest").exclude(person__in=cast)
    # Colleagues who are not of the cast hear of their task, once, and of nothing else.
    assert not others.exclude(person__kind=Person.Kind.STAFF, entry=None).exists()
    assert others.values("person").distinct().count() == others.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs")
        assert [row[0] for row in cursor.fetchall()] == ["delivery.send_mails"]


def test_the_cast_finds_one_daily_mail_and_few_notices(demo_city: DemoCityBuilt) -> None:
    marie = demo_city.person("neighbour")
    [mail] = Mail.objects.filter(person=marie, stream="digest")
    assert mail.subject.startswith("Kermt: ")
    assert mail.text.count("/posts/") >= 2
    assert demo_city.now - mail.made_at < timedelta(hours=24)
    assert marie.unread_count < 20


def test_every_closed_week_is_frozen_and_the_pilots_grow(demo_city: DemoCityBuilt) -> None:
    rows = FrozenFigure.objects.filter(neighbourhood=demo_city.place("Kermt"), metric="members")
    values = [value or 0 for value in rows.order_by("week_starts_on").values_list("value", flat=True)]
    assert len(values) >= 6
    assert values == sorted(values)
    assert values[-1] > values[0] > 0
    newest = rows.latest("week_starts_on")
    assert demo_city.now.date() - newest.week_starts_on < timedelta(days=14)
    assert FrozenFigure.objects.filter(neighbourhood=demo_city.place("Kiewit")).exclude(value=None).count() == 0


def test_nobody_of_a_nearly_empty_neighbourhood_sees_kermt(demo_city: DemoCityBuilt, sign_in: SignIn) -> None:
    kermt = demo_city.place("Kermt")
    alone = Audience.objects.annotate(places=Count("atoms")).filter(places=1)
    private = Post.objects.filter(membership__neighbourhood=kermt, audience__in=alone, speaking_for=None)
    private = private.order_by("-id")[:LIMIT_OF_A_FEED_PAGE]
    assert len(private) == LIMIT_OF_A_FEED_PAGE
    inside = feed_of(sign_in, demo_city.person("second-neighbour"))
    assert sum(post.title in inside for post in private) > 10
    for name in ("Kiewit", "Tuilt", "Rooierheide"):
        living = Membership.objects.filter(neighbourhood=demo_city.place(name))
        for membership in living.select_related("person"):
            page = feed_of(sign_in, membership.person)
            assert not [post.title for post in private if post.title in page]
            client = sign_in(Client(), membership.person)
            assert client.get(reverse("post", args=[private[0].pk])).status_code == 404
    with_it = sign_in(Client(), demo_city.person("second-neighbour"))
    assert with_it.get(reverse("post", args=[private[0].pk])).status_code == 200


def test_the_second_city_is_a_world_of_its_own(demo_city: DemoCityBuilt, sign_in: SignIn) -> None:
    other = demo_city.person("other-city")
    visible = Post.objects.visible_to(other)
    assert visible.exists()
    assert set(visible.values_list("audience__municipality__slug", flat=True)) == {"diepenbeek"}
    assert "Hasselt" not in feed_of(sign_in, other)
    editor = demo_city.person("editor")
    seen = Post.objects.visible_to(editor).values_list("audience__municipality__slug", flat=True)
    assert set(seen) == {"hasselt"}


def test_three_unused_codes_open_the_door(demo_city: DemoCityBuilt) -> None:
    tries = demo_city.register.codes
    assert [one.neighbourhood for one in tries] == ["Kermt", "Stevoort", "Heilig Hart"]
    for number, one in enumerate(tries):
        client = Client(REMOTE_ADDR=f"192.0.2.{number + 1}")
        assert client.post(reverse("join"), {"code": one.code}).headers["Location"] == reverse("join_name")
        page = client.get(reverse("join_name")).content.decode()
        assert one.street in page
        client.post(reverse("join_name"), {"name": "Nora Bezoeker"})
        client.post(reverse("join_contact"), {"way": "none"})
        client.post(reverse("own_key"))
        joined = Membership.objects.get(person__name="Nora Bezoeker", neighbourhood__name=one.neighbourhood)
        assert joined.household is not None
        assert joined.household.address.street.name == one.street
        assert client.get(reverse("feed")).status_code == 200


def test_a_code_that_stands_on_no_letter_opens_nothing(demo_city: DemoCityBuilt) -> None:
    del demo_city
    assert Client().post(reverse("join"), {"code": "123456789010"}).status_code == 422
    assert not CodeUse.objects.filter(used_at__gt=clock.now() - timedelta(minutes=5)).exists()


def test_a_group_of_one_street_is_read_by_who_is_in_it(demo_city: DemoCityBuilt, sign_in: SignIn) -> None:
    group = Group.objects.get()
    keeper = demo_city.person("neighbour")
    assert GroupMember.objects.get(group=group, is_keeper=True).person_id == keeper.pk
    streets = Membership.objects.filter(person__group_memberships__group=group, ended_at=None)
    assert streets.count() >= 4
    assert set(streets.values_list("shown_street__name", flat=True)) == {group.name}
    assert "Wie zet vrijdag de bakken mee buiten?" in feed_of(sign_in, keeper)
    assert "Wie zet vrijdag de bakken mee buiten?" not in feed_of(sign_in, demo_city.person("second-neighbour"))


def test_what_marie_lends_has_a_photo(demo_city: DemoCityBuilt, sign_in: SignIn) -> None:
    drill = Item.objects.get(author=demo_city.person("neighbour"), common="drill")
    html = sign_in(Client(), demo_city.person("second-neighbour")).get(f"/share/{drill.pk}/").content.decode()
    photo = Photo.objects.get(owner_kind="item", owner_id=drill.pk)
    assert photo.is_ready
    assert f"/photos/{photo.pk}/" in html
    assert photo.alt in html
