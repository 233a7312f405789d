"""The live stream over a real server: neighbours hear what is theirs, everybody else nothing, and no gap is silent."""

import json
import signal
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from stoep.access.audience import city_audience, home_audience
from stoep.access.models import Audience
from stoep.common import clock
from stoep.delivery.live_bell import NAME
from stoep.delivery.live_streams import MOST_A_SESSION
from stoep.delivery.outbox import CHANNEL, ring, ring_people
from stoep.delivery.tests.listening import Listener, Server, served, until
from stoep.feed.actions import publish_comment, publish_post
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Suspension

pytestmark = pytest.mark.django_db(transaction=True)
Listen = Callable[..., Listener]
SignIn = Callable[[Client, Person], Client]


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    del django_db_setup
    with served() as one:
        yield one


@pytest.fixture
def cookie(cast: Cast, sign_in: SignIn) -> Callable[[str], str]:
    """The session of one of the cast, as a finished sign-in leaves it."""

    def of(key: str) -> str:
        return sign_in(Client(), cast[key]).cookies[settings.SESSION_COOKIE_NAME].value

    return of


@pytest.fixture
def listen(server: Server, cookie: Callable[[str], str]) -> Iterator[Listen]:
    """`listen("neighbour")`: answers once the stream is open and will miss nothing."""
    opened = []
    until(lambda: len(listening_connections()) == 1)

    def start(key: str) -> Listener:
        one = server.listen(cookie(key))
        opened.append(one)
        assert one.status == 200
        one.until_raw(b"id: 1\n")
        return one

    yield start
    for one in opened:
        one.close()


def listening_connections() -> list[int]:
    sql = (
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = %s AND query = %s AND state = 'idle'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [NAME, f"LISTEN {CHANNEL}"])
        return [row[0] for row in cursor.fetchall()]


def say(cast: Cast, words: str, *, author: str = "neighbour", audience: Audience | None = None) -> UUID:
    post = publish_post(
        author=cast[author],
        audience=audience or home_audience(cast.neighbourhoods["Kermt"]),
        kind="help_wanted",
        title=words,
        body="",
        request_key=uuid4(),
        now=clock.now(),
    )
    return UUID(str(post.pk))


def post_event(post_id: UUID) -> tuple[str, str]:
    return "post", json.dumps({"post": str(post_id)})


def test_a_post_is_heard_by_its_neighbours_and_by_nobody_else(cast: Cast, listen: Listen) -> None:
    near, other_street, next_door, far = map(
        listen, ("neighbour", "second-neighbour", "next-neighbourhood", "other-city")
    )
    newcomer = listen("newcomer")
    tuilt = home_audience(cast.neighbourhoods["Tuilt"])
    rooierheide = home_audience(cast.neighbourhoods["Rooierheide"])
    first = say(cast, "Wie heeft een ladder?")
    second = say(cast, "Appels te geef", author="next-neighbourhood", audience=tuilt)
    third = say(cast, "Poes gevonden", author="other-city", audience=rooierheide)
    last = say(cast, "Bedankt!")
    assert [near.hear(), near.hear()] == [post_event(first), post_event(last)]
    assert [other_street.hear(), other_street.hear()] == [post_event(first), post_event(last)]
    assert [newcomer.hear(), newcomer.hear()] == [post_event(first), post_event(last)]
    assert next_door.hear() == post_event(second)
    assert far.hear() == post_event(third)


def test_a_message_to_a_street_reaches_that_street(cast: Cast, listen: Listen) -> None:
    koorstraat, elsewhere = listen("second-neighbour"), listen("ambassador")
    audience = city_audience(cast.cities["hasselt"], streets=[cast.streets["Koorstraat"]])
    with transaction.atomic():
        ring(audience_id=audience.pk, post_id=(about := uuid4()))
    after = say(cast, "Voor iedereen")
    assert koorstraat.hear() == post_event(about)
    assert elsewhere.hear() == post_event(after)


def test_a_private_message_is_heard_by_whom_it_is_for_and_by_nobody_beside_them(cast: Cast, listen: Listen) -> None:
    marie, ahmed, jos = map(listen, ("neighbour", "second-neighbour", "ambassador"))
    with transaction.atomic():
        ring_people([cast["neighbour"].pk, cast["second-neighbour"].pk], conversation_id=(about := uuid4()))
    after = say(cast, "Voor iedereen")
    for one in (marie, ahmed):
        assert [one.hear(), one.hear()] == [
            ("message", json.dumps({"conversation": str(about)})),
            post_event(after),
        ]
    assert jos.hear() == post_event(after)


