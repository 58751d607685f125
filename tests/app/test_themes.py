"""Every text can be read in every theme, and no theme lacks a colour that a stylesheet uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newstui.app import themes
from newstui.errors import ConfigError

HEX_THEMES = [theme for theme in themes.THEMES if not theme.ansi]


def _text_pairs() -> list[tuple[str, str]]:
    return [(ink, paper) for ink in (*themes.INKS, *themes.SIGNS) for paper in themes.PAPERS] + list(themes.PAIRS)


@pytest.mark.parametrize("theme", HEX_THEMES, ids=lambda theme: theme.name)
def test_every_text_stands_out_from_what_it_stands_on(theme):
    needed = 7.0 if theme.name == "high-contrast" else 4.5
    weak = {
        (ink, paper): round(themes.contrast(theme.variables[ink], theme.variables[paper]), 2)
        for ink, paper in _text_pairs()
        if themes.contrast(theme.variables[ink], theme.variables[paper]) < needed
    }
    assert weak == {}


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_every_theme_defines_every_variable(theme):
    assert set(themes.VARIABLES) <= set(theme.variables)


def test_the_terminal_theme_uses_nothing_but_the_terminals_colours():
    theme = next(theme for theme in themes.THEMES if theme.ansi)
    colours = {theme.variables[name] for name in themes.VARIABLES if name not in themes.STYLES}
    assert all(colour.startswith("ansi_") for colour in colours)
    assert theme.variables["cursor-style"] == "reverse"


def test_without_colours_the_terminal_theme_is_used_whatever_was_asked_for():
    assert themes.choose_theme("light", ["light"], no_color=True) == "terminal"
    assert themes.choose_theme("light", ["light"], no_color=False) == "light"
    assert themes.choose_theme("lihgt", ["light"], no_color=False) == themes.DEFAULT_THEME


def test_an_own_theme_changes_what_it_names_and_keeps_the_rest():
    theme = themes.build_theme("mine", {"base": "light", "link": "#004400"})
    assert theme.variables["link"] == "#004400"
    assert theme.variables["paper"] == next(t for t in themes.THEMES if t.name == "light").variables["paper"]
    assert not theme.dark


@pytest.mark.parametrize(
    ("table", "key", "hint"),
    [
        ({"base": "lite"}, "themes.mine.base", "light"),
        ({"linc": "#fff"}, "themes.mine.linc", "link"),
        ({"link": "bluuu(e"}, "themes.mine.link", ""),
        ({"cursor-style": "reverze"}, "themes.mine.cursor-style", "reverse"),
    ],
)
def test_a_mistake_in_an_own_theme_is_named(table, key, hint):
    with pytest.raises(ConfigError) as caught:
        themes.build_theme("mine", table)
    assert caught.value.key == key
    assert hint in caught.value.hint


def test_contrast_is_that_of_the_standard():
    assert themes.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert themes.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_stylesheets_name_no_colour_of_their_own():
    sheets = list(Path(themes.__file__).parent.rglob("*.tcss"))
    for sheet in sheets:
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b\s*;", sheet.read_text()), sheet.name
