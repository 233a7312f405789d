"""One thing of each kind in the own neighbourhood, the next one and another municipality, standing and deleted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from stoep.access.audience import city_audience, home_audience
from stoep.access.models import Audience
from stoep.cityhall.models import Announcement
from stoep.common import clock
from stoep.feed.models import Comment, Post
from stoep.operations.cast import Cast
from stoep.people.models import Department, Membership, Person, Role
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Neighbourhood
from stoep.rollout.models import ImportRun, LetterRun

KERMT = frozenset({"neighbour", "second-neighbour", "ambassador", "newcomer"})
HASSELT = KERMT | {"next-neighbourhood"}
STAFF = frozenset({"editor", "approver", "analyst", "rollout", "city-admin", "moderator", "dpo", "operator"})
NEIGHBOURS = HASSELT | {"suspended", "other-city"}
# Who of the staff reads what was shared, and what departments say (docs/trust.md 2.2, rows 5, 17, 19).
CITY_READERS = frozenset({"editor", "approver"})
OFFICIAL_READERS = STAFF - {"rollout"}


@dataclass(frozen=True)
class Subject:
    """What an address names. `audience`: the neighbours it is for; `readers`: whoever may see it; both by hand."""

    name: str
    args: tuple[Any, ...]
    author: str = ""
    audience: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    is_live: bool = True
    is_official: bool = False

    def is_seen_by(self, who: str) -> bool:
        return self.is_live and (who in self.audience or who in self.staff)


NOTHING = Subject("nothing", ())


@dataclass
class Subjects:
    """By kind. Each kind holds one that never was: its answer is the measure for all that is hidden."""

    by_kind: dict[str, list[Subject]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Subject]:
        return self.by_kind[kind] if kind else [NOTHING]


def make_subjects(cast: Cast) -> Subjects:
    posts = list(_posts(cast))
    made = Subjects(
        {
            "post": [subject for subject, _post in posts],
            "comment": [
                _comment(cast, of, post, live=live)
                for of, post in posts
                for live in ((True, False) if of.is_live else (True,))
            ],
            "announcement": list(_announcements(cast)),
            "department": list(_departments(cast)),
            "role": list(_roles(cast)),
            "neighbourhood": list(_neighbourhoods(cast)),
            "address": list(_addresses(cast)),
            "street": [
                _of_city("ours", cast.streets["Koorstraat"].pk),
                _of_city("theirs", cast.streets["Heidestraat"].pk, is_ours=False),
            ],
            "letter run": list(_runs(cast, LetterRun)),
            "import": list(_runs(cast, ImportRun)),
        }
    )
    for kind in made.by_kind.values():
        kind.append(Subject("never was", (uuid4(),), is_live=False))
    # Words in an address, not ids: a code, a link, a file's name that is nobody's; and the sides of a letter.
    made.by_kind["word"] = [Subject("nobody's", ("20261120-120000-000001",))]
    made.by_kind["colour"] = [Subject("one that can be read", ("0b6b5d",))]
    made.by_kind["side"] = [_of_city("front", "front"), _of_city("sideways", "sideways", is_ours=False)]
    return made


def _posts(cast: Cast) -> Iterator[tuple[Subject, Post]]:
    kermt, tuilt, rooierheide = (cast.neighbourhoods[name] for name in ("Kermt", "Tuilt", "Rooierheide"))
    shared = home_audience(kermt, shared_with_city=True)
    everybody, there = (city_audience(cast.cities[city], everybody=True) for city in ("hasselt", "diepenbeek"))
    abroad = _staff_abroad(cast)
    for live in (True, False):
        yield _post(cast, "own", home_audience(kermt), "neighbour", KERMT, live=live)
        yield _post(cast, "own, of another", home_audience(kermt), "second-neighbour", KERMT, live=live)
        yield _post(cast, "own, shared", shared, "neighbour", KERMT, live=live, staff=CITY_READERS)
        yield _post(
            cast, "next", home_audience(tuilt), "next-neighbourhood", frozenset({"next-neighbourhood"}), live=live
        )
        yield _post(cast, "other city", home_audience(rooierheide), "other-city", frozenset({"other-city"}), live=live)
        yield _post(cast, "official", everybody, "editor", HASSELT, live=live, staff=OFFICIAL_READERS)
        yield _official_abroad(cast, there, abroad, live=live)


def _post(
    cast: Cast,
    name: str,
    audience: Audience,
    author: str,
    neighbours: frozenset[str],
    *,
    live: bool,
    staff: frozenset[str] = frozenset(),
) -> tuple[Subject, Post]:
    is_official = author in STAFF
    post = Post.objects.create(
        author=cast[author],
        audience=audience,
        membership=Membership.objects.filter(person=cast[author], ended_at=None).first(),
        speaking_for=cast.departments["Communicatie"] if is_official else None,
        kind="announcement" if is_official else "help_wanted",
        title=f"Title of {name}",
        body=f"Body of {name}",
        **_gone(cast[author], live=live),
    )
    state = "live" if live else "deleted"
    subject = Subject(f"{name}, {state}", (post.pk,), author, neighbours, staff, live, is_official)
    return subject, post


def _official_abroad(cast: Cast, audience: Audience, writer: Person, *, live: bool) -> tuple[Subject, Post]:
    department, _is_new = Department.objects.get_or_create(municipality=cast.cities["diepenbeek"], name="Onthaal")
    post = Post.objects.create(
        author=writer,
        audience=audience,
        speaking_for=department,
        kind="announcement",
        title="Title of the other city",
        **_gone(writer, live=live),
    )
    name = f"official of the other city, {'live' if live else 'deleted'}"
    subject = Subject(name, (post.pk,), "", frozenset({"other-city"}), frozenset({"operator"}), live, is_official=True)
    return subject, post


def _comment(cast: Cast, of: Subject, post: Post, *, live: bool) -> Subject:
    """By whoever wrote the post; under what a department said, by a neighbour it is for."""
    is_abroad = post.audience.municipality_id == cast.cities["diepenbeek"].pk
    author = ("other-city" if is_abroad else "neighbour") if of.is_official else of.author
    made = Comment.objects.create(
        post=post,
        author=cast[author],
        audience=post.audience,
        membership=Membership.objects.filter(person=cast[author], ended_at=None).first(),
        body=f"Answer under {of.name}",
        **_gone(cast[author], live=live),
    )
    if live:
        Post.objects.filter(pk=post.pk).update(comment_count=1)
    staff = of.staff & CITY_READERS
    name = f"{'live' if live else 'deleted'} answer under {of.name}"
    return Subject(name, (made.pk,), author, of.audience, staff, live and of.is_live, is_official=of.is_official)


def _gone(person: Person, *, live: bool) -> dict[str, Any]:
    now = clock.now()
    return {"created_at": now} if live else {"created_at": now, "removed_at": now, "removed_by": person}


def _announcements(cast: Cast) -> Iterator[Subject]:
    for post in Post.objects.filter(speaking_for__isnull=False).select_related("speaking_for"):
        made = Announcement.objects.create(
            post=post, department=post.speaking_for, households_reached=1, sent_at=post.created_at
        )
        is_ours = post.audience.municipality_id == cast.cities["hasselt"].pk
        yield _of_city(f"{'ours' if is_ours else 'theirs'}, {post.is_live}", made.pk, is_ours=is_ours)


def _departments(cast: Cast) -> Iterator[Subject]:
    yield _of_city("ours", cast.departments["Openbare werken"].pk)
    closed = Department.objects.create(municipality=cast.cities["hasselt"], name="Oud", closed_at=clock.now())
    yield _of_city("closed", closed.pk)
    yield _of_city("theirs", Department.objects.get(name="Onthaal").pk, is_ours=False)


def _roles(cast: Cast) -> Iterator[Subject]:
    ours = Role.objects.get(person=cast["analyst"], ended_at=None)
    yield _of_city("ours", ours.pk)
    ended = Role.objects.create(person=cast["analyst"], role=R.ROLLOUT, granted_at=clock.now(), ended_at=clock.now())
    yield _of_city("ended", ended.pk, is_ours=False)
    abroad = Role.objects.get(person__name="Ann Abroad")
    yield _of_city("theirs", abroad.pk, is_ours=False)
    yield _of_city("a neighbour's", Role.objects.get(person=cast["ambassador"]).pk, is_ours=False)


def _neighbourhoods(cast: Cast) -> Iterator[Subject]:
    yield _of_city("ours", cast.neighbourhoods["Kermt"].pk)
    retired = Neighbourhood.objects.create(
        municipality=cast.cities["hasselt"],
        code="OLD",
        name="Oude wijk",
        polygon=bytes(cast.neighbourhoods["Kermt"].polygon),
        retired_at=clock.now(),
    )
    yield _of_city("retired", retired.pk, is_ours=False)
    yield _of_city("theirs", cast.neighbourhoods["Rooierheide"].pk, is_ours=False)


def _addresses(cast: Cast) -> Iterator[Subject]:
    for name, city, facts in (
        ("ours", "hasselt", {}),
        ("retired", "hasselt", {"retired_at": clock.now()}),
        ("theirs", "diepenbeek", {}),
    ):
        street = cast.streets["Koorstraat" if city == "hasselt" else "Heidestraat"]
        made = Address.objects.create(
            municipality=cast.cities[city], street=street, postcode="3510", number=f"9{len(name)}", **facts
        )
        yield _of_city(name, made.pk, is_ours=name == "ours")


def _runs(cast: Cast, model: type[LetterRun] | type[ImportRun]) -> Iterator[Subject]:
    for name, city in (("ours", "hasselt"), ("theirs", "diepenbeek")):
        at = {"ordered_at": clock.now()} if model is LetterRun else {"started_at": clock.now(), "state": "unreadable"}
        made = model.objects.create(municipality=cast.cities[city], **at)
        yield _of_city(name, made.pk, is_ours=name == "ours")


def _of_city(name: str, key: Any, *, is_ours: bool = True) -> Subject:
    """What belongs to a city: its staff sees it, as far as their pages go."""
    return Subject(name, (key,), staff=STAFF if is_ours else frozenset(), is_live=is_ours)


def _staff_abroad(cast: Cast) -> Person:
    made = Person.objects.create(
        municipality=cast.cities["diepenbeek"], kind=Person.Kind.STAFF, name="Ann Abroad", joined_at=clock.now()
    )
    Role.objects.create(person=made, role=R.EDITOR, granted_at=clock.now())
    return made
