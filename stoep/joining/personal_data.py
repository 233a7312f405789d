"""What this app holds about people, why, until when, and how it ends."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from stoep.joining.forgetting import (
    DISPUTES_KEPT_FOR,
    INVITATIONS_KEPT_FOR,
    VOUCHES_KEPT_FOR,
    forget_old_disputes,
    forget_old_invitations,
    forget_old_vouches,
)
from stoep.joining.models import (
    CodeUse,
    Dispute,
    Invitation,
    InvitationUse,
    NewcomerReminder,
    NoLetters,
    ReturnCredential,
    Ticket,
    Vouch,
)
from stoep.joining.phones import take_back_emergency_number
from stoep.joining.signing_in import TICKETS_KEPT
from stoep.people.data_map import Basis, Declaration, Deleted, Exported, Impersonal, Kept, NotExported, Unlinked
from stoep.people.models import Consent
from stoep.people.personal_data import AS_LONG_AS_HERE

# Of the library behind the staff's door: `staff_secrets.py` seals what stands in it.
Authenticator = apps.get_model("mfa", "Authenticator")
EmailAddress = apps.get_model("account", "EmailAddress")
EmailConfirmation = apps.get_model("account", "EmailConfirmation")
SocialAccount = apps.get_model("socialaccount", "SocialAccount")
SocialToken = apps.get_model("socialaccount", "SocialToken")

DATA = (
    Declaration(
        model=CodeUse,
        what=_("With which letter you joined"),
        purpose=_("Only who got a letter comes in."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported("person", {"used_at": _("When")}),
        erased=(Deleted("person"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=Invitation,
        what=_("Invitations that you made"),
        purpose=_("Somebody you know can come in, and nobody else."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("30 days after they end"), INVITATIONS_KEPT_FOR, forget_old_invitations),),
        exported=Exported(
            "inviter", {"created_at": _("Made"), "expires_at": _("Good until"), "uses": _("People who came")}
        ),
        erased=(Deleted("inviter"),),
        seen_by=_("you, and who holds the link: your first name and initial"),
    ),
    Declaration(
        model=InvitationUse,
        what=_("With which invitation you joined"),
        purpose=_("An invitation lets in a few people only."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("30 days after the invitation ends")),),
        exported=Exported("person", {"used_at": _("When")}),
        erased=(Deleted("person"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=Vouch,
        what=_("For which newcomers you said: I know them"),
        purpose=_("Who has no letter is let in by neighbours who know them."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("12 months"), VOUCHES_KEPT_FOR, forget_old_vouches),),
        exported=Exported("voucher", {"created_at": _("When")}),
        erased=(Deleted("voucher"), Deleted("newcomer")),
        seen_by=_("nobody; the newcomer sees how many said it"),
    ),
    Declaration(
        model=Dispute,
        what=_("That somebody said you do not live at your address, and what the desk decided"),
        purpose=_("Nobody stays who came in with somebody else's letter."),
        basis=Basis.SAFETY,
        kept=(Kept(_("12 months after the decision"), DISPUTES_KEPT_FOR, forget_old_disputes),),
        exported=Exported("person", {"opened_at": _("When"), "decided_at": _("Decided"), "outcome": _("Decided for")}),
        erased=(Deleted("person"), Unlinked("decided_by")),
        seen_by=_("you and the desk"),
    ),
    Declaration(
        model=NewcomerReminder,
        what=_("That we reminded you of being a newcomer"),
        purpose=_("You hear of it once, and in time."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported("membership__person", {"reminded_at": _("When")}),
        erased=(Deleted("membership__person"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=ReturnCredential,
        what=_("That you come in with your letter and your own key"),
        purpose=_("You can come back without e-mail."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported("person", {"created_at": _("Since")}),
        erased=(Deleted("person"),),
        seen_by=_("nobody: we keep it unreadable"),
    ),
    Declaration(
        model=Ticket,
        what=_("Links and codes that we mailed to you"),
        purpose=_("You come in without a password."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("14 days after they end"), TICKETS_KEPT),),
        exported=Exported(
            "person",
            {"purpose": _("For"), "email": _("To"), "number": _("To"), "created_at": _("Made"), "used_at": _("Used")},
        ),
        erased=(Deleted("person"),),
    ),
    Declaration(
        model=Authenticator,
        what=_("The staff's second key"),
        purpose=_("Nobody comes in with a stolen mailbox alone."),
        basis=Basis.SAFETY,
        kept=(AS_LONG_AS_HERE,),
        exported=NotExported(_("It is a secret; you have it in your app.")),
        erased=(Deleted("user"),),
        seen_by=_("nobody: we keep it unreadable"),
    ),
    Declaration(
        model=SocialAccount,
        what=_("Accounts elsewhere, of the library for the staff's door"),
        purpose=_("Not used: the table stays empty."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=NotExported(_("The table is empty.")),
        erased=(Deleted("user"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=EmailAddress,
        what=_("Addresses of the library for the staff's door"),
        purpose=_("Not used: the table stays empty."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=NotExported(_("The table is empty.")),
        erased=(Deleted("user"),),
        seen_by=_("nobody"),
    ),
)
TAKEN_BACK = {Consent.Purpose.EMERGENCY_PHONE.value: take_back_emergency_number}
IMPERSONAL = (
    Impersonal(NoLetters, _("Letterboxes to which no letters go, whoever lives there.")),
    Impersonal(EmailConfirmation, _("Not used: the table stays empty.")),
    Impersonal(SocialToken, _("Not used: the table stays empty.")),
)
