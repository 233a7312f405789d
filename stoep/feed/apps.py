from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "stoep.feed"
    label = "feed"
