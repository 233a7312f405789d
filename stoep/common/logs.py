"""Nothing secret reaches a log: letter codes, e-mail addresses and mailed links are masked in every line."""

import logging
import re

import structlog

SECRETS = (
    (re.compile(r"(?<!\d)\d{4}(?:%20|[\s.+‐-―-]){0,3}\d{4}(?:%20|[\s.+‐-―-]){0,3}\d{4}(?!\d)"), "[code]"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"/(q|sign-in/link|e-mail)/(?!change/)[^/\s?\"']+"), r"/\1/[masked]"),
)


def masked(text: str) -> str:
    """The text without letter codes, e-mail addresses and secret links."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


class Mask(logging.Filter):
    """A logging filter that writes the finished message back, masked; a traceback too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info:
            record.exc_text = record.exc_text or logging.Formatter().formatException(record.exc_info)
        record.exc_text = masked(record.exc_text) if record.exc_text else None
        record.stack_info = masked(record.stack_info) if record.stack_info else None
        return True


def configure() -> None:
    """Lines of our own (`structlog.get_logger`) are words and facts in JSON, and go the way of all others: masked."""
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
