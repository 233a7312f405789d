"""The demo's mail server: takes every mail over SMTP and keeps it as a file, so that nothing leaves the demo."""

import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Keeper:
    """Writes each message before it says yes: a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        name = f"{datetime.now(tz=UTC):%Y%m%d-%H%M%S-%f}.eml"  # noqa: TID251  a server's own log needs the clock
        half = self.folder / f".{name}"
        half.write_bytes(envelope.original_content)
        half.rename(self.folder / name)
        return "250 kept"


def main() -> None:
    from django.conf import settings

    keeper = Keeper(Path(settings.STOEP_VAR) / "mailbox")
    controller = Controller(keeper, hostname="127.0.0.1", port=settings.SMTP["port"])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    controller.start()
    try:
        ended.wait()
    except KeyboardInterrupt:
        pass
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
