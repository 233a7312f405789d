from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "stoep.access"
    label = "access"
