"""Says whether a port is free and, where the system tells, who has it."""

import contextlib
import errno
import socket
from pathlib import Path

from stoep.operations.trouble import OperatorError

LISTENING = "0A"


class PortTakenError(OperatorError):
    pass


def require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTakenError(_sentence(port)) from error
            raise PortTakenError(f"{host}:{port} cannot be used: {error.strerror}.") from error


def _sentence(port: int) -> str:
    owner = _owner(port)
    by = f" by {owner}" if owner else ""
    return f"Port {port} is taken{by}. Choose another one: ./dev demo --port {port + 10}"


def _owner(port: int) -> str:
    """Another user's process keeps its secrets, so an empty answer is a usual one."""
    inodes = _inodes(port)
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        with contextlib.suppress(OSError):
            if descriptor.readlink().name in inodes:
                return _describe(descriptor.parents[1])
    return ""


def _inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{columns[9]}]")
    return found


def _describe(process: Path) -> str:
    folder = (process / "cwd").readlink()
    if b"STOEP_SUPERVISED=" in (process / "environ").read_bytes():
        return f"the Stoep demo in {folder}"
    return f"“{(process / 'comm').read_text().strip()}” (process {process.name})"
