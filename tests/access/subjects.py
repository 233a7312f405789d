"""One thing of each kind in the own neighbourhood, the next one and another municipality, standing and deleted."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from stoep.access.audience import city_audience, home_audience
from stoep.access.models import Audience
from stoep.ambassadors.models import AppointmentLink
from stoep.cityhall.models import Announcement
from stoep.common import clock
from stoep.desk.models import SESSION_LENGTH, DeskSession
from stoep.feed.models import Comment, Post
from stoep.joining.models import Invitation
from stoep.media.tests.ready import photo_at
from stoep.moderation.models import Appeal, Case, Decision, Report
from stoep.operations.cast import Cast
from stoep.people.models import Block, Department, Membership, Person, Role
from stoep.people.models import RoleName as R
from stoep.places.models import Address, Neighbourhood
from stoep.places.queries import forget_municipalities
from stoep.rollout.models import ImportRun, LetterRun
from stoep.shell.logos import mark_of
from tests.access.event_subjects import event_at
from tests.access.helping import help_offers
from tests.access.subject import NOTHING, Subject
from tests.access.talk import conversations

REPORTABLE = ("post", "comment", "person", "message")
KERMT = frozenset({"neighbour", "second-neighbour", "ambassador", "newcomer"})
HASSELT = KERMT | {"next-neighbourhood"}
STAFF = frozenset({"editor", "approver", "analyst", "rollout", "city-admin", "moderator", "desk", "dpo", "operator"})
NEIGHBOURS = HASSELT | {"suspended", "other-city"}
# Who of the staff reads what was shared, and what departments say (docs/trust.md 2.2, rows 5, 17, 19).
CITY_READERS = frozenset({"editor", "approver"})
OFFICIAL_READERS = STAFF - {"rollout"}


@dataclass
class Subjects:
    """By kind. Each kind holds one that never was: its answer is the measure for all that is hidden."""

    by_kind: dict[str, list[Subject]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Subject]:
        return self.by_kind[kind] if kind else [NOTHING]


def make_subjects(cast: Cast) -> Subjects:
    # Two of the same neighbourhood between whom a block stands: neither exists for the other.
    Block.objects.create(person=cast["ambassador"], blocked=cast["second-neighbour"], created_at=clock.now())
    posts = list(_posts(cast))
    made = Subjects(
        {
            "post": [subject for subject, _post in posts],
            "comment": [
                _comment(cast, of, post, live=live)
                for of, post in posts
                for live in ((True, False) if of.is_live else (True,))
            ],
            **_photos(posts),
            "event": [replace(of, args=(event_at(post).pk,)) for of, post in posts],
            "announcement": list(_announcements(cast)),
            "department": list(_departments(cast)),
            "role": list(_roles(cast)),
            "person": list(_people(cast)),
            "colleague": list(_colleagues(cast)),
            "appointment": list(_appointments(cast)),
            "neighbourhood": list(_neighbourhoods(cast)),
            "address": list(_addresses(cast)),
            "street": [
                _of_city("ours", cast.streets["Koorstraat"].pk),
                _of_city("theirs", cast.streets["Heidestraat"].pk, is_ours=False),
            ],
            "invitation": list(_invitations(cast)),
            "newcomer": list(_newcomers(cast)),
            "letter run": list(_runs(cast, LetterRun)),
            "import": list(_runs(cast, ImportRun)),
            "desk session": list(_desk_sessions(cast)),
            **conversations(cast),
        }
    )
    made.by_kind |= _reports(cast, made.by_kind)
    for name, kind in made.by_kind.items():
        two = {"reportable": ("post", uuid4()), "photo file": (uuid4(), "360"), "photo of a post": (uuid4(), uuid4())}
        kind.append(Subject("never was", two.get(name, (uuid4(),)), is_live=False))
    # Words in an address, not ids: a code, a link, a file's name that is nobody's; and the sides of a letter.
    made.by_kind["word"] = [Subject("nobody's", ("20261120-120000-000001",))]
    made.by_kind["colour"] = [Subject("one that can be read", ("0b6b5d",))]
    made.by_kind["language"] = [Subject("French", ("fr",))]
    made.by_kind["number"] = [Subject("nobody's", (7,))]
    made.by_kind |= _face(cast)
    made.by_kind |= help_offers(cast, made.of("post")[:-1])
    made.by_kind["side"] = [_of_city("front", "front"), _of_city("sideways", "sideways", is_ours=False)]
    return made


def _colleagues(cast: Cast) -> Iterator[Subject]:
    yield _of_city("ours", cast["analyst"].pk)
    yield _of_city("the moderator, whom the city did not appoint", cast["moderator"].pk, is_ours=False)
    yield _of_city("a neighbour", cast["neighbour"].pk, is_ours=False)
    yield _of_city("theirs", Person.objects.get(name="Ann Abroad").pk, is_ours=False)


def _face(cast: Cast) -> dict[str, list[Subject]]:
    """The city's pictures by the mark of what is in them, and by no mark of theirs."""
    hasselt = cast.cities["hasselt"]
    hasselt.logo_svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    hasselt.save()
    forget_municipalities()
    mark = mark_of(hasselt.logo_svg, hasselt.theme_colour)
    logos = [Subject("ours", (mark,)), Subject("of no city", ("0" * 12,), is_live=False)]
    icons = [Subject("ours", (mark, "192")), Subject("of no shape", (mark, "round"), is_live=False)]
    return {"logo": logos, "icon": icons}


