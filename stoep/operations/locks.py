"""The locked dependencies: writes them, and says where they no longer fit pyproject.toml."""

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stoep.operations.preparing import ROOT, Lock, PreparationError, run

EXTRAS: dict[Lock, tuple[str, ...]] = {
    "dev": ("embedded", "build", "demo", "dev"),
    "demo": ("embedded", "build", "demo"),
    "build": ("build",),
    "base": (),
}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def write() -> None:
    """The smaller locks are held to the versions of the largest, so that one environment fits them all."""
    uv = shutil.which("uv")
    if uv is None:
        raise PreparationError("Writing the locks needs uv: pip install uv")
    for lock, extras in EXTRAS.items():
        command = [uv, "pip", "compile", "-q", "--generate-hashes", "--universal", "--no-header", "--no-annotate"]
        # A pin without extras does not bind “coverage[toml]”: pip takes the newest one, and then has no hash for it.
        command += ["--no-strip-extras"]
        command += ["--python-version", "3.11", "pyproject.toml", "-o", f"requirements/{lock}.txt"]
        command += [word for extra in extras for word in ("--extra", extra)]
        command += [] if lock == "dev" else ["-c", "requirements/dev.txt"]
        run(command, f"requirements/{lock}.txt could not be written.")


def disagreements() -> Iterator[str]:
    """Each place where a lock misses what pyproject.toml asks, holds an address, or differs from the largest lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    largest = _pins("dev")
    for lock, extras in EXTRAS.items():
        pins = _pins(lock)
        wanted = [*project["dependencies"]]
        wanted += [line for extra in extras for line in project["optional-dependencies"][extra]]
        yield from (f"requirements/{lock}.txt: {text}" for text in _unmet(wanted, pins))
        yield from (
            f"requirements/{lock}.txt: {name} is not the version of dev.txt"
            for name, version in pins.items()
            if largest.get(name) != version
        )
        if "://" in (ROOT / "requirements" / f"{lock}.txt").read_text():
            yield f"requirements/{lock}.txt holds an address"


def _unmet(wanted: list[str], pins: dict[str, str]) -> Iterator[str]:
    for line in wanted:
        requirement = Requirement(line)
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{requirement.name} is missing"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} {version} is not {requirement.specifier}"


def _pins(lock: Lock) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    return {canonicalize_name(name): version for name, version in PINNED.findall(text)}


def main() -> int:
    found = list(disagreements())
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
