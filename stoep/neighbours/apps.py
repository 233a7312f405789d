from django.apps import AppConfig


class NeighboursConfig(AppConfig):
    name = "stoep.neighbours"
    label = "neighbours"

    def ready(self) -> None:
        from stoep.access import slots  # apps load before models do
        from stoep.delivery.notices import register
        from stoep.media import owners
        from stoep.moderation import materials
        from stoep.neighbours.helping import QUESTION
        from stoep.neighbours.materials import GROUP, PERSON
        from stoep.neighbours.notices import NOTICES
        from stoep.neighbours.photos import OWNER

        for notice in NOTICES:
            register(notice)
        slots.register(QUESTION)
        owners.register(OWNER)
        materials.register(PERSON)
        materials.register(GROUP)
