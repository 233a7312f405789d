"""The live stream's entrance: `uvicorn config.live:application`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from stoep.delivery.live import application  # noqa: E402  only after Django is set up

__all__ = ["application"]
