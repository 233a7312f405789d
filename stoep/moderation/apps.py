from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "stoep.moderation"
    label = "moderation"

    def ready(self) -> None:
        from stoep.delivery.notices import register  # apps load before models do
        from stoep.moderation.notices import NOTICES

        for notice in NOTICES:
            register(notice)
