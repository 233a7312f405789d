"""The feed page of a signed-in neighbour, beside a bare page of the same bytes and rows, in turns, in one run."""

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.test import Client

from bench import databases, feed_city, load, processes
from bench.counting import statements_of
from bench.feed_city import City
from bench.load import Visit
from bench.results import Table
from stoep.common import clock
from stoep.feed import fragments, queries
from stoep.people.models import Membership, Person

STOEP, YARDSTICK = "bench-stoep", "bench-yardstick"
SERVER = ["--workers", "2", "--host", "127.0.0.1", "--log-level", "warning"]
# As any browser has it after its first page.
TOKEN = "0123456789abcdefghijABCDEFGHIJ01"
BACKEND = "stoep.people.backend.PersonBackend"


@dataclass(frozen=True)
class Size:
    """`rounds`: how often each of the two answers a block of `requests`; `warm`: in how many neighbourhoods."""

    city: City
    rounds: int
    requests: int
    warm: int
    connections: int


FULL = Size(City(cities=25, neighbourhoods=1000, posts=1000), rounds=6, requests=1000, warm=100, connections=16)
SMALL = Size(City(cities=2, neighbourhoods=10, posts=50), rounds=2, requests=60, warm=5, connections=4)


@dataclass(frozen=True)
class Reader:
    """Somebody whose page is asked for: of us by session, of the yardstick by a plain cookie."""

    host: str
    session: str
    facts: str

    @property
    def at_stoep(self) -> Visit:
        return Visit(self.host, f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}")

    @property
    def at_yardstick(self) -> Visit:
        return Visit(self.host, f"reader={self.facts}")


@dataclass
class Block:
    """What one server took for one block of requests, in milliseconds of processor a request."""

    server: float
    database: float
    per_second: float
    bytes: float


@dataclass
class Side:
    """One of the two that are compared."""

    name: str
    pid: int
    port: int
    visit: Callable[[Reader], Visit]
    blocks: dict[str, list[Block]] = field(default_factory=dict)

    def of(self, state: str, part: str) -> float:
        return median(getattr(block, part) for block in self.blocks[state])


def measure(size: Size, *, port: int, is_quiet: bool = False) -> list[Table]:
    """Processor time a request, ours and the yardstick's; and how many queries our page asks."""
    feed_city.ensure(size.city, is_quiet=is_quiet)
    readers = sign_in(_first_of_each())
    asked = queries_of_a_page(readers[0])
    with both_served(readers[0], port) as sides:
        _measure_blocks(sides, readers, size)
    return [_table(sides, asked, size)]


def sign_in(memberships: Iterable[Membership]) -> list[Reader]:
    """These neighbours within a visit: whoever comes again writes nothing."""
    Person.objects.update(feed_seen_at=clock.now())
    readers, sessions = [], []
    for membership in memberships:
        person = membership.person
        facts = {"_auth_user_id": str(person.pk), "_auth_user_backend": BACKEND}
        facts["_auth_user_hash"] = person.get_session_auth_hash()
        sessions.append(SessionStore().create_model_instance(facts))
        street = membership.shown_street_id or membership.household.address.street_id
        known = (person.pk, person.municipality_id, membership.neighbourhood_id, street)
        readers.append(Reader(person.municipality.host, sessions[-1].session_key, ".".join(map(str, known))))
    SessionStore.get_model_class().objects.all().delete()
    SessionStore.get_model_class().objects.bulk_create(sessions, batch_size=500)
    return readers


def memberships() -> QuerySet[Membership]:
    return Membership.objects.select_related("person__municipality", "household__address")


def _first_of_each() -> QuerySet[Membership]:
    return memberships().order_by("neighbourhood_id", "id").distinct("neighbourhood_id")


def queries_of_a_page(reader: Reader) -> dict[str, int]:
    """How many statements the page asks when nothing is kept, and when all its cards are."""
    client = Client(headers={"Host": reader.host, "X-Forwarded-Proto": "https"})
    client.cookies[settings.SESSION_COOKIE_NAME] = reader.session
    client.get("/")  # the municipality is kept for a minute, whoever comes
    fragments.forget_cards()
    return {state: _counted(client) for state in ("cold", "warm")}


def _counted(client: Client) -> int:
    def visit() -> None:
        response = client.get("/")
        assert response.status_code == 200, response.status_code

    return statements_of(visit)


