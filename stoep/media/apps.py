from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "stoep.media"
    label = "media"
