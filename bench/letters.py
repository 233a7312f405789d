"""Letters for a thousand doors, codes and tags and all, beside as many plain pages by the same Typst."""

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import typst

from bench import databases, processes
from bench.results import Table
from stoep.access.gate import INSTALLATION
from stoep.common import clock
from stoep.operations.installing import add_municipality
from stoep.places.models import Address, Municipality, Neighbourhood, Street
from stoep.rollout import letter_files
from stoep.rollout.letter_runs import finish, make_batch, order_letters
from stoep.rollout.letters import BATCH

DOORS_A_STREET = 50
PAGES_A_LETTER = 2
# Two pages of running text for each letter: no tags, no codes, no pictures.
PLAIN = (
    '#set page(paper: "a4")\n#set text(size: 12pt)\n#for n in range({pages}) [#n #lorem(250) #pagebreak(weak: true)]'
)


@dataclass(frozen=True)
class Size:
    doors: int
    rounds: int


FULL = Size(doors=1000, rounds=3)
SMALL = Size(doors=30, rounds=1)


@dataclass
class Round:
    """Seconds for both, and the most memory so far when the letters were made (only the first round's is theirs)."""

    letters: float
    plain: float
    made: int
    peak: int


def measure(size: Size, *, port: int = 0, is_quiet: bool = False) -> list[Table]:
    """Letters a second, and the most memory that this took."""
    del port, is_quiet
    databases.empty()
    city = _city(size.doors)
    before = _forget_peak()
    rounds = [_round(city, size.doors) for _each in range(size.rounds)]
    return [_table(size, rounds, before)]


def _round(city: Municipality, doors: int) -> Round:
    started = time.perf_counter()
    run = order_letters(person=INSTALLATION, municipality=city, now=clock.now())
    for batch in run.batches.order_by("number"):
        make_batch(batch, now=clock.now())
    assert finish(run, now=clock.now())
    made, peak = time.perf_counter(), processes.peak_bytes(_me())
    _plain_pages(doors)
    ended = time.perf_counter()
    run.refresh_from_db()
    letter_files.forget(run.pk)
    return Round(made - started, ended - made, run.made_count, peak)


def _plain_pages(doors: int) -> None:
    """In batches of the same size."""
    for start in range(0, doors, BATCH):
        source = PLAIN.format(pages=PAGES_A_LETTER * min(BATCH, doors - start))
        typst.compile(source.encode(), format="pdf")


def _city(doors: int) -> Municipality:
    city = add_municipality(
        name="Hasselt",
        slug="hasselt",
        host="hasselt.example",
        postcode="3500",
        help_phone="011 23 99 99",
        help_place="Stadhuis van Hasselt",
        dpo_contact="gegevens@hasselt.example",
        now=clock.now(),
    )
    place = Neighbourhood.objects.create(municipality=city, code="W1", name="Kermt", polygon=b"", state="open")
    streets = [Street(municipality=city, name=f"Lindenstraat {at}") for at in range(-(-doors // DOORS_A_STREET))]
    Street.objects.bulk_create(streets)
    Address.objects.bulk_create(
        Address(
            municipality=city,
            street=streets[at // DOORS_A_STREET],
            neighbourhood=place,
            postcode="3510",
            number=str(at % DOORS_A_STREET + 1),
            placed_by=Address.PlacedBy.HAND,
        )
        for at in range(doors)
    )
    return city


def _forget_peak() -> int:
    """Begins to count the peak anew; gives the memory now."""
    Path("/proc/self/clear_refs").write_text("5")
    return processes.resident_bytes(_me())


def _me() -> int:
    return int(Path("/proc/self").resolve().name)


def _table(size: Size, rounds: list[Round], before: int) -> Table:
    ours, bare = median(each.letters for each in rounds), median(each.plain for each in rounds)
    pages = size.doors * PAGES_A_LETTER
    memory = f"{rounds[0].peak / 1e6:.0f} MB ({before / 1e6:.0f} MB before the first letter)"
    return Table(
        f"Letters for {rounds[0].made:,} doors, two pages each",
        ["", "seconds", "letters/s", "pages/s", "times plain"],
        [
            ["letters: codes, PDF/UA-1, CSV, sealed", *_line(ours, size.doors, pages), f"{ours / bare:.1f}"],
            ["plain pages by Typst", *_line(bare, size.doors, pages), "1.0"],
        ],
        [
            f"Medians of {len(rounds)} rounds, one process. Most memory for the letters: {memory}.",
        ],
    )


def _line(seconds: float, doors: int, pages: int) -> list[str]:
    return [f"{seconds:.2f}", f"{doors / seconds:,.0f}", f"{pages / seconds:,.0f}"]
