"""The privacy notice: what is done with people's data, in plain words, by version, and who handles it for us."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stoep.people.terms import Section, Terms

NOTICES: tuple[Terms, ...] = (
    Terms(
        "1",
        date(2026, 11, 24),
        (
            Section(
                _("In short"),
                (
                    _("Neighbours see your name and your street, and what you write for them."),
                    _("Nobody sees your house number, your e-mail address or your phone number."),
                    _("The city reads only what you share with it."),
                    _("No advertising, no profiles, nothing is sold, nothing leaves for other websites."),
                ),
            ),
            Section(
                _("What the city never sees"),
                (
                    _("What neighbours write to each other and do not share with the city."),
                    _("Who lives where, and who joined or did not join."),
                    _("Who reported, blocked or complained about somebody."),
                    _("A figure about fewer than five people."),
                ),
            ),
            Section(
                _("Who could see more"),
                (
                    _("Whoever runs the server can technically read what lies on it. It is in a contract who may."),
                    _("E-mail addresses and mails lie there encrypted. The key is kept apart."),
                    _("A moderator sees only what was reported, and two messages around it."),
                ),
            ),
            Section(
                _("Your rights"),
                (
                    _("You can see, correct and download everything, under “Me”."),
                    _("You can leave there too. For 14 days you can come back, then all is erased."),
                    _("Copies for emergencies are kept for 35 days. Who was erased stays erased."),
                    _("What you agreed to, you can take back as easily."),
                    _("You can ask for a pause in the use of your data, or object. Ask the contact below."),
                    _("You can complain to the Data Protection Authority, Drukpersstraat 35, 1000 Brussels."),
                ),
            ),
            Section(
                _("Cookies"),
                (
                    _("Four, and all of them are needed: your visit, the safety of forms."),
                    _("And language and letters, and whether it is the same browser as before."),
                ),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Processor:
    """Somebody who handles data for the controller, by contract (GDPR art. 28)."""

    name: str
    task: str


def processors() -> list[Processor]:
    """As the settings name them: "Post & Co: letters; Mail Inc: mails"."""
    named = (each.partition(":") for each in settings.STOEP_PROCESSORS.split(";") if each.strip())
    return [Processor(name.strip(), task.strip()) for name, _colon, task in named]