def test_an_answer_is_heard_with_the_post_it_stands_under(cast: Cast, listen: Listen) -> None:
    post_id = say(cast, "Wie heeft een ladder?")
    near = listen("second-neighbour")
    from stoep.feed.models import Post

    publish_comment(
        author=cast["second-neighbour"],
        post=Post.objects.get(pk=post_id),
        body="Ik",
        request_key=uuid4(),
        now=clock.now(),
    )
    assert near.hear() == ("comment", json.dumps({"post": str(post_id)}))


def test_what_is_rolled_back_is_never_heard(cast: Cast, listen: Listen) -> None:
    near = listen("second-neighbour")
    with transaction.atomic():
        say(cast, "Toch niet")
        transaction.set_rollback(True)
    after = say(cast, "Toch wel")
    assert near.hear() == post_event(after)


def test_only_ids_travel(cast: Cast, listen: Listen) -> None:
    near = listen("second-neighbour")
    say(cast, "Geheim van de straat")
    near.hear()
    assert b"Geheim" not in near.raw
    assert b"Marie" not in near.raw


@pytest.mark.parametrize(
    ("key", "status"), [("suspended", 204), ("editor", 204), ("city-admin", 204), ("operator", 204)]
)
def test_who_lives_in_no_street_here_has_nothing_to_wait_for(
    server: Server, cookie: Callable[[str], str], key: str, status: int
) -> None:
    answer = server.listen(cookie(key))
    assert (answer.status, answer.response.read()) == (status, b"")
    answer.close()


def test_who_is_not_signed_in_is_turned_away(server: Server, cast: Cast, cookie: Callable[[str], str]) -> None:
    out = cookie("neighbour")
    ended = cookie("second-neighbour")
    gone = cookie("ambassador")
    _delete_session(out)
    Person.objects.filter(pk=cast["second-neighbour"].pk).update(session_version=2)
    Person.objects.filter(pk=cast["ambassador"].pk).update(left_at=clock.now())
    for session in ("", "invented", out, ended, gone):
        answer = server.listen(session)
        assert (answer.status, answer.response.read()) == (401, b"")
        answer.close()


def _delete_session(key: str) -> None:
    from django.contrib.sessions.models import Session

    Session.objects.filter(session_key=key).delete()


def test_a_session_has_only_so_many_streams(server: Server, cookie: Callable[[str], str]) -> None:
    mine, other = cookie("neighbour"), cookie("second-neighbour")
    opened = [server.listen(mine) for _ in range(MOST_A_SESSION + 1)]
    assert [one.status for one in opened] == [200] * MOST_A_SESSION + [204]
    opened.append(server.listen(other))
    assert opened[-1].status == 200
    for one in opened:
        one.close()
    until(lambda: _is_let_in(server, mine))


def _is_let_in(server: Server, session: str) -> bool:
    """The server sees a moment later that a page was closed."""
    one = server.listen(session)
    one.close()
    return one.status == 200


def test_nothing_else_is_served(server: Server, cookie: Callable[[str], str]) -> None:
    for path in ("/", "/live", "/live/other/"):
        answer = server.listen(cookie("neighbour"), path=path)
        assert answer.status == 404
        answer.close()


def test_no_cache_and_no_proxy_keeps_it(listen: Listen) -> None:
    near = listen("neighbour")
    assert near.header("Content-Type") == "text/event-stream; charset=utf-8"
    assert "no-store" in str(near.header("Cache-Control"))
    assert near.header("X-Accel-Buffering") == "no"


def test_a_silent_stream_gives_signs_of_life(listen: Listen) -> None:
    listen("neighbour").until_raw(b"\n:\n\n:\n\n")


def test_only_the_pages_own_origin_may_read_it(server: Server, cookie: Callable[[str], str]) -> None:
    mine = cookie("neighbour")
    own = f"http://127.0.0.1:{settings.STOEP_PORT}"
    answer = server.listen(mine, origin=own)
    assert answer.status == 200
    assert answer.header("Access-Control-Allow-Origin") == own
    assert answer.header("Access-Control-Allow-Credentials") == "true"
    answer.close()
    evil = ("http://evil.example", f"http://127.0.0.1:{server.port}", f"{own}.evil.example", "null", f"{own}0")
    for origin in (*evil, own.replace("http:", "https:"), f"http://localhost:{settings.STOEP_PORT}"):
        answer = server.listen(mine, origin=origin)
        assert answer.status == 403, origin
        assert answer.header("Access-Control-Allow-Origin") is None
        answer.close()


def test_who_is_turned_away_is_told_so_to_the_page(server: Server) -> None:
    own = f"http://127.0.0.1:{settings.STOEP_PORT}"
    answer = server.listen(origin=own)
    assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (401, own)
    answer.close()


def test_signing_out_ends_the_stream_and_not_the_neighbours(
    server: Server, cast: Cast, cookie: Callable[[str], str], listen: Listen
) -> None:
    other = listen("second-neighbour")
    mine = cookie("neighbour")
    near = server.listen(mine)
    near.until_raw(b"id: 1\n")
    _delete_session(mine)
    assert near.until_end() == []
    after = say(cast, "Nog iemand daar?", author="ambassador")
    assert other.hear() == post_event(after)
    near.close()


