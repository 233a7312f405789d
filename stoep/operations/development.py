"""What `./dev` can do. Works before anything is installed: whatever needs a package is imported after setting up."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from stoep.operations import preparing
from stoep.operations.preparing import ENVIRONMENT, ROOT, folder_for_data, say
from stoep.operations.trouble import OperatorError

Command = Callable[[list[str]], int]
# Two more ports follow the first, and 65535 is the last there is.
LAST_PORT = 65533
BUILT = ("build", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", "htmlcov", ".coverage")


def demo(words: list[str]) -> int:
    """Start the whole demo city; --port N, --host H, --fresh"""
    parser = argparse.ArgumentParser(prog="./dev demo")
    parser.add_argument("--port", type=_port, default=8000, help="the two ports after it are used as well")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--fresh", action="store_true", help="build the demo's own database anew")
    chosen = parser.parse_args(words)
    preparing.dependencies("demo")
    from stoep.operations import demonstration

    demonstration.run(host=chosen.host, port=chosen.port, is_fresh=chosen.fresh)
    return 0


def test(words: list[str]) -> int:
    """Run the tests; words after it go to pytest"""
    preparing.dependencies("dev")
    preparing.built_files()
    if (ROOT / "locale").exists():
        preparing.translations()
    browser = preparing.browser(is_needed=not words)
    environment = _environment() | ({"STOEP_BROWSER": browser} if browser else {})
    return _call(["pytest", *(words or ["-n", "2"])], environment)


def check(words: list[str]) -> int:
    """Format, lint, types, import contracts, templates, translations, migrations, locks"""
    _no_words(words)
    preparing.dependencies("dev")
    preparing.built_files()
    from stoep.operations import checking, postgres

    database = postgres.ensure_running(folder_for_data(), "test")
    return checking.run_all(checking.CHECKS, database=database)


def fix(words: list[str]) -> int:
    """Format, and mend what the linter can mend"""
    _no_words(words)
    preparing.dependencies("dev")
    from stoep.operations import checking

    return checking.run_all(checking.FIXES, database="")


def bench(words: list[str]) -> int:
    """Measure; words after it go to bench/"""
    preparing.dependencies("dev")
    preparing.built_files()
    return _call(["bench", *words], _environment())


def docs(words: list[str]) -> int:
    """Write the generated pages of docs/ anew"""
    preparing.dependencies("dev")
    return stoep(["docs", *words])


def lock(words: list[str]) -> int:
    """Lock the dependencies anew, with hashes; needs uv"""
    _no_words(words)
    preparing.dependencies("dev")
    from stoep.operations import locks

    locks.write()
    return 0


def stoep(words: list[str]) -> int:
    """The operator's command on the demo's database: ./dev stoep --help"""
    preparing.dependencies("demo")
    preparing.translations()
    from stoep.operations import demonstration, postgres

    database = postgres.ensure_running(folder_for_data())
    environment = demonstration.environment(database=database, host="127.0.0.1", port=8000)
    return _call(["stoep.operations.command_line", *words], environment)


def clean(words: list[str]) -> int:
    """Remove what was built and installed; --data also removes the data in var/"""
    parser = argparse.ArgumentParser(prog="./dev clean")
    parser.add_argument("--data", action="store_true", help="the demo's data too")
    chosen = parser.parse_args(words)
    var = folder_for_data()
    if chosen.data:
        _remove_data()
    elif (ENVIRONMENT / ".dev.stamp").exists() or (ENVIRONMENT / ".demo.stamp").exists():
        from stoep.operations import postgres

        postgres.stop(var, "test")
        shutil.rmtree(var / "test-postgres", ignore_errors=True)
    for name in BUILT:
        shutil.rmtree(ROOT / name, ignore_errors=True)
        (ROOT / name).unlink(missing_ok=True)
    for cache in (*ROOT.glob("stoep/**/__pycache__"), *ROOT.glob("tests/**/__pycache__")):
        shutil.rmtree(cache, ignore_errors=True)
    shutil.rmtree(ENVIRONMENT)
    return 0


def show_help(words: list[str]) -> int:
    """Show this list"""
    del words
    print("Usage: ./dev COMMAND\n")
    for name, command in COMMANDS.items():
        print(f"  {name:<8}{(command.__doc__ or '').splitlines()[0]}")
    return 0


COMMANDS: dict[str, Command] = {
    "demo": demo,
    "test": test,
    "check": check,
    "fix": fix,
    "bench": bench,
    "docs": docs,
    "lock": lock,
    "stoep": stoep,
    "clean": clean,
    "help": show_help,
}


def main() -> int:
    name, *words = sys.argv[1:] or ["help"]
    command = COMMANDS.get("help" if name in {"-h", "--help"} else name)
    if command is None:
        print(f"dev: there is no “{name}”. ./dev help lists what there is.", file=sys.stderr)
        return 2
    try:
        return command(words)
    except OperatorError as error:
        print(f"dev: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in preparing.MENDABLE:
            raise
        print(f"dev: {error.strerror}: {error.filename or ROOT}", file=sys.stderr)
        return 2


def _call(module: list[str], environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=environment, check=False).returncode


def _environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}


def _remove_data() -> None:
    from stoep.operations import postgres, supervisor

    var = folder_for_data()
    with supervisor.Supervisor(var=var, programs=()).alone():
        postgres.stop(var)
        postgres.stop(var, "test")
    shutil.rmtree(var, ignore_errors=True)
    say(f"Removed {var}.")


def _no_words(words: list[str]) -> None:
    if words:
        raise OperatorError(f"“{' '.join(words)}” is not understood here.")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number between 1 and {LAST_PORT}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
