"""Every form of the site, found by itself: on the pages, in the forms' own classes, and in the walk's table."""

import functools
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
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
    """One address that takes something, and every name that it may know with a value that makes sense.

    `is_shut`: the door refuses this person whatever is sent, so what is sent is read by nobody but the door.
    """

    name: str
    path: str
    method: str = "POST"
    is_shut: bool = False
    data: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def sendings_of(client: Client, subjects: Subjects) -> list[Sending]:
    """All that this person's browser could send, once for each name; and the queries of what can be read."""
    found = {(name, method): Sending(name, path, method, shut) for name, method, path, shut in _doors(client, subjects)}
    for form in _forms_on_pages(client, subjects):
        name = name_of(form.action)
        method = "POST" if form.method == "post" else "GET"
        if name and (name, method) in found:
            _learn(found[name, method], form)
    for sending in found.values():
        _learn_from_classes(sending)
    return list(found.values())


def sendings_at(client: Client, path: str) -> list[Sending]:
    """What the forms of one page send."""
    found: dict[tuple[str, str], Sending] = {}
    for form in _forms_at(client, path).forms:
        key = name_of(form.action), "POST" if form.method == "post" else "GET"
        _learn(found.setdefault(key, Sending(key[0], form.action, key[1])), form)
    for sending in found.values():
        _learn_from_classes(sending)
    return list(found.values())


def name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""


def _doors(client: Client, subjects: Subjects) -> Iterator[tuple[str, str, str, bool]]:
    """Where each address can best be reached by this person: at the thing for which it answers most kindly."""
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for name, page, _subject, path in every_address(subjects):
        for method in ("GET", "POST"):
            if best.get((name, method), (9, ""))[0] == 0:  # nothing answers more kindly than with a page
                continue
            response = _ask(client, method, path, page.data)
            is_sent_away = response.headers.get("Location", "").startswith("/sign-in/") and not path.startswith(
                "/sign-"
            )
            rank = 2 if is_sent_away else {404: 3, 405: 4, 403: 2, 302: 1}.get(response.status_code, 0)
            if rank < best.get((name, method), (9, ""))[0]:
                best[name, method] = rank, path
    yield from ((name, method, path, rank > 1) for (name, method), (rank, path) in best.items() if rank < 4)


def _forms_on_pages(client: Client, subjects: Subjects) -> Iterator[Form]:
    waiting = [path for _n, _p, _s, path in every_address(subjects)]
    seen: set[str] = set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith("/static/"):
            continue
        markup = _forms_at(client, path)
        if markup.links:
            seen.add(path)
            yield from markup.forms
            waiting += markup.links


def _forms_at(client: Client, path: str) -> Markup:
    """The page, as far as it is one; every page of ours has links."""
    response = _ask(client, "GET", path, {})
    is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    return Markup(path, response.content.decode() if is_page else "")


def _learn(sending: Sending, form: Form) -> None:
    sending.path, sending.is_shut = form.action, False
    for name, values in form.data.items():
        sending.data.setdefault(name, values)
    for one in form.fields:
        # A browser sends the one button that was pressed: here the nameless one that ends the form.
        sending.data.setdefault(one.name, [""] if one.kind == "submit" else [one.value])
        sending.kinds[one.name] = one.kind


def _learn_from_classes(sending: Sending) -> None:
    """The names that the view's own form classes know, also where no page shows them now."""
    for name, kind in _fields_of(resolve(sending.path.partition("?")[0]).func.__module__).items():
        sending.data.setdefault(name, [""])
        sending.kinds.setdefault(name, kind)


@functools.cache
def _fields_of(module: str) -> dict[str, str]:
    """The fields of the forms that a module of views has at hand; of its whole app where it names none itself."""
    app = ".".join(module.split(".")[:2])
    everything = [form for form in _all_forms() if form.__module__.startswith(f"{app}.")]
    at_hand = _at_hand(importlib.import_module(module))
    return {
        name: type(one).__name__
        for form in [form for form in everything if form in at_hand] or everything
        for name, one in getattr(form, "base_fields", {}).items()
    }


def _at_hand(module: ModuleType) -> set[Any]:
    """What stands in a module, and in the modules of forms that it names."""
    named = list(vars(module).values())
    inside = [one for each in named if isinstance(each, ModuleType) for one in vars(each).values()]
    return {one for one in (*named, *inside) if isinstance(one, type)}


@functools.cache
def _all_forms() -> list[type[Any]]:
    for module in pkgutil.walk_packages(stoep.__path__, "stoep."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    return list(_subclasses(django_forms.BaseForm))


def _subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    below: list[type[Any]] = kind.__subclasses__()
    for one in below:
        yield one
        yield from _subclasses(one)
