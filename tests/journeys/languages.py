"""Which sentences of ours stand on a page in English although it is in another language."""

import re
from functools import cache

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from stoep.operations.translations import PLACEHOLDER, ROOT

LEAST_LETTERS = 8
TEXTS = """() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("script, style, textarea, [lang]:not(html)")) {
      found.push(walker.currentNode.data);
    }
  }
  for (const name of ["aria-label", "alt", "title", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name));
  }
  return found;
}"""


def english_on(page: Page, language: str) -> list[str]:
    texts: list[str] = page.evaluate(TEXTS)
    words = {" ".join(text.split()) for text in texts}
    plain, patterns = _sources(language)
    open_ends = {text for text in words for pattern in patterns if pattern.fullmatch(text)}
    return sorted((words & plain) | open_ends)


@cache
def _sources(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The English sentences that this language says in other words: whole ones, and those with something put in."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if message.id]
    said = {text for message in messages for text in _all(message.string)}
    wanted = {text for message in messages for text in _all(message.id)} - said
    plain = {" ".join(text.split()) for text in wanted if not PLACEHOLDER.search(text)}
    open_ended = [PLACEHOLDER.split(text) for text in wanted if PLACEHOLDER.search(text)]
    long = [parts for parts in open_ended if sum(map(str.isalpha, "".join(parts))) >= LEAST_LETTERS]
    return frozenset(plain), tuple(re.compile(".+".join(map(re.escape, parts))) for parts in long)


def _all(text: "str | list[str] | tuple[str, ...] | None") -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())
