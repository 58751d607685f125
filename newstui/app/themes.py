"""The colours of newstui: four built-in themes, the reader's own, and what happens with ``NO_COLOR``.

Every colour on the screen has a name below, and stylesheets use only these names. What each is for and how the
states look is decided in `docs/design.md`. Colour is never the only signal: the ``…-style`` variables carry
weight where a theme has no colours of its own to tell things apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from newstui.errors import ConfigError
from newstui.present.palettes import DARK, DEFAULT_THEME, PALETTES

__all__ = [
    "DEFAULT_THEME", "PALETTES", "THEMES", "VARIABLES", "VARIABLE_DEFAULTS", "build_theme", "choose_theme", "contrast",
    "make_theme",
]  # fmt: skip

INKS = ("ink", "ink-strong", "ink-muted", "ink-dim")
"""Text: running, unread and headings, second lines, what was read."""
SIGNS = ("unread", "star", "fresh", "good", "failed", "quality", "heat", "coverage", "link")
"""Text or signs with a meaning of their own; each is readable as text too."""
PAPERS = ("paper", "paper-raised", "paper-cursor", "paper-cursor-blurred", "paper-selected")
"""What text stands on: a pane, a bar or the sidebar, the cursor's row in the pane with and without the focus, a
row chosen with ``x``."""
LINES = ("line", "line-focus", "bar-empty")
"""Rules and borders, the border of the pane that has the focus, the unfilled part of a bar. Never text."""
PAIRS = (("code-ink", "code-paper"), ("quote-ink", "paper"), ("hit-ink", "hit-paper"), ("badge-ink", "badge-paper"))
"""Ink and paper that only go together."""
STYLES = ("muted-style", "dim-style", "cursor-style", "selected-style", "hit-style", "field-style", "link-text-style")
"""Weights: ``none``, or dim, reverse, underline … where colours cannot be relied on."""

VARIABLES = (
    *INKS, *SIGNS, *PAPERS, *LINES, *(name for pair in PAIRS for name in pair if name != "paper"), *STYLES,
)  # fmt: skip


def make_theme(name: str, palette: Mapping[str, str], *, dark: bool = True, ansi: bool = False) -> Theme:
    """Turn a full palette into a Textual theme; Textual's own names follow ours."""
    cursor = {
        "block-cursor-background": palette["paper-cursor"],
        "block-cursor-foreground": palette["ink-strong"],
        "block-cursor-text-style": "bold" if palette["cursor-style"] == "none" else "bold reverse",
        "block-cursor-blurred-background": palette["paper-cursor-blurred"],
        "block-cursor-blurred-foreground": palette["ink-strong"],
        "block-cursor-blurred-text-style": "bold",
        "input-selection-background": palette["line"],
        "border": palette["line-focus"],
        "border-blurred": palette["line"],
        "footer-background": palette["paper-raised"],
        "footer-foreground": palette["ink-muted"],
        "footer-description-foreground": palette["ink-muted"],
        "footer-key-foreground": palette["unread"],
        "scrollbar": palette["line"],
        "scrollbar-hover": palette["ink-dim"],
        "scrollbar-active": palette["line-focus"],
        "scrollbar-background": palette["paper"],
        "scrollbar-background-hover": palette["paper"],
        "scrollbar-background-active": palette["paper"],
        "scrollbar-corner-color": palette["paper"],
    }
    inherited = BUILTIN_THEMES["ansi-dark"].variables if ansi else {}
    return Theme(
        name=name,
        primary=palette["unread"],
        secondary=palette["coverage"],
        accent=palette["star"],
        warning=palette["heat"],
        error=palette["failed"],
        success=palette["good"],
        foreground=palette["ink"],
        background=palette["paper"],
        surface=palette["paper-raised"],
        panel=palette["paper-raised"],
        dark=dark,
        ansi=ansi,
        variables={**inherited, **cursor, **palette},
    )


THEMES: tuple[Theme, ...] = tuple(
    make_theme(name, palette, dark=name != "light", ansi=name == "terminal") for name, palette in PALETTES.items()
)
"""Built in: dark, light, high-contrast, and terminal, which uses the terminal's own 16 colours."""

VARIABLE_DEFAULTS: Mapping[str, str] = DARK
"""For `App.get_theme_variable_defaults`: what our names mean in a theme that does not know them."""


def build_theme(name: str, table: Mapping[str, str]) -> Theme:
    """Make a reader's own theme from its table: ``base`` names a built-in one, the rest are our variables.

    Raises ConfigError with the nearest right spelling.
    """
    base = table.get("base", DEFAULT_THEME)
    if base not in PALETTES:
        raise _mistake(name, "base", f"there is no built-in theme {base!r}", base, PALETTES)
    for key, value in table.items():
        if key == "base":
            continue
        if key not in VARIABLES:
            raise _mistake(name, key, f"themes have no colour called {key!r}", key, VARIABLES)
        if key not in STYLES and not _is_colour(value):
            raise _mistake(name, key, f"{value!r} is not a colour", value, ())
        if key in STYLES and not set(value.split()) <= _WEIGHTS:
            raise _mistake(name, key, f"{value!r} is not a text style", value, _WEIGHTS)
    palette = {**PALETTES[base]} | {key: value for key, value in table.items() if key != "base"}
    dark = base == "terminal" or palette["paper"].startswith("ansi") or Color.parse(palette["paper"]).brightness < 0.5
    return make_theme(name, palette, dark=dark, ansi=base == "terminal")


_WEIGHTS = frozenset(("none", "bold", "dim", "italic", "underline", "reverse", "strike"))


def choose_theme(wanted: str, known: Iterable[str], *, no_color: bool) -> str:
    """Return the theme to start with. Without colours it is the terminal's, whose weights alone tell states apart."""
    if no_color:
        return "terminal"
    return wanted if wanted in set(known) else DEFAULT_THEME


def contrast(ink: str, paper: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(ink), _luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (value / 255 for value in Color.parse(colour).rgb)
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_colour(text: str) -> bool:
    try:
        Color.parse(text)
    except ColorParseError:
        return False
    return True


def _mistake(theme: str, key: str, reason: str, word: str, known: Iterable[str]) -> ConfigError:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return ConfigError(reason, key=f"themes.{theme}.{key}", hint=f"did you mean {close[0]!r}?" if close else "")
