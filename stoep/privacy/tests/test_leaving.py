"""Leaving hides everything at once, everywhere; within 14 days one comes back, and all stands again as it was."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.feed.models import Comment, Post
from stoep.joining.tests.door import (
    browser,
    digits_in,
    join_by_email,
    join_by_own_key,
    letter,
    mails,
    post_comes,
    signed_in,
    text_of,
)
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Role, RoleName
from stoep.places.models import Neighbourhood
from stoep.privacy.actions import LastAdministratorError, leave
from stoep.privacy.erasing import erase_due
from stoep.privacy.tests.leaving_town import (
    SONG,
    Life,
    leave_by_the_pages,
    live,
    prove_by_mail,
    sign_in_by_mail,
)

SignIn = Callable[[Client, Person], Client]


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[datetime]:
    with clock.frozen(clock.now().replace(minute=30, second=0, microsecond=7)) as now:
        yield now


@pytest.fixture
def life(cast: Cast, still_clock: datetime) -> Life:
    """Lived an hour ago: nobody deletes something and leaves in the same microsecond."""
    with clock.frozen(still_clock - timedelta(hours=1)):
        return live(cast)


def standing(life: Life) -> dict[str, Any]:
    """Everything that others can see or count of them."""
    posts = Post.objects.order_by("pk").values_list("pk", "removed_at", "comment_count", "thanks_count", "title")
    comments = Comment.objects.order_by("pk").values_list("pk", "removed_at", "body")
    membership = Membership.objects.get(person=life.person)
    return {
        "posts": list(posts),
        "comments": list(comments),
        "membership": (membership.pk, membership.ended_at),
        "count": Neighbourhood.objects.get(pk=membership.neighbourhood_id).member_count,
    }


def pages_of(client: Client, life: Life) -> str:
    paths = ["/", "/notifications/", reverse("post", args=[life.others_post.pk]), f"/people/{life.person.pk}/"]
    paths += [reverse("post", args=[post.pk]) for post in (life.answered, life.unanswered)]
    return "".join(text_of(client.get(path)) for path in paths)


class TestTheWayOut:
    def test_three_clicks_and_a_proof_that_it_is_you(self, life: Life) -> None:
        client = sign_in_by_mail(life.person)
        with clock.frozen(clock.now() + timedelta(minutes=16)):
            assert reverse("leave") in text_of(client.get(reverse("settings")))
            assert "Go on" in text_of(client.get(reverse("leave")))
            asked = client.post(reverse("leave"))
            assert asked["Location"] == f"{reverse('prove')}?next=%2Fme%2Fleave%2F"
            assert prove_by_mail(client, reverse("leave")) == 302
            assert "Leave now" in text_of(client.get(reverse("leave")))
            assert signed_in(client) == life.person
            assert "You have left" in text_of(client.post(reverse("leave")))
        assert signed_in(client) is None

    def test_an_old_session_alone_lets_nobody_be_erased(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["neighbour"])
        assert client.post(reverse("leave")).status_code == 302
        assert client.post(reverse("prove"), {"code": "123 456", "next": "/me/leave/"}).status_code == 422
        assert client.post(reverse("prove"), {"code": "", "next": "/me/leave/"}).status_code == 422
        assert client.post(reverse("leave")).status_code == 302
        assert Person.objects.get(pk=cast["neighbour"].pk).left_at is None

    def test_digits_are_guessed_only_a_few_times(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["neighbour"])
        client.post(reverse("prove"), {"mail": "1"})
        answers = [client.post(reverse("prove"), {"code": f"{n:06}"}).status_code for n in range(7)]
        assert answers[0] == 422
        assert answers[-1] == 429

    def test_digits_of_somebody_who_shares_the_address_prove_nothing(self, cast: Cast, sign_in: SignIn) -> None:
        one, other = cast["neighbour"], cast["second-neighbour"]
        Person.objects.filter(pk=other.pk).update(email_hash=one.email_hash, email=one.email)
        theirs = sign_in(browser(), Person.objects.get(pk=other.pk))
        theirs.post(reverse("prove"), {"mail": "1"})
        code = digits_in(post_comes()[-1])
        mine = sign_in(browser(), one)
        assert mine.post(reverse("prove"), {"code": code}).status_code == 422
        assert mine.post(reverse("leave")).status_code == 302

    def test_without_mail_the_own_key_proves_it(self, cast: Cast) -> None:
        client = browser()
        person, key = join_by_own_key(client, letter(cast).code)
        with clock.frozen(clock.now() + timedelta(hours=1)):
            wrong = f"{(int(key.replace(' ', '')) + 1) % 10**6:06}"
            assert client.post(reverse("leave")).status_code == 302
            assert client.post(reverse("prove"), {"code": wrong, "next": "/me/leave/"}).status_code == 422
            assert client.post(reverse("prove"), {"code": key, "next": "/me/leave/"})["Location"] == "/me/leave/"
            assert client.post(reverse("leave")).status_code == 200
        assert Person.objects.get(pk=person.pk).left_at is not None

    def test_who_never_confirmed_an_address_is_told_how(self, cast: Cast) -> None:
        client = browser()
        join_by_email(client, letter(cast).code)
        with clock.frozen(clock.now() + timedelta(hours=1)):
            assert "First confirm your e-mail address" in text_of(client.get(reverse("prove")))
            assert client.post(reverse("prove"), {"code": "123456"}).status_code == 422

    def test_no_link_leads_out_of_our_pages(self, life: Life) -> None:
        client = sign_in_by_mail(life.person)
        client.post(reverse("prove"), {"mail": "1", "next": "https://elsewhere.example/"})
        code = digits_in(post_comes()[-1])
        answer = client.post(reverse("prove"), {"code": code, "next": "https://elsewhere.example/"})
        assert answer["Location"] == "/"

    def test_a_visitor_leaves_nothing(self, cast: Cast) -> None:
        del cast
        for name in ("leave", "prove", "download", "my_data"):
            assert browser().get(reverse(name))["Location"].startswith(reverse("sign_in"))
        assert browser().post(reverse("leave")).status_code == 302


class TestHiddenAtOnce:
    @pytest.mark.parametrize("who", ["second-neighbour", "ambassador", "newcomer"])
    def test_no_neighbour_reads_a_word_or_a_name_any_more(
        self, life: Life, cast: Cast, sign_in: SignIn, who: str
    ) -> None:
        reader = sign_in(browser(), cast[who])
        before = pages_of(reader, life)
        assert SONG in before.casefold()

        leave_by_the_pages(life.person)

        after = pages_of(reader, life)
        assert SONG not in after.casefold()
        assert "Zwaluw" not in after

    def test_counts_know_nothing_of_them(self, life: Life, sign_in: SignIn) -> None:
        reader = sign_in(browser(), life.other)
        before = standing(life)
        leave_by_the_pages(life.person)
        after = standing(life)
        post = Post.objects.get(pk=life.others_post.pk)
        assert (post.comment_count, post.thanks_count) == (1, 0)
        assert after["count"] == before["count"] - 1
        assert "1 answer" in text_of(reader.get("/"))

    def test_every_session_ends_and_the_mail_says_until_when(self, life: Life) -> None:
        tablet = sign_in_by_mail(life.person)
        leave_by_the_pages(life.person)
        assert tablet.get("/").status_code == 302
        goodbye = [mail for mail in mails() if mail.kind == "privacy/mail/left"]
        assert [mail.recipient for mail in goodbye] == [life.person.email]
        assert "/sign-in/" in goodbye[0].text

    def test_nobody_is_told_and_nobody_mails_them(self, life: Life, cast: Cast) -> None:
        post_comes()
        leave_by_the_pages(life.person)
        assert {mail.kind for mail in post_comes()} <= {"privacy/mail/left", "joining/mail/sign_in"}
        with clock.frozen(clock.now() + timedelta(days=1)):
            del cast
            assert post_comes() == []


class TestComingBack:
    def test_everything_stands_again_as_it_was(self, life: Life, sign_in: SignIn) -> None:
        reader, before = sign_in(browser(), life.other), standing(life)
        leave_by_the_pages(life.person)
        assert standing(life) != before

        with clock.frozen(clock.now() + timedelta(days=13)):
            client = sign_in_by_mail(life.person)
            assert signed_in(client) is None, "only the question, not yet a session"
            assert client.get("/").status_code == 302
            assert "Do you come back, Zwaluw Zwaluwnest?" in text_of(client.get(reverse("come_back")))
            assert client.post(reverse("come_back"))["Location"] == "/"
            assert signed_in(client) == life.person
            assert client.get("/").status_code == 200

        assert standing(life) == before
        assert SONG in pages_of(reader, life).casefold()

    def test_what_was_deleted_before_stays_deleted_and_what_a_moderator_took_away_too(self, life: Life) -> None:
        leave_by_the_pages(life.person)
        taken = clock.now() + timedelta(days=1)
        Post.objects.filter(pk=life.unanswered.pk).update(removed_at=taken, removed_by=life.other)
        client = sign_in_by_mail(life.person)
        client.post(reverse("come_back"))
        removed = set(Post.objects.exclude(removed_at=None).values_list("pk", flat=True))
        assert removed == {life.deleted.pk, life.unanswered.pk}

    def test_with_letter_and_own_key_too(self, cast: Cast) -> None:
        client, post = browser(), letter(cast)
        person, key = join_by_own_key(client, post.code)
        client.post(reverse("leave"))
        again = browser()
        answer = again.post(reverse("sign_in_letter"), {"code": post.code, "own_key": key, "shared": "on"})
        assert answer["Location"] == reverse("come_back")
        assert again.post(reverse("come_back")).status_code == 302
        assert signed_in(again) == person
        assert again.session.get_expiry_age() == 3600, "the shared computer was not forgotten"

    def test_after_fourteen_days_there_is_nobody_to_come_back(self, life: Life) -> None:
        leave_by_the_pages(life.person)
        client = sign_in_by_mail(life.person)
        with clock.frozen(clock.now() + timedelta(days=14, seconds=1)):
            assert client.post(reverse("come_back"))["Location"] == reverse("sign_in")
            assert Person.objects.get(pk=life.person.pk).left_at is not None
            erase_due(clock.now())
        assert not Person.objects.filter(pk=life.person.pk).exists()

    def test_a_browser_that_proved_nothing_brings_nobody_back(self, life: Life) -> None:
        leave_by_the_pages(life.person)
        for client in (browser(), sign_in_by_mail(life.other)):
            client.post(reverse("come_back"))
        assert Person.objects.get(pk=life.person.pk).left_at is not None


class TestTasks:
    def test_an_ambassador_has_the_task_again(self, cast: Cast) -> None:
        role = Role.objects.get(person=cast["ambassador"], role=RoleName.AMBASSADOR)
        leave_by_the_pages(cast["ambassador"])
        role.refresh_from_db()
        assert role.ended_at is not None
        sign_in_by_mail(cast["ambassador"]).post(reverse("come_back"))
        role.refresh_from_db()
        assert role.ended_at is None

    def test_staff_leaves_its_tasks_for_good(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["editor"])
        assert "Sign out, and sign in again" in text_of(client.get(reverse("prove")))
        assert client.post(reverse("leave")).status_code == 302
        _prove(client)
        page = text_of(client.get(reverse("leave")))
        assert "What you wrote for a department stays, without your name." in page
        assert client.post(reverse("leave")).status_code == 200
        assert not Role.objects.filter(person=cast["editor"], ended_at=None).exists()

    def test_the_only_administrator_first_finds_another(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["city-admin"])
        _prove(client)
        refused = client.post(reverse("leave"))
        assert refused.status_code == 422
        assert "You are the only administrator" in text_of(refused)
        Role.objects.create(person=cast["editor"], role=RoleName.CITY_ADMIN, granted_at=clock.now())
        assert client.post(reverse("leave")).status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_of_two_last_administrators_at_one_moment_one_stays(self, cast: Cast) -> None:
        Role.objects.create(person=cast["editor"], role=RoleName.CITY_ADMIN, granted_at=clock.now())
        start, now = threading.Barrier(2), clock.now()

        def goes(key: str) -> str:
            try:
                start.wait(timeout=30)
                leave(person=Person.objects.get(pk=cast[key].pk), now=now)
            except LastAdministratorError:
                return "stays"
            finally:
                connection.close()
            return "left"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(goes, ("city-admin", "editor"))) == ["left", "stays"]

    def test_a_paused_neighbour_may_leave(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["suspended"])
        assert prove_by_mail(client, "/me/leave/") == 302
        assert client.post(reverse("leave")).status_code == 200
        assert Person.objects.get(pk=cast["suspended"].pk).left_at is not None


def _prove(client: Client) -> None:
    """As the staff's door leaves a session."""
    session = client.session
    session["proved_at"] = clock.now().isoformat()
    session.save()
