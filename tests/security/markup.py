"""What a page would make a browser do: run, load, send; and the forms that stand on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

# What a browser fetches or sends to by itself; where a link leads is its reader's own choice.
LOADS = {
    ("img", "src"), ("img", "srcset"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("source", "srcset"),
    ("video", "src"), ("video", "poster"), ("audio", "src"), ("embed", "src"), ("object", "data"), ("input", "src"),
    ("link", "href"), ("use", "href"), ("image", "href"), ("form", "action"), ("button", "formaction"),
    ("input", "formaction"),
}  # fmt: skip
ADDRESSES = {name for _tag, name in LOADS} | {"xlink:href", "ping", "cite", "background"}
NEVER = {"base", "embed", "frame", "iframe", "object", "style"}
VOID_INPUTS = {"submit", "button", "image", "reset"}


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    values: list[str] = field(default_factory=list)
    is_required: bool = False
    is_checked: bool = False


@dataclass
class Form:
    """As it stands on a page: where it goes and what it asks for, buttons with a name or address too."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    mark: str = ""

    @property
    def data(self) -> dict[str, list[str]]:
        """What a browser would send if nobody typed anything."""
        found: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in {"radio", "checkbox"}:
                if one.is_checked:
                    found.setdefault(one.name, []).append(one.value)
            elif one.kind not in {"file", "submit"}:
                found.setdefault(one.name, []).append(one.value)
        return found


class Markup(HTMLParser):
    """Reads one page. `faults`: what the policy forbids or what goes to another host."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path.partition("?")[0]
        self.faults: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._loose: list[tuple[str, Field]] = []
        self._choice: Field | None = None
        self._area: Field | None = None
        self._actions: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        self._give_loose_fields()

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        self.faults += _faults(tag, attributes)
        if tag == "a" and attributes.get("href", "").startswith("/"):
            self.links.append(attributes["href"])
        if tag == "form":
            self._open = Form(
                attributes.get("action") or self.path,
                attributes.get("method", "get").lower(),
                mark=attributes.get("id", ""),
            )
            self.forms.append(self._open)
        elif tag in {"input", "textarea", "select", "button"}:
            self._add(tag, attributes)
        elif tag == "option" and self._choice is not None:
            self._option(attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._choice = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def _add(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text") if tag == "input" else tag
        kind = "submit" if tag == "button" or kind in VOID_INPUTS else kind
        found = Field(
            attributes.get("name", ""),
            kind,
            attributes.get("value", "on" if kind in {"checkbox", "radio"} else ""),
            is_required="required" in attributes,
            is_checked="checked" in attributes,
        )
        if "formaction" in attributes:
            self._actions.append((attributes["formaction"], attributes.get("form", "")))
        self._choice = found if tag == "select" else self._choice
        self._area = found if tag == "textarea" else self._area
        if not found.name:
            return
        if "form" in attributes:
            self._loose.append((attributes["form"], found))
        elif self._open is not None:
            self._open.fields.append(found)

    def _option(self, attributes: dict[str, str]) -> None:
        assert self._choice is not None
        value = attributes.get("value", "")
        self._choice.values.append(value)
        if "selected" in attributes or len(self._choice.values) == 1:
            self._choice.value = value

    def _give_loose_fields(self) -> None:
        by_mark = {form.mark: form for form in self.forms if form.mark}
        for mark, one in self._loose:
            if mark in by_mark:
                by_mark[mark].fields.append(one)
        for action, mark in self._actions:
            of = by_mark.get(mark)
            self.forms.append(Form(action, "post", list(of.fields) if of else []))


def _faults(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag in NEVER:
        yield f"<{tag}>"
    if tag == "script" and not attributes.get("src") and attributes.get("type") != "application/json":
        yield "a script in the page"
    for name, value in attributes.items():
        if name == "style" or name.startswith("on"):
            yield f"<{tag} {name}=…>"
        if name in ADDRESSES and value.strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
            yield f"<{tag} {name}={value[:40]}>"
        if (tag, name) in LOADS and not value.startswith("data:image/") and (urlsplit(value).netloc or "//" in value):
            yield f"<{tag} {name}={value[:60]}>"
    if attributes.get("http-equiv", "").lower() == "refresh":
        yield "a page that goes elsewhere by itself"
