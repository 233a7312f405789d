from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "stoep.operations"
    label = "operations"
