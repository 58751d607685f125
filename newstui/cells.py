"""How many cells of a terminal text takes, and cutting it to fit. Pure; widths come from Rich's tables.

Rich is imported with the first text that needs its tables: titles in Latin, Greek and Cyrillic letters and the signs of
a row do not, so a first picture of them is on the screen without it.
"""

from __future__ import annotations

_ONE_CELL_EACH = (
    ("\u00a1", "\u00ac"),
    ("\u00ae", "\u02ff"),
    ("\u0370", "\u0482"),
    ("\u048a", "\u052f"),
    ("\u2010", "\u2027"),
    ("\u2030", "\u205e"),
    ("\u20a0", "\u20c0"),
    ("\u2500", "\u259f"),
    ("\u25c6", "\u25cf"),
    ("\u2605", "\u2606"),
    ("\u270e", "\u2713"),
)
"""First and last of characters that take one cell wherever they stand: no mark, no emoji, nothing East Asian. The
signs of a row are among them: lines and bars, ◆ to ●, ★ and ☆, ✎ to ✓.
"""


def cell_width(text: str) -> int:
    """Return how many terminal cells a cleaned line takes."""
    if text.isascii() or _is_plain(text):
        return len(text)
    from rich.cells import cell_len  # its tables are what paints the screen, so both always agree

    return cell_len(text)


def truncate(text: str, cells: int) -> str:
    """Return text that takes at most `cells` cells, cut between characters a reader sees, with an ellipsis."""
    if cells <= 0:
        return ""
    if text.isascii() or _is_plain(text):
        return text if len(text) <= cells else text[: cells - 1] + "…"
    from rich.cells import split_graphemes

    spans, width = split_graphemes(text)
    if width <= cells:
        return text
    taken = 0
    for start, _end, size in spans:
        if taken + size > cells - 1:
            return text[:start] + "…"
        taken += size
    return text


def _is_plain(text: str) -> bool:
    """Say whether every character takes one cell."""
    for letter in set(text):
        if letter > "~" and not any(first <= letter <= last for first, last in _ONE_CELL_EACH):
            return False
    return True
