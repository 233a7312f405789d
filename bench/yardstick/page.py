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
NOTHING_CHOSEN: dict[str, Any] = {
    "before": LAST_ID,
    "all_kinds": True,
    "kinds": [],
    "horizon": None,
    "most": PAGE + 1,
    "hidden": [],
    "apart": [],
    "groups": [],
    "only_group": None,
    "answers": GIVEN["answers"],
}
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
        facts = {"me": me, "municipality": municipality, "neighbourhood": neighbourhood, "street": street}
        heads = (await _rows(connection, "heads", NOTHING_CHOSEN | facts))[:PAGE]
        rows = await _rows(connection, "cards", NOTHING_CHOSEN | {"ids": [head[0] for head in heads]})
    found = {row[0]: row for row in rows}
    page = TEMPLATE.render(
        before=GIVEN["before"],
        after=GIVEN["after"],
        icons=GIVEN["icons"],
        posts=list(_posts(heads, found, neighbourhood)),
    )
    return HTMLResponse(page, headers={"Cache-Control": "private, no-store"})


async def _rows(connection: Any, statement: str, facts: dict[str, Any]) -> list[Record]:
    sql, names = GIVEN[statement]
    found: list[Record] = await connection.fetch(sql, *(facts[name] for name in names))
    return found


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
            author_id=row[9],
            name=row[14] or row[10],
            department=row[14],
            place=row[13] or row[12],
            initials=_initials(row[10]),
            nearby=row[12] if row[11] and row[11] != neighbourhood else "",
            is_shared=row[15],
            is_solved=row[16],
            is_own=head[3],
            is_thanked=head[4],
            day=row[4].strftime("%A %d %B") if on != day else "",
            answers=[_answer(answer) for answer in json.loads(row[20])],
        )
        day = on


def _answer(row: list[Any]) -> SimpleNamespace:
    body, created_at, author_id, name, _neighbourhood_id, neighbourhood, street, department, _face = row
    return SimpleNamespace(
        body=body,
        created_at=created_at,
        author_id=author_id,
        department=department,
        name=department or name,
        place=street or neighbourhood,
        initials=_initials(name),
    )


def _initials(name: str) -> str:
    words = name.split()
    return words[0][0] + words[-1][0]


application = Starlette(routes=[Route("/", feed), Route("/health/", health)], lifespan=lifespan)
