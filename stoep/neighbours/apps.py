from django.apps import AppConfig


class NeighboursConfig(AppConfig):
    name = "stoep.neighbours"
    label = "neighbours"
