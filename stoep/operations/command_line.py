"""`stoep`: the operator's command. It ends with 0 only if it did what was asked; --dry-run says what it would do."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from stoep.operations.trouble import OperatorError

# 0 done · 1 refused, and the reason said · 2 not understood
DONE, REFUSED = 0, 1

Work = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Answers the exit code; whoever starts it as a program ends with that."""
    chosen = _parser().parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if getattr(chosen, "database", None):
            os.environ["DATABASE_URL"] = chosen.database
        django.setup()
        from stoep.operations import commands, upkeep

        work: Work = getattr(upkeep, chosen.work, None) or getattr(commands, chosen.work)
        return work(chosen)
    except OperatorError as error:
        print(f"stoep: {error}", file=sys.stderr)
        return REFUSED
    except ImproperlyConfigured as error:
        print(f"stoep: {error}", file=sys.stderr)
        return REFUSED
    except OperationalError as error:
        print(f"stoep: The database does not answer as it should: {str(error).splitlines()[0]}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stoep", description="Run a Stoep installation.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_running(commands)
    _add_upkeep(commands)
    _add_places(commands)
    _add_people(commands)
    return parser


def _add_running(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = _command(commands, "serve", "Serve the pages (Granian, WSGI)")
    serve.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    _command(commands, "migrate", "Bring the database up to date", dry_run=True)
    worker = _command(commands, "worker", "Send mails, make letters, and do what is planned")
    worker.add_argument("--once", action="store_true", help="do what waits, then end")
    _command(commands, "bounce", "Read from standard input a mail that came back, and stop mailing that address")
    _command(commands, "push-key", "Make a key for messages on devices (STOEP_VAPID_KEY)")
    _command(commands, "live", "Serve the live stream (uvicorn)")
    _command(
        commands, "demo-city", "Fill an empty database with the demo city; only in demo mode", work="build_demo_city"
    )
    docs = _command(commands, "docs", "Write the generated pages of docs/ anew")
    docs.add_argument("--check", action="store_true", help="only say whether they are up to date")


def _add_upkeep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = _command(commands, "check", "Say what is wrong with this set-up, and how to mend it")
    check.add_argument("--json", action="store_true", help="for machines")
    _command(commands, "build", "Build style, scripts, fonts, icons and translations")
    backup = _command(commands, "backup", "Write the database and all files into one encrypted file")
    backup.add_argument("--to", required=True, help="the folder; backups there older than 35 days are removed")
    backup.add_argument(
        "--recipient", action="append", help="a public key of age; may be repeated; else STOEP_BACKUP_RECIPIENT"
    )
    backup.add_argument("--only-ledger", action="store_true", help="only copy the list of who was erased")
    restore = _command(commands, "restore", "Put a backup back into an empty database")
    restore.add_argument("file")
    restore.add_argument("--identity", required=True, help="the file with the secret key of age")
    restore.add_argument("--to", dest="database", help="the empty database; if not given, DATABASE_URL")
    restore.add_argument("--ledger", help="the newest copy of the list of who was erased; else erased.age beside it")
    again = _command(commands, "reapply-erasures", "After a restore: erase again whoever was erased since the backup")
    again.add_argument("--ledger", help="a copy of the list of who was erased; else only what lies below STOEP_VAR")
    again.add_argument("--identity", help="the file with the secret key of age, for --ledger")


def _add_places(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    municipality = commands.add_parser("municipality", help="Add or list municipalities")
    kinds = municipality.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add = _command(kinds, "add", "Add a municipality", work="municipality_add", dry_run=True)
    add.add_argument("name")
    add.add_argument("--host", required=True, help="the host of its pages, as buurt.hasselt.be")
    add.add_argument("--slug", help="its short name; made from the name if not given")
    add.add_argument("--postcode", default="")
    add.add_argument("--help-phone", default="", help="the phone number on every help card and letter")
    add.add_argument("--help-hours", default="")
    add.add_argument("--controller", default="", help="who is responsible for personal data, as printed on the letter")
    add.add_argument("--dpo", default="", help="how the data-protection officer is reached")
    _add_hosting(add)
    hosting = _command(kinds, "hosting", "Say who runs the server of a municipality", work="municipality_hosting")
    _add_hosting(hosting)
    _add_municipality(hosting)
    crisis = _command(
        kinds, "crisis", "Switch crisis mode of a municipality on or off", work="municipality_crisis", dry_run=True
    )
    crisis.add_argument("state", choices=["on", "off"], help="on: neighbours keep their distance, and meeting rests")
    _add_municipality(crisis)
    _command(kinds, "list", "List the municipalities", work="municipality_list")
    _add_oidc(kinds)
    for kind, about in (("borders", "GeoJSON, GeoPackage or Shapefile"), ("addresses", "BeST, CRAB, OpenAddresses …")):
        importing = _command(commands, f"import-{kind}", f"Import {kind} from a file ({about})", dry_run=True)
        importing.set_defaults(work=f"import_{kind}")
        importing.add_argument("file")
        _add_municipality(importing)
    opening = _command(commands, "open", "Open neighbourhoods: planned, pilot, open or paused", work="open_places")
    opening.add_argument("state", choices=["planned", "pilot", "open", "paused"])
    opening.add_argument("neighbourhoods", nargs="*", help="names; none: all")
    _add_municipality(opening)
    letters = _command(commands, "letters", "Order letters and make them now", dry_run=True)
    letters.add_argument("--neighbourhood", action="append", default=[], help="a name; may be repeated; none: the city")
    letters.add_argument("--street", action="append", default=[], help="a name; may be repeated")
    letters.add_argument("--out", help="where to write the zip with PDFs and lists; then the kept files are removed")
    _add_municipality(letters)


def _add_oidc(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    oidc = _command(
        kinds, "oidc", "Let staff sign in with their organisation (OpenID Connect)", work="municipality_oidc"
    )
    oidc.add_argument("--issuer", default="", help="the provider's address, as https://login.hasselt.be")
    oidc.add_argument("--client-id", default="", help="how the provider knows us")
    oidc.add_argument("--secret-file", help="a file with the client's secret; none: asked at the keyboard")
    oidc.add_argument("--name", default="", help="what the button says; the city's name if not given")
    oidc.add_argument("--off", action="store_true", help="nobody comes in that way any more")
    _add_municipality(oidc)


def _add_hosting(parser: argparse.ArgumentParser) -> None:
    """Asked at the keyboard when neither is given."""
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--self-hosted", action="store_true", default=None, help="the city runs this server itself")
    answer.add_argument(
        "--independent", dest="self_hosted", action="store_false", help="a body independent of the city runs it"
    )


def _add_people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    staff = commands.add_parser("staff", help="Add members of staff")
    kinds = staff.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add = _command(kinds, "add", "Add a member of staff, or give one a role", work="staff_add", dry_run=True)
    add.add_argument("email")
    add.add_argument("--name", required=True, help="first and last name")
    roles = "editor, approver, analyst, rollout, city_admin, moderator, dpo, operator"
    add.add_argument("--role", required=True, help=roles)
    add.add_argument("--department", default="")
    _add_municipality(add)


def _add_municipality(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--municipality", help="its short name; needed when there are several")


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    about: str,
    *,
    work: str = "",
    dry_run: bool = False,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=f"{about}.")
    parser.set_defaults(work=work or name.replace("-", "_"))
    if dry_run:
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
