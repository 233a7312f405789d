"""A group of one street in the demo: its neighbours, and what they write to each other and to nobody else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from stoep.access.audience import group_audience
from stoep.common.ids import new_id
from stoep.feed.actions import publish_comment, publish_post
from stoep.feed.models import Post
from stoep.neighbours.grouping import join_group, make_group
from stoep.operations.demo_diary import Diary
from stoep.people.models import Group, Membership, Person

BEGUN, BETWEEN = timedelta(days=8), timedelta(hours=5)
MOST_INSIDE = 8
WRITTEN, ANSWERED = timedelta(days=2, hours=3), timedelta(days=2, hours=2)
TITLE = "Wie zet vrijdag de bakken mee buiten?"
BODY = "Ik ben pas laat thuis. Volgende week doe ik die van jou."


def gather(people: Mapping[str, Person], *, now: datetime) -> None:
    """`people`: the cast by key.

    Marie begins it for her own street; who lives there joins, and one of them asks something.
    """
    keeper = people["neighbour"]
    home = Membership.objects.select_related("shown_street").get(person=keeper, ended_at=None)
    here = Membership.objects.filter(neighbourhood=home.neighbourhood_id, ended_at=None, person__left_at=None)
    same = here.filter(shown_street=home.shown_street_id, standing=Membership.Standing.FULL).exclude(person=keeper)
    inside = list(same.order_by("started_at", "pk").values_list("person", flat=True)[:MOST_INSIDE])
    street = home.shown_street.name if home.shown_street else home.neighbourhood.name
    diary = Diary()
    diary.note(now - BEGUN, partial(_begin, keeper.pk, street))
    for turn, person_id in enumerate(inside, start=1):
        diary.note(now - BEGUN + turn * BETWEEN, partial(_join, person_id, street))
    diary.note(now - WRITTEN, partial(_write, inside[0], street))
    diary.note(now - ANSWERED, partial(_answer, keeper.pk))
    diary.play()


def _begin(person_id: UUID, street: str, at: datetime) -> None:
    words = {"name": street, "about": "Voor wie in onze straat woont: bakken, pakjes, sneeuw en koffie."}
    make_group(person=Person.objects.get(pk=person_id), is_open=True, request_key=new_id(), now=at, **words)


def _join(person_id: UUID, street: str, at: datetime) -> None:
    join_group(person=Person.objects.get(pk=person_id), group=Group.objects.get(name=street), now=at)


def _write(person_id: UUID, street: str, at: datetime) -> None:
    author, audience = Person.objects.get(pk=person_id), group_audience(Group.objects.get(name=street))
    publish_post(
        author=author, audience=audience, kind="question", title=TITLE, body=BODY, request_key=new_id(), now=at
    )


def _answer(person_id: UUID, at: datetime) -> None:
    author, post = Person.objects.get(pk=person_id), Post.objects.get(title=TITLE)
    publish_comment(author=author, post=post, body="Ik, samen met die van mij.", request_key=new_id(), now=at)
