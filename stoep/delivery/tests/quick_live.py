"""The live stream for the tests, in a hurry: `uvicorn stoep.delivery.tests.quick_live:application`."""

import django

django.setup()

from stoep.delivery.live import Live, Pace  # noqa: E402  only after Django is set up

application = Live(Pace(ask_again=0.2, pulse=0.3, look_again=0.1, come_back=(0.1, 0.2)))
