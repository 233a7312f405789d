from django.apps import AppConfig


class CityhallConfig(AppConfig):
    name = "stoep.cityhall"
    label = "cityhall"
