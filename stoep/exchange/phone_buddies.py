"""Phone buddies: asked for and offered with a message, found by a skill; a call begins in a conversation.

No number is asked for, kept or shown: whoever wants to be called gives it to the other one, there.
"""

from django.utils.translation import gettext_lazy as _

from stoep.feed.starters import Starter

STARTERS = (
    Starter(
        "phone-buddy",
        "help_wanted",
        _("I am looking for a phone buddy"),
        _("I would like to talk to somebody by phone now and then. Send me a message, then we agree when."),
        {"help-skill": "calling"},
    ),
    Starter(
        "be-phone-buddy",
        "help_offered",
        _("I want to be a phone buddy"),
        _("Shall we call each other now and then? Send me a message, then we agree when."),
    ),
)
