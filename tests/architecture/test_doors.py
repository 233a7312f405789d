"""Every address says whom it lets in; nothing is reachable by accident."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every pattern of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_view_carries_a_door() -> None:
    open_doors = [str(pattern.pattern) for pattern in patterns() if not hasattr(pattern.callback, "door")]
    assert open_doors == []


def test_every_address_has_a_name_of_its_own() -> None:
    names = [pattern.name for pattern in patterns()]
    assert None not in names
    assert len(names) == len(set(names))


def test_what_is_public_is_a_short_list() -> None:
    """A new public page is a decision: it is written down here."""
    public = {pattern.name for pattern in patterns() if getattr(pattern.callback, "door", "") == "public"}
    assert public == PUBLIC


PUBLIC = {
    "change_email_unused",
}
