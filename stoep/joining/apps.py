from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "stoep.joining"
    label = "joining"

    def ready(self) -> None:
        from stoep.delivery.notices import register  # apps load before models do
        from stoep.joining.notices import NOTICES

        for notice in NOTICES:
            register(notice)
