"""Fills a fresh database with a living town; run as a program of its own, with the town's settings."""

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.journeys.filling import fill  # models load only after Django is set up

    fill()


if __name__ == "__main__":
    main()
