from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "stoep.events"
    label = "events"

    def ready(self) -> None:
        from stoep.access import slots  # apps load before models do
        from stoep.delivery.digest_lines import register_source
        from stoep.delivery.notices import register
        from stoep.events.beginning import BELOW_FEED
        from stoep.events.digest import SOURCE
        from stoep.events.notices import NOTICES
        from stoep.events.part import PART
        from stoep.feed import parts

        parts.register(PART)
        for notice in NOTICES:
            register(notice)
        register_source(SOURCE)
        slots.register(BELOW_FEED)
