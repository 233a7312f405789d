"""Words that nobody could guess in every private field, each with those who may come to read it."""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Model

from stoep.common import clock
from stoep.conversations.models import Message
from stoep.delivery.outbox import tell
from stoep.events.models import Attendance, Event, Occurrence
from stoep.exchange.lending_notices import NOTICES as LENDING_NOTICES
from stoep.exchange.models import HelpOffer, Item, Loan
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
        return [self.meaning[word] for word in self.known_in(text) if who not in self.holders[word]]

    def known_in(self, text: str) -> set[str]:
        """What was planted here: once in many crawls a token of a form has the look of a word by chance."""
        return set(SONG.findall(text)) & set(self.holders)


def plant_words(cast: Cast, subjects: Subjects) -> Canaries:
    """Every word where it can stand without anything else being other than before."""
    made = Canaries()
    _words(made, subjects)
    _private_words(made, subjects)
    _lent(made, cast, subjects)
    _names_and_addresses(made, cast)
    _doors(made, cast)
    _secrets(made, cast)
    _papers(made, cast)
    return made


def plant_everywhere(cast: Cast, subjects: Subjects) -> Canaries:
    """The words, and what makes more of them heard: somebody helps, something is solved, somebody is protected."""
    made = plant_words(cast, subjects)
    _helping(cast)
    _solved(made, subjects)
    _protected(made, cast)
    return made


def tell_everything(cast: Cast) -> None:
    """As if each thing had just been written: whoever should be mailed of it, will be; and of the hidden, nobody."""
    hasselt, now = cast.cities["hasselt"].pk, clock.now()
    for notice, found in _notices():
        for each in found:
            subject = UUID(str(each.pk))
            tell(notice, municipality_id=hasselt, subject_id=subject, actor=_writer_of(each), now=now)


def _notices() -> Iterator[tuple[str, Iterable[Model]]]:
    """Each notice with all that it can be told of."""
    posts = Post.objects.all()
    yield "feed.new_comment", Comment.objects.all()
    yield "feed.new_post", posts
    yield "feed.announcement", posts.filter(speaking_for__isnull=False)
    yield "feed.solved", posts.filter(speaking_for=None)
    yield from ((f"exchange.{name}", posts) for name in ("help_found", "found", "matching"))
    offers = HelpOffer.objects.all()
    yield from ((f"exchange.{name}", offers) for name in ("offer", "helper_gone", "chosen", "let_go"))
    yield from ((each.name, Loan.objects.all()) for each in LENDING_NOTICES)
    yield "conversations.message", Message.objects.all()
    yield from ((f"events.{name}", Event.objects.all()) for name in ("changed", "cancelled"))
    yield "events.reminder", Occurrence.objects.all()
    yield "events.seat", Attendance.objects.all()


def _writer_of(thing: Model) -> Person | None:
    return getattr(thing, "author", None) or getattr(thing, "helper", None)


def _private_words(made: Canaries, subjects: Subjects) -> None:
    """What is said in a conversation: for who takes part, unless a block stands between; and for who said it."""
    for subject in subjects.of("message")[:-1]:
        holders = frozenset(who for who in NEIGHBOURS if subject.is_seen_by(who) or who == subject.author)
        for message in Message.objects.filter(pk=subject.args[0]):
            message.body = made.plant(f"words of message {subject.name}", holders if subject.is_live else NOBODY)
            message.save()


def _helping(cast: Cast) -> None:
    """Somebody wants to help, and was chosen: of the two each comes to hear the other's name."""
    post = Post.objects.get(author=cast["neighbour"], removed_at=None, audience__shared_with_city=True)
    HelpOffer.objects.create(post=post, helper=cast["ambassador"], offered_at=clock.now(), chosen_at=clock.now())


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
            mine = frozenset({subject.author})  # on the page with all that is held about oneself
            before = {"title": made.plant("an old title", mine), "body": made.plant("old words", mine)}
            Revision.objects.create(of=kind, subject_id=subject.args[0], replaced_at=clock.now(), **before)
            if model is Post:
                rows.update(title=made.plant(f"title of {subject.name}", holders))
    _events(made, subjects)


