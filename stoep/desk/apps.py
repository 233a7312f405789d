from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "stoep.desk"
    label = "desk"

    def ready(self) -> None:
        from stoep.delivery.notices import register  # apps load before models do
        from stoep.desk.notices import NOTICES

        for notice in NOTICES:
            register(notice)
