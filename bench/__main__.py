"""`./dev bench`: lists what can be measured, or measures it; `--small` in seconds, `--write` keeps the result."""

import argparse
import sys
from importlib import import_module

from bench import databases, results
from stoep.operations.trouble import OperatorError

BENCHES = {
    "chat": "A message in a conversation, beside one row and a commit",
    "feed": "The feed page on a million posts, beside a bare page of the same bytes",
    "import": "Reading, placing and writing a city's addresses, beside a plain COPY of the same rows",
    "letters": "Letters for a thousand doors, beside plain pages by the same Typst",
    "live": "One event to five thousand open browsers",
    "search": "A question among a million posts, beside a bare query by the same index",
}
MODULES = {name: name for name in BENCHES} | {"import": "imports"}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures Stoep beside a yardstick.")
    parser.add_argument("name", nargs="?", choices=list(BENCHES))
    parser.add_argument("--small", action="store_true", help="tiny numbers: does it work at all")
    parser.add_argument("--write", action="store_true", help="add the result to bench/README.md")
    parser.add_argument("--port", type=int, default=8670, help="the first of the ports to use (default: 8670)")
    chosen = parser.parse_args(words)
    if chosen.name is None:
        return _list()
    facts = results.machine()
    databases.prepare(f"bench_{chosen.name}{'_small' if chosen.small else ''}")
    try:
        bench = import_module(f"bench.{MODULES[chosen.name]}")
        facts += f", PostgreSQL {databases.server_version()}"
        tables = bench.measure(bench.SMALL if chosen.small else bench.FULL, port=chosen.port)
    finally:
        databases.release()
    print(facts, *(table.as_text() for table in tables), sep="\n\n")
    if chosen.write:
        results.write(f"{chosen.name}{' (small)' if chosen.small else ''}", facts, tables)
    return 0


def _list() -> int:
    print("./dev bench NAME [--small] [--write]\n")
    for name, promise in BENCHES.items():
        print(f"  {name:<9}{promise}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OperatorError as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(2)
