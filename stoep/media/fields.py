"""The field of a form that takes one photo, from the camera or the gallery."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PhotoField(forms.FileField):
    """What is in the file is judged where it is kept (`media.actions`); an empty one too, with words of its own."""

    widget = forms.FileInput(attrs={"accept": "image/*,.heic,.heif"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, error_messages={"required": _("Choose a photo first.")}, **kwargs)
