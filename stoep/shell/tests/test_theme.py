"""Whatever colour a city has, its people can read the buttons: 200 random ones and the hard cases."""

import random

import pytest

from stoep.shell import theme
from stoep.shell.theme import contrast

CHANCE = random.Random(2026)
RANDOM = [f"#{CHANCE.randrange(1 << 24):06X}" for _ in range(200)]
HARD = [
    "#FFFFFF",
    "#000000",
    "#FFFF00",
    "#FF0000",
    "#00FF00",
    "#0000FF",
    "#808080",
    "#FFE600",
    "#E30613",
    theme.DEFAULT,
]


@pytest.mark.parametrize("colour", [*RANDOM, *HARD])
def test_every_pair_of_a_theme_can_be_read(colour: str) -> None:
    made = theme.theme_of(colour)
    light, dark = made.light, made.dark
    for ground in (*theme.LIGHT_GROUNDS, light.tint):
        assert contrast(light.primary, ground) >= 4.5
    for ground in (*theme.DARK_GROUNDS, dark.tint):
        assert contrast(dark.primary, ground) >= 4.5
    assert min(contrast(theme.WHITE, light.primary), contrast(theme.WHITE, light.strong)) >= 4.5
    assert min(contrast(theme.BLACK, dark.primary), contrast(theme.BLACK, dark.strong)) >= 4.5
    assert contrast(theme.INK, light.tint) >= 4.5
    assert contrast(theme.DARK_INK, dark.tint) >= 4.5


def test_a_colour_that_can_be_read_stays_what_it_is() -> None:
    assert theme.theme_of("#0B6B5D").light.primary == "#0B6B5D"
    assert theme.theme_of("#1A3F8F").light.primary == "#1A3F8F"


def test_a_light_colour_becomes_darker_and_keeps_its_hue() -> None:
    yellow = theme.theme_of("#FFE600").light.primary
    red, green, blue = (int(yellow[at : at + 2], 16) for at in (1, 3, 5))
    assert red > blue
    assert green > blue


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#1234567", "#GGGGGG", "red;}", "#0B6B5D;}body{"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(theme.UnreadableColourError):
        theme.theme_of(colour)


def test_the_style_sheet_holds_only_custom_properties() -> None:
    style = theme.style_of("#E30613")
    assert style.count("--primary:") == 3
    assert "url(" not in style


@pytest.mark.parametrize("colour", RANDOM)
def test_a_chosen_colour_is_readable_or_refused(colour: str) -> None:
    try:
        choice = theme.choose(colour)
    except theme.UnreadableColourError:
        assert contrast(colour, theme.WHITE) < 2, "only pale colours are refused"
        return
    assert contrast(choice.readable, theme.WHITE) >= 4.5
    assert min(contrast(choice.readable, ground) for ground in theme.LIGHT_GROUNDS) >= 4.5
    assert 0 <= choice.steps <= theme.MOST_STEPS


def test_a_chosen_colour_says_by_how_much_it_became_darker() -> None:
    assert theme.choose("#0b6b5d") == theme.Choice("#0B6B5D", "#0b6b5d", 0)
    assert theme.choose("#E30613").steps == 1
