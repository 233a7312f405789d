"""The components, rendered as pages render them: strict about what is missing, safe about what people type."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from stoep.common import clock
from stoep.shell import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IMPORTS = (
    "audience_line, avatar, back_link, button, chip, empty, error_summary, field, help_card, icon_text, "
    "initials_of, kind_icon, kpi, link_button, moment, notice, picture, progress, steps"
)
CITY = SimpleNamespace(
    name="Voorbeeld", languages=["nl", "fr"], help_phone="011 00 00 00", help_hours="Werkdagen", help_place="de bib"
)
READER: dict[str, Any] = {
    "preferences": SimpleNamespace(language="nl", look="auto", text_size="m"),
    "municipality": CITY,
    "person": SimpleNamespace(
        name="Jan Vermeulen",
        is_staff_member=False,
        is_unreachable=False,
        unread_count=0,
        standing=SimpleNamespace(neighbourhood_name="Kermt", member_count=412, is_member=True),
    ),
    "navigation": [{"label": "Buurt", "href": "/", "icon": "house", "is_current": True, "is_primary": False}],
    "live_url": "/live/",
    "csrf_input": "",
    "request": SimpleNamespace(path="/"),
}


def draw(source: str, **context: Any) -> str:
    template = engines["jinja2"].from_string(
        f'{{% from "shell/components.html" import {IMPORTS} %}}'
        f'{{% from "shell/questions.html" import confirm, language_choice with context %}}{source}'
    )
    with translation.override("nl"):
        return str(template.render({**READER, **context}))


def page(name: str, **context: Any) -> str:
    with translation.override("nl"):
        return str(engines["jinja2"].get_template(name).render({**READER, **context}))


class LetterForm(forms.Form):
    code = forms.CharField(label="Je code", help_text="Twaalf cijfers.")
    way = forms.ChoiceField(choices=[("mail", "E-mail"), ("none", "Niet")], widget=forms.RadioSelect)
    note = forms.CharField(required=False, widget=forms.Textarea)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ button("Plaats", icon="check", name="a", value="b") }}', 'name="a" value="b"'),
        ('{{ button("Weg", kind="danger", action="/x/") }}', 'formaction="/x/"'),
        ('{{ button("Dank", icon="heart", attributes={"aria-pressed": "true"}) }}', "#heart-fill"),
        ('{{ link_button("Verder", "/x/", wide=True) }}', 'href="/x/"'),
        ('{{ back_link("/x/") }}', "Terug"),
        ('{{ chip("help_wanted", "Hulp") }}', "#lifebuoy"),
        ('{{ chip("onbekend", "Iets") }}', "chip--information"),
        ('{{ kind_icon("give") }}', "#gift"),
        ('{{ avatar("JV") }}', "JV"),
        ("{{ initials_of(person) }}", "JV"),
        ('{{ notice("Tekst", "warn", "Titel", "Doe", "/x/") }}', "notice--warn"),
        ('{{ empty("hello", "Titel", "Tekst", "Doe", "/x/") }}', "#hello"),
        ('{{ picture("mail") }}', "#mail"),
        ("{{ moment(at) }}", "2 uur geleden"),
        ('{{ icon_text("map-pin", "Dorpsstraat") }}', "Dorpsstraat"),
        ("{{ steps(1, 3) }}", "Stap 1 van 3"),
        ("{{ help_card(municipality) }}", 'href="tel:011000000"'),
        ("{{ help_card(None) }}", ""),
        ('{{ audience_line(["Kermt"], 1412, True) }}', "Buren van Kermt (1.412)</strong>"),
        ('{{ confirm("Titel", "Tekst", "/x/", "Weg", cancel_href="/") }}', 'action="/x/"'),
        ("{{ language_choice() }}", 'value="fr"'),
        ('{{ kpi("Leden", "412", "2 meer", "up") }}', "kpi__note--up"),
        ('{{ progress(7, 10, "7 van de 10") }}', 'max="10"'),
    ],
)
def test_every_component_can_be_drawn(source: str, expected: str) -> None:
    with clock.frozen(NOW):
        assert expected in draw(source, at=NOW - timedelta(hours=2))


def test_what_people_type_stays_text() -> None:
    evil = '"><script>alert(1)</script>'
    sources = (
        "{{ button(x, name=x, attributes={'data-x': x}) }}{{ link_button(x, x) }}{{ chip(x, x) }}{{ avatar(x) }}"
        "{{ notice(x, title=x, action_label=x, action_href=x) }}{{ audience_line([x], 3) }}{{ kpi(x, x, x) }}"
        "{{ confirm(x, x, x, x, hidden={'a': x}) }}{{ empty('map', x, x) }}{{ icon_text('map-pin', x) }}"
    )
    assert "<script>" not in draw(sources, x=evil)


def test_a_field_ties_label_hint_and_error_together() -> None:
    html = draw("{{ field(form['code']) }}", form=LetterForm({}))
    assert '<label class="field__label" for="id_code">' in html
    assert 'aria-describedby="id_code-hint id_code-error"' in html
    assert 'id="id_code-hint"' in html
    assert 'id="id_code-error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_without_error_says_none() -> None:
    html = draw("{{ field(form['code']) }}", form=LetterForm())
    assert "aria-invalid" not in html
    assert "field__error" not in html


def test_choices_stand_in_a_group_with_a_legend() -> None:
    html = draw("{{ field(form['way']) }}{{ field(form['way'], tiles=True) }}", form=LetterForm({"way": "none"}))
    assert html.count("<fieldset") == html.count("<legend") == 2
    assert html.count("checked") == 2


def test_what_may_stay_empty_says_so() -> None:
    assert "(mag leeg blijven)" in draw("{{ field(form['note']) }}", form=LetterForm())
    assert "(mag leeg blijven)" not in draw("{{ field(form['code']) }}", form=LetterForm())


def test_the_summary_leads_to_each_field_and_takes_the_focus() -> None:
    html = draw("{{ error_summary(form) }}", form=LetterForm({}))
    assert 'tabindex="-1" autofocus' in html
    assert 'href="#id_code"' in html
    assert 'href="#id_way_0"' in html


def test_no_errors_no_summary() -> None:
    assert draw("{{ error_summary(form) }}{{ error_summary(None) }}", form=LetterForm()).strip() == ""


@pytest.mark.parametrize("name", ["neighbour", "door", "city"])
def test_layouts_have_one_main_and_a_way_past_the_header(name: str) -> None:
    html = page(f"shell/{name}.html")
    assert html.count("<main") == 1
    assert 'class="skip-link" href="#main"' in html
    assert 'lang="nl" data-look="auto" data-text="m"' in html


def test_the_frame_says_where_and_with_how_many() -> None:
    html = page("shell/neighbour.html")
    assert "Kermt" in html
    assert "412 buren" in html
    assert 'aria-current="page"' in html
    assert 'data-live="/live/"' in html


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "csrf", "too_large", "too_many"])
def test_error_pages_stand_alone_and_hold_nothing_of_the_reader(name: str) -> None:
    bare: dict[str, Any] = {"person": None, "municipality": None, "preferences": None, "navigation": [], "live_url": ""}
    html = page(f"shell/{name}.html", **bare)
    assert html.count("<h1") == 1
    assert "csrf" not in page(f"shell/{name}.html", csrf_input='<input name="csrfmiddlewaretoken">')
    assert "Jan" not in page(f"shell/{name}.html")


def test_a_lost_page_is_the_same_whatever_was_asked() -> None:
    one, other = (page("shell/404.html", request=SimpleNamespace(path=path)) for path in ("/posts/1/", "/nothing/"))
    assert one == other


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_style_guide_shows_everything(language: str) -> None:
    with translation.override(language):
        html = str(
            engines["jinja2"].get_template("shell/styleguide.html").render({**READER, **examples.styleguide(NOW)})
        )
    for piece in ("card--city", "tiles", "own-key", "data-area-map", "error-summary", "table-scroll", "since-line"):
        assert piece in html
