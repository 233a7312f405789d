"""The open streams: each with a short queue of its own, so that a slow reader delays nobody and costs little."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

from stoep.access.audience import Home, KnownAudience
from stoep.delivery.live_doors import Knock, Listener

Send = Callable[[dict[str, Any]], Awaitable[None]]

# Events behind which a reader may be. Whoever is further behind is let go, comes back, and looks at all anew.
MOST_WAITING = 64
# Pages that one browser keeps open; more than that is no reader.
MOST_A_SESSION = 30
# So many streams are served before the loop attends to others.
AT_ONCE = 200


class Stream:
    """One open page. `task` is the one that waits for its end; nothing else lives on while there is nothing to say."""

    __slots__ = ("_is_ended", "_send", "_sender", "_task", "_waiting", "knock", "listener")

    def __init__(self, *, knock: Knock, listener: Listener, send: Send) -> None:
        self.knock = knock
        self.listener = listener
        self._send = send
        self._task = asyncio.current_task()
        self._waiting: list[bytes] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._is_ended = False

    @property
    def is_ended(self) -> bool:
        return self._is_ended

    def say(self, words: bytes) -> None:
        """Never waits: what the reader does not take now is kept for it, up to a limit."""
        if self._is_ended:
            return
        waiting = self._waiting = self._waiting or []
        waiting.append(words)
        if len(waiting) > MOST_WAITING:
            self._let_go()
        elif self._sender is None:
            self._sender = asyncio.create_task(self._send_waiting())

    def end(self) -> None:
        """After what it was told already. The browser asks anew, and is answered as what it is then."""
        if self._is_ended:
            return
        self._is_ended = True
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        try:
            while self._waiting:
                words, self._waiting = b"".join(self._waiting), None
                await self._send({"type": "http.response.body", "body": words, "more_body": True})
            if self._is_ended:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            self._let_go()
        finally:
            self._sender = None

    def _let_go(self) -> None:
        self._is_ended = True
        self._waiting = None
        for task in (self._sender, self._task):
            if task is not None and task is not asyncio.current_task():
                task.cancel()


class Streams:
    """All of this process."""

    def __init__(self) -> None:
        self._open: dict[Stream, None] = {}
        self._by_session: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._open)

    def has_room_for(self, knock: Knock) -> bool:
        return self._by_session.get(knock.session_key, 0) < MOST_A_SESSION

    def add(self, stream: Stream) -> None:
        self._open[stream] = None
        key = stream.knock.session_key
        self._by_session[key] = self._by_session.get(key, 0) + 1

    def remove(self, stream: Stream) -> None:
        del self._open[stream]
        key = stream.knock.session_key
        self._by_session[key] -= 1
        if not self._by_session[key]:
            del self._by_session[key]

    def end(self) -> None:
        for stream in list(self._open):
            stream.end()

    async def say(self, words: bytes, audience: KnownAudience) -> None:
        """To everybody who belongs to it, as fast as the loop allows; a home is asked for once."""
        answers: dict[Home, bool] = {}
        for part in self._parts():
            for stream in part:
                home = stream.listener.home
                if home not in answers:
                    answers[home] = audience.includes(home)
                if answers[home]:
                    stream.say(words)
            await asyncio.sleep(0)

    async def say_to(self, words: bytes, people: frozenset[UUID]) -> None:
        """To these people alone, wherever they look."""
        for part in self._parts():
            for stream in part:
                if stream.listener.person_id in people:
                    stream.say(words)
            await asyncio.sleep(0)

    async def in_turn(self, *, seconds: float) -> AsyncIterator[list[Stream]]:
        """All of them, a few at a time, spread over so many seconds (which also pass when there are none)."""
        parts = list(self._parts())
        for part in parts:
            yield [stream for stream in part if not stream.is_ended]
            await asyncio.sleep(seconds / len(parts))
        if not parts:
            await asyncio.sleep(seconds)

    def _parts(self) -> Iterator[list[Stream]]:
        streams = list(self._open)
        return (streams[at : at + AT_ONCE] for at in range(0, len(streams), AT_ONCE))
