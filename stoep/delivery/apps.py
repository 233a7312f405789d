from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "stoep.delivery"
    label = "delivery"

    def ready(self) -> None:
        from stoep.delivery import digest_news  # apps load before models do
        from stoep.delivery.digest_lines import register_source

        register_source(digest_news.SOURCE)
