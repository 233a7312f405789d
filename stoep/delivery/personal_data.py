"""What this app holds about people, why, until when, and how it ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.delivery.forgetting import (
    NOTICES_KEPT,
    ROWS_KEPT,
    drop_waiting,
    forget_digests,
    forget_mails,
    forget_notices,
    forget_texts,
    forget_told,
    stay_dropped,
)
from stoep.delivery.models import (
    DIGEST,
    Digest,
    Mail,
    MailChoices,
    Notification,
    OutboxEntry,
    Push,
    PushDevice,
    Stream,
    TextMessage,
)
from stoep.delivery.pushing import forget_devices
from stoep.delivery.sending import BODIES_KEPT
from stoep.delivery.texts import WORDS_KEPT
from stoep.people.data_map import (
    Basis,
    Coded,
    Declaration,
    Deleted,
    Exported,
    ExportedBy,
    GoesWith,
    Hiding,
    Kept,
    NotExported,
    Unlinked,
)
from stoep.people.models import Consent

SENT = {"kind": _("Kind"), "recipient": _("To"), "made_at": _("Made"), "sent_at": _("Sent")}
STREAMS = {**dict(Stream.choices), DIGEST: _("The daily mail")}


def _sent(message: Mail | TextMessage) -> dict[str, Any]:
    """The words for its kind say why it came; what nobody can stop is a code, or what somebody must know."""
    stream = message.stream if isinstance(message, Mail) else ""
    plain = ("recipient", "made_at", "sent_at")
    kind = Coded(message.kind, STREAMS.get(stream, _("A code, or something you must know")))
    return {"kind": kind} | {name: getattr(message, name) for name in plain}


DATA = (
    Declaration(
        model=OutboxEntry,
        what=_("That something happened of which others must hear"),
        purpose=_("Nobody misses an answer, and nobody gets a mail twice."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("30 days after the mails were made"), ROWS_KEPT, forget_told),),
        exported=NotExported(_("It repeats what you wrote, which is in the download.")),
        erased=(Unlinked("actor"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=Mail,
        what=_("Mails to you"),
        purpose=_("You hear what concerns you."),
        basis=Basis.CONTRACT,
        kept=(
            Kept(_("words and address: 7 days after sending"), BODIES_KEPT),
            Kept(_("that it was sent: 30 days"), ROWS_KEPT, forget_mails),
        ),
        # Not their words: those are often somebody else's.
        exported=ExportedBy(SENT, lambda person: map(_sent, Mail.objects.filter(person=person).order_by("pk"))),
        erased=(Deleted("person"),),
        hidden=Hiding(drop_waiting, stay_dropped),
    ),
    Declaration(
        model=MailChoices,
        what=_("What you want to hear, and when"),
        purpose=_("You get no more mail than you want."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("as long as you are here")),),
        exported=Exported(
            "person",
            {
                "mine": _("Answers and thanks to me"),
                "chat": _("Chat"),
                "neighbourhood": _("New messages in my neighbourhood"),
                "city": _("Messages of the city"),
                "urgent": _("Urgent messages"),
                "is_weekly": _("At most one gathered mail a week"),
            },
        ),
        erased=(Deleted("person"),),
    ),
    Declaration(
        model=Digest,
        what=_("On which days you got the mail with what is new, and what was in it"),
        purpose=_("You get one a day at most, and nothing twice."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("30 days"), ROWS_KEPT, forget_digests),),
        exported=Exported("person", {"on": _("Day")}),
        erased=(Deleted("person"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=Notification,
        what=_("What stands behind your bell"),
        purpose=_("You see who answered you."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("90 days"), NOTICES_KEPT, forget_notices),),
        exported=NotExported(_("It repeats what others wrote; what you wrote is in the download.")),
        erased=(Deleted("person"), Unlinked("actor")),
    ),
    Declaration(
        model=TextMessage,
        what=_("Text messages to you"),
        purpose=_("You come in and hear what concerns you, without e-mail."),
        basis=Basis.CONTRACT,
        kept=(
            Kept(_("words and number: 7 days after sending"), WORDS_KEPT),
            Kept(_("that it was sent: 30 days"), ROWS_KEPT, forget_texts),
        ),
        exported=ExportedBy(SENT, lambda person: map(_sent, TextMessage.objects.filter(person=person).order_by("pk"))),
        erased=(Deleted("person"),),
    ),
    Declaration(
        model=PushDevice,
        what=_("The devices that may tell you something"),
        purpose=_("Your phone or computer can say that there is something for you."),
        basis=Basis.CONSENT,
        kept=(Kept(_("until you turn it off, or the device does not answer any more")),),
        exported=Exported("person", {"made_at": _("Turned on")}),
        erased=(Deleted("person"),),
        seen_by=_("The maker of your browser carries the message, and cannot read it."),
    ),
    Declaration(
        model=Push,
        what=_("Messages to your devices"),
        purpose=_("No device tells you the same thing twice."),
        basis=Basis.CONSENT,
        kept=(Kept(_("30 days")),),
        exported=NotExported(_("It says no more than that there is something new.")),
        erased=(GoesWith(_("deleted with the device")),),
        seen_by=_("nobody"),
    ),
)
TAKEN_BACK = {Consent.Purpose.PUSH: forget_devices}
