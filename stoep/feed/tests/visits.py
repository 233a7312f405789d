"""One person in the feed, as the tests send them: every step goes through HTTP, as a browser would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from stoep.feed.models import Comment, Post
from stoep.people.models import Person
from stoep.places.models import Neighbourhood


@dataclass
class Visit:
    """Somebody with the site open. What a test reads is the page, what it counts is the database."""

    person: Person
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        Person.objects.filter(pk=self.person.pk).update(language="en")
        self.client.force_login(self.person, backend="stoep.people.backend.PersonBackend")

    def get(self, name: str, *args: Any, **query: str) -> Any:
        return self.client.get(reverse(name, args=args), query)

    def send(self, name: str, *args: Any, **data: Any) -> Any:
        return self.client.post(reverse(name, args=args), data)

    def feed(self, **query: str) -> str:
        return page(self.get("feed", **query))

    def read(self, post: Post, **query: str) -> str:
        return page(self.get("post", post.pk, **query))

    def offer(
        self,
        title: str = "Who has a ladder?",
        *,
        kind: str = "question",
        body: str = "",
        adjacent: list[Neighbourhood] | None = None,
        shared: bool = False,
        key: UUID | None = None,
        asked: Mapping[str, str] | None = None,
    ) -> Any:
        """Sends the composer's form, with what its kind asks besides, and answers the response."""
        data: dict[str, Any] = {"kind": kind, "title": title, "body": body, "request_key": str(key or uuid4())}
        data |= asked or {}
        data["adjacent"] = [str(place.pk) for place in adjacent or []]
        return self.send("posts", **data, **({"shared_with_city": "on"} if shared else {}))

    def place(self, title: str = "Who has a ladder?", **facts: Any) -> Post:
        """As `offer`, where it must succeed: the post itself."""
        before = set(Post.objects.values_list("pk", flat=True))
        response = self.offer(title, **facts)
        assert response.status_code == 302, page(response)
        found: Post = Post.objects.exclude(pk__in=before).get()
        return found

    def reply(self, post: Post, body: str = "I have one.", *, key: UUID | None = None) -> Any:
        return self.send("comments", post.pk, body=body, request_key=str(key or uuid4()))

    def answer(self, post: Post, body: str = "I have one.") -> Comment:
        before = set(Comment.objects.values_list("pk", flat=True))
        response = self.reply(post, body)
        assert response.status_code == 302, page(response)
        found: Comment = Comment.objects.exclude(pk__in=before).get()
        return found


def page(response: Any) -> str:
    return str(response.content.decode())