def _posts(cast: Cast) -> Iterator[tuple[Subject, Post]]:
    kermt, tuilt, rooierheide = (cast.neighbourhoods[name] for name in ("Kermt", "Tuilt", "Rooierheide"))
    shared = home_audience(kermt, shared_with_city=True)
    everybody, there = (city_audience(cast.cities[city], everybody=True) for city in ("hasselt", "diepenbeek"))
    abroad = _staff_abroad(cast)
    for live in (True, False):
        yield _post(cast, "own", home_audience(kermt), "neighbour", KERMT, live=live)
        apart = KERMT - {"ambassador"}
        yield _post(cast, "own, of another", home_audience(kermt), "second-neighbour", apart, live=live)
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


def _photos(posts: list[tuple[Subject, Post]]) -> dict[str, list[Subject]]:
    """One at each post: alone on its page, as a file, and to be changed by its author."""
    kinds: dict[str, list[Subject]] = {"photo": [], "photo file": [], "photo of a post": []}
    for of, post in posts:
        pk, name = photo_at(post).pk, f"photo of {of.name}"
        for kind, args in (("photo", (pk,)), ("photo file", (pk, "360")), ("photo of a post", (post.pk, pk))):
            kinds[kind].append(replace(of, name=name, args=args))
    return kinds


def _gone(person: Person, *, live: bool) -> dict[str, Any]:
    now = clock.now()
    return {"created_at": now} if live else {"created_at": now, "removed_at": now, "removed_by": person}


def _reports(cast: Cast, by_kind: dict[str, list[Subject]]) -> dict[str, list[Subject]]:
    """What neighbours may report; a case that waits, one of another city, and what was decided and objected to."""
    seen = {kind: [one for one in by_kind[kind] if not one.is_official] for kind in REPORTABLE}
    cases, decisions, objections = [], [], []
    for name, city in (("ours", "hasselt"), ("theirs", "diepenbeek")):
        is_ours, now = name == "ours", clock.now()
        facts = {"municipality": cast.cities[city], "opened_at": now}
        cases.append(_of_city(name, Case.objects.create(**facts).pk, is_ours=is_ours))
        author, reporter = ("second-neighbour", "neighbour") if is_ours else ("other-city", None)
        decided = Case.objects.create(author=cast[author], closed_at=now, **facts)
        Report.objects.create(
            case=decided,
            reporter=cast[reporter] if reporter else None,
            number=f"N{name}",
            reason="rules",
            language="nl",
            reported_at=now,
        )
        why = {"ground": "rules", "ground_text": "Rule 1", "facts": "Facts", "redress": "object", "decided_at": now}
        decision = Decision.objects.create(case=decided, outcome="warn", **why)
        sides = frozenset(one for one in (author, reporter) if one)
        decisions.append(Subject(name, (decision.pk,), audience=sides))
        objection = Appeal.objects.create(decision=decision, person=cast[author], words="No", filed_at=now)
        objections.append(_of_city(name, objection.pk, is_ours=is_ours))
    reportable = [replace(one, args=(kind, *one.args)) for kind, some in seen.items() for one in some]
    return {"reportable": reportable, "case": cases, "decision": decisions, "objection": objections}


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


