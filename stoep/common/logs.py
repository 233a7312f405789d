"""Nothing secret reaches a log: codes, links, e-mail addresses, phone numbers, queries, whole IP addresses are masked.

In a real city each line is JSON.
"""

import ipaddress
import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import structlog

SECRETS = (
    (re.compile(r"(?<!\d)\d{4}(?:%20|[\s.+‐-―-]){0,3}\d{4}(?:%20|[\s.+‐-―-]){0,3}\d{4}(?!\d)"), "[code]"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w.+-])(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){7,13}(?![\w-])"), "[phone]"),
    (re.compile(r"(?<![\w.+:-])0[1-9](?:[ ./-]{0,2}\d){7,8}(?![\w-])"), "[phone]"),
    (re.compile(r"(/[\w/%.~-]*)\?[^\s\"'<>]+"), r"\1?[query]"),
    (re.compile(r"(?<![\w.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.(?!0/24)\d{1,3}(?![\w.])"), r"\1.0/24"),
    (re.compile(r"/(q|sign-in/link|e-mail|calendar)/(?!change/)[^/\s?\"']+"), r"/\1/[masked]"),
)


IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:./])")


def masked(text: str) -> str:
    """The text without codes, e-mail addresses, phones, queries and secret links; IP addresses as /24 and /48."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return IPV6.sub(lambda found: wide_network(found[0]), text)


def wide_network(address: str) -> str:
    """The /24 or /48 in which an address or network lies; anything else as it is."""
    try:
        found = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return address
    widest = 24 if found.version == 4 else 48  # noqa: PLR2004  the two that there are
    return str(found.supernet(new_prefix=widest)) if found.prefixlen > widest else str(found)


class Mask(logging.Filter):
    """A logging filter that writes the finished message back, masked; a traceback too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info:
            record.exc_text = record.exc_text or logging.Formatter().formatException(record.exc_info)
        record.exc_text = masked(record.exc_text) if record.exc_text else None
        record.stack_info = masked(record.stack_info) if record.stack_info else None
        return True


class JsonLines(logging.Formatter):
    """One line of JSON for each record; what our own lines say already lies in it as it is."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line |= _facts(record.getMessage())
        if record.exc_text or record.exc_info:
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)  # type: ignore[arg-type]  # a tuple then
        return json.dumps(line, ensure_ascii=False, default=str)


def _facts(message: str) -> dict[str, Any]:
    if message.startswith("{"):
        try:
            found = json.loads(message)
        except ValueError:
            return {"said": message}
        if isinstance(found, dict):
            return found
    return {"said": message}


def configure() -> None:
    """Lines of our own (`structlog.get_logger`) are words and facts in JSON, and go the way of all others: masked."""
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
