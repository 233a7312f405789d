"""The yardstick: the feed's rows by asyncpg, its markup by one Jinja2 template, answered by Starlette. Nothing else.

It knows its reader by a plain cookie and asks no rights. `BENCH_YARDSTICK` names a file with the two statements and
with what stands around the cards.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Record
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

GIVEN = json.loads(Path(os.environ["BENCH_YARDSTICK"]).read_text())
LAST_ID = UUID(int=(1 << 128) - 1)
PAGE = 20
TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=False, lstrip_blocks=False
).get_template("page.html")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        GIVEN["database"], min_size=2, max_size=2, server_settings={"application_name": "bench-yardstick"}
    ) as app.state.pool:
        yield


async def feed(request: Request) -> HTMLResponse:
    me, municipality, neighbourhood, street = map(UUID, request.cookies["reader"].split("."))
    async with request.app.state.pool.acquire() as connection:
        heads = await connection.fetch(
            GIVEN["heads"], municipality, neighbourhood, street, LAST_ID, True, [], None, PAGE + 1, me
        )
        heads = heads[:PAGE]
        rows = await connection.fetch(GIVEN["cards"], GIVEN["answers"], [head[0] for head in heads])
    found = {row[0]: row for row in rows}
    page = TEMPLATE.render(
        before=GIVEN["before"],
        after=GIVEN["after"],
        icons=GIVEN["icons"],
        posts=list(_posts(heads, found, neighbourhood)),
    )
    return HTMLResponse(page, headers={"Cache-Control": "private, no-store"})


async def health(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def _posts(heads: list[Record], found: dict[UUID, Record], neighbourhood: UUID) -> Iterator[SimpleNamespace]:
    day = None
    for head in heads:
        row = found[head[0]]
        on = row[4].date()
        yield SimpleNamespace(
            id=row[0],
            kind=row[1],
            label=row[1].capitalize(),
            title=row[2],
            body=row[3],
            created_at=row[4],
            edited_at=row[5],
            comments_open=row[6],
            comment_count=row[7],
            thanks_count=row[8],
            name=row[13] or row[9],
            department=row[13],
            place=row[12] or row[11],
            initials=_initials(row[9]),
            nearby=row[11] if row[10] and row[10] != neighbourhood else "",
            is_shared=row[14],
            is_solved=row[15],
            is_own=head[3],
            is_thanked=head[4],
            day=row[4].strftime("%A %d %B") if on != day else "",
            answers=[_answer(answer) for answer in json.loads(row[16])],
        )
        day = on


def _answer(row: list[Any]) -> SimpleNamespace:
    body, created_at, name, _neighbourhood_id, neighbourhood, street, department = row
    return SimpleNamespace(
        body=body,
        created_at=created_at,
        name=department or name,
        place=street or neighbourhood,
        initials=_initials(name),
    )


def _initials(name: str) -> str:
    words = name.split()
    return words[0][0] + words[-1][0]


application = Starlette(routes=[Route("/", feed), Route("/health/", health)], lifespan=lifespan)
