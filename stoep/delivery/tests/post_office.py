"""A real SMTP server in the test process: it does to each address what it was told, and remembers what it took."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
# It tells of each lost connection, also when the test that lost it is long over and nobody listens.
logging.getLogger("mail.log").addHandler(logging.NullHandler())
logging.getLogger("mail.log").propagate = False


class PostOffice(Controller):
    """`answers[address]`: what is said to RCPT. `hangs`, `holds`, `drops`: addresses whose DATA ends so, once each:
    not taken and no answer · taken and no answer · taken and gone.
    """

    def __init__(self, *, port: int = 0, **options: Any) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.senders: list[str] = []
        self.answers: dict[str, str] = {}
        self.always = ""
        self.hangs: set[str] = set()
        self.holds: set[str] = set()
        self.drops: set[str] = set()
        self.connections = 0
        self.asked: list[str] = []
        super().__init__(self, hostname=HOST, port=port or free_port(), **options)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]) -> Any:  # noqa: N802  aiosmtpd's name
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.senders.append(address)
        envelope.mail_from = address
        return self.answers.get(f"from {address}", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.asked.append(address)
        envelope.rcpt_tos.append(address)
        return self.always or self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        to = envelope.rcpt_tos[0]
        if to in self.hangs:
            self.hangs.remove(to)
            await asyncio.sleep(3600)
        self._keep(envelope)
        if to in self.holds:
            self.holds.remove(to)
            await asyncio.sleep(3600)
        if to in self.drops:
            self.drops.remove(to)
            server.transport.abort()
        return "250 taken"

    def _keep(self, envelope: Any) -> None:
        self.taken.append(message_from_bytes(envelope.original_content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]

    @property
    def reached(self) -> list[str]:
        return [address for addresses in self.recipients for address in addresses]


def free_port() -> int:
    """A port that nobody listens on; the next server of ours may take it."""
    import socket

    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


@contextmanager
def opened(**options: Any) -> Iterator[PostOffice]:
    office = PostOffice(**options)
    office.start()
    try:
        yield office
    finally:
        office.stop()
