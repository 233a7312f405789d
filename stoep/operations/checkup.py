"""`stoep check`: what is wrong with this set-up, in plain words, and how to mend it. It changes nothing."""

import json
from dataclasses import asdict
from datetime import datetime

from stoep.operations import checkup_database, checkup_machine
from stoep.operations.finding import Finding, State, wrong

SIGNS: dict[State, str] = {"ok": "OK", "warning": "look", "wrong": "WRONG"}


def findings(*, now: datetime) -> list[Finding]:
    """Everything that is looked at; a look that fails is itself a finding."""
    found: list[Finding] = []
    for look in (*checkup_machine.LOOKS, *checkup_database.LOOKS):
        try:
            found += look(now)
        except Exception as error:  # noqa: BLE001  whatever it is, the other looks go on, and this one is told
            found.append(wrong(look.__name__.strip("_").replace("_", " "), _first_line(error), "See the words above."))
    return found


def as_text(found: list[Finding]) -> str:
    lines = []
    for one in found:
        lines.append(f"{SIGNS[one.state]:<6} {one.about}: {one.said}")
        lines += [f"       → {one.mend}"] if one.mend else []
    bad = sum(one.state == "wrong" for one in found)
    doubtful = sum(one.state == "warning" for one in found)
    lines.append(f"\n{bad} wrong, {doubtful} to look at, {len(found) - bad - doubtful} well.")
    return "\n".join(lines)


def as_json(found: list[Finding]) -> str:
    return json.dumps({"well": is_well(found), "findings": [asdict(one) for one in found]}, indent=1)


def is_well(found: list[Finding]) -> bool:
    return not any(one.state == "wrong" for one in found)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
