"""The live stream: GET /live/ tells a neighbour's open page what is new, by server-sent events, from one process."""

import asyncio
import contextlib
import functools
import logging
import random
import resource
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import DatabaseError, OperationalError, close_old_connections

from stoep.access.audience import KnownAudience, known_audience
from stoep.delivery.live_bell import Bell, Ring
from stoep.delivery.live_doors import Knock, Listener, Turned, Visit, knock_of, page_origins, who_knocks
from stoep.delivery.live_streams import AT_ONCE, Send, Stream, Streams

logger = logging.getLogger(__name__)

PATH = "/live/"
AUDIENCES_KEPT = 10_000
PULSE = b":\n\n"
# Said to a page that may have missed something: it asks for its part anew, and announces nothing.
LOOK_AGAIN = b'event: post\ndata: {"ids": []}\n\n'
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
EVERY_ANSWER = {"X-Content-Type-Options": "nosniff", "Vary": "Origin, Cookie"}
# A browser does not come back after an answer other than 200, so these are for those who have nothing to wait for.
STATUS = {Turned.STRANGER: 401, Turned.NO_NEIGHBOUR: 204, Turned.TOO_MANY: 204}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Pace:
    """In seconds: how often everybody is asked for anew, how often a silent stream gives a sign of life, over how
    long the pages are told to look again after a gap, and between what and what a browser comes back when its stream
    ended: each at another moment."""

    ask_again: float = 60.0
    pulse: float = 20.0
    look_again: float = 20.0
    come_back: tuple[float, float] = (2.0, 8.0)


class Live:
    """The ASGI application."""

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self.streams = Streams()
        self._door = Door()
        self._returned = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        _allow_many_streams()
        _before_the_end(self.streams.end)
        async with self._at_work():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        self.streams.end()
        await send({"type": "lifespan.shutdown.complete"})

    @contextlib.asynccontextmanager
    async def _at_work(self) -> AsyncIterator[None]:
        bell = Bell(on_ring=self._ring, on_return=self._note_return)
        works = (bell.listen(), self._pulse(), self._ask_again(), self._look_again())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = asked.get("host", ""), asked.get("origin", "")
        if scope["path"] != PATH or scope["method"] != "GET":
            return await _refuse(send, 404 if scope["path"] != PATH else 405)
        if origin and origin not in page_origins(scope["scheme"], host):
            return await _refuse(send, 403)
        shared = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"} if origin else {}
        knock = knock_of(asked.get("cookie", ""), host)
        if knock is None:
            return await _refuse(send, STATUS[Turned.STRANGER], shared)
        try:
            visit = await self._door.ask(knock)
        except DatabaseError:
            # Any answer but 200 would silence the page for good.
            return await _answer(send, 200, {**HEADERS, **shared}, self._come_back())
        if isinstance(visit, Listener) and not self.streams.has_room_for(knock):
            visit = Turned.TOO_MANY
        if isinstance(visit, Turned):
            return await _refuse(send, STATUS[visit], shared)
        await _start(send, 200, {**HEADERS, **shared})
        return await self._stream(receive, Stream(knock=knock, listener=visit, send=send), "last-event-id" in asked)

    async def _stream(self, receive: Receive, stream: Stream, is_back: bool) -> None:
        self.streams.add(stream)
        stream.say(self._come_back() + (LOOK_AGAIN if is_back else b""))
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not stream.is_ended:
                raise
        finally:
            self.streams.remove(stream)

    def _come_back(self) -> bytes:
        """When, and with an `id`, so that a browser says of itself that it was here before."""
        wait = random.uniform(*self.pace.come_back)  # noqa: S311  only spreads the load
        return f"retry: {int(1000 * wait)}\nid: 1\n\n".encode()

    async def _ring(self, ring: Ring) -> None:
        if ring.audience_id is None:
            await self.streams.say_to(ring.words, ring.people)
            return
        with contextlib.suppress(LookupError):
            audience = await in_thread(_audience, ring.audience_id)
            await self.streams.say(ring.words, audience)

    async def _note_return(self) -> None:
        self._returned.set()

    async def _look_again(self) -> None:
        """After a gap the pages come one after the other, and not all in the same second."""
        while True:
            await self._returned.wait()
            self._returned.clear()
            await self._say_in_turn(LOOK_AGAIN, seconds=self.pace.look_again)

    async def _pulse(self) -> None:
        while True:
            await self._say_in_turn(PULSE, seconds=self.pace.pulse)

    async def _say_in_turn(self, words: bytes, *, seconds: float) -> None:
        async for part in self.streams.in_turn(seconds=seconds):
            for stream in part:
                stream.say(words)

    async def _ask_again(self) -> None:
        """Whoever left, moved, was paused or signed out hears no more of what they may not."""
        while True:
            async for part in self.streams.in_turn(seconds=self.pace.ask_again):
                try:
                    visits = await in_thread(who_knocks, [stream.knock for stream in part])
                except DatabaseError as error:
                    logger.warning("Nobody can be asked for now: %s", error)
                    continue
                for stream, visit in zip(part, visits, strict=True):
                    if isinstance(visit, Listener) and visit.person_id == stream.listener.person_id:
                        stream.listener = visit
                    else:
                        stream.end()


class Door:
    """Asks for all who came meanwhile at once: after a restart thousands come back within seconds."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Knock, asyncio.Future[Visit]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, knock: Knock) -> Visit:
        answer: asyncio.Future[Visit] = asyncio.get_running_loop().create_future()
        self._waiting.append((knock, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        while self._waiting:
            part, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                visits = await in_thread(who_knocks, [knock for knock, _answer in part])
            except Exception as error:  # noqa: BLE001  each of them raises it in its own request
                for _knock, answer in part:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for (_knock, answer), visit in zip(part, visits, strict=True):
                    if not answer.done():
                        answer.set_result(visit)
        self._asking = None


async def in_thread(work: Callable[..., Found], *words: Any) -> Found:
    """Django's database is asked in one thread beside the loop, over one connection that is mended when it broke.

    `work` only reads: it is done again, once, where the connection turns out to be gone since it was used last.
    """

    def done() -> Found:
        close_old_connections()
        try:
            return work(*words)
        except OperationalError:
            close_old_connections()
            return work(*words)
        finally:
            close_old_connections()

    return await sync_to_async(done, thread_sensitive=True)()


@functools.lru_cache(maxsize=AUDIENCES_KEPT)
def _audience(audience_id: UUID) -> KnownAudience:
    found = known_audience(audience_id)
    if found is None:
        raise LookupError(audience_id)
    return found


async def _refuse(send: Send, status: int, headers: dict[str, str] | None = None) -> None:
    await _answer(send, status, {"Cache-Control": "no-store", **(headers or {})}, b"")


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in {**EVERY_ANSWER, **headers}.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


def _allow_many_streams() -> None:
    """As many open files as the system lets us have: each stream is one."""
    _now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _before_the_end(end: Callable[[], None]) -> None:
    """A server that is told to stop waits for its requests, and ours have no end of their own."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(end)
            if callable(before):
                before(number, frame)

        signal.signal(number, stop)


application = Live()
