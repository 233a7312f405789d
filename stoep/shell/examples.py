"""What the style guide shows: one form with every kind of field, and moments around `now`. Nobody real stands in it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = [
    ("question", _("Question")),
    ("help_wanted", _("Help wanted")),
    ("help_offered", _("Help offered")),
    ("borrow", _("I want to borrow")),
    ("lend", _("To lend")),
    ("give", _("To give away")),
    ("lost_found", _("Lost or found")),
    ("activity", _("Activity")),
    ("services", _("Babysitting and services")),
    ("information", _("Information")),
]


class ExampleForm(forms.Form):
    """Every widget that `field` knows."""

    kind = forms.ChoiceField(label="Soort", choices=KINDS, widget=forms.RadioSelect)
    code = forms.CharField(
        label="Je code",
        help_text="Spaties mogen. Bijvoorbeeld 4829 1736 5501.",
        widget=forms.TextInput(attrs={"class": "code-input", "inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label="Je naam", max_length=80)
    email = forms.EmailField(label="Je e-mailadres", required=False)
    how_many = forms.IntegerField(label="Hoeveel mensen?", required=False)
    text = forms.CharField(label="Je bericht", max_length=200, widget=forms.Textarea)
    department = forms.ChoiceField(label="Dienst", choices=[("a", "Dienst wegen"), ("b", "Dienst groen")])
    way = forms.ChoiceField(
        label="Hoe mogen we je verwittigen?",
        choices=[("mail", "Met een e-mail"), ("none", "Liever niet")],
        widget=forms.RadioSelect,
    )
    streets = forms.MultipleChoiceField(
        label="Straten",
        choices=[("1", "Dorpsstraat"), ("2", "Kapelstraat"), ("3", "Molenweg")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(label="Bestand", required=False)
    shared = forms.BooleanField(label="Ook de stad mag dit lezen", required=False)


def styleguide(now: datetime) -> dict[str, Any]:
    """The context of shell/styleguide.html."""
    wrong = ExampleForm(
        {"code": "4829 1736 5501", "email": "marie@", "streets": ["2"], "text": "Hallo", "kind": "give"}
    )
    return {
        "form": ExampleForm(initial={"way": "mail", "kind": "help_wanted"}, prefix="good"),
        "wrong": wrong,
        "kinds": KINDS,
        "just_now": now - timedelta(seconds=20),
        "this_morning": now - timedelta(hours=2),
        "yesterday": now - timedelta(days=1),
        "last_week": now - timedelta(days=8),
        "example_navigation": [
            {"label": "Buurt", "href": "#main", "icon": "house", "is_current": True, "is_primary": False},
            {"label": "Nieuw", "href": "#forms", "icon": "plus-circle", "is_current": False, "is_primary": True},
            {"label": "Chat", "href": "#panels", "icon": "chats", "is_current": False, "is_primary": False, "count": 2},
            {"label": "Ik", "href": "#panels", "icon": "user-circle", "is_current": False, "is_primary": False},
        ],
    }
