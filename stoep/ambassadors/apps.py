from django.apps import AppConfig


class AmbassadorsConfig(AppConfig):
    name = "stoep.ambassadors"
    label = "ambassadors"
