"""The kinds of things on the shelf, and the common things of a household: how they are called and drawn."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Category:
    label: Promise
    icon: str


@dataclass(frozen=True)
class Common:
    """One of the things that many have at home. `category`: a key of CATEGORIES."""

    label: Promise
    category: str


CATEGORIES = {
    "tools": Category(_("Tools"), "hammer"),
    "garden": Category(_("Ladders and garden"), "ladder"),
    "kitchen": Category(_("Kitchen and party"), "cooking-pot"),
    "children": Category(_("Children and babies"), "baby"),
    "sport": Category(_("Sport and bikes"), "bicycle"),
    "games": Category(_("Books and games"), "dice-five"),
    "sound": Category(_("Computer and sound"), "laptop"),
    "moving": Category(_("Moving and transport"), "truck"),
    "clothes": Category(_("Clothes"), "t-shirt"),
    "other": Category(_("Something else"), "package"),
}

COMMON = {
    "ladder": Common(_("Ladder"), "garden"),
    "drill": Common(_("Drill"), "tools"),
    "saw": Common(_("Electric saw"), "tools"),
    "sander": Common(_("Sanding machine"), "tools"),
    "toolbox": Common(_("Box with tools"), "tools"),
    "pressure": Common(_("High-pressure cleaner"), "garden"),
    "hedge": Common(_("Hedge trimmer"), "garden"),
    "mower": Common(_("Lawn mower"), "garden"),
    "barrow": Common(_("Wheelbarrow"), "garden"),
    "tent": Common(_("Party tent"), "kitchen"),
    "tables": Common(_("Folding tables"), "kitchen"),
    "chairs": Common(_("Folding chairs"), "kitchen"),
    "pan": Common(_("Large soup pot"), "kitchen"),
    "raclette": Common(_("Raclette or gourmet set"), "kitchen"),
    "waffles": Common(_("Waffle iron"), "kitchen"),
    "cot": Common(_("Travel cot"), "children"),
    "seat": Common(_("Child car seat"), "children"),
    "camping": Common(_("Camping tent"), "sport"),
    "pump": Common(_("Bicycle pump"), "sport"),
    "carrier": Common(_("Bicycle carrier for a car"), "sport"),
    "games": Common(_("Board games"), "games"),
    "beamer": Common(_("Projector"), "sound"),
    "trolley": Common(_("Hand trolley"), "moving"),
    "trailer": Common(_("Car trailer"), "moving"),
}
