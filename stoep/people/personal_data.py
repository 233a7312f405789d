"""What this app holds about people, why, until when, and how it ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.people import kept_blocks, leaving
from stoep.people.data_map import (
    Basis,
    Coded,
    Declaration,
    Deleted,
    ErasedBy,
    Exported,
    ExportedBy,
    Hiding,
    Kept,
    NotExported,
    Unlinked,
)
from stoep.people.models import (
    Block,
    Consent,
    Group,
    GroupMember,
    KeptBlock,
    Membership,
    Mute,
    Person,
    PersonSkill,
    Phone,
    Role,
    Suspension,
)
from stoep.people.naming import shown_to
from stoep.people.skills import SKILLS

AS_LONG_AS_HERE = Kept(_("as long as you are here"))
SINCE, UNTIL = _("Since"), _("Until")


def _somebody(person: Person, other: Person) -> str:
    """As this person may see them: never more than the pages show."""
    home = Membership.objects.filter(person=other, ended_at=None).select_related("neighbourhood").first()
    return shown_to(
        person.standing,
        name=other.name,
        neighbourhood_id=home.neighbourhood_id if home else None,
        neighbourhood_name=home.neighbourhood.name if home else "",
        street_name=None,
    ).name


def _blocks(person: Person) -> list[dict[str, Any]]:
    found = Block.objects.filter(person=person).select_related("blocked").order_by("pk")
    return [{"blocked": _somebody(person, each.blocked), "created_at": each.created_at} for each in found]


def _mutes(person: Person) -> list[dict[str, Any]]:
    found = Mute.objects.filter(person=person).select_related("muted").order_by("pk")
    return [{"muted": _somebody(person, each.muted), "created_at": each.created_at} for each in found]


def _skills(person: Person) -> list[dict[str, Any]]:
    found = PersonSkill.objects.filter(person=person).order_by("pk").values_list("skill", "created_at")
    return [{"skill": Coded(key, SKILLS.get(key, key)), "created_at": at} for key, at in found]


DATA = (
    Declaration(
        model=Person,
        what=_("Your name, how we reach you, and how you like the pages"),
        purpose=_("Neighbours know who speaks, and you can come back."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported(
            "pk",
            {
                "name": _("Name"),
                "email": _("E-mail address"),
                "email_confirmed_at": _("Address confirmed"),
                "language": _("Language"),
                "look": _("Light or dark"),
                "text_size": _("Size of the letters"),
                "joined_at": _("Joined"),
                "feed_seen_at": _("Last visit"),
                "unreachable_at": _("Since when your address takes no mail"),
                "own_name": _("Your own name, while you are protected"),
                "protected_at": _("Protected since"),
                "skills_asked_at": _("When you said what you can help with, or rather not"),
            },
        ),
        erased=(ErasedBy(_("deleted"), leaving.erase_person),),
        seen_by=_("Your name: your neighbours. The rest: only you."),
    ),
    Declaration(
        model=Membership,
        what=_("Where you live, and how we know"),
        purpose=_("You see what concerns your street and your neighbourhood."),
        basis=Basis.CONTRACT,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported(
            "person",
            {
                "neighbourhood.name": _("Neighbourhood"),
                "household.address.street.name": _("Street"),
                "household.address.door": _("House number"),
                "household.address.postcode": _("Postcode"),
                "shown_street.name": _("Street that neighbours see"),
                "standing": _("Standing"),
                "proof": _("Proof"),
                "started_at": SINCE,
                "ended_at": UNTIL,
            },
        ),
        erased=(
            Deleted("person"),
            Unlinked("invited_by"),
            ErasedBy(_("an empty household goes"), leaving.forget_empty_households),
        ),
        seen_by=_("Your neighbours see the street, and never the house number."),
        hidden=Hiding(leaving.end_membership, leaving.resume_membership),
    ),
    Declaration(
        model=Role,
        what=_("Tasks that the city gave you"),
        purpose=_("Only who has a task can do what belongs to it."),
        basis=Basis.PUBLIC_TASK,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported(
            "person",
            {"role": _("Task"), "department.name": _("Department"), "granted_at": SINCE, "ended_at": UNTIL},
        ),
        erased=(Deleted("person"), Unlinked("granted_by")),
        seen_by=_("you and the city's administrators"),
        hidden=Hiding(leaving.end_tasks, leaving.resume_tasks),
    ),
    Declaration(
        model=Suspension,
        what=_("Whether your access was paused, and why"),
        purpose=_("Who breaks the house rules can be stopped for a while."),
        basis=Basis.SAFETY,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported("person", {"reason": _("Reason"), "started_at": SINCE, "ended_at": UNTIL}),
        erased=(Deleted("person"), Unlinked("imposed_by")),
        seen_by=_("you and the moderators"),
    ),
    Declaration(
        model=Phone,
        what=_("Your phone numbers"),
        purpose=_("Codes to sign in, and word in an emergency, if you want that."),
        basis=Basis.CONSENT,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported(
            "person", {"purpose": _("For"), "number": _("Number"), "confirmed_at": _("Confirmed"), "created_at": SINCE}
        ),
        erased=(Deleted("person"),),
    ),
    Declaration(
        model=Group,
        what=_("The groups that you began"),
        purpose=_("Neighbours with something in common write to each other."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("as long as the neighbourhood is here")),),
        exported=Exported("created_by", {"name": _("Name"), "about": _("What it is for"), "created_at": SINCE}),
        erased=(Unlinked("created_by"),),
        seen_by=_("your neighbours"),
    ),
    Declaration(
        model=GroupMember,
        what=_("The groups that you are in"),
        purpose=_("You see what is written to them."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you leave the group")),),
        exported=Exported("person", {"group.name": _("Group"), "asked_at": _("Asked"), "joined_at": SINCE}),
        erased=(Deleted("person"),),
        seen_by=_("who is in the group"),
    ),
    Declaration(
        model=Block,
        what=_("Whom you blocked"),
        purpose=_("You and they do not meet here."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you take it back, or one of you is gone")),),
        exported=ExportedBy({"blocked": _("Who"), "created_at": SINCE}, _blocks),
        erased=(
            ErasedBy(_("a mark stays with the other one for 24 months"), kept_blocks.keep_blocks),
            Deleted("person"),
            Deleted("blocked"),
        ),
    ),
    Declaration(
        model=KeptBlock,
        what=_("Blocks between you and somebody who left"),
        purpose=_("Whoever leaves and comes back does not stand beside somebody who blocked them."),
        basis=Basis.SAFETY,
        kept=(Kept(_("24 months"), kept_blocks.KEPT, kept_blocks.forget_kept_blocks),),
        exported=NotExported(_("It holds no name, only a mark that we alone can find again.")),
        erased=(Deleted("person"),),
        seen_by=_("nobody"),
    ),
    Declaration(
        model=Mute,
        what=_("Of whom you see less"),
        purpose=_("Their messages stay out of your feed and your mail."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you take it back, or one of you is gone")),),
        exported=ExportedBy({"muted": _("Who"), "created_at": SINCE}, _mutes),
        erased=(Deleted("person"), Deleted("muted")),
    ),
    Declaration(
        model=PersonSkill,
        what=_("What you can help with"),
        purpose=_("Neighbours who need help with it find you."),
        basis=Basis.CONSENT,
        kept=(Kept(_("until you take it back")),),
        exported=ExportedBy({"skill": _("What you can help with"), "created_at": SINCE}, _skills),
        erased=(Deleted("person"),),
        seen_by=_("your neighbours"),
    ),
    Declaration(
        model=Consent,
        what=_("What you agreed to"),
        purpose=_("We can show that you said yes, and to which words."),
        basis=Basis.LEGAL_DUTY,
        kept=(AS_LONG_AS_HERE,),
        exported=Exported(
            "person",
            {
                "purpose": _("For"),
                "version": _("Version"),
                "form": _("Where"),
                "given_at": _("Given"),
                "withdrawn_at": _("Taken back"),
            },
        ),
        erased=(Deleted("person"),),
    ),
)
