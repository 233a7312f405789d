"""The download holds every word of one's own and none of anybody else's; only its owner gets it, for seven days."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.delivery.models import Digest
from stoep.feed.models import Comment, Post
from stoep.joining.tests.door import browser, post_comes, text_of
from stoep.operations.cast import Cast
from stoep.people.data_map import NotExported, declarations
from stoep.people.models import Block, Consent, Group, Membership, Person
from stoep.privacy import jobs
from stoep.privacy.downloads import SCHEMA
from stoep.privacy.models import Download
from stoep.privacy.tests.leaving_town import Life, live, prove_by_mail, sign_in_by_mail
from tests.access.canaries import plant_everywhere
from tests.access.pages import make_subjects

SignIn = Callable[[Client, Person], Client]


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[datetime]:
    with clock.frozen(clock.now().replace(minute=30, second=0, microsecond=7)) as now:
        yield now


@pytest.fixture
def life(cast: Cast, still_clock: datetime) -> Life:
    with clock.frozen(still_clock - timedelta(hours=1)):
        return live(cast)


def prove(client: Client) -> Client:
    session = client.session
    session["proved_at"] = clock.now().isoformat()
    session.save()
    return client


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if not name.startswith("files/")}


def fetched(client: Client) -> dict[str, str]:
    """Ask, wait for the job, fetch."""
    client.post(reverse("download"))
    post_comes()
    found = Download.objects.latest("asked_at")
    answer = client.get(reverse("download_file", args=[found.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    return opened(answer.content)


class TestTheWholeOfIt:
    @pytest.mark.parametrize("who", ["neighbour", "newcomer", "second-neighbour", "editor", "city-admin"])
    def test_every_own_word_is_in_it_and_no_word_of_others(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        canaries = plant_everywhere(cast, make_subjects(cast))
        files = fetched(prove(sign_in(browser(), Person.objects.get(pk=cast[who].pk))))
        words = "".join(files.values())

        mine = canaries.known_in(_own_words(cast[who]))
        heard = canaries.known_in(words)

        assert mine
        assert mine <= heard
        assert canaries.heard_by(who, words) == []
        told = {canaries.meaning[word] for word in heard - mine}
        told = {each for each in told if not each.startswith(OF_BOTH) and f"of {who}" not in each}
        assert told <= OF_MY_OWN_ROWS

    def test_page_and_json_say_the_same_and_the_json_says_its_shape(self, life: Life) -> None:
        files = fetched(sign_in_by_mail(life.person))
        assert set(files) == {"my-data.html", "my-data.json"}
        found: dict[str, Any] = json.loads(files["my-data.json"])
        assert found["schema"] == SCHEMA
        kinds = {kind["table"]: kind for kind in found["kinds"]}
        titles = {row["title"] for row in kinds["feed.Post"]["rows"]}
        assert titles == {"Answered zwaluwnest", "Unanswered zwaluwnest", "Deleted zwaluwnest"}
        assert kinds["people.Consent"]["rows"][0]["version"] == "1"
        assert kinds["feed.Post"]["kept"][0] == "36 months"
        for kind in found["kinds"]:
            assert kind["what"] in files["my-data.html"]
        assert "<script" not in files["my-data.html"]

    def test_what_others_wrote_is_not_in_it_and_of_them_only_the_name_as_shown(self, life: Life, cast: Cast) -> None:
        Block.objects.create(person=life.person, blocked=cast["next-neighbourhood"], created_at=clock.now())
        words = "".join(fetched(sign_in_by_mail(life.person)).values())
        assert "I come and help" not in words
        assert "A ladder of mine" not in words
        assert "Ahmed El Amrani" in words, "who helped, as the page shows it"
        stranger = cast["next-neighbourhood"].name
        assert stranger not in words
        assert stranger.split()[0] in words
        home = Membership.objects.get(person=life.person).household
        assert home is not None
        assert home.address.postcode in words

    def test_what_is_still_being_written_is_in_it_with_all_its_answers(self, cast: Cast, sign_in: SignIn) -> None:
        client = prove(sign_in(browser(), cast["neighbour"]))
        asked = {"kind": "help_wanted", "title": "Who waters my plants", "body": "Two ferns"}
        answered = {
            "help-when": "week",
            "help-day": "the first dry one",
            "adjacent": str(cast.neighbourhoods["Tuilt"].pk),
        }
        assert client.post(reverse("draft"), asked | answered).status_code < 400
        files = fetched(client)
        kinds = {kind["table"]: kind for kind in json.loads(files["my-data.json"])["kinds"]}
        [row] = kinds["feed.Draft"]["rows"]
        assert (row["kind"], row["title"], row["body"]) == ("help_wanted", "Who waters my plants", "Two ferns")
        assert row["answers"].splitlines() == ["When?: Within a week", "Which day?: the first dry one"]
        assert row["places"] == "Tuilt"
        assert "the first dry one" in files["my-data.html"]

    def test_a_group_that_one_may_not_see_is_not_named_by_what_one_types(self, cast: Cast, sign_in: SignIn) -> None:
        there = Group.objects.create(
            neighbourhood=cast.neighbourhoods["Tuilt"], name="Secret club", created_at=clock.now()
        )
        client = prove(sign_in(browser(), cast["neighbour"]))
        client.post(reverse("draft"), {"kind": "question", "title": "x", "body": "y", "group": str(there.pk)})
        assert "Secret club" not in "".join(fetched(client).values())

    def test_every_kind_that_is_not_in_it_says_why(self) -> None:
        for each in declarations():
            if isinstance(each.exported, NotExported):
                assert len(str(each.exported.why)) > 10


# Names of others as they are shown; and what is one's own, or belongs to two, as either side of a loan.
OF_BOTH = ("first name", "last name", "words of event", "what was lent", "name of thing")
# What stands in rows of one's own, beside the words that one wrote.
OF_MY_OWN_ROWS = {"a house number", "a box number", "a thank-you", "an old title", "old words", "why", "a file"}


def _own_words(person: Person) -> str:
    """Straight from the tables, as far as they are this person's own words."""
    person = Person.objects.get(pk=person.pk)
    written = [*Post.objects.filter(author=person).values_list("title", "body")]
    written += Comment.objects.filter(author=person).values_list("body")
    return f"{person.name} {person.email} {written}"


