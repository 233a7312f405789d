"""The page server's entrance: `granian --interface wsgi config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# What is loaded now stays for as long as the server runs: looking through it for garbage would be in vain.
gc.collect()
gc.freeze()
