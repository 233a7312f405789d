from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "stoep.joining"
    label = "joining"

    def ready(self) -> None:
        from stoep.access import slots  # apps load before models do
        from stoep.delivery.notices import register
        from stoep.joining.beginning import ABOVE_FEED, ABOVE_PEOPLE
        from stoep.joining.notices import NOTICES

        for notice in NOTICES:
            register(notice)
        for slot in (ABOVE_FEED, ABOVE_PEOPLE):
            slots.register(slot)
