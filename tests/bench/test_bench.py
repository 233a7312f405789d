"""Every bench runs in its small form and counts right. What it takes in seconds is nobody's business here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bench import chat, feed, feed_city, imports, letters, live, results, search
from bench.feed_city import City
from stoep.conversations.models import Message
from stoep.delivery.tests.post_office import free_port
from stoep.feed.models import Comment, Post, Thanks
from stoep.operations.preparing import ROOT

# Warm: session, person, heads, draft, waiting requests, and of who joined this week: was a hello said or put away.
# Cold: the cards too, and one for each sort of thing on them.
QUERIES = {"cold": 14, "warm": 7}
TINY = City(cities=2, neighbourhoods=4, posts=30, members=10)


@pytest.fixture
def _own_folder_of_bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("STOEP_VAR", str(tmp_path))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_content")


def test_the_list_names_every_bench_and_the_readme_tells_of_each() -> None:
    from bench.__main__ import BENCHES, MODULES

    assert BENCHES.keys() == MODULES.keys()
    told = (ROOT / "bench" / "README.md").read_text()
    assert all(f"`./dev bench {name}`" in told for name in BENCHES)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_own_folder_of_bench")
def test_the_feed_is_made_as_planned_and_its_page_asks_a_fixed_number_of_queries() -> None:
    feed_city.ensure(TINY, is_quiet=True)
    made = (Post.objects.count(), Comment.objects.exists(), Thanks.objects.exists())
    assert made == (TINY.neighbourhoods * TINY.posts, True, True)
    assert all(post.comments.count() == post.comment_count for post in Post.objects.all()[:20])

    readers = feed.sign_in(feed.memberships().order_by("neighbourhood_id", "id").distinct("neighbourhood_id"))
    assert len(readers) == TINY.neighbourhoods
    assert feed.queries_of_a_page(readers[0]) == QUERIES


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_own_folder_of_bench")
def test_our_page_and_the_bare_one_have_the_same_posts_and_as_many_bytes() -> None:
    size = feed.Size(TINY, rounds=1, requests=8, warm=2, connections=2)

    (table,) = feed.measure(size, port=_two_free_ports(), is_quiet=True)

    sizes = {line[0]: float(line[6]) for line in table.rows}
    assert sizes.keys() == {"cold, Stoep", "cold, bare page", "warm, Stoep", "warm, bare page"}
    assert sizes["cold, bare page"] == pytest.approx(sizes["cold, Stoep"], rel=0.05)
    assert sizes["warm, bare page"] == pytest.approx(sizes["warm, Stoep"], rel=0.05)
    assert [int(line[7]) for line in table.rows] == [QUERIES["cold"], 2, QUERIES["warm"], 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_own_folder_of_bench")
def test_a_question_finds_what_stands_there_however_many_readers_ask_and_asks_a_fixed_handful() -> None:
    (table,) = search.measure(search.Size(TINY, readers=2, rounds=1), is_quiet=True)

    found = {line[0]: (int(line[4]), int(line[5])) for line in table.rows}
    assert found.keys() == set(search.QUESTIONS)
    assert found["fiets"][0] > 0
    assert found["zeppelin"][0] == 0
    # Posts and answers exact and alike, the newest, the audiences, streets, neighbours, and things by either name.
    assert max(queries for _found, queries in found.values()) <= 11


@pytest.mark.django_db(transaction=True)
def test_every_message_of_the_bench_is_sent_and_costs_a_fixed_number_of_statements() -> None:
    (table,) = chat.measure(chat.Size(messages=3, rounds=2))

    assert Message.objects.count() == 1 + 3 * 2 + 1
    assert [line[3] for line in table.rows] == ["17", "1"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_message")
        assert cursor.fetchone() == (6,)
        cursor.execute("DROP TABLE bench_message")


@pytest.mark.django_db(transaction=True)
def test_every_generated_address_is_placed_and_copied() -> None:
    (table,) = imports.measure(imports.Size(rows=60, rounds=1, uses_real_files=False))

    assert table.title == "Import of 60 addresses (generated)"
    assert table.notes[0].startswith("60 placed.")
    assert len(table.rows) == 4


@pytest.mark.django_db(transaction=True)
def test_every_door_gets_its_letter() -> None:
    (table,) = letters.measure(letters.Size(doors=3, rounds=1))

    assert table.title == "Letters for 3 doors, two pages each"
    assert len(table.rows) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_own_folder_of_bench")
def test_every_open_page_hears_of_every_event_once() -> None:
    (table,) = live.measure(live.Size(pages=5, events=2), port=free_port(), is_quiet=True)

    shown = {line[0]: line[1] for line in table.rows}
    assert shown["heard by"] == "10 of 10"
    assert shown["lost"] == "0"


@pytest.mark.django_db
def test_a_bench_empties_no_database_but_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from bench import databases
    from stoep.operations.trouble import OperatorError

    monkeypatch.setitem(connection.settings_dict, "NAME", "stoep")

    with pytest.raises(OperatorError):
        databases.empty()


def test_a_result_is_kept_above_the_older_ones_and_names_no_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Benches\n\n## Results\n\n### before\n")
    monkeypatch.setattr(results, "README", readme)

    results.write("feed", "2 cores", [results.Table("A page", ["", "ms"], [["ours", "1"]])])

    kept = readme.read_text()
    assert re.search(r"## Results\n\n### \d{4}-\d\d-\d\d \d\d:\d\d feed\n\n2 cores\n", kept)
    assert kept.index("| ours | 1 |") < kept.index("### before")
    assert Path("/etc/hostname").read_text().strip() not in results.machine()
    assert settings.IS_TEST


def _two_free_ports() -> int:
    """A port whose neighbour is free too."""
    while True:
        port = free_port()
        if port < 65000:
            return port
