from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "stoep.feed"
    label = "feed"

    def ready(self) -> None:
        from stoep.delivery.notices import register  # apps load before models do
        from stoep.feed.notices import NOTICES

        for notice in NOTICES:
            register(notice)