class TestWhoGetsIt:
    def test_it_is_ready_in_a_moment_and_a_mail_says_so(self, life: Life) -> None:
        client = sign_in_by_mail(life.person)
        assert "Make my file" in text_of(client.get(reverse("download")))
        client.post(reverse("download"))
        assert "We are making your file." in text_of(client.get(reverse("download")))
        told = [mail for mail in post_comes() if mail.kind == "privacy/mail/download_ready"]
        assert [mail.recipient for mail in told] == [life.person.email]
        assert "/me/download/" in told[0].text
        assert "Fetch the file" in text_of(client.get(reverse("download")))

    def test_asked_twice_it_is_made_once(self, life: Life) -> None:
        client = sign_in_by_mail(life.person)
        for _twice in range(2):
            client.post(reverse("download"))
        post_comes()
        client.post(reverse("download"))
        assert Download.objects.count() == 1

    def test_an_old_session_neither_asks_nor_fetches(self, life: Life, sign_in: SignIn) -> None:
        fetched(sign_in_by_mail(life.person))
        found = Download.objects.get()
        old = sign_in(browser(), life.person)
        path = reverse("download_file", args=[found.pk])
        assert old.post(reverse("download"))["Location"].startswith(reverse("prove"))
        assert old.get(path)["Location"] == f"{reverse('prove')}?next={path.replace('/', '%2F')}"
        assert prove_by_mail(old, path) == 302
        assert old.get(path).status_code == 200
        with clock.frozen(clock.now() + timedelta(minutes=16)):
            assert old.get(path).status_code == 302

    @pytest.mark.parametrize("who", ["second-neighbour", "newcomer", "editor", "dpo", "operator"])
    def test_nobody_else_gets_it(self, life: Life, cast: Cast, sign_in: SignIn, who: str) -> None:
        fetched(sign_in_by_mail(life.person))
        client = prove(sign_in(browser(), cast[who]))
        assert client.get(reverse("download_file", args=[Download.objects.get().pk])).status_code == 404
        assert browser().get(reverse("download_file", args=[Download.objects.get().pk])).status_code == 302

    def test_after_seven_days_it_is_gone(self, life: Life) -> None:
        fetched(sign_in_by_mail(life.person))
        found = Download.objects.get()
        folder = Path(settings.STOEP_VAR) / "downloads"
        assert len(list(folder.iterdir())) == 1
        for days, left in ((6, 1), (8, 0)):
            with clock.frozen(clock.now() + timedelta(days=days)):
                jobs.forget()
                assert len(list(folder.iterdir())) == left
        with clock.frozen(clock.now() + timedelta(days=7, hours=1)):
            client = sign_in_by_mail(life.person)
            assert client.get(reverse("download_file", args=[found.pk])).status_code == 404

    def test_it_lies_unreadable_on_the_disk(self, life: Life) -> None:
        fetched(sign_in_by_mail(life.person))
        (file,) = (Path(settings.STOEP_VAR) / "downloads").iterdir()
        assert not file.read_bytes().startswith(b"PK")
        assert file.stat().st_mode & 0o077 == 0

    def test_who_left_meanwhile_gets_none(self, life: Life) -> None:
        client = sign_in_by_mail(life.person)
        client.post(reverse("download"))
        client.post(reverse("leave"))
        post_comes()
        assert Download.objects.filter(ready_at=None).count() == 1


