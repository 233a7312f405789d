"""Every form of the site, found by itself: on the pages, in the forms' own classes, and in the walk's table."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.test import Client
from django.urls import Resolver404, resolve

import stoep
from tests.access.subjects import Subjects
from tests.access.test_walk import _ask
from tests.security.markup import Form, Markup
from tests.security.production import every_address

MOST_PAGES = 150
NOT_KEPT = {"csrfmiddlewaretoken", "request_key"}


@dataclass
class Sending:
    """One address that takes something, and every name that it may know with a value that makes sense."""

    name: str
    path: str
    method: str = "POST"
    data: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def sendings_of(client: Client, subjects: Subjects) -> list[Sending]:
    """All that this person's browser could send, once for each name; and the queries of what can be read."""
    found = {(name, method): Sending(name, path, method, {}) for name, method, path in _doors(client, subjects)}
    for form in _forms_on_pages(client, subjects):
        name = name_of(form.action)
        method = "POST" if form.method == "post" else "GET"
        if name and (name, method) in found:
            _learn(found[name, method], form)
    for sending in found.values():
        _learn_from_classes(sending)
    return list(found.values())


def name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""


def _doors(client: Client, subjects: Subjects) -> Iterator[tuple[str, str, str]]:
    """Where each address can best be reached by this person: at the thing for which it answers most kindly."""
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for name, page, _subject, path in every_address(subjects):
        for method in ("GET", "POST"):
            status = _ask(client, method, path, page.data).status_code
            rank = {404: 3, 405: 4, 403: 2, 302: 1}.get(status, 0)
            if rank < best.get((name, method), (9, ""))[0]:
                best[name, method] = rank, path
    yield from ((name, method, path) for (name, method), (rank, path) in best.items() if rank < 4)


def _forms_on_pages(client: Client, subjects: Subjects) -> Iterator[Form]:
    waiting = [path for _n, _p, _s, path in every_address(subjects)]
    seen: set[str] = set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith("/static/"):
            continue
        response = _ask(client, "GET", path, {})
        if response.status_code != 200 or not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        seen.add(path)
        markup = Markup(path, response.content.decode())
        yield from markup.forms
        waiting += markup.links


def _learn(sending: Sending, form: Form) -> None:
    sending.path = form.action
    for name, values in form.data.items():
        sending.data.setdefault(name, values)
    for one in form.fields:
        # A browser sends the one button that was pressed: here the nameless one that ends the form.
        sending.data.setdefault(one.name, [""] if one.kind == "submit" else [one.value])
        sending.kinds[one.name] = one.kind


def _learn_from_classes(sending: Sending) -> None:
    """The names that the app's own form classes know, also where no page shows them now."""
    module = resolve(sending.path.partition("?")[0]).func.__module__
    for name, kind in _fields_by_app().get(module.split(".")[1], {}).items():
        sending.data.setdefault(name, [""])
        sending.kinds.setdefault(name, kind)


def _fields_by_app() -> dict[str, dict[str, str]]:
    if not _known:
        for module in pkgutil.walk_packages(stoep.__path__, "stoep."):
            if module.name.endswith("forms"):
                importlib.import_module(module.name)
        for form in _subclasses(django_forms.BaseForm):
            if form.__module__.startswith("stoep."):
                fields: dict[str, Any] = getattr(form, "base_fields", {})
                app = _known.setdefault(form.__module__.split(".")[1], {})
                app.update({name: type(one).__name__ for name, one in fields.items()})
    return _known


_known: dict[str, dict[str, str]] = {}


def _subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    below: list[type[Any]] = kind.__subclasses__()
    for one in below:
        yield one
        yield from _subclasses(one)
