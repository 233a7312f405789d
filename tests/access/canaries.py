"""Words that nobody could guess in every private field, each with those who may come to read it."""

import re
import secrets
from dataclasses import dataclass, field

from stoep.common import clock
from stoep.delivery.outbox import tell
from stoep.feed.models import Comment, Post, Revision, Solution
from stoep.joining.models import LetterCode, ReturnCredential, Ticket
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Suspension, email_hash
from stoep.places.models import Address
from stoep.rollout.models import ImportRun
from tests.access.subjects import KERMT, NEIGHBOURS, STAFF, Subjects

SONG = re.compile(r"kn[0-9a-f]{8}")
ANNOUNCERS = frozenset({"editor", "approver", "city-admin"})
ROLLOUT = frozenset({"rollout", "city-admin"})
NOBODY: frozenset[str] = frozenset()


@dataclass
class Canaries:
    """Every planted word: what it is, and who may hold it."""

    holders: dict[str, frozenset[str]] = field(default_factory=dict)
    meaning: dict[str, str] = field(default_factory=dict)

    def plant(self, meaning: str, holders: frozenset[str]) -> str:
        word = f"kn{secrets.token_hex(4)}"
        self.holders[word], self.meaning[word] = holders, meaning
        return word

    def heard_by(self, who: str, text: str) -> list[str]:
        """What sings in this text and is not for them."""
        return [self.meaning[word] for word in set(SONG.findall(text)) if who not in self.holders.get(word, NOBODY)]

    def known_in(self, text: str) -> set[str]:
        return set(SONG.findall(text)) & set(self.holders)


def plant_everywhere(cast: Cast, subjects: Subjects) -> Canaries:
    made = Canaries()
    _words(made, subjects)
    _names_and_addresses(made, cast)
    _doors(made, cast)
    _secrets(made, cast)
    _papers(made, cast)
    return made


def tell_everything(cast: Cast) -> None:
    """As if each thing had just been written: whoever should be mailed of it, will be; and of the hidden, nobody."""
    hasselt, now = cast.cities["hasselt"].pk, clock.now()
    for comment in Comment.objects.all():
        tell("feed.new_comment", municipality_id=hasselt, subject_id=comment.pk, actor=comment.author, now=now)
    for post in Post.objects.all():
        for notice in ("feed.new_post", "feed.announcement" if post.speaking_for_id else "feed.solved"):
            tell(notice, municipality_id=hasselt, subject_id=post.pk, actor=post.author, now=now)


def _words(made: Canaries, subjects: Subjects) -> None:
    """What was written: for who sees it; what was deleted: for its author; what it said before: for nobody."""
    for kind, model in (("post", Post), ("comment", Comment)):
        for subject in subjects.of(kind)[:-1]:
            everybody = NEIGHBOURS | STAFF
            holders = frozenset(who for who in everybody if subject.is_seen_by(who) or who == subject.author)
            if kind == "post" and subject.is_official and subject.author:
                holders |= ANNOUNCERS  # withdrawn, it stands in their list
            rows = model.objects.filter(pk=subject.args[0])
            rows.update(body=made.plant(f"words of {kind} {subject.name}", holders))
            before = {"title": made.plant("an old title", NOBODY), "body": made.plant("old words", NOBODY)}
            Revision.objects.create(of=kind, subject_id=subject.args[0], replaced_at=clock.now(), **before)
            if model is Post:
                rows.update(title=made.plant(f"title of {subject.name}", holders))
    solved = next(subject for subject in subjects.of("post") if subject.name == "own, of another, live")
    thanks = made.plant("a thank-you", solved.audience)
    Solution.objects.create(
        post_id=solved.args[0],
        helper=Comment.objects.get(post=solved.args[0], removed_at=None).author,
        thank_you=thanks,
        solved_at=clock.now(),
    )


def _names_and_addresses(made: Canaries, cast: Cast) -> None:
    """A last name is for full neighbours of the same place; an e-mail address for oneself and who runs the staff."""
    homes = dict(Membership.objects.filter(ended_at=None).values_list("person", "neighbourhood__name"))
    for key, person in cast.items():
        if key in STAFF:
            first = last = STAFF
            mail = frozenset({key, "city-admin"})
        else:
            first, mail = frozenset(_readers_of(cast, person)) | {key}, frozenset({key})
            last = (KERMT - {"newcomer"} if homes[person.pk] == "Kermt" else NOBODY) | {key}
        email = f"{made.plant(f'address of {key}', mail)}@post.example"
        hashed = made.plant(f"own key of {key}", NOBODY)
        Person.objects.filter(pk=person.pk).update(
            name=f"{made.plant(f'first name of {key}', first)} {made.plant(f'last name of {key}', last)}",
            email=email,
            email_hash=email_hash(email),
            password=f"md5$salt${hashed}",
            language="en",
        )


def _readers_of(cast: Cast, person: Person) -> set[str]:
    """Everybody who sees something that this person wrote."""
    found = set()
    for key, reader in cast.items():
        reads = Post.objects.visible_to(reader).filter(author=person).exists()
        if reads or Comment.objects.visible_to(reader).filter(author=person).exists():
            found.add(key)
    return found


def _doors(made: Canaries, cast: Cast) -> None:
    """A house number is nobody's; of an address that waits for a hand it is for whose hand that is."""
    owners = dict(Membership.objects.exclude(household=None).values_list("household__address", "person"))
    keys = {person.pk: key for key, person in cast.items()}
    for address in Address.objects.all():
        is_waiting = address.neighbourhood_id is None and address.municipality_id == cast.cities["hasselt"].pk
        mine = frozenset({keys[owners[address.pk]]} if address.pk in owners else set())
        holders = mine | (ROLLOUT if is_waiting and address.retired_at is None else NOBODY)
        address.number = made.plant("a house number", holders)
        address.box = made.plant("a box number", holders)
        address.save()


def _secrets(made: Canaries, cast: Cast) -> None:
    """Hashes are for nobody at all."""
    now = clock.now()
    for key, person in cast.items():
        Ticket.objects.create(
            person=person,
            purpose="sign_in",
            token_hash=made.plant(f"ticket of {key}", NOBODY),
            code_hash=made.plant(f"digits of {key}", NOBODY),
            email=f"{made.plant(f'mailed address of {key}', NOBODY)}@post.example",
            created_at=now,
            expires_at=now,
        )
    for address in Address.objects.filter(municipality=cast.cities["hasselt"])[:5]:
        LetterCode.objects.create(
            municipality=address.municipality,
            address=address,
            code_hash=made.plant("a letter's code", NOBODY),
            created_at=now,
            expires_at=now,
        )
    ReturnCredential.objects.create(
        person=cast["neighbour"], code_hash=made.plant("a credential", NOBODY), created_at=now
    )


def _papers(made: Canaries, cast: Cast) -> None:
    Suspension.objects.filter(person=cast["suspended"]).update(reason=made.plant("why", frozenset({"suspended"})))
    for run in ImportRun.objects.all():
        holders = ROLLOUT if run.municipality_id == cast.cities["hasselt"].pk else NOBODY
        run.file_name, run.message = made.plant("a file", holders), made.plant("what was wrong in a file", holders)
        run.save()
