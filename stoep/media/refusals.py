"""How it is said that a photo cannot be taken, wherever one is added."""

from django.utils.translation import gettext_lazy as _

from stoep.common.images import ImageRefused
from stoep.common.text import clean_name, excerpt

REASONS = {
    "empty": _("“%(name)s” is empty. Choose another photo."),
    "too_heavy": _("“%(name)s” is larger than 12 megabytes. Choose a smaller one."),
    "too_large": _("“%(name)s” has more than 40 megapixels. Choose a smaller one."),
    "animated": _("“%(name)s” moves. Choose a photo that stands still."),
    "unreadable": _("We cannot read “%(name)s”. Choose a photo as JPEG, PNG, WebP or HEIC."),
}
LONGEST_NAME = 40


def photo_trouble(error: ImageRefused, name: str | None) -> str:
    """Say kindly which photo cannot be taken, and why."""
    return str(REASONS[error.reason]) % {"name": excerpt(clean_name(name or ""), LONGEST_NAME)}
