"""What the demo remembers about itself beside its database: who of the cast is who, and the letter codes to try."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class TryCode:
    """A letter code that nobody has used: for visitors of the demo, who got no letter."""

    code: str
    street: str
    neighbourhood: str


@dataclass(frozen=True)
class TryResident:
    """Somebody without e-mail who may be helped at the desk: the code on their letter, and the name that they say."""

    code: str
    name: str


@dataclass(frozen=True)
class Register:
    """`people`: the id of each of the cast, by key; `names`: how they are called and who they are."""

    people: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    codes: list[TryCode] = field(default_factory=list)
    residents: list[TryResident] = field(default_factory=list)
    # The path of a neighbour's invitation.
    invitation: str = ""


def read() -> Register:
    try:
        found = json.loads(_path().read_text())
    except (FileNotFoundError, ValueError):
        return Register()
    return Register(
        people=found["people"],
        names=found.get("names", {}),
        codes=[TryCode(**one) for one in found["codes"]],
        residents=[TryResident(**one) for one in found.get("residents", [])],
        invitation=found.get("invitation", ""),
    )


def write(register: Register) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(register), indent=1))


def _path() -> Path:
    return Path(settings.STOEP_VAR) / "demo" / "register.json"
