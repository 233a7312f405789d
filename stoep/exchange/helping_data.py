"""What this app holds about people, why, until when, and how it ends."""

from django.utils.translation import gettext_lazy as _

from stoep.exchange import helping_leaving
from stoep.exchange.models import Hazard, HelpOffer, HelpRequest, LostFound, Service
from stoep.people.data_map import Basis, Declaration, Deleted, ErasedBy, Exported, GoesWith, Hiding, Kept

READERS = _("the neighbours whom the message names, and the city if you shared it")
WITH_MESSAGE = Kept(_("as long as the message"))
GOES = GoesWith(_("with the message"))
MESSAGE = _("Message")

DATA = (
    Declaration(
        model=HelpRequest,
        what=_("When and where you ask for help, and how far your request may go"),
        purpose=_("Neighbours know whether they can help you, and a request does not wait unseen."),
        basis=Basis.CONTRACT,
        kept=(WITH_MESSAGE,),
        exported=Exported(
            "post__author",
            {
                "post.title": MESSAGE,
                "when": _("When"),
                "day": _("Day"),
                "where": _("Where"),
                "keeps_distance": _("Without contact"),
                "may_go_next_door": _("May be shown next door"),
                "may_go_to_city": _("May be shared with the city"),
                "opened_next_door_at": _("Shown next door"),
                "shared_with_city_at": _("Shared with the city"),
            },
        ),
        erased=(Deleted("post__author"), GOES),
        seen_by=READERS,
    ),
    Declaration(
        model=HelpOffer,
        what=_("With which requests you wanted to help"),
        purpose=_("Whoever asked for help can choose who helps."),
        basis=Basis.CONTRACT,
        kept=(WITH_MESSAGE,),
        exported=Exported(
            "helper",
            {
                "offered_at": _("When"),
                "chosen_at": _("Your help was taken"),
                "withdrawn_at": _("Taken back"),
                "keeps_distance": _("Without contact"),
            },
        ),
        erased=(ErasedBy(_("deleted"), helping_leaving.erase_offers), GOES),
        seen_by=_("whoever asked for help; who was thanked, also the neighbours who see the message"),
        hidden=Hiding(helping_leaving.hide_offers, helping_leaving.show_offers),
    ),
    Declaration(
        model=Service,
        what=_("Which service you look for or offer, when, and the age of children"),
        purpose=_("Neighbours know whether it suits them."),
        basis=Basis.CONTRACT,
        kept=(WITH_MESSAGE,),
        exported=Exported(
            "post__author",
            {"post.title": MESSAGE, "side": _("Sought or offered"), "when": _("When"), "ages": _("Age of children")},
        ),
        erased=(Deleted("post__author"), GOES),
        seen_by=READERS,
    ),
    Declaration(
        model=LostFound,
        what=_("What you lost or found, where, and your words of thanks"),
        purpose=_("Neighbours can search along."),
        basis=Basis.CONTRACT,
        kept=(WITH_MESSAGE,),
        exported=Exported(
            "post__author",
            {
                "post.title": MESSAGE,
                "side": _("Lost or found"),
                "what": _("What"),
                "where": _("Where"),
                "opened_next_door_at": _("Shown next door"),
                "found_at": _("Found again"),
                "thank_you": _("Your words"),
            },
        ),
        erased=(Deleted("post__author"), GOES),
        seen_by=READERS,
    ),
    Declaration(
        model=Hazard,
        what=_("What you found unsafe, where and when"),
        purpose=_("Neighbours can take care."),
        basis=Basis.CONTRACT,
        kept=(WITH_MESSAGE,),
        exported=Exported(
            "post__author", {"post.title": MESSAGE, "what": _("What"), "where": _("Where"), "when": _("When")}
        ),
        erased=(Deleted("post__author"), GOES),
        seen_by=READERS,
    ),
)
