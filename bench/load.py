"""Asks for pages over some kept connections, and counts: nothing is left out, and an answer that is no page ends it."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

MOST_HEADERS = 64 * 1024


class NoPage(Exception):
    """The server answered something else than a page."""


@dataclass(frozen=True)
class Visit:
    """One request as the city's proxy hands it on: which city's host, which page, whose cookie."""

    host: str
    cookie: str
    path: str = "/"

    def as_bytes(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {self.host}", f"Cookie: {self.cookie}"]
        lines += ["X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.1"]
        return "\r\n".join([*lines, "Accept: text/html", "Accept-Encoding: identity", "", ""]).encode()


@dataclass(frozen=True)
class Load:
    """What came back. `bytes`: of all bodies together."""

    requests: int
    bytes: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def fetch(port: int, visit: Visit) -> bytes:
    """One page."""
    return asyncio.run(_one(port, visit))


def visit_all(port: int, visits: Sequence[Visit], *, connections: int) -> Load:
    """Every visit once, in order, by as many connections at a time as are said."""
    started = time.perf_counter()
    sizes = asyncio.run(_all(port, visits, connections))
    return Load(requests=len(sizes), bytes=sum(sizes), seconds=time.perf_counter() - started)


async def _one(port: int, visit: Visit) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=MOST_HEADERS)
    try:
        return await _exchange(reader, writer, visit)
    finally:
        writer.close()


async def _all(port: int, visits: Sequence[Visit], connections: int) -> list[int]:
    sizes: list[int] = []
    turn = count()
    async with asyncio.TaskGroup() as group:
        for _each in range(min(connections, len(visits))):
            group.create_task(_visitor(port, visits, turn, sizes))
    return sizes


async def _visitor(port: int, visits: Sequence[Visit], turn: Iterator[int], sizes: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=MOST_HEADERS)
    try:
        while (at := next(turn)) < len(visits):
            sizes.append(len(await _exchange(reader, writer, visits[at])))
    finally:
        writer.close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, visit: Visit) -> bytes:
    writer.write(visit.as_bytes())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next((line.split(":")[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")), "")
    if not head.startswith("HTTP/1.1 200") or not length:
        raise NoPage(head[:300])
    return await reader.readexactly(int(length))
