"""The demo's mailbox as pages: newest first; every link in a mail can be followed."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stoep.access.decorators import public
from stoep.operations.demo_door import only_in_demo

SHOWN = 100
NAME = re.compile(r"^\d{8}-\d{6}-\d{6}$")
# A mail is a page of its own: it may look as it likes, and do nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"


@dataclass(frozen=True)
class KeptMail:
    """`language`: of its words, which need not be that of whoever looks. Empty where the mail does not say."""

    name: str
    language: str
    recipient: str
    subject: str
    at: datetime
    text: str
    html: str


@public
@only_in_demo
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    names = sorted((path.stem for path in _folder().glob("[0-9]*.eml")), reverse=True)[:SHOWN]
    return render(request, "operations/mailbox.html", {"mails": [_read(name) for name in names]})


@public
@only_in_demo
@require_GET
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "operations/mail.html", {"mail": _read(name)})


@public
@only_in_demo
@require_GET
def mail_page(_request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_read(name).html, headers={"Content-Security-Policy": POLICY})


def _folder() -> Path:
    return Path(settings.STOEP_VAR) / "mailbox"


def _read(name: str) -> KeptMail:
    path = _folder() / f"{name}.eml"
    if not NAME.match(name) or not path.is_file():
        raise Http404
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return KeptMail(
        name=name,
        language=str(message["Content-Language"] or ""),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))
    return str(found.get_content()) if found is not None else ""
