"""The names of the roles: what the rules speak of."""

from django.db import models


class RoleName(models.TextChoices):
    """Every role that the rules know. The first three follow from membership; the rest are appointed."""

    NEIGHBOUR = "neighbour"
    PROVISIONAL = "provisional"
    SUSPENDED = "suspended"
    AMBASSADOR = "ambassador"
    EDITOR = "editor"
    APPROVER = "approver"
    ANALYST = "analyst"
    ROLLOUT = "rollout"
    CITY_ADMIN = "city_admin"
    MODERATOR = "moderator"
    DPO = "dpo"
    OPERATOR = "operator"
