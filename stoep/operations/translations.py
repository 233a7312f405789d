"""Says which sentence of the program has no faithful translation in which language; `--update` adds new sentences."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("nl", "fr", "de")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
HEADER = """# Translations of Stoep. `python -m stoep.operations.translations --update` adds new sentences, empty.
msgid ""
msgstr ""
"Project-Id-Version: Stoep\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")


def incomplete() -> Iterator[str]:
    """One line for each sentence that is missing, empty, unsure, no longer used, or has other placeholders."""
    template = _extracted()
    for language in LANGUAGES:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        if not path.exists():
            yield f"{language}: no catalogue"
            continue
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        yield from (f"{language}: {text}" for text in _differences(template, catalogue))


def update() -> None:
    """Bring new sentences into every catalogue, untranslated, and take out those that nobody says any more."""
    template = _extracted()
    for language in LANGUAGES:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        catalogue.update(template, no_fuzzy_matching=True)
        path.write_text(_written(catalogue, language))


def _written(catalogue: Catalog, language: str) -> str:
    """In alphabetical order, without the dates and names that would change with every run."""
    body = io.BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True, width=120)
    header = HEADER.format(language=language, plurals=catalogue.plural_forms)
    return f"{header}\n{body.getvalue().decode().strip()}\n"


def _extracted() -> Catalog:
    with (ROOT / "config" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel types only a part of itself
    catalogue = Catalog()
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_ours)
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    return catalogue


def _is_ours(folder: str | Path) -> bool:
    return not Path(folder).name.startswith(".") and Path(folder).name not in {"var", "build", "node_modules"}


def _differences(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in template:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        if translated is None:
            yield f"missing: {message.id}"
        else:
            yield from _faults(message, translated)
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {message.id}"


def _faults(message: Message, translated: Message) -> Iterator[str]:
    originals = _forms(message.id)
    forms = _forms(translated.string)
    if not forms or not all(forms):
        yield f"empty: {message.id}"
        return
    if translated.fuzzy:
        yield f"unsure (fuzzy): {message.id}"
    # The singular may spell its number out, so a form fits when it has the placeholders of either original.
    allowed = [set(PLACEHOLDER.findall(text)) for text in originals]
    if any(set(PLACEHOLDER.findall(form)) not in allowed for form in forms):
        yield f"other placeholders: {message.id}"


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    if text is None:
        return []
    return [text] if isinstance(text, str) else list(text)


def main(words: list[str]) -> int:
    if words == ["--update"]:
        update()
        return 0
    found = list(incomplete())
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
