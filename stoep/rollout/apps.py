from django.apps import AppConfig


class RolloutConfig(AppConfig):
    name = "stoep.rollout"
    label = "rollout"
