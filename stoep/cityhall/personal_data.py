"""What this app holds about people: nothing of its own."""

from django.utils.translation import gettext_lazy as _

from stoep.cityhall.models import Announcement
from stoep.people.data_map import Impersonal

DATA = ()
IMPERSONAL = (Impersonal(Announcement, _("Which department said it, and to how many; its writer stands in the post.")),)
