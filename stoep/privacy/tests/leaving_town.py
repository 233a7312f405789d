"""What the tests of leaving share: a life in the neighbourhood, and the way out and in again through the pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from stoep.access.audience import home_audience
from stoep.common import clock
from stoep.feed.actions import publish_comment, publish_post, thank
from stoep.feed.editing import edit_post, remove_post, solve_request
from stoep.feed.models import Comment, Post
from stoep.joining.tests.door import ask, browser, digits_in, letter, member, post_comes
from stoep.operations.cast import Cast
from stoep.people.models import Person

SONG = "zwaluwnest"


@dataclass
class Life:
    """Somebody with posts, answers and thanks among others, every word of theirs with the song in it."""

    person: Person
    other: Person
    answered: Post
    unanswered: Post
    deleted: Post
    others_post: Post
    followed: Comment
    last: Comment


def live(cast: Cast) -> Life:
    person = member(cast, name="Zwaluw Zwaluwnest", email=f"{SONG}@post.example", code=letter(cast).code)
    other = cast["second-neighbour"]
    answered, unanswered, deleted = (
        _place(cast, person, f"{name} {SONG}", kind=kind)
        for name, kind in (("Answered", "help_wanted"), ("Unanswered", "question"), ("Deleted", "question"))
    )
    reply = _answer(other, answered, "I come and help", minute=1)
    solve_request(author=person, post=answered, helper=other, thank_you=f"Thanks! {SONG}", now=clock.now())
    edit_post(person=person, post=unanswered, title=f"Unanswered {SONG}", body=f"New {SONG}", now=clock.now())
    remove_post(person=person, post=deleted, now=clock.now())
    others_post = _place(cast, other, "A ladder of mine")
    followed = _answer(person, others_post, f"First {SONG}", minute=2)
    _answer(other, others_post, "In between", minute=3)
    last = _answer(person, others_post, f"Last {SONG}", minute=4)
    thank(person=person, post=others_post, now=clock.now())
    assert reply.author == other
    for each in (answered, unanswered, deleted, others_post):
        each.refresh_from_db()
    return Life(person, other, answered, unanswered, deleted, others_post, followed, last)


def sign_in_by_mail(person: Person) -> Client:
    """A fresh visit, by the mail's digits."""
    client = browser()
    mails = [mail for mail in ask(client, person.email) if mail.kind == "joining/mail/sign_in"]
    client.post(reverse("sign_in_code"), {"email": person.email, "code": digits_in(mails[-1])})
    return client


def leave_by_the_pages(person: Person) -> Client:
    """Signed in a moment ago, so that one button is enough."""
    client = sign_in_by_mail(person)
    answer = client.post(reverse("leave"))
    assert answer.status_code == 200, answer
    return client


def prove_by_mail(client: Client, target: str) -> int:
    """The page that asks again: send digits, type them."""
    client.post(reverse("prove"), {"mail": "1", "next": target})
    digits = digits_in(post_comes()[-1])
    return client.post(reverse("prove"), {"code": digits, "next": target}).status_code


def dump() -> str:
    """Every value of every column of every table, sealed ones opened, as whoever holds the server could read them."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608  the database's own names
            found += [row[0] for row in cursor.fetchall()]
    for model in apps.get_models():
        if model.__module__.startswith("stoep."):
            found += [repr(list(row.values())) for row in model._default_manager.values()]
    found += [repr(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(found).casefold()


def files() -> bytes:
    return b"\n".join(path.read_bytes() for path in Path(settings.STOEP_VAR).rglob("*") if path.is_file()).lower()


def _place(cast: Cast, author: Person, title: str, *, kind: str = "question", now: datetime | None = None) -> Post:
    return publish_post(
        author=Person.objects.get(pk=author.pk),
        audience=home_audience(cast.neighbourhoods["Kermt"]),
        kind=kind,
        title=title,
        body=f"Words. {title}",
        request_key=uuid4(),
        now=now or clock.now(),
    )


def _answer(author: Person, post: Post, body: str, *, minute: int) -> Comment:
    writer, post = Person.objects.get(pk=author.pk), Post.objects.get(pk=post.pk)
    now = clock.now() + timedelta(minutes=minute)
    return publish_comment(author=writer, post=post, body=body, request_key=uuid4(), now=now)
