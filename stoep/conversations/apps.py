from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "stoep.conversations"
    label = "conversations"

    def ready(self) -> None:
        from stoep.access import works  # apps load before models do
        from stoep.conversations.digest import SOURCE
        from stoep.conversations.materials import MESSAGE as MATERIAL
        from stoep.conversations.notices import MESSAGE
        from stoep.conversations.works import WORKS
        from stoep.delivery.digest_lines import register_source
        from stoep.delivery.notices import register
        from stoep.moderation import materials

        works.register("conversations", WORKS)
        materials.register(MATERIAL)
        register(MESSAGE)
        register_source(SOURCE)
