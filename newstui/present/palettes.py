"""The colours of the built-in themes by name: data only, so that a picture can be painted before Textual is there.

What the names are for and how the states look is decided in `docs/design.md`; `app/themes.py` makes themes of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_THEME = "dark"

DARK = {
    "ink": "#c9d1de", "ink-strong": "#f3f6fb", "ink-muted": "#97a3b8", "ink-dim": "#8e9aaf",
    "unread": "#6cb6ff", "star": "#f2c14e", "fresh": "#7ee0b5", "good": "#74d39a", "failed": "#ff8b80",
    "quality": "#5cc8c2", "heat": "#ff9e64", "coverage": "#b9a5ff", "link": "#86bdff",
    "paper": "#12161f", "paper-raised": "#181d28", "paper-cursor": "#25324a", "paper-cursor-blurred": "#1e2635",
    "paper-selected": "#2b2746",
    "line": "#333d50", "line-focus": "#6cb6ff", "bar-empty": "#333d50",
    "code-ink": "#d8dee9", "code-paper": "#1c2230", "quote-ink": "#b4c0d4",
    "hit-ink": "#171200", "hit-paper": "#f2c14e", "badge-ink": "#12161f", "badge-paper": "#97a3b8",
    "muted-style": "none", "dim-style": "none", "cursor-style": "none", "selected-style": "none",
    "hit-style": "none", "field-style": "none", "link-text-style": "underline",
}  # fmt: skip
LIGHT = DARK | {
    "ink": "#2f3440", "ink-strong": "#0c1018", "ink-muted": "#555d6e", "ink-dim": "#5b6374",
    "unread": "#0b5cad", "star": "#7d5500", "fresh": "#00684a", "good": "#116939", "failed": "#b3261e",
    "quality": "#00665f", "heat": "#9c4200", "coverage": "#5f3dc4", "link": "#0b57a8",
    "paper": "#fcfaf5", "paper-raised": "#f3efe6", "paper-cursor": "#dbe6f6", "paper-cursor-blurred": "#e9e8e4",
    "paper-selected": "#e6e0f7",
    "line": "#cfc9bb", "line-focus": "#0b5cad", "bar-empty": "#d8d2c4",
    "code-ink": "#2f3440", "code-paper": "#f0ece1", "quote-ink": "#4a5160",
    "hit-ink": "#241a00", "hit-paper": "#ffd866", "badge-ink": "#fcfaf5", "badge-paper": "#555d6e",
}  # fmt: skip
HIGH_CONTRAST = DARK | {
    "ink": "#ffffff", "ink-strong": "#ffffff", "ink-muted": "#dcdcdc", "ink-dim": "#d0d0d0",
    "unread": "#7fd4ff", "star": "#ffe14d", "fresh": "#7dffb8", "good": "#7dffb8", "failed": "#ffb0a8",
    "quality": "#6ff2ea", "heat": "#ffc08a", "coverage": "#dcd0ff", "link": "#9fd8ff",
    "paper": "#000000", "paper-raised": "#000000", "paper-cursor": "#072d70", "paper-cursor-blurred": "#262626",
    "paper-selected": "#42107e",
    "line": "#9a9a9a", "line-focus": "#ffe14d", "bar-empty": "#5a5a5a",
    "code-ink": "#ffffff", "code-paper": "#1f1f1f", "quote-ink": "#ffffff",
    "hit-ink": "#000000", "hit-paper": "#ffe14d", "badge-ink": "#000000", "badge-paper": "#dcdcdc",
    "selected-style": "underline",
}  # fmt: skip
TERMINAL = {
    "ink": "ansi_default", "ink-strong": "ansi_default", "ink-muted": "ansi_default", "ink-dim": "ansi_default",
    "unread": "ansi_cyan", "star": "ansi_yellow", "fresh": "ansi_green", "good": "ansi_green", "failed": "ansi_red",
    "quality": "ansi_cyan", "heat": "ansi_red", "coverage": "ansi_magenta", "link": "ansi_cyan",
    "paper": "ansi_default", "paper-raised": "ansi_default", "paper-cursor": "ansi_default",
    "paper-cursor-blurred": "ansi_default", "paper-selected": "ansi_default",
    "line": "ansi_bright_black", "line-focus": "ansi_cyan", "bar-empty": "ansi_bright_black",
    "code-ink": "ansi_default", "code-paper": "ansi_default", "quote-ink": "ansi_default",
    "hit-ink": "ansi_default", "hit-paper": "ansi_default", "badge-ink": "ansi_default", "badge-paper": "ansi_default",
    "muted-style": "dim", "dim-style": "dim", "cursor-style": "reverse", "selected-style": "underline",
    "hit-style": "reverse", "field-style": "underline", "link-text-style": "underline",
}  # fmt: skip

PALETTES: Mapping[str, Mapping[str, str]] = {
    "dark": DARK,
    "light": LIGHT,
    "high-contrast": HIGH_CONTRAST,
    "terminal": TERMINAL,
}
