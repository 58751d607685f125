"""A small model of running text: blocks of styled runs with numbered links. Flat, so nothing here recurses.

Made by `html_document.py` and `markdown_document.py` through one `DocumentBuilder`, set in lines by `typeset.py`.
Text in it is clean; what a link may do is decided by `links.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from newstui.model import Image
from newstui.records import dataclass

BOLD = 1
ITALIC = 2
CODE = 4
STRIKE = 8
MARK = 16
"""Marked by the author, as with a highlighter."""
NUMBER = 32
"""The number of a link in brackets."""
LABEL = 64
"""Stands for something that is not text: a picture, a video."""

Kind = Literal["paragraph", "heading", "code", "rule", "table", "caption"]

Align = Literal["left", "right", "center"]


class Run(NamedTuple):
    """Letters that look alike."""

    text: str
    """A line end (``\\n``) breaks the line; a no-break space keeps words together. May be longer than a line."""
    style: int = 0
    """Sum of BOLD, ITALIC, …"""
    link: int = 0
    """Number of the link it belongs to, from 1; 0 for none."""


class Margin(NamedTuple):
    """What stands left of a block because of one thing it is inside of."""

    first: str
    """Before the block's first line: a bullet, a number, a bar."""
    rest: str
    """Before its other lines; as wide as `first`."""
    kind: Literal["quote", "item", "indent"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, listing, table or rule."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    margins: tuple[Margin, ...] = ()
    """Outermost first."""
    level: int = 0
    """1 to 6 for headings, else 0."""
    tight: bool = False
    """True: no blank line before it (items of one list)."""
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    """Of a table; the first one is the header when `has_header`. Rows may differ in length."""
    has_header: bool = False
    aligns: tuple[Align, ...] = ()
    """Of a table's columns; missing ones are ``left``."""


class Link(NamedTuple):
    """A link of the text; its number is its place in the list, from 1."""

    url: str
    """Absolute, as the article gives it, not yet encoded for a browser."""
    label: str
    """What it is about, one line; the host when the article does not say."""


class Document:
    """A body, read as far as somebody wanted to see it: a megabyte is read in pieces.

    Not safe to use from two threads at once.
    """

    def __init__(self, source: Iterator[Block], links: list[Link], pictures: list[Image] | None = None) -> None:
        self._source = source
        self.blocks: list[Block] = []
        """What was read so far."""
        self.links = links
        """Grows while `blocks` grows."""
        self.pictures = pictures if pictures is not None else []
        """Pictures of the body with absolute addresses; grows likewise."""
        self.is_complete = False
        """Everything was read."""

    def read(self, count: int) -> None:
        """Read on until `count` blocks are there or the body ends."""
        while not self.is_complete and len(self.blocks) < count:
            block = next(self._source, None)
            if block is None:
                self.is_complete = True
            else:
                self.blocks.append(block)

    def read_all(self) -> None:
        self.read(1 << 62)


def plain_text(runs: tuple[Run, ...]) -> str:
    """Return the letters of some runs, without the numbers of links."""
    return "".join(run.text for run in runs if not run.style & NUMBER).replace("\u00a0", " ")
