"""Tables of results: shown on the screen, and kept with the date and the machine in bench/README.md."""

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

README = Path(__file__).parent / "README.md"
HEADING = "## Results\n"


@dataclass(frozen=True)
class Table:
    """`notes`: what one has to know to read it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(default_factory=tuple)

    def as_text(self) -> str:
        lines = [tuple(self.columns), *map(tuple, self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        shown = ["  ".join(_aligned(cell, widths[at], at) for at, cell in enumerate(line)).rstrip() for line in lines]
        return "\n".join([self.title, *(f"  {line}" for line in shown), *(f"  {note}" for note in self.notes)])

    def as_markdown(self) -> str:
        lines = [self.columns, ["---", *("---:" for _each in self.columns[1:])], *self.rows]
        shown = [f"| {' | '.join(line)} |" for line in lines]
        notes = ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join([f"**{self.title}**", "", *shown, *notes])


def machine() -> str:
    """What the numbers depend on; never the machine's name."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({_processor()}), {gigabytes:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, load {busy:.1f} at the start"
    )


def write(name: str, facts: str, tables: Sequence[Table]) -> None:
    """Adds a dated result above the older ones."""
    entry = [f"### {time.strftime('%Y-%m-%d %H:%M')} {name}", "", facts, ""]
    entry += [part for table in tables for part in (table.as_markdown(), "")]
    before, heading, after = README.read_text().partition(HEADING)
    README.write_text(before + heading + "\n" + "\n".join(entry).rstrip() + "\n" + after)


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
