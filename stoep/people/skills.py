"""What neighbours can help with: a fixed list in plain words, who ticked what, and who can help with one thing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stoep.people.models import Person, PersonSkill
from stoep.people.queries import listed_members


@dataclass(frozen=True)
class SkillGroup:
    """A few skills under one heading: key → words. A key is kept for ever; its words may get better."""

    title: Promise
    skills: Mapping[str, Promise]


GROUPS = (
    SkillGroup(
        _("House and garden"),
        {
            "small_repairs": _("Small repairs"),
            "furniture": _("Putting furniture together"),
            "painting": _("Painting"),
            "tap": _("A tap that drips"),
            "lamp": _("Hanging up a lamp or a shelf"),
            "lifting": _("Lifting something heavy"),
            "garden": _("Working in the garden"),
            "hedge": _("Cutting a hedge or a tree"),
            "plants": _("Watering plants"),
        },
    ),
    SkillGroup(
        _("On the road"),
        {
            "lift": _("Driving somebody"),
            "groceries": _("Bringing groceries"),
            "bicycle": _("Mending a bicycle"),
            "moving": _("Moving house"),
            "coming_along": _("Coming along to a doctor or the town hall"),
            "parcel": _("Taking in a parcel"),
        },
    ),
    SkillGroup(
        _("Computer and papers"),
        {
            "computer": _("Computer"),
            "phone": _("Phone or tablet"),
            "internet": _("Internet, printer or television"),
            "online_forms": _("Forms on the internet"),
            "letters": _("Understanding a difficult letter"),
            "taxes": _("The tax form"),
            "job_letter": _("A letter for a job"),
        },
    ),
    SkillGroup(
        _("Animals"),
        {
            "dog": _("Walking a dog"),
            "feeding": _("Feeding a cat or other animals"),
            "animal_stay": _("An animal that stays with me"),
        },
    ),
    SkillGroup(
        _("Children"),
        {
            "babysitting": _("Looking after children"),
            "school_way": _("The way to school"),
            "homework": _("Homework"),
            "reading_aloud": _("Reading stories aloud"),
        },
    ),
    SkillGroup(
        _("Company and language"),
        {
            "coffee": _("A coffee and a chat"),
            "calling": _("Calling somebody now and then"),
            "walk": _("Going for a walk together"),
            "games": _("Playing cards or games"),
            "visiting": _("Visiting somebody who is ill"),
            "local_language": _("Practising the language of this place"),
            "translating": _("Translating"),
            "music": _("Making music"),
        },
    ),
    SkillGroup(
        _("Food, clothes and parties"),
        {
            "cooking": _("Cooking a meal"),
            "baking": _("Baking a cake"),
            "sewing": _("Mending clothes"),
            "knitting": _("Knitting or crochet"),
            "photos": _("Taking photos"),
            "party": _("Helping at a party of the neighbourhood"),
        },
    ),
)
SKILLS: dict[str, Promise] = {key: words for group in GROUPS for key, words in group.skills.items()}


def people_who_can(skill: str, neighbourhood_id: UUID) -> QuerySet[Person]:
    """Full members of that neighbourhood who ticked it. Whoever asks for somebody leaves out who stands apart."""
    members = listed_members(neighbourhood_id).filter(person__skills__skill=skill)
    return Person.objects.filter(pk__in=members.values("person"))


def skills_of(person_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Person → the keys that they ticked, in the order of the list; who ticked nothing is not in it."""
    found: dict[UUID, set[str]] = {}
    for person_id, skill in PersonSkill.objects.filter(person__in=person_ids).values_list("person", "skill"):
        found.setdefault(person_id, set()).add(skill)
    return {person_id: in_order(keys) for person_id, keys in found.items()}


def in_order(keys: Iterable[str]) -> list[str]:
    """As the list has them; a key that is not on it any more is left out."""
    held = set(keys)
    return [key for key in SKILLS if key in held]