def _solved(made: Canaries, subjects: Subjects) -> None:
    solved = next(subject for subject in subjects.of("post") if subject.name == "own, of another, live")
    thanks = made.plant("a thank-you", solved.audience)
    Solution.objects.create(
        post_id=solved.args[0],
        helper=Comment.objects.get(post=solved.args[0], removed_at=None).author,
        thank_you=thanks,
        solved_at=clock.now(),
    )


def _lent(made: Canaries, cast: Cast, subjects: Subjects) -> None:
    """What a thing is called: for who sees the shelf; what broke: for the two of them while they see each other.

    What was lent stands among what is held about oneself, whoever stands apart now: both have known it.
    """
    for subject in subjects.of("thing")[:-1]:
        holders = frozenset(who for who in NEIGHBOURS if subject.is_seen_by(who) or who == subject.author)
        Item.objects.filter(pk=subject.args[0]).update(own_name=made.plant(f"name of {subject.name}", holders))
    for subject in subjects.of("loan")[:-1]:
        sides = Loan.objects.get(pk=subject.args[0]).sides
        both = frozenset(key for key, person in cast.items() if person.pk in sides)
        what = made.plant(f"what was lent, {subject.name}", both)
        damage = made.plant(f"what broke, {subject.name}", subject.audience)
        Loan.objects.filter(pk=subject.args[0]).update(what=what, damage=damage)


def _events(made: Canaries, subjects: Subjects) -> None:
    """Where it is: for who sees the post. Who comes and what they bring: never for the city."""
    for subject in subjects.of("event")[:-1]:
        day = Occurrence.objects.select_related("event").get(pk=subject.args[0])
        holders = frozenset(who for who in NEIGHBOURS | STAFF if subject.is_seen_by(who) or who == subject.author)
        Event.objects.filter(pk=day.event_id).update(place=made.plant(f"words of event {subject.name}", holders))
        guest = Person.objects.filter(memberships__neighbourhood__name="Kermt", roles__role="ambassador").get()
        if subject.is_live and "ambassador" in subject.audience:
            brings = made.plant(
                f"words brought, {subject.name}", (subject.audience | {"ambassador"}) - {"second-neighbour"}
            )
            Attendance.objects.create(
                occurrence=day, person=guest, answer="yes", brings=brings, answered_at=clock.now()
            )


def _names_and_addresses(made: Canaries, cast: Cast) -> None:
    """A last name is for full neighbours of the same place; an e-mail address for oneself and who runs the staff."""
    homes = dict(Membership.objects.filter(ended_at=None).values_list("person", "neighbourhood__name"))
    for key, person in cast.items():
        if key in STAFF:
            first = last = STAFF
            mail = frozenset({key, "city-admin"})
        else:
            mail = frozenset({key})
            apart = {"second-neighbour"} if key == "ambassador" else set()  # who blocked somebody sees it in a list
            last = (KERMT - {"newcomer"} - apart if homes[person.pk] == "Kermt" else NOBODY) | {key}
            first = frozenset(_readers_of(cast, person)) | last
            if key == "ambassador":  # who accepts the task is told that the city then sees their name
                first, last = first | {"city-admin"}, last | {"city-admin"}
        email = f"{made.plant(f'address of {key}', mail)}@post.example"
        hashed = made.plant(f"own key of {key}", NOBODY)
        Person.objects.filter(pk=person.pk).update(
            name=f"{made.plant(f'first name of {key}', first)} {made.plant(f'last name of {key}', last)}",
            email=email,
            email_hash=email_hash(email),
            password=f"md5$salt${hashed}",
            language="en",
        )


def _protected(made: Canaries, cast: Cast) -> None:
    own = made.plant("own name of who is protected", frozenset({"ambassador"}))
    Person.objects.filter(pk=cast["ambassador"].pk).update(own_name=f"Jos {own}", protected_at=clock.now())


def _readers_of(cast: Cast, person: Person) -> set[str]:
    """Everybody who sees something that this person wrote, or a day on which they come; of those the city sees none."""
    found = set()
    for key, reader in cast.items():
        posts = Post.objects.visible_to(reader)
        reads = (
            posts.filter(author=person).exists() or Comment.objects.visible_to(reader).filter(author=person).exists()
        )
        comes = Attendance.objects.filter(person=person, occurrence__event__post__in=posts)
        if reads or (reader.standing.is_member and comes.exists()):
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
            email=f"{made.plant(f'mailed address of {key}', frozenset({key}))}@post.example",
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
