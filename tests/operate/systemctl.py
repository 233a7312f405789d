#!/usr/bin/python3
"""Plays systemctl in the rehearsal, where there is no systemd: starts what a unit file says, as the user it says."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")


def main(words: list[str]) -> None:
    verb, names = words[0], [word for word in words[1:] if not word.startswith("-")]
    if verb == "daemon-reload":
        units = sorted(map(str, UNITS.glob("stoep-*")))
        subprocess.run(["systemd-analyze", "verify", "--man=no", *units], check=True, stderr=subprocess.DEVNULL)
    for name in names:
        if name == "postgresql":
            (version,) = sorted(path.name for path in Path("/usr/lib/postgresql").iterdir())[-1:]
            subprocess.run(["pg_ctlcluster", version, "main", verb], check=True)
        elif name == "nginx":
            subprocess.run(["nginx"], check=True)  # it did not run before
        elif name.endswith(".timer"):
            text = (UNITS / name).read_text()
            when = re.findall(r"^OnCalendar=(.*)$", text, re.MULTILINE)
            subprocess.run(["systemd-analyze", "calendar", *when], check=True, stdout=subprocess.DEVNULL)
        else:
            if verb in {"stop", "restart"}:
                stop(name)
            if verb != "stop":
                start(name)


def start(name: str) -> None:
    facts = dict(re.findall(r"^(\w+)=(.*)$", (UNITS / f"{name}.service").read_text(), re.MULTILINE))
    given = dict(line.split("=", 1) for line in Path(facts["EnvironmentFile"]).read_text().splitlines() if "=" in line)
    log = os.open(f"/run/{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    started = subprocess.Popen(
        ["runuser", "-u", facts["User"], "--", *facts["ExecStart"].split()],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **given},
        cwd=facts["WorkingDirectory"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    Path(f"/run/{name}.pid").write_text(str(started.pid))


def stop(name: str) -> None:
    """The way systemd does: everything that belongs to it, and until it is gone."""
    group = int(Path(f"/run/{name}.pid").read_text())
    os.killpg(group, signal.SIGTERM)
    for _attempt in range(300):
        done = subprocess.run(["pgrep", "-g", str(group)], check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            return
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)


main(sys.argv[1:])