@contextmanager
def both_served(reader: Reader, port: int) -> Iterator[tuple[Side, Side]]:
    """Ours as a city runs it, and the yardstick with as many workers on the port after it."""
    granian = ["granian", *SERVER, "--port"]
    ours = [*granian, str(port), "--interface", "wsgi", "--blocking-threads", "1", "--no-ws", "config.wsgi:application"]
    theirs = [*granian, str(port + 1), "--interface", "asgi", "--no-ws", "bench.yardstick.page:application"]
    with ExitStack() as stack:
        settings_of_ours = {"DATABASE_URL": databases.current_url(program=STOEP)}
        pid = stack.enter_context(processes.serving("stoep", ours, port=port, settings=settings_of_ours))
        given = _give_to_yardstick(load.fetch(port, reader.at_stoep).decode())
        settings_of_theirs = {"BENCH_YARDSTICK": str(given)}
        other = stack.enter_context(processes.serving("yardstick", theirs, port=port + 1, settings=settings_of_theirs))
        yield (
            Side(STOEP, pid, port, lambda reader: reader.at_stoep),
            Side(YARDSTICK, other, port + 1, lambda reader: reader.at_yardstick),
        )


def _give_to_yardstick(page: str) -> Path:
    """Our page's frame as dead text, and our statements with numbered parameters."""
    before, _feed, rest = page.partition('<h2 class="day-heading">')
    _cards, end, after = rest.rpartition("</article>")
    given = {
        "database": databases.current_url(),
        "heads": _numbered(queries.HEADS_SQL),
        "cards": _numbered(queries.CARDS_SQL),
        "answers": queries.ANSWERS_SHOWN,
        "before": before,
        "after": after if end else "",
        "icons": re.search(r'href="(/static/icons[^"#]*)#', page).group(1),
    }
    path = databases.folder() / "run" / "yardstick.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(given))
    return path


def _numbered(statement: str) -> tuple[str, list[str]]:
    """`%(name)s` as `$1`, and the names in the order in which they come up."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement), names


def _measure_blocks(sides: Sequence[Side], readers: list[Reader], size: Size) -> None:
    """In turns, the first one taking turns too, so that whatever else the machine does falls on both."""
    warm = readers[: size.warm]
    plan = {"cold": _in_turn(readers, size.requests), "warm": _at_random(warm, size.requests)}
    for side in sides:
        load.visit_all(side.port, [side.visit(reader) for reader in readers], connections=size.connections)
    for state, chosen in plan.items():
        for side in sides:
            load.visit_all(side.port, [side.visit(reader) for reader in warm * 4], connections=size.connections)
        for turn in range(size.rounds):
            visited = next(chosen)
            for side in sides if turn % 2 else reversed(sides):
                block = _block(side, [side.visit(reader) for reader in visited], size.connections)
                side.blocks.setdefault(state, []).append(block)


def _in_turn(readers: list[Reader], requests: int) -> Iterator[list[Reader]]:
    """Every neighbourhood once before any comes again: there are more of them than a server keeps cards of."""
    endless = cycle(readers)
    while True:
        yield list(islice(endless, requests))


def _at_random(readers: list[Reader], requests: int) -> Iterator[list[Reader]]:
    while True:
        yield random.choices(readers, k=requests)


def _block(side: Side, visits: list[Visit], connections: int) -> Block:
    server, database = processes.processor_seconds(side.pid), processes.backends(side.name)
    done = load.visit_all(side.port, visits, connections=connections)
    used = processes.processor_seconds(side.pid) - server
    after = processes.backends(side.name)
    asked = sum(seconds - database.get(pid, 0.0) for pid, seconds in after.items())
    each = 1000 / done.requests
    return Block(used * each, asked * each, done.per_second, done.bytes / done.requests)


def _table(sides: Sequence[Side], asked: dict[str, int], size: Size) -> Table:
    ours, theirs = sides
    rows = []
    for state in ("cold", "warm"):
        rows.append([f"{state}, Stoep", *_cells(ours, theirs, state), str(asked[state])])
        rows.append([f"{state}, bare page", *_cells(theirs, theirs, state), "2"])
    city = size.city
    return Table(
        f"Feed page, {city.posts * city.neighbourhoods:,} posts in {city.neighbourhoods:,} neighbourhoods",
        ["", "server ms", "times bare", "with database ms", "times bare", "requests/s", "KB", "queries"],
        rows,
        [f"Medians of {size.rounds} blocks of {size.requests} requests, in turns, 2 workers each."],
    )


def _times(ours: float, bare: float) -> str:
    """The system counts in hundredths of a second: a small bench may have used none."""
    return f"{ours / bare:.2f}" if bare else "-"


def _cells(side: Side, yardstick: Side, state: str) -> list[str]:
    server, bare_server = side.of(state, "server"), yardstick.of(state, "server")
    both, bare_both = server + side.of(state, "database"), bare_server + yardstick.of(state, "database")
    return [
        f"{server:.2f}",
        _times(server, bare_server),
        f"{both:.2f}",
        _times(both, bare_both),
        f"{side.of(state, 'per_second'):.0f}",
        f"{side.of(state, 'bytes') / 1000:.1f}",
    ]
