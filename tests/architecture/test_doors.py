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


def test_every_door_is_one_of_the_few_that_there_are() -> None:
    doors = {str(getattr(pattern.callback, "door", "")).split(":")[0] for pattern in patterns()}
    assert doors == DOORS


def test_every_address_has_a_name_of_its_own() -> None:
    names = [pattern.name for pattern in patterns()]
    assert None not in names
    assert len(names) == len(set(names))


def test_what_is_public_is_a_short_list() -> None:
    """A new public page is a decision: it is written down here."""
    public = {pattern.name for pattern in patterns() if getattr(pattern.callback, "door", "") == "public"}
    assert public == PUBLIC


PUBLIC = {
    # Coming in: with a letter, on a neighbour's invitation, with a mail, as staff.
    "ask_letter",
    "invitation_link",
    "join",
    "join_contact",
    "join_dispute",
    "join_for_somebody",
    "return_card",
    "join_invited",
    "join_name",
    "letter_link",
    "no_code",
    "no_letters",
    "sign_in",
    "sign_in_code",
    "sign_in_letter",
    "sign_in_link",
    "sign_in_text",
    "sign_in_text_code",
    "staff_app",
    "staff_app_set_up",
    "staff_code",
    "staff_passkey",
    "staff_provider",
    "staff_provider_back",
    "staff_sign_in",
    # A mailed question, opened in whatever browser the mail is read in.
    "confirm_email",
    "confirm_phone",
    # The city's own pictures, on every page.
    "app_icon",
    "app_manifest",
    "offline",
    "service_worker",
    "logo",
    # One click stops a stream of mail, wherever it is read: the token is the proof.
    "calendar",
    "stop_mail",
    # Language, look and text size of this browser; a city's colour.
    "preferences",
    "theme",
    # Who left and has just shown who they are: whether they come back.
    "come_back",
    # What holds for everybody: the house rules and the privacy notice, older versions too.
    "house_rules",
    "house_rules_version",
    "privacy",
    "privacy_version",
    # The operator's health and metrics; and the demo's own, which are nowhere but in a demo.
    # Anybody may report something illegal, and look where that stands.
    "notice",
    "notice_receipt",
    # The operator's health page; and the demo's own, which are nowhere but in a demo.
    "demo",
    "demo_mail",
    "demo_mail_page",
    "demo_mailbox",
    "demo_session",
    "health",
    "metrics",
    "styleguide",
}
DOORS = {"public", "readers", "signed in", "neighbours", "staff"}
