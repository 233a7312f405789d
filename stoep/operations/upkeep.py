"""What the commands do that keep a server: check it, build its files, back it up, put it back, bring it up to date."""

import os
from argparse import Namespace
from pathlib import Path

from django.conf import settings

from stoep.common import clock
from stoep.operations import backups, building, checkup, migrating, restoring
from stoep.operations.trouble import OperatorError

DONE, REFUSED = 0, 1
PRIVATE = 0o077


def check(words: Namespace) -> int:
    found = checkup.findings(now=clock.now())
    print(checkup.as_json(found) if words.json else checkup.as_text(found))
    return DONE if checkup.is_well(found) else REFUSED


def build(_words: Namespace) -> int:
    building.build()
    return DONE


def migrate(words: Namespace) -> int:
    migrating.migrate(is_dry_run=words.dry_run)
    return DONE


def backup(words: Namespace) -> int:
    folder = Path(words.to)
    recipients = words.recipient or settings.STOEP_BACKUP_RECIPIENT.split()
    if not recipients:
        raise OperatorError("Say for whom with --recipient, or set STOEP_BACKUP_RECIPIENT.")
    os.umask(PRIVATE)
    if words.only_ledger:
        path = backups.copy_ledger(folder=folder, recipients=recipients)
        print(f"Written to {path}." if path else "Nobody was ever erased here.")
        return DONE
    made = backups.make(folder=folder, recipients=recipients, now=clock.now())
    print(f"Written to {made.path} with {made.files} files ({made.sha256}); {made.pruned} old ones removed.")
    return DONE


def restore(words: Namespace) -> int:
    os.umask(PRIVATE)
    ledger = Path(words.ledger) if words.ledger else None
    found = restoring.restore(Path(words.file), identity=Path(words.identity), ledger=ledger, now=clock.now())
    print(f"Restored as of {found.made_at}, with {found.files} files. Erased again: {found.erased}.")
    return DONE


def reapply_erasures(words: Namespace) -> int:
    os.umask(PRIVATE)
    if words.ledger:
        if not words.identity:
            raise OperatorError("--ledger needs --identity, the key that opens it.")
        restoring.read_ledger(Path(words.ledger), identity=Path(words.identity))
    print(f"Erased again: {restoring.open_again(now=clock.now())}. The site may open.")
    return DONE
