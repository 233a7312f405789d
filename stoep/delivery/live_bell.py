"""Hears what `ring` says, over one connection to the database that is made anew, for ever, whenever it breaks."""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError
from django.db import connection as django_connection

from stoep.delivery.outbox import CHANNEL

logger = logging.getLogger(__name__)

FIRST_WAIT, MOST_WAIT = 0.2, 10.0
# A connection over which nothing came for so long is asked whether it still lives, and has so long to answer.
SILENCE, PATIENCE = 20.0, 10.0
# What each event is about.
EVENTS = {"post": "post", "comment": "post", "message": "conversation"}
# How the connection is called in pg_stat_activity.
NAME = "stoep live"


@dataclass(frozen=True)
class Ring:
    """What happened, to which post or conversation (`about`), and who may know: an audience, or these people alone."""

    event: str
    about: UUID
    audience_id: UUID | None = None
    people: frozenset[UUID] = frozenset()

    @property
    def words(self) -> bytes:
        """As the browser reads it: ids only, the page asks for the rest itself."""
        return f"event: {self.event}\ndata: {json.dumps({EVENTS[self.event]: str(self.about)})}\n\n".encode()


@dataclass(frozen=True)
class Bell:
    """`on_ring` for each ring; `on_return` when there was a gap in which rings may have gone unheard."""

    on_ring: Callable[[Ring], Awaitable[None]]
    on_return: Callable[[], Awaitable[None]]

    async def listen(self) -> None:
        """Until cancelled."""
        wait, has_missed = FIRST_WAIT, False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_place(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    if has_missed:
                        await self.on_return()
                    wait = FIRST_WAIT
                    await self._hear(connection)
            except (psycopg.Error, DatabaseError, OSError) as error:
                logger.warning("The database is away, live waits: %s", error)
            has_missed = True
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311  several processes should not come as one
            wait = min(2 * wait, MOST_WAIT)

    async def _hear(self, connection: "psycopg.AsyncConnection[Any]") -> None:
        while True:
            async for notice in connection.notifies(timeout=SILENCE):
                ring = ring_of(notice.payload)
                if ring is not None:
                    await self.on_ring(ring)
            await asyncio.wait_for(connection.execute("SELECT 1"), PATIENCE)


def ring_of(payload: str) -> Ring | None:
    """None for what we do not understand: a newer page server may say more than this process knows."""
    try:
        told = json.loads(payload)
        event = told["event"]
        if event == "message":
            people = frozenset(UUID(person_id) for person_id in told["people"])
            return Ring(event, UUID(told["conversation"]), people=people)
        ring = Ring(event, UUID(told["post"]), UUID(told["audience"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        logger.warning("A ring that cannot be read was left out")
        return None
    return ring if ring.event in EVENTS else None


def _place() -> dict[str, Any]:
    """Django's own connection parameters, without what is only for Django's own cursors."""
    found: dict[str, Any] = django_connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        found.pop(name, None)
    return {**found, "application_name": NAME, "connect_timeout": int(PATIENCE)}
