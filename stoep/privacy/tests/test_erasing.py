"""After 14 days nothing is left: not in any table, file or mail; where others answered, a gap without name or time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from stoep.access.audience import city_audience
from stoep.common import clock
from stoep.delivery.models import Mail
from stoep.delivery.sending import empty_old_mails
from stoep.feed import forgetting
from stoep.feed.actions import publish_post
from stoep.feed.models import Comment, Post, Thanks
from stoep.joining.models import CodeUse, Ticket
from stoep.joining.tests.door import browser, post_comes, text_of
from stoep.operations.cast import Cast
from stoep.people.data_map import declarations
from stoep.people.ghosts import nobody_of
from stoep.people.models import Consent, Household, Membership, Person, Phone
from stoep.privacy import erasing, jobs, ledger
from stoep.privacy.models import ErasedPerson
from stoep.privacy.tests.leaving_town import SONG, Life, dump, files, leave_by_the_pages, live, sign_in_by_mail

SignIn = Callable[[Client, Person], Client]
FORTNIGHT = timedelta(days=14, minutes=1)


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[datetime]:
    with clock.frozen(clock.now().replace(minute=30, second=0, microsecond=7)) as now:
        yield now


@pytest.fixture
def life(cast: Cast, still_clock: datetime) -> Life:
    with clock.frozen(still_clock - timedelta(hours=1)):
        return live(cast)


def erase(life: Life) -> None:
    leave_by_the_pages(life.person)
    post_comes()
    Mail.objects.filter(state=Mail.State.SENT, sent_at=None).update(sent_at=clock.now())
    with clock.frozen(clock.now() + FORTNIGHT):
        jobs.forget()
        empty_old_mails(now=clock.now())


class TestNothingIsLeft:
    def test_no_word_of_theirs_is_found_anywhere(self, life: Life) -> None:
        person_id = str(life.person.pk)
        client = sign_in_by_mail(life.person)
        client.post(reverse("download"))
        post_comes()
        Phone.objects.create(
            person=life.person, purpose="reach", number=f"0477{SONG}", number_hash="x", created_at=clock.now()
        )
        assert SONG in dump()
        assert list(Path(settings.STOEP_VAR).glob("downloads/*"))

        erase(life)

        assert [line for line in dump().split("\n") if "zwaluw" in line] == []
        assert SONG.encode() not in files()
        assert list(Path(settings.STOEP_VAR).glob("downloads/*")) == []
        left = [model for model in apps.get_models() if person_id in repr(list(model._default_manager.values()))]
        assert {model.__name__ for model in left} <= {"ErasedPerson"}

    def test_every_door_they_had_is_gone_and_so_is_an_empty_household(self, life: Life) -> None:
        home = Membership.objects.get(person=life.person).household
        assert home is not None
        Household.objects.filter(pk=home.pk)
        erase(life)
        for model in (CodeUse, Ticket, Consent, Mail, Membership, Phone):
            assert not model.objects.filter(person=life.person.pk).exists(), model
        assert not Household.objects.filter(pk=home.pk).exists() or home.memberships.exists()

    def test_nobody_else_loses_anything(self, life: Life, cast: Cast) -> None:
        others = Person.objects.exclude(pk=life.person.pk).count()
        memberships = Membership.objects.exclude(person=life.person).count()
        erase(life)
        assert Person.objects.exclude(kind=Person.Kind.GONE).count() == others
        assert Membership.objects.count() == memberships
        assert Comment.objects.filter(author=life.other, removed_at=None).count() == 2
        assert Membership.objects.filter(person=cast["second-neighbour"], ended_at=None).exists()


class TestGaps:
    def test_where_others_answered_a_gap_stays_without_name_or_time(
        self, life: Life, cast: Cast, sign_in: SignIn
    ) -> None:
        written = Post.objects.get(pk=life.answered.pk).created_at
        erase(life)
        reader = sign_in(browser(), life.other)

        page = text_of(reader.get(reverse("post", args=[life.answered.pk])))

        assert "Deleted" in page
        assert "I come and help" in page
        assert written.isoformat() not in page
        assert "card__head" not in page
        feed = text_of(reader.get("/"))
        assert "Deleted" in feed
        assert "zwaluw" not in feed.casefold()
        gap = Post.objects.get(pk=life.answered.pk)
        assert (gap.title, gap.body, gap.thanks_count, gap.membership) == ("", "", 0, None)
        assert gap.author == nobody_of(cast.cities["hasselt"].pk, now=clock.now())
        assert reader.get(f"/people/{gap.author_id}/").status_code == 404

    def test_what_nobody_answered_is_gone(self, life: Life, sign_in: SignIn) -> None:
        erase(life)
        assert not Post.objects.filter(pk__in=[life.unanswered.pk, life.deleted.pk]).exists()
        gone = sign_in(browser(), life.other).get(reverse("post", args=[life.unanswered.pk]))
        assert gone.status_code == 404

    def test_an_answer_in_the_middle_leaves_a_gap_and_the_last_one_none(self, life: Life, sign_in: SignIn) -> None:
        erase(life)
        post = Post.objects.get(pk=life.others_post.pk)
        gap = Comment.objects.get(pk=life.followed.pk)
        assert (gap.body, gap.membership, gap.removed_at) == ("", None, None)
        assert not Comment.objects.filter(pk=life.last.pk).exists()
        assert (post.comment_count, post.thanks_count) == (2, 0)
        assert not Thanks.objects.filter(post=post).exists()
        page = text_of(sign_in(browser(), life.other).get(reverse("post", args=[post.pk])))
        assert "2 answers" in page
        assert page.count("Deleted") == 1

    def test_a_gap_goes_with_the_last_words_that_hang_on_it(self, life: Life) -> None:
        erase(life)
        for comment in Comment.objects.filter(author=life.other):
            Post.objects.filter(pk=comment.post_id).update(comment_count=comment.post.comment_count - 1)
            comment.delete()
        assert forgetting.forget_gaps(clock.now()) == 2
        assert not Post.objects.filter(pk=life.answered.pk).exists()
        assert Post.objects.get(pk=life.others_post.pk).comment_count == 0

    def test_nobody_can_place_a_gap_or_be_nobody(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["neighbour"])
        form = {"kind": "gone", "title": "A gap", "body": "", "request_key": str(uuid4())}
        assert client.post(reverse("new_post"), form).status_code == 422
        nobody = nobody_of(cast.cities["hasselt"].pk, now=clock.now())
        assert nobody == nobody_of(cast.cities["hasselt"].pk, now=clock.now())
        assert sign_in(browser(), nobody).get("/").status_code == 302


class TestStaff:
    def test_the_name_goes_and_the_office_stays(self, cast: Cast, sign_in: SignIn) -> None:
        editor, department = cast["editor"], cast.departments["Communicatie"]
        post = publish_post(
            author=editor,
            audience=city_audience(cast.cities["hasselt"], everybody=True),
            kind="announcement",
            title="Street fair",
            body="On Sunday.",
            speaking_for=department,
            request_key=uuid4(),
            now=clock.now(),
        )
        erasing.erase(editor.pk, now=clock.now())
        page = text_of(sign_in(browser(), cast["neighbour"]).get(reverse("post", args=[post.pk])))
        assert "Street fair" in page
        assert department.name in page
        assert editor.name.casefold() not in dump()


class TestTheLedger:
    def test_it_holds_a_random_id_and_nothing_else(self, life: Life) -> None:
        erase(life)
        assert list(ErasedPerson.objects.values_list("pk", flat=True)) == [life.person.pk]
        assert list(ledger.erased_ids(ledger.ledger_path())) == [life.person.pk]
        words = ledger.ledger_path().read_text().casefold()
        assert SONG not in words
        assert ledger.ledger_path().stat().st_mode & 0o077 == 0

    def test_after_yesterdays_backup_is_put_back_nobody_returns_with_it(self, life: Life) -> None:
        """Yesterday's tables, as far as they are this person's, with the ledger of today."""
        post_comes()
        Mail.objects.all().delete()
        backup = StringIO()
        tables = [declaration.table for declaration in declarations()]
        call_command("dumpdata", *tables, "people.household", format="json", stdout=backup)
        erase(life)
        ErasedPerson.objects.all().delete()
        kept = ledger.ledger_path()
        _put_back(backup.getvalue())
        assert Person.objects.filter(pk=life.person.pk).exists()
        assert SONG in dump()

        assert erasing.reapply_ledger(now=clock.now()) == 1

        assert SONG not in dump()
        assert erasing.reapply(kept, now=clock.now()) == 0, "once more does no more"
        assert ErasedPerson.objects.filter(pk=life.person.pk).exists()

    def test_a_line_cut_off_by_a_crash_spoils_no_other(self, life: Life) -> None:
        ledger.append(life.person.pk, at=clock.now())
        with ledger.ledger_path().open("a") as file:
            file.write('{"person": "0198')
        assert erasing.reapply_ledger(now=clock.now()) == 1
        assert not Person.objects.filter(pk=life.person.pk).exists()

    def test_without_a_ledger_there_is_nothing_to_do(self, cast: Cast) -> None:
        people = Person.objects.count()
        assert erasing.reapply_ledger(now=clock.now()) == 0
        assert Person.objects.count() == people
        del cast

    def test_an_erasure_that_fails_is_no_half_one_and_stops_no_other(
        self, life: Life, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leave_by_the_pages(life.person)
        leave_by_the_pages(cast["ambassador"])
        whole = ledger.append

        def full_disk(person_id: object, *, at: datetime) -> None:
            if person_id == life.person.pk:
                raise OSError("No space left")
            whole(life.person.pk.__class__(str(person_id)), at=at)

        monkeypatch.setattr(ledger, "append", full_disk)
        with clock.frozen(clock.now() + FORTNIGHT):
            assert erasing.erase_due(clock.now()) == 1
        assert Person.objects.filter(pk=life.person.pk).exists()
        assert Post.objects.filter(pk=life.unanswered.pk).exists()
        assert not Person.objects.filter(pk=cast["ambassador"].pk).exists()

    def test_before_the_fourteenth_day_nobody_is_erased(self, life: Life) -> None:
        leave_by_the_pages(life.person)
        with clock.frozen(clock.now() + timedelta(days=13, hours=23)):
            jobs.forget()
        assert Person.objects.filter(pk=life.person.pk).exists()


def _put_back(backup: str) -> None:
    from django.core import serializers

    for each in serializers.deserialize("json", backup, ignorenonexistent=True):
        each.save()
