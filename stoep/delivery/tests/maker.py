"""A browser and the server of its maker, in the test process: it opens what comes, and answers as it is told."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Maker:
    """`browser(name)`: what the page of that browser sends; `told[name]`: what it was told; `answers[name]`."""

    port: int = 0
    keys: dict[str, tuple[Any, bytes]] = field(default_factory=dict)
    told: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    def browser(self, name: str) -> dict[str, str]:
        key, secret = ec.generate_private_key(ec.SECP256R1()), name.encode().ljust(16, b".")[:16]
        self.keys[name] = (key, secret)
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"http://127.0.0.1:{self.port}/{name}", "key": letters(point), "secret": letters(secret)}

    def take(self, name: str, headers: dict[str, str], body: bytes) -> int:
        answer = self.answers.get(name, 201)
        self.headers.append(headers)
        key, secret = self.keys[name]
        opened = http_ece.decrypt(body, private_key=key, auth_secret=secret, version="aes128gcm")
        if answer < 300:
            self.told.setdefault(name, []).append(json.loads(opened))
        return answer


@contextmanager
def opened() -> Iterator[Maker]:
    maker = Maker()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = maker.take(
                self.path.strip("/"), {name.casefold(): value for name, value in self.headers.items()}, body
            )
            self.send_response(status)
            if status == 307:
                self.send_header("Location", f"http://127.0.0.1:{maker.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    maker.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield maker
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