def _appointments(cast: Cast) -> Iterator[Subject]:
    for name, place in (("ours", "Kermt"), ("theirs", "Rooierheide")):
        made = AppointmentLink.objects.create(
            neighbourhood=cast.neighbourhoods[place],
            token_hash=name,
            made_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
        )
        yield _of_city(name, made.pk, is_ours=name == "ours")


def _people(cast: Cast) -> Iterator[Subject]:
    """Neighbours of the same place, and whoever wrote what somebody sees; a newcomer knows nobody else."""
    members = KERMT - {"newcomer"}
    known = {
        "neighbour": HASSELT,
        "second-neighbour": KERMT - {"ambassador"},
        "ambassador": members - {"second-neighbour"},
        "newcomer": KERMT,
        "suspended": members,
        "next-neighbourhood": frozenset({"next-neighbourhood"}),
        "other-city": frozenset({"other-city"}),
        "editor": frozenset(),
    }
    for key, audience in known.items():
        yield Subject(key, (cast[key].pk,), key, audience)


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


def _invitations(cast: Cast) -> Iterator[Subject]:
    """Made by a neighbour: nobody else's business, next door's neither."""
    for author in ("neighbour", "next-neighbourhood"):
        made = Invitation.objects.create(
            inviter=cast[author],
            neighbourhood=Membership.objects.get(person=cast[author]).neighbourhood,
            token=author,
            token_hash=author,
            code="482917365501",
            code_hash=author,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=14),
        )
        yield Subject(f"of {author}", (made.pk,), author)


def _newcomers(cast: Cast) -> Iterator[Subject]:
    """Asked about in their neighbourhood; who joined with a letter is no newcomer."""
    provisional = Membership.objects.get(person=cast["newcomer"])
    yield Subject("a newcomer", (provisional.pk,), "newcomer", KERMT - {"newcomer"})
    yield Subject(
        "by letter", (Membership.objects.get(person=cast["second-neighbour"]).pk,), "second-neighbour", is_live=False
    )


def _runs(cast: Cast, model: type[LetterRun] | type[ImportRun]) -> Iterator[Subject]:
    for name, city in (("ours", "hasselt"), ("theirs", "diepenbeek")):
        at = {"ordered_at": clock.now()} if model is LetterRun else {"started_at": clock.now(), "state": "unreadable"}
        made = model.objects.create(municipality=cast.cities[city], **at)
        yield _of_city(name, made.pk, is_ours=name == "ours")


def _desk_sessions(cast: Cast) -> Iterator[Subject]:
    """For somebody outside the cast, so that no name of the cast is the desk's to hear; and a colleague's."""
    hasselt, now = cast.cities["hasselt"], clock.now()
    resident = Person.objects.create(municipality=hasselt, name="Nora Nergens", joined_at=now)
    Membership.objects.create(
        person=resident, neighbourhood=cast.neighbourhoods["Kermt"], proof="letter", started_at=now
    )
    colleague = Person.objects.create(municipality=hasselt, kind=Person.Kind.STAFF, name="Dora Desk", joined_at=now)
    Role.objects.create(person=colleague, role=R.DESK, granted_at=now)
    for name, staff, person, ended_at in (
        ("running", cast["desk"], resident, None),
        ("over", cast["desk"], resident, now),
        ("a colleague's", colleague, cast["neighbour"], None),
    ):
        made = DeskSession.objects.create(
            municipality=hasselt,
            staff=staff,
            person=person,
            channel="desk",
            code_hash="",
            started_at=now,
            ends_at=now + SESSION_LENGTH,
            ended_at=ended_at,
        )
        yield Subject(name, (made.pk,), staff=frozenset({"desk"}) if staff == cast["desk"] else frozenset())


def _of_city(name: str, key: Any, *, is_ours: bool = True) -> Subject:
    """What belongs to a city: its staff sees it, as far as their pages go."""
    return Subject(name, (key,), staff=STAFF if is_ours else frozenset(), is_live=is_ours)


def _staff_abroad(cast: Cast) -> Person:
    made = Person.objects.create(
        municipality=cast.cities["diepenbeek"], kind=Person.Kind.STAFF, name="Ann Abroad", joined_at=clock.now()
    )
    Role.objects.create(person=made, role=R.EDITOR, granted_at=clock.now())
    return made
