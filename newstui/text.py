"""The one door for text from outside, and how text is compared. Pure, standard library only.

`clean_line` and `clean_block` are applied once, after the last decoding, before a string enters an `Article`
or a message; everything above may show, copy, log or export what comes out.
"""

from __future__ import annotations


def clean_line(text: str, limit: int | None = None) -> str:
    """Return one line: controls, bidi and invisible characters gone, white space collapsed, trimmed."""
    raise NotImplementedError


def clean_block(text: str) -> str:
    """Return running text: as `clean_line`, but line ends (as LF) and tabs stay."""
    raise NotImplementedError


def fold(text: str) -> str:
    """Return the form in which text is compared: case and accents do not matter (Zürich = zurich)."""
    raise NotImplementedError


def words(folded: str) -> list[str]:
    """Split folded text into the words a search sees; characters of scripts without spaces stand alone."""
    raise NotImplementedError


def cell_width(text: str) -> int:
    """Return how many terminal cells a cleaned line takes."""
    raise NotImplementedError


def truncate(text: str, cells: int) -> str:
    """Return text that takes at most `cells` cells, cut between characters a reader sees, with an ellipsis."""
    raise NotImplementedError
