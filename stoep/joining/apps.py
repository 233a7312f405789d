from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "stoep.joining"
    label = "joining"
