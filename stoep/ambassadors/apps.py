from django.apps import AppConfig


class AmbassadorsConfig(AppConfig):
    name = "stoep.ambassadors"
    label = "ambassadors"

    def ready(self) -> None:
        from stoep.access import slots  # apps load before models do
        from stoep.ambassadors.welcoming import ABOVE_FEED

        slots.register(ABOVE_FEED)
