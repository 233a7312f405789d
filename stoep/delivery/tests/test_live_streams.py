"""One reader's queue: what is said comes in order and together; who does not read is let go."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from stoep.access.audience import Home, KnownAudience, Place
from stoep.delivery.live import LOOK_AGAIN, Live
from stoep.delivery.live_doors import Knock, Listener
from stoep.delivery.live_streams import AT_ONCE, MOST_WAITING, Stream, Streams

CITY, STREET = uuid4(), uuid4()
HOME = Home(CITY, uuid4(), STREET)


class Browser:
    """Takes what the server sends, or does not."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.reads = asyncio.Event()
        self.took = asyncio.Event()
        self.is_over = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        self.chunks.append(message["body"])
        self.took.set()
        if not message["more_body"]:
            self.is_over.set()

    async def receive(self) -> dict[str, Any]:
        await self.is_over.wait()
        return {"type": "http.disconnect"}


def stream_to(browser: Browser, home: Home = HOME) -> Stream:
    return Stream(knock=Knock("session", "host"), listener=Listener(uuid4(), home), send=browser.send)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(test(), 10)

    asyncio.run(within())


def test_what_waited_comes_together_in_its_order_and_then_the_end() -> None:
    async def test() -> None:
        browser = Browser()
        stream = stream_to(browser)
        for number in range(5):
            stream.say(b"%d" % number)
            await asyncio.sleep(0)
        stream.end()
        stream.say(b"too late")
        browser.reads.set()
        await browser.is_over.wait()
        assert b"".join(browser.chunks) == b"01234"
        assert len(browser.chunks) <= 3

    run(test)


def test_who_does_not_read_is_let_go_and_forgotten() -> None:
    async def test() -> None:
        live, browser = Live(), Browser()
        stream: list[Stream] = []

        async def request() -> None:
            stream.append(stream_to(browser))
            await live._stream(browser.receive, stream[0], is_back=False)

        asked = asyncio.create_task(request())
        await asyncio.sleep(0)
        for _ in range(MOST_WAITING + 2):
            stream[0].say(LOOK_AGAIN)
            await asyncio.sleep(0)
        await asked  # the request ended by itself, without an error
        assert stream[0].is_ended
        assert live.streams.has_room_for(stream[0].knock)
        assert [part async for part in live.streams.in_turn(seconds=0)] == []

    run(test)


def test_a_slow_reader_delays_nobody() -> None:
    async def test() -> None:
        streams, slow, quick = Streams(), Browser(), Browser()
        quick.reads.set()
        for browser in (slow, quick):
            streams.add(stream_to(browser))
        await streams.say(b"news", KnownAudience(CITY, frozenset({Place(street_id=STREET)})))
        await quick.took.wait()
        assert (quick.chunks, slow.chunks) == ([b"news"], [])

    run(test)


def test_everybody_has_a_turn_once() -> None:
    async def test() -> None:
        streams = Streams()
        wanted = {stream_to(Browser()) for _ in range(2 * AT_ONCE + 7)}
        for stream in wanted:
            streams.add(stream)
        seen = [stream async for part in streams.in_turn(seconds=0) for stream in part]
        assert len(seen) == len(wanted)
        assert set(seen) == wanted

    run(test)
