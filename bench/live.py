"""One event to thousands of open pages: how soon the last one knows, what each costs, and that none is forgotten."""

import asyncio
import resource
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection, transaction

from bench import databases, feed, feed_city, processes
from bench.feed_city import City
from bench.load import Visit
from bench.results import Table
from stoep.delivery.outbox import ring
from stoep.feed.models import Post
from stoep.operations.trouble import OperatorError

AT_ONCE = 100
PATIENCE = 60.0
SPARE_FILES = 200
UVICORN = ["uvicorn", "config.live:application", "--no-access-log", "--backlog", "4096", "--host", "127.0.0.1"]

# For each post, when each page heard of it.
Heard = dict[bytes, dict["Page", list[float]]]


@dataclass(frozen=True)
class Size:
    pages: int
    events: int


FULL = Size(pages=5000, events=10)
SMALL = Size(pages=40, events=3)


@dataclass(eq=False)
class Page(asyncio.Protocol):
    """One open page: remembers when it heard of what."""

    visit: Visit
    open: asyncio.Future[None]
    heard: Heard
    transport: Any = None
    has_ended: bool = False
    rest: bytes = field(default=b"")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.visit.as_bytes())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        *whole, self.rest = (self.rest + data).split(b"\n\n")
        for words in whole:
            if b"event: post" in words:
                known = words.partition(b'"post": "')[2][:36]
                self.heard.setdefault(known, {}).setdefault(self, []).append(now)
            elif b"retry:" in words and not self.open.done():
                self.open.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self.has_ended = True
        if not self.open.done():
            self.open.set_exception(error or ConnectionError(self.rest[:200]))


@dataclass
class Outcome:
    """`delays`: for each event, how long each page waited, in seconds, in order."""

    seconds_to_open: float
    delays: list[list[float]]
    bytes_a_page: float


def measure(size: Size, *, port: int, is_quiet: bool = False) -> list[Table]:
    """As many neighbours of one neighbourhood as are said, each with a session and a page of their own."""
    feed_city.ensure(City(cities=1, neighbourhoods=1, posts=50, members=size.pages), is_quiet=is_quiet)
    readers = feed.sign_in(feed.memberships().order_by("id")[: size.pages])
    _allow_files(size.pages)
    visits = [Visit(reader.host, reader.at_stoep.cookie, "/live/") for reader in readers]
    with ExitStack() as stack:
        settings = {"DATABASE_URL": databases.current_url()}
        pid = stack.enter_context(
            processes.serving("live", [*UVICORN, "--port", str(port)], port=port, settings=settings)
        )
        outcome = asyncio.run(_watch(visits, pid, port, _posts(size.events)))
    return [_table(size, outcome)]


async def _watch(visits: list[Visit], pid: int, port: int, posts: list[Post]) -> Outcome:
    heard: Heard = {}
    before, started = processes.resident_bytes(pid), time.perf_counter()
    pages: list[Page] = []
    for at in range(0, len(visits), AT_ONCE):
        pages += await asyncio.gather(*(_opened(visit, port, heard) for visit in visits[at : at + AT_ONCE]))
    opened = time.perf_counter() - started
    each = (processes.resident_bytes(pid) - before) / len(pages)
    delays = [await _delays(post, heard, len(pages)) for post in posts]
    assert not any(page.has_ended for page in pages)
    for page in pages:
        page.transport.abort()
    return Outcome(opened, delays, each)


async def _opened(visit: Visit, port: int, heard: Heard) -> Page:
    loop = asyncio.get_running_loop()
    page = Page(visit, loop.create_future(), heard)
    await loop.create_connection(lambda: page, "127.0.0.1", port)
    await asyncio.wait_for(page.open, PATIENCE)
    return page


async def _delays(post: Post, heard: Heard, pages: int) -> list[float]:
    """Counted from just before the commit; whoever has not heard in time is simply not in the list."""
    key = str(post.pk).encode()
    told = await asyncio.to_thread(_ring, post)
    while len(heard.get(key, {})) < pages and time.perf_counter() - told < PATIENCE:  # noqa: ASYNC110  a look now and then disturbs the pages least
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)  # time to hear of it twice, which nobody should
    by_page = heard.get(key, {})
    assert all(len(moments) == 1 for moments in by_page.values()), "a page heard twice of one event"
    return sorted(moments[0] - told for moments in by_page.values())


def _ring(post: Post) -> float:
    try:
        with transaction.atomic():
            ring(audience_id=post.audience_id, post_id=post.pk)
            return time.perf_counter()
    finally:
        connection.close()


def _posts(events: int) -> list[Post]:
    """Different ones, all of the one neighbourhood's own audience."""
    found = Post.objects.filter(removed_at=None, membership__isnull=False).order_by("audience_id", "id")
    own = [post for post in found if post.audience_id == found[0].audience_id]
    return own[:events]


def _allow_files(pages: int) -> None:
    _now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < pages + SPARE_FILES:
        raise OperatorError(f"{pages} open pages need as many open files, and the system allows {most}: ulimit -n")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _table(size: Size, outcome: Outcome) -> Table:
    lost = sum(size.pages - len(delays) for delays in outcome.delays)
    shown = {
        "first page knows": median(delays[0] for delays in outcome.delays),
        "middle page knows": median(median(delays) for delays in outcome.delays),
        "last page knows": median(delays[-1] for delays in outcome.delays),
        "last page knows, worst event": max(delays[-1] for delays in outcome.delays),
    }
    rows = [[name, f"{seconds * 1000:.0f} ms"] for name, seconds in shown.items()]
    rows += [["heard by", f"{sum(map(len, outcome.delays)):,} of {size.pages * size.events:,}"], ["lost", f"{lost}"]]
    rows += [["memory a page", f"{outcome.bytes_a_page / 1000:.1f} kB"]]
    rows += [["all pages open after", f"{outcome.seconds_to_open:.1f} s"]]
    return Table(
        f"One event to {size.pages:,} open pages",
        ["", "one process"],
        rows,
        [f"Medians of {size.events} events, counted from just before the commit; pages and server share the machine."],
    )
