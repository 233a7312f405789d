from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "stoep.delivery"
    label = "delivery"
