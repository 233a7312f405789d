"""Loaded before Django reads its settings (`-p tests.environment`): a rehearsal on a PostgreSQL of our own."""

import os

from stoep.operations import postgres
from stoep.operations.preparing import folder_for_data

os.environ["STOEP_TEST"] = "1"
# News leaves at once, but where a test is about the minute before.
os.environ["STOEP_UNDO_SECONDS"] = "0"
for _name in ("STOEP_DEMO", "STOEP_LIVE_PORT", "STOEP_PORT"):
    os.environ.pop(_name, None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_URL", postgres.ensure_running(folder_for_data(), purpose="test"))
