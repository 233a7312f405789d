"""What may stand in an address: `<text:…>` is Django's `<str:…>` without the signs that no database takes."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class TextConverter(StringConverter):
    """No control signs: with a NUL in it an address names nothing, and PostgreSQL refuses the very question."""

    regex = r"[^/\x00-\x1f\x7f]+"


def register() -> None:
    """Before the first address is declared."""
    register_converter(TextConverter, "text")
