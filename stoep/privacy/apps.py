from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "stoep.privacy"

    def ready(self) -> None:
        from stoep.desk.handed_down import handed_down  # apps load before models do
        from stoep.privacy.actions import leave

        handed_down.leave = leave
