from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "stoep.places"
    label = "places"
