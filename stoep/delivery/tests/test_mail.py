"""How a mail looks on the wire: text and HTML, its language, who sent it, and nothing that a writer smuggled in."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from stoep.common import clock
from stoep.delivery.letterbox import Envelope, post_mail
from stoep.delivery.links import site_url
from stoep.delivery.mail import message_of
from stoep.delivery.models import Mail
from stoep.delivery.sending import send_due_mails
from stoep.delivery.tests.post_office import PostOffice, opened
from stoep.operations.cast import Cast
from stoep.places.models import Municipality

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

Post = Callable[..., Mail]


@pytest.fixture
def post(cast: Cast) -> Post:
    def make(recipient: str = "reader@reader.example", language: str = "nl", code: str = "123 456") -> Mail:
        envelope = Envelope(cast.cities["hasselt"], recipient, language)
        made = post_mail(envelope, template="joining/mail/staff_code", context={"code": code}, now=clock.now())
        assert made is not None
        return Mail.objects.select_related("municipality").get(pk=made)

    return make


def parts(message: EmailMessage) -> dict[str, str]:
    return {part.get_content_type(): part.get_content() for part in message.iter_parts()}


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_every_mail_has_text_and_html_in_its_readers_language(office: PostOffice, post: Post, language: str) -> None:
    mail = post(language=language)
    send_due_mails()
    (message,) = office.taken
    assert message.get_content_type() == "multipart/alternative"
    found = parts(message)
    assert list(found) == ["text/plain", "text/html"]
    assert "123 456" in found["text/plain"]
    assert f'<html lang="{language}">' in found["text/html"]
    assert message["Content-Language"] == language
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{mail.pk}@buurt.hasselt.example>"
    assert message["Date"].datetime.timestamp() == int(mail.made_at.timestamp())
    assert "@" not in str(message["Subject"])


def test_a_repeat_is_the_same_to_the_letter(post: Post) -> None:
    mail = post()
    first, second = message_of(mail), message_of(Mail.objects.get(pk=mail.pk))
    for name in ("Message-ID", "Date", "From", "To", "Subject"):
        assert first[name] == second[name]


def test_it_comes_from_the_city_that_has_an_address_of_its_own(office: PostOffice, post: Post) -> None:
    post()
    send_due_mails()
    Municipality.objects.filter(slug="hasselt").update(mail_from="buurt@hasselt.example", name="Hasselt, “Limburg”")
    post()
    send_due_mails()
    assert office.senders == ["stoep@localhost", "buurt@hasselt.example"]
    assert [message["From"].addresses[0].addr_spec for message in office.taken] == office.senders
    assert office.taken[1]["From"].addresses[0].display_name.startswith("Hasselt, “Limburg”")


def test_what_people_write_travels_whole_and_in_seven_bits(office: PostOffice, post: Post) -> None:
    words = "Één, «zwei», ✓ 🚲 " + "lang " * 300
    post(code=words)
    send_due_mails()
    (message,) = office.taken
    assert words.strip() in parts(message)["text/plain"]
    raw = message.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998


@pytest.mark.parametrize(
    "words", ["one\r\nBcc: other@evil.example", "one\nX-Evil: yes", "one\r\n\r\nbody", "a\u2028Bcc: b@evil.example"]
)
def test_a_subject_is_one_line_whatever_was_written(office: PostOffice, post: Post, words: str) -> None:
    post(code=words)
    send_due_mails()
    (message,) = office.taken
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert office.reached == ["reader@reader.example"]
    assert list(parts(message)) == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "recipient",
    [
        "one@reader.example, two@evil.example",
        "one@reader.example\r\nBcc: two@evil.example",
        "one@reader.example\nTo: two@evil.example",
        "One <one@reader.example>",
        "one@reader.example>\r\nRCPT TO:<two@evil.example",
        "no address",
        "@reader.example",
        "",
    ],
)
def test_an_address_that_is_not_just_one_is_refused_and_nobody_is_asked(
    office: PostOffice, post: Post, recipient: str
) -> None:
    post(recipient)
    post("honest@reader.example")
    assert send_due_mails() == 1
    assert office.reached == ["honest@reader.example"]
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["refused", "sent"]


@pytest.mark.parametrize("is_able", [True, False])
def test_an_address_that_a_server_cannot_write_is_refused(
    smtp_settings: Callable[..., None], post: Post, is_able: bool
) -> None:
    """Accents before the @ need SMTPUTF8."""
    post("zoé@reader.example")
    post("zoe@reader.example")
    with opened(enable_SMTPUTF8=is_able) as office:
        smtp_settings(port=office.port)
        send_due_mails()
    assert office.reached == (["zoé@reader.example"] if is_able else []) + ["zoe@reader.example"]
    assert Mail.objects.filter(state="refused").exists() is not is_able


def test_markup_in_what_people_write_stays_text(office: PostOffice, post: Post) -> None:
    post(code="<script>alert(1)</script> & co")
    send_due_mails()
    found = parts(office.taken[0])
    assert "<script>" not in found["text/html"]
    assert "<script>alert(1)</script> & co" in found["text/plain"]


@pytest.mark.parametrize(
    ("host", "wanted"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("box", "box")],
)
def test_a_link_can_be_opened_wherever_the_rehearsal_listens(settings: "Settings", host: str, wanted: str) -> None:
    settings.STOEP_HOST, settings.STOEP_PORT = host, 8600
    assert site_url(Municipality(host="buurt.hasselt.example"), "/posts/") == f"http://{wanted}:8600/posts/"


def test_a_real_citys_links_lead_to_its_own_host(settings: "Settings") -> None:
    settings.IS_REHEARSAL = False
    assert site_url(Municipality(host="buurt.hasselt.example"), "/") == "https://buurt.hasselt.example/"
