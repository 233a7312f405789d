"""The house rules: in plain words, by version. Whoever joins agrees to the newest; older ones stay readable."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.people.models import Consent, Person


@dataclass(frozen=True)
class Section:
    """`lines`: one thought each."""

    title: Promise
    lines: tuple[Promise, ...]


@dataclass(frozen=True)
class Terms:
    """A text as it held from one day on. To change it, add a version in front; never edit one that people read."""

    version: str
    since: date
    sections: tuple[Section, ...]


HOUSE_RULES: tuple[Terms, ...] = (
    Terms(
        "1",
        date(2026, 11, 24),
        (
            Section(
                _("Who takes part"),
                (
                    _("You live in this neighbourhood, and you are 16 or older."),
                    _("You use your own first and last name."),
                    _("You speak for yourself, not for an office or a company."),
                ),
            ),
            Section(
                _("How we treat each other"),
                (
                    _("You are friendly, also when you disagree."),
                    _("What neighbours write stays in the neighbourhood."),
                    _("You ask people before you show a photo of them."),
                    _("In danger you call 112, not your neighbours."),
                ),
            ),
            Section(
                _("What does not belong here"),
                (
                    _("Threats, insults, hate, and gossip about people."),
                    _("Addresses, illnesses or debts of somebody else."),
                    _("Advertising, chain letters, and anything that the law forbids."),
                    _("False names, and pretending to be the city."),
                ),
            ),
            Section(
                _("When something goes wrong"),
                (
                    _("Anybody can report a message. A person looks at it, not a machine."),
                    _("A moderator can hide or delete a message, close the answers, or pause somebody."),
                    _("Whoever is concerned hears what was decided, and why."),
                    _("You can appeal for six months. Somebody else decides then, for free."),
                    _("Programs only warn, or ask “Is this how you want to say it?”. They decide nothing."),
                ),
            ),
            Section(
                _("The order of the feed"),
                (
                    _("The newest message stands on top, for everybody. Nothing is chosen for you."),
                    _("There is no advertising, and nobody pays to be seen."),
                ),
            ),
            Section(
                _("Leaving, and new rules"),
                (
                    _("You can leave any day, under “Me”. Everything of yours goes with you."),
                    _("If we change these rules, you read it here first. Older versions stay."),
                ),
            ),
        ),
    ),
)


def current() -> Terms:
    return HOUSE_RULES[0]


def agree_to_house_rules(person: Person, *, form: str, now: datetime) -> None:
    """Somebody pressed the button under the rules: noted with their version, and where (`form`)."""
    purpose, version = Consent.Purpose.HOUSE_RULES, current().version
    given = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None)
    given.exclude(version=version).update(withdrawn_at=now)
    if not given.exists():
        Consent.objects.create(person=person, purpose=purpose, version=version, form=form, given_at=now)


def has_new_rules(person: Person) -> bool:
    """Whether the rules changed since this neighbour agreed. The city's staff has rules of its own."""
    given = Consent.objects.filter(person=person, purpose=Consent.Purpose.HOUSE_RULES, withdrawn_at=None)
    return not person.is_staff_member and not given.filter(version=current().version).exists()