class TestThePage:
    @pytest.mark.parametrize("who", ["neighbour", "newcomer", "suspended", "editor"])
    def test_everybody_sees_what_is_held_about_them(self, cast: Cast, sign_in: SignIn, who: str) -> None:
        page = text_of(sign_in(browser(), cast[who]).get(reverse("my_data")))
        assert cast[who].email in page
        assert "Your name, how we reach you" in page
        others = [person for key, person in cast.people.items() if key != who]
        assert [person.email for person in others if person.email in page] == []

    def test_a_day_without_an_hour_is_said_too(self, cast: Cast, sign_in: SignIn) -> None:
        now = clock.now()
        Digest.objects.create(person=cast["neighbour"], on=now.date(), made_at=now, items=["feed.new_post 0193"])
        page = text_of(sign_in(browser(), cast["neighbour"]).get(reverse("my_data")))
        assert "On which days you got the mail" in page
        assert str(now.year) in page

    def test_people_read_words_and_programs_read_codes(self, life: Life) -> None:
        client = sign_in_by_mail(life.person)
        files = fetched(client)
        rows = {kind["table"]: kind["rows"] for kind in json.loads(files["my-data.json"])["kinds"]}
        assert [row["proof"] for row in rows["people.Membership"]] == ["letter"]
        assert "question" in [row["kind"] for row in rows["feed.Post"]]
        for page in (files["my-data.html"], text_of(client.get(reverse("my_data")))):
            assert "A letter with a code" in page
            assert "As on my device" in page
            seen = set(re.findall(r">\s*([a-z_]+)\s*<", page))
            assert {"letter", "auto", "full", "question"} & seen == set(), seen

    def test_what_there_is_nothing_of_is_not_named(self, cast: Cast, sign_in: SignIn) -> None:
        page = text_of(sign_in(browser(), cast["neighbour"]).get(reverse("my_data")))
        assert "Your phone numbers" not in page


class TestConsents:
    def test_it_is_taken_back_with_one_button(self, cast: Cast, sign_in: SignIn) -> None:
        marie = cast["neighbour"]
        for purpose in (Consent.Purpose.HOUSE_RULES, Consent.Purpose.PROFILE_PHOTO):
            Consent.objects.create(person=marie, purpose=purpose, version="1", form="join", given_at=clock.now())
        client = sign_in(browser(), marie)
        page = text_of(client.get(reverse("my_consents")))
        assert "A photo in the profile" in page
        assert page.count("Take it back") == 1, "who takes back the house rules leaves"

        path = reverse("consent_withdrawal", args=["profile_photo"])
        for _twice in range(2):
            assert client.post(path)["Location"] == reverse("my_consents") + "?saved"

        given = Consent.objects.get(person=marie, purpose="profile_photo")
        assert given.withdrawn_at == clock.now()
        assert "Taken back on" in text_of(client.get(reverse("my_consents")))

    def test_the_house_rules_are_taken_back_by_leaving(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(browser(), cast["neighbour"])
        path = reverse("consent_withdrawal", args=["house_rules"])
        assert client.post(path)["Location"] == reverse("leave")

    def test_nobody_takes_back_for_another_and_no_unknown_word(self, cast: Cast, sign_in: SignIn) -> None:
        Consent.objects.create(
            person=cast["neighbour"], purpose="profile_photo", version="1", form="f", given_at=clock.now()
        )
        path = reverse("consent_withdrawal", args=["profile_photo"])
        assert sign_in(browser(), cast["second-neighbour"]).post(path).status_code == 302
        assert browser().post(path)["Location"].startswith(reverse("sign_in"))
        assert Consent.objects.get().withdrawn_at is None
        client = sign_in(browser(), cast["neighbour"])
        assert client.post(reverse("consent_withdrawal", args=["anything"])).status_code == 404
        assert client.get(path).status_code == 405
