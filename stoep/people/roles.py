"""The names of the roles: what the rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleName(models.TextChoices):
    """Every role that the rules know. The first three follow from membership; the rest are appointed."""

    NEIGHBOUR = "neighbour", _("Neighbour")
    PROVISIONAL = "provisional", _("Provisional neighbour")
    SUSPENDED = "suspended", _("Paused neighbour")
    AMBASSADOR = "ambassador", _("Ambassador")
    EDITOR = "editor", _("Editor: writes for the city")
    APPROVER = "approver", _("Approver: checks urgent messages")
    ANALYST = "analyst", _("Analyst: reads the figures")
    ROLLOUT = "rollout", _("Rollout manager: imports and letters")
    CITY_ADMIN = "city_admin", _("Administrator of the city")
    MODERATOR = "moderator", _("Moderator")
    DESK = "desk", _("Desk and phone: helps residents who ask")
    DPO = "dpo", _("Data-protection officer")
    OPERATOR = "operator", _("Operator")
