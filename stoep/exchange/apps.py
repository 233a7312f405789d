from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "stoep.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Each half hands down its own."""
        from stoep.exchange import handed_down  # apps load before models do

        handed_down.help_and_searching()
        handed_down.lending_and_giving()
