"""Placeholder until the real module lands within minutes."""

from markupsafe import Markup, escape


def paragraphs_to_html(text: str) -> Markup:
    return Markup("<p>") + escape(text) + Markup("</p>")


def clean_text(text: str) -> str:
    return text.replace("\0", "").strip()


def clean_name(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def has_first_and_last_name(name: str) -> bool:
    return len(name.split()) > 1


def looks_official(name: str) -> bool:
    return name.casefold().startswith(("stad ", "gemeente "))


def initials(name: str) -> str:
    words = name.split() or ["?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def first_name_and_initial(name: str) -> str:
    words = name.split()
    return f"{words[0]} {words[-1][:1].upper()}." if len(words) > 1 else name


def excerpt(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def contains_national_number(text: str) -> bool:
    return False


def without_national_numbers(text: str) -> str:
    return text