@pytest.mark.parametrize("event", ["suspended", "left", "ended everywhere"])
def test_whoever_may_not_listen_any_more_hears_the_end(cast: Cast, listen: Listen, event: str) -> None:
    near, person = listen("neighbour"), cast["neighbour"]
    if event == "suspended":
        Suspension.objects.create(person=person, reason="x", started_at=clock.now())
    elif event == "left":
        Person.objects.filter(pk=person.pk).update(left_at=clock.now())
    else:
        Person.objects.filter(pk=person.pk).update(session_version=2)
    assert near.until_end() == []


def test_whoever_moves_hears_their_new_street_and_the_old_one_no_more(cast: Cast, listen: Listen) -> None:
    near, tuilt = listen("second-neighbour"), cast.neighbourhoods["Tuilt"]
    both = home_audience(tuilt, adjacent=[cast.neighbourhoods["Kermt"]])
    Membership.objects.filter(person=cast["second-neighbour"]).update(neighbourhood=tuilt, household=None)

    def hears_only_the_new_one() -> bool:
        old = say(cast, "Dag, oude buurt")
        new = say(cast, "Welkom", author="next-neighbourhood", audience=home_audience(tuilt))
        last = post_event(say(cast, "Voor allebei", author="next-neighbourhood", audience=both))
        heard = list(iter(near.hear, last))
        return post_event(new) in heard and post_event(old) not in heard

    until(hears_only_the_new_one)


def test_after_the_database_came_back_pages_look_again_and_hear(cast: Cast, listen: Listen) -> None:
    near = listen("second-neighbour")
    (pid,) = listening_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert near.hear() == ("post", '{"ids": []}')
    assert listening_connections() != [pid]
    after = say(cast, "Er is weer licht")
    assert near.hear() == post_event(after)


def test_a_ring_that_finds_only_our_own_connection_gone_is_heard_all_the_same(cast: Cast, listen: Listen) -> None:
    near = listen("second-neighbour")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> %s",
            [NAME],
        )
    after = say(cast, "Er is weer licht")
    assert near.hear() == post_event(after)


def test_every_database_connection_lost_at_once_loses_no_stream(cast: Cast, listen: Listen) -> None:
    near = listen("second-neighbour")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert near.hear() == ("post", '{"ids": []}')
    after = say(cast, "Er is weer licht")
    assert near.hear() == post_event(after)
    assert listen("ambassador").status == 200


def test_a_browser_that_comes_while_the_database_is_away_is_asked_to_come_back() -> None:
    """Any other answer than 200 would silence its page for good."""
    with served(DATABASE_URL="postgresql://nobody@/nothing?host=/nowhere") as one:
        answer = one.listen("somesession")
        assert answer.status == 200
        assert answer.until_end() == []
        assert b"retry: " in answer.raw
        answer.close()


def test_a_browser_that_comes_back_looks_again(server: Server, cookie: Callable[[str], str]) -> None:
    again = server.listen(cookie("neighbour"), headers={"Last-Event-ID": "1"})
    assert again.hear() == ("post", '{"ids": []}')
    again.close()


def test_what_cannot_be_read_on_the_channel_is_left_out(cast: Cast, listen: Listen) -> None:
    near = listen("second-neighbour")
    audience = str(home_audience(cast.neighbourhoods["Kermt"]).pk)
    strange = {"audience": audience, "post": str(uuid4()), "event": "poll"}
    broken = {"audience": audience, "post": "x\n\nevent: post", "event": "post"}
    nowhere = {"audience": str(uuid4()), "post": str(uuid4()), "event": "post"}
    with connection.cursor() as cursor:
        for payload in ("", "no json", "[]", "7", *map(json.dumps, (strange, broken, nowhere))):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    after = say(cast, "Gewoon verder")
    assert near.hear() == post_event(after)


def test_told_to_stop_it_ends_every_stream_and_itself(cookie: Callable[[str], str]) -> None:
    with served("config.live:application") as one:
        streams = [one.listen(cookie("neighbour")) for _ in range(5)]
        for stream in streams:
            stream.until_raw(b"id: 1\n")
        one.process.send_signal(signal.SIGTERM)
        assert [stream.until_end() for stream in streams] == [[]] * 5
        waits = [int(stream.raw.split(b"retry: ")[1].split()[0]) for stream in streams]
        assert all(2000 <= wait <= 8000 for wait in waits)
        assert len(set(waits)) > 1, "not all of them come back in the same moment"
        assert one.process.wait(20) in {0, -signal.SIGTERM}
        for stream in streams:
            stream.close()
