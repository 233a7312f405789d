"""What `stoep check` looks at beside the database: keys, hosts, proxies, mail, files, the other processes."""

import http.client
import ipaddress
import os
import shutil
import socket
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from stoep.delivery import mail
from stoep.operations.finding import Finding, Look, warning, well, wrong
from stoep.operations.preparing import ROOT

LEAST_KINDS = 12  # different characters in a random key of forty or more
ROOM_NEEDED, ROOM_WANTED = 500_000_000, 5_000_000_000
SECONDS = 3.0


def keys(_now: datetime) -> Iterator[Finding]:
    if settings.IS_DEMO:
        yield wrong("keys", "STOEP_DEMO is set: keys and doors of the demo.", "Remove STOEP_DEMO for a real city.")
    for name, key in (("STOEP_SECRET_KEY", settings.SECRET_KEY), ("STOEP_DATA_KEY", settings.STOEP_DATA_KEY)):
        if len(Counter(key)) < LEAST_KINDS:
            make = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            yield wrong("keys", f"{name} can be guessed: it is no random text.", f"Make a new one: {make}")
        else:
            yield well("keys", f"{name} is long and random enough.")


def hosts(_now: datetime) -> Iterator[Finding]:
    if not settings.ALLOWED_HOSTS:
        yield wrong("hosts", "No host is allowed.", "Name the hosts in STOEP_ALLOWED_HOSTS, with commas.")
    for host in settings.ALLOWED_HOSTS:
        if host.startswith(("*", ".")):
            yield warning("hosts", f"“{host}” lets in every name.", "Name each host by itself.")
        elif "/" in host or ":" in host or host != host.strip() or host != host.lower():
            yield wrong("hosts", f"“{host}” is no host name.", "Only the name: buurt.hasselt.be")
        else:
            yield well("hosts", host)


def proxies(_now: datetime) -> Iterator[Finding]:
    """Without a proxy that says “https” every page would be sent to itself, for ever."""
    if not settings.SECURE_SSL_REDIRECT:
        return
    if not settings.STOEP_PROXIES:
        yield wrong(
            "proxies",
            "STOEP_PROXIES is 0, so every page is sent on to https without end.",
            "Set STOEP_PROXIES=1 with one proxy in front that sets X-Forwarded-Proto.",
        )
    else:
        yield well("proxies", f"{settings.STOEP_PROXIES} in front; each must set X-Forwarded-For and -Proto.")
    if settings.STOEP_PROXIES and not _is_loopback(settings.STOEP_HOST):
        yield wrong(
            "proxies",
            f"STOEP_HOST is {settings.STOEP_HOST}: whoever reaches it can claim any address and “https”.",
            "Set STOEP_HOST=127.0.0.1, so that only the proxy gets there.",
        )


def sending_mail(_now: datetime) -> Iterator[Finding]:
    place = f"{settings.SMTP['host']}:{settings.SMTP['port']}"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    if "." not in domain or domain.endswith((".example", ".invalid", ".local")):
        yield wrong("mail", f"STOEP_MAIL_FROM has no real domain: {domain}", "Use an address of your own domain.")
    else:
        yield well("mail", f"Mail comes from {domain}; its SPF, DKIM and DMARC records are not looked at here.")
    if settings.SMTP["security"] == "none" and not _is_loopback(settings.SMTP["host"]):
        yield wrong("mail", f"Mail goes to {place} in the clear.", "Set STOEP_SMTP_SECURITY to starttls or tls.")
    try:
        with mail.connection() as server:
            server.noop()
        yield well("mail", f"{place} answers ({settings.SMTP['security']}).")
    except (mail.ServerAway, OSError) as error:
        mend = "Check STOEP_SMTP_HOST, STOEP_SMTP_PORT, STOEP_SMTP_SECURITY, and user and password."
        yield wrong("mail", f"{place} does not take mail: {error}", mend)


def folder_for_files(_now: datetime) -> Iterator[Finding]:
    folder = Path(settings.STOEP_VAR)
    if not folder.is_dir():
        yield wrong("files", f"{folder} is not there.", f"mkdir -m 700 {folder}, and give it to the user of Stoep.")
        return
    facts = folder.stat()
    if not os.access(folder, os.W_OK | os.X_OK):
        yield wrong("files", f"{folder} cannot be written.", f"chown it to the user of Stoep (id {os.getuid()}).")
    elif facts.st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        yield wrong("files", f"{folder} is open to others on this machine.", f"chmod 750 {folder}")
    else:
        yield well("files", f"{folder} can be written, by us alone.")
    free = shutil.disk_usage(folder).free
    if free < ROOM_NEEDED:
        yield wrong(
            "disk", f"{free // 1_000_000} MB left at {folder}.", "Make room: letters, photos and backups need it."
        )
    elif free < ROOM_WANTED:
        yield warning("disk", f"{free // 1_000_000} MB left at {folder}.", "Make room before it is needed.")
    else:
        yield well("disk", f"{free // 1_000_000_000} GB left at {folder}.")


def built_files(_now: datetime) -> Iterator[Finding]:
    if (Path(settings.STATIC_ROOT) / "manifest.json").is_file():
        yield well("style", "Style, scripts, fonts and icons are built.")
    else:
        yield wrong("style", f"{settings.STATIC_ROOT} holds no built files.", "stoep build")
    late = [path.parts[-3] for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")) if _is_late(path)]
    if late:
        yield wrong("translations", f"Not compiled: {', '.join(late)}.", "stoep build")
    else:
        yield well("translations", "Compiled.")


def processes(_now: datetime) -> Iterator[Finding]:
    """Asked where the proxy would ask."""
    for what, port, path, command in (
        ("pages", settings.STOEP_PORT, "/health/", "serve"),
        ("live", settings.STOEP_LIVE_PORT or settings.STOEP_PORT + 1, "/live/", "live"),
    ):
        status = _status(settings.STOEP_HOST, port, path)
        if status is None:
            yield warning(what, f"Nothing answers on port {port}.", f"Start it: stoep {command}")
        else:
            yield well(what, f"Port {port} answers ({status}).")


def clock_of_the_zone(_now: datetime) -> Iterator[Finding]:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ImproperlyConfigured):
        yield wrong("time zone", f"{settings.TIME_ZONE} is unknown here.", "apt-get install tzdata")
    else:
        yield well("time zone", settings.TIME_ZONE)


def _status(host: str, port: int, path: str) -> int | None:
    with closing(http.client.HTTPConnection(host, port, timeout=SECONDS)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


def _is_loopback(host: str) -> bool:
    try:
        return all(ipaddress.ip_address(found[4][0]).is_loopback for found in socket.getaddrinfo(host, None))
    except (OSError, ValueError):
        return False


def _is_late(path: Path) -> bool:
    made = path.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < path.stat().st_mtime


LOOKS: tuple[Look, ...] = (
    *(keys, hosts, proxies, sending_mail, folder_for_files),
    *(built_files, processes, clock_of_the_zone),
)
