"""The guides for operators and the files in deploy/ fit each other and the tools that will read them.

That the guide installs a server is tried by `python -m tests.operate.rehearsal`, as root on Debian, outside of CI.
"""

import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from stoep.operations.preparing import ROOT
from tests.operate.rehearsal import VALUES, blocks

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
GUIDES = sorted((ROOT / "docs" / "operate").glob("*.md"))
HARDENED = (
    *("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes"),
    *("CapabilityBoundingSet=", "RestrictSUIDSGID=yes", "SystemCallFilter=@system-service", "UMask=0077"),
)
FENCED = re.compile(r"^```sh[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_command_of_a_guide_can_be_read_by_a_shell(guide: Path) -> None:
    for body in FENCED.findall(guide.read_text()):
        done = subprocess.run(["sh", "-n"], input=body, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_rehearsal_gives_a_value_for_each_that_the_guide_asks_for() -> None:
    asked, commands = blocks("install.md")
    names = re.findall(r"^(\w+)=", asked, re.MULTILINE)
    assert names == re.findall(r"^(\w+)=", VALUES, re.MULTILINE)
    used = set(re.findall(r"\$\{?([A-Z_]+)", "".join(commands)))
    assert used <= set(names)
    assert len(commands) > 6


def test_every_file_that_the_guide_installs_is_there() -> None:
    text = (ROOT / "docs" / "operate" / "install.md").read_text()
    for name in re.findall(r"deploy/[\w./*-]+\w", text):
        assert list(ROOT.glob(name)), name
    for name in re.findall(r"stoep-\w+(?:\.timer)?(?= |$)", re.findall(r"enable --now (.*)", text)[0]):
        assert (DEPLOY / "systemd" / (name if "." in name else f"{name}.service")).exists(), name


@pytest.mark.parametrize("unit", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.stem)
def test_a_service_runs_as_its_own_user_behind_walls(unit: Path) -> None:
    text = unit.read_text()
    lines = text.splitlines()
    assert "User=stoep" in lines
    assert [word for word in HARDENED if word not in lines] == []
    command = re.findall(r"^ExecStart=/srv/stoep/\.venv/bin/stoep (.*)$", text, re.MULTILINE)
    assert len(command) == 1
    from stoep.operations.command_line import _parser

    assert _parser().parse_args(command[0].split()).work


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_it(unit: Path, tmp_path: Path) -> None:
    """With a program where the unit expects ours; where there is no systemd, its words are at least in sections."""
    text = unit.read_text().replace("/srv/stoep/.venv/bin/stoep", "/bin/true").replace("/srv/stoep", "/")
    assert re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)[0] == "Unit"
    for name in UNITS:
        (tmp_path / name.name).write_text(name.read_text().replace("/srv/stoep/.venv/bin/stoep", "/bin/true"))
    if shutil.which("systemd-analyze") is None:
        return
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line or "stoep" in line]
    assert (done.returncode, said) == (0, [])


def test_nginx_understands_the_example(tmp_path: Path) -> None:
    """Where nginx is installed it judges; everywhere the lines that protect are there."""
    text = (DEPLOY / "nginx" / "stoep.conf").read_text()
    for line in (
        *("proxy_request_buffering on;", "client_max_body_size 2m;", "proxy_set_header X-Forwarded-For $remote_addr;"),
        *("proxy_set_header X-Forwarded-Proto $scheme;", "proxy_buffering off;", "gzip on;", "access_log off;"),
        "location = /metrics { deny all; }",
    ):
        assert line in text, line
    nginx = shutil.which("nginx")
    openssl = shutil.which("openssl")
    if nginx is None or openssl is None:
        return
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    ours = text.replace("/etc/stoep/tls", str(tmp_path)).replace("HOST;", "buurt.hasselt.test;")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {ours} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        [nginx, "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_proxy_lets_through_what_the_program_takes() -> None:
    """Where the program takes more than a form, the proxy must too."""
    from config import middleware

    text = (DEPLOY / "nginx" / "stoep.conf").read_text()
    larger = re.findall(r"location (=|~) (\S+) \{ client_max_body_size (\d+)m;", text)
    takes = {middleware.IMPORTS: middleware.LARGEST_FILE}
    doors = [reverse(name) for name in ("posts", "new_post", "draft_photos", "my_photo")]
    doors.append(reverse("thing_photo", args=[uuid4()]))
    assert [path for path in doors if not middleware.PHOTO_DOORS.match(path)] == []
    takes |= dict.fromkeys(doors, middleware.LARGEST_PHOTOS)
    assert ("~", middleware.PHOTO_DOORS.pattern) in [(sign, place) for sign, place, _size in larger], "and no other"
    for path, most in takes.items():
        sizes = [
            int(size) for sign, place, size in larger if (place == path if sign == "=" else re.search(place, path))
        ]
        assert len(sizes) == 1, path
        assert sizes[0] * 1024 * 1024 >= most, path


def test_the_compose_file_and_the_guide_say_that_they_were_not_tried() -> None:
    assert "NOT tried" in (DEPLOY / "compose.yaml").read_text()
    assert "not tried yet" in (ROOT / "docs" / "operate" / "install.md").read_text()
