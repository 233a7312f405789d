"""The service worker: it keeps the files of the site and a page for when there is no line, and nothing of anybody's.

What other apps add to it lies in `static/APP/worker/` (push: `stoep/delivery/static/delivery/worker/push.js`): the
build makes a file of its own of it, and the worker takes it in by `importScripts`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from stoep.shell import minify
from stoep.shell.static_files import manifest, static_url

SOURCE = Path(__file__).parent / "static" / "shell" / "worker.js"
KEPT = (
    "stoep.css",
    "stoep.js",
    "pictures.svg",
    "icons.svg",
    "fonts/atkinson-regular.woff2",
    "fonts/atkinson-bold.woff2",
)


def worker_script(*, offline: Mapping[str, str], usual: str, more: Iterable[str]) -> str:
    """One script for all. `offline`: language → page without a line; `usual`: language of who has not said theirs.

    `more`: the city's own files. Another language must be no other script: browsers lose a page that is asked for
    just while one worker takes over from another.
    """
    files = [*(static_url(name) for name in KEPT if name in manifest()), *more, *offline.values()]
    facts = {"files": files, "offline": offline, "usual": usual}
    name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]
    taken_in = [static_url(each) for each in sorted(manifest()) if "/worker/" in each]
    imported = f"importScripts({', '.join(map(json.dumps, taken_in))});\n" if taken_in else ""
    return f"const facts = {json.dumps(facts | {'name': f'stoep-{name}'})};\n{_source()}\n{imported}"


@cache
def _source() -> str:
    return minify.script(SOURCE.read_text())
