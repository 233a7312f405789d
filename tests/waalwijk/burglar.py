"""Somebody with no letter and nobody inside: the whole internet to knock from, a day to spare, every address known.

They know what anybody can: the site's addresses, how a check digit is made, ids of posts, e-mail addresses of members.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from stoep.joining.codes import check_digit

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

HERE, NEXT_CITY = "buurt.hasselt.example", "buurt.diepenbeek.example"
NETWORKS = 500
SEED = 20261123


def guesses() -> Iterator[str]:
    """The codes that they will try, in this order."""
    luck = random.Random(SEED)
    while True:
        free = f"{luck.randrange(10**11):011}"
        yield free + check_digit(free)


def nth_guess(at: int) -> str:
    return next(islice(guesses(), at, None))


@dataclass
class Burglar:
    """What they try, and what came of it: where they stood inside, what they read, what broke."""

    secrets: tuple[str, ...]
    emails: tuple[str, ...]
    ids: tuple[str, ...]
    codes: Iterator[str] = field(default_factory=guesses)
    luck: random.Random = field(default_factory=lambda: random.Random(SEED))
    knocks: int = 0
    entered: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def browser(self, host: str = HERE) -> Client:
        client = Client(headers={"host": host, "accept-language": "en"}, REMOTE_ADDR=self.network())
        client.raise_request_exception = False
        return client

    def network(self) -> str:
        """One of many, of both kinds."""
        at = self.luck.randrange(NETWORKS)
        return f"198.51.{at // 250}.{at % 250}" if at % 2 else f"2001:db8:{at:x}:1::1"

    def six_digits(self) -> str:
        return f"{self.luck.randrange(10**6):06}"

    def email(self) -> str:
        return self.luck.choice(self.emails)

    def knock(
        self, client: Client, path: str, given: dict[str, str] | None = None, *, headers: dict[str, str] | None = None
    ) -> "Response":
        """GET, or POST what is given; then read everything that came back."""
        answer = client.get(path, headers=headers) if given is None else client.post(path, given, headers=headers)
        self.knocks += 1
        if answer.status_code >= 500:
            self.broken.append(path)
        said = unescape(answer.getvalue().decode(errors="replace")) + str(dict(answer.headers))
        self.seen += [f"{secret} at {path}" for secret in self.secrets if secret in said]
        return answer

    def try_the_square(self, client: Client, by: str) -> None:
        """After each door: do they stand inside?"""
        for path in ("/", "/posts/new/", "/city/"):
            if self.knock(client, path).status_code == 200:
                self.entered.append(by)


def every_address(ids: tuple[str, ...], resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Each pattern of the site as a path, filled with ids that exist."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_address(ids, entry, pattern)
        elif isinstance(entry, URLPattern):
            yield from (re.sub(r"<[^>]+>", one, pattern) for one in (ids if "<" in pattern else ids[:1]))
