"""`python -m tests.operate.rehearsal`: follows the guides of docs/operate on this machine, word by word.

Installs, backs up, loses the database and the files, restores, upgrades. As root on Debian, in namespaces of its own:
/etc, /srv, /usr, /var and the home folder are overlays that vanish with it, and every process ends with it. There is no
systemd inside, so `systemctl` is played by a few lines that read the unit files.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from stoep.operations.preparing import ROOT

GUIDES = ROOT / "docs" / "operate"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
YOURS = "# your values\n"
# What stands in the guide's first block, here: the machine itself is the host and the mail server.
VALUES = """
REPOSITORY=file://{root}
HOST=buurt.hasselt.test
CITY=Diepenbeek
MAIL_HOST=127.0.0.1
MAIL_PORT=2525
MAIL_SECURITY=none
MAIL_FROM=buurt@hasselt.be
ADMIN_NAME="An Peeters"
ADMIN_EMAIL=an.peeters@hasselt.be
BORDERS=~/wijken.geojson
ADDRESSES=~/adressen.csv
"""
OVERLAYS = ("/etc", "/srv", "/usr", "/var", str(Path.home()))
BEFORE = """
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
unset STOEP_TEST STOEP_TEST_DATABASE DATABASE_URL STOEP_VAR PYTHONPATH VIRTUAL_ENV || true
mount -t tmpfs tmpfs {scratch}
for folder in {overlays}; do
    mkdir -p {scratch}$folder/upper {scratch}$folder/work
    mount -t overlay overlay -o lowerdir=$folder,upperdir={scratch}$folder/upper,workdir={scratch}$folder/work $folder
done
mount -t tmpfs tmpfs /run
install -d -o postgres -g postgres /run/postgresql
install -m 755 {here}/systemctl.py /usr/local/bin/systemctl
install -m 644 {given}/wijken.geojson {given}/adressen.csv ~/
(cd /; exec {python} -m aiosmtpd -n -l 127.0.0.1:2525 -c aiosmtpd.handlers.Sink >/dev/null 2>&1) &
"""
AFTER = """
echo "=== what the proxy does"
stoep check --json > /run/check.json
ask() { curl -sk --resolve "$HOST:443:127.0.0.1" "$@"; }
status() { ask -o /dev/null -w "%{http_code}" "$@"; }
ask -f -D /run/head -o /run/page "https://$HOST/sign-in/"
grep -qi "strict-transport-security" /run/head
grep -qi "content-security-policy" /run/head
grep -q "<form" /run/page
ask -f --compressed -D /run/head -o /dev/null "https://$HOST/sign-in/"
grep -qi "content-encoding: gzip" /run/head
test "$(curl -s -o /dev/null -w "%{http_code}" -H "Host: $HOST" http://127.0.0.1/sign-in/)" = 301
test "$(status "https://$HOST/metrics")" = 403
test "$(status "https://$HOST/live/")" = 401
head -c 3000000 /dev/zero > /run/big
test "$(status --data-binary @/run/big "https://$HOST/sign-in/")" = 413
systemctl stop stoep-serve
test "$(status -D /run/head "https://$HOST/sign-in/")" = 503
grep -qi "retry-after: 5" /run/head
systemctl start stoep-serve
sleep 5
"""
LOST = """
echo "=== all is lost but the key, the settings and what was copied away"
systemctl stop stoep-serve stoep-worker stoep-live
count() { runuser -u postgres -- psql -qtAd stoep -c "SELECT count(*) FROM places_address"; }
before=$(count)
mkdir /run/away
mv /var/backups/stoep/* /run/away/
rm -rf /var/lib/stoep
runuser -u postgres -- dropdb stoep
install -d -o stoep -g stoep -m 700 /var/lib/stoep
runuser -u postgres -- createdb --owner stoep --encoding UTF8 --locale C.UTF-8 --template template0 stoep
BACKUP=$(ls /run/away/stoep-*.tar.age | tail -n 1)
SECRET_KEY=~/stoep-backup-key.txt
"""
BACK = """
test "$(count)" = "$before"
systemctl start stoep-serve stoep-worker stoep-live
sleep 5
stoep check --json > /run/check.json
test "$(status "https://$HOST/sign-in/")" = 200
RELEASE=$(git -C /srv/stoep rev-parse HEAD)
"""


def blocks(guide: str) -> "tuple[str, list[str]]":
    """(the values that the reader gives, the commands in their order)."""
    found = BLOCK.findall((GUIDES / guide).read_text())
    values = [body for body in found if body.startswith(YOURS)]
    return "".join(values), [body for body in found if not body.startswith(YOURS)]


def script(given: Path, scratch: Path) -> str:
    here = Path(__file__).parent
    facts = {"scratch": scratch, "overlays": " ".join(OVERLAYS), "here": here, "given": given, "python": sys.executable}
    lines = [BEFORE.format(**facts), VALUES.format(root=ROOT), *_numbered("install.md"), AFTER]
    night, restore = _numbered("backup.md")
    lines += [night, LOST, restore, BACK, *_numbered("upgrade.md"), 'echo "=== done"']
    return "\n".join(lines)


def _numbered(guide: str) -> list[str]:
    _values, commands = blocks(guide)
    return [
        f'echo "=== {guide}, block {number}, at $(cut -d" " -f1 /proc/uptime)"\n{body}'
        for number, body in enumerate(commands, start=1)
    ]


def rehearse(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Everything it starts ends with it: it has process numbers of its own."""
    from stoep.operations.demo.facts import municipality
    from stoep.operations.demo.places import addresses_csv, borders_geojson

    (folder / "wijken.geojson").write_bytes(borders_geojson(municipality("diepenbeek")))
    (folder / "adressen.csv").write_bytes(addresses_csv(municipality("diepenbeek")))
    scratch = folder / "scratch"
    scratch.mkdir()
    file = folder / "rehearsal.sh"
    file.write_text(script(folder, scratch))
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def main() -> int:
    import tempfile

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ended = rehearse(Path(folder))
    minutes = round((time.monotonic() - started) / 60, 1)
    words = f"{ended.stdout}\n{ended.stderr[-4000:]}\n{json.dumps({'ended': ended.returncode, 'minutes': minutes})}\n"
    sys.stdout.write(words)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
