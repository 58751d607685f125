"""The lines of a page as far as they are set, and where its parts stand among them. Pure.

A page is set from the top, some pieces at a time, so that a body of a megabyte costs what is looked at. A place is
kept as a part and a share of it, so it survives another width.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from newstui.present.typeset import Line
from newstui.records import dataclass

Part = tuple[str, int]
"""Names a piece of the page whatever its width: ("head", 0), ("picture", 0), ("body", 17), ("coverage", 2), …"""

PIECES_PER_SLICE = 24
LINES_PER_SLICE = 120
"""Set between two chances for a key, whichever comes first: 1 to 15 ms of work."""


class Piece(NamedTuple):
    """Some lines that belong together."""

    part: Part
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a page that survives another width: a part of it, and how far down in that part."""

    part: Part
    share: float
    """0 at its first line, below 1."""


class PageLines:
    """Lines that grow as their source is read."""

    def __init__(self, source: Iterator[Piece]) -> None:
        self._source = source
        self.lines: list[Line] = []
        self.is_complete = False
        """Nothing is left to set."""
        self._parts: list[Part] = []
        self._starts: list[int] = []
        self._index_by_part: dict[Part, int] = {}

    def set_some(self) -> bool:
        """Set a few pieces more; False when there were fewer."""
        before = len(self.lines)
        for _ in range(PIECES_PER_SLICE):
            if len(self.lines) - before >= LINES_PER_SLICE:
                break
            piece = next(self._source, None)
            if piece is None:
                self.is_complete = True
                return False
            self._index_by_part[piece.part] = len(self._parts)
            self._starts.append(len(self.lines))
            self._parts.append(piece.part)
            self.lines += piece.lines
        return True

    def set_until(self, line: int) -> None:
        """Set the page down to a line."""
        while not self.is_complete and len(self.lines) < line and self.set_some():
            pass

    def set_everything(self) -> None:
        """Set the page to its end."""
        while not self.is_complete and self.set_some():
            pass

    def part_at(self, line: int) -> Part | None:
        """Return the part a line belongs to; None below the last one set."""
        if not 0 <= line < len(self.lines):
            return None
        return self._parts[bisect_right(self._starts, line) - 1]

    def lines_of(self, part: Part) -> range:
        """Return the lines of a part; an empty range when it is not set."""
        index = self._index_by_part.get(part)
        if index is None:
            return range(0)
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.lines)
        return range(self._starts[index], end)

    def lines_kept(self, part: Part, role: str) -> range:
        """Return the lines of a part that begin with a role: those kept free for a picture."""
        kept = [index for index in self.lines_of(part) if (line := self.lines[index]) and line[0].role == role]
        return range(kept[0], kept[-1] + 1) if kept else range(0)

    def place_at(self, line: int) -> Place | None:
        """Return the place of a line; None at the very top, where every width begins."""
        part = self.part_at(line)
        if part is None or line <= 0:
            return None
        lines = self.lines_of(part)
        return Place(part, (line - lines.start) / len(lines))

    def line_at(self, place: Place | None) -> int:
        """Return the line of a place, setting the page as far as needed; the top when it is not in this page."""
        if place is None:
            return 0
        while place.part not in self._index_by_part and not self.is_complete and self.set_some():
            pass
        lines = self.lines_of(place.part)
        return lines.start + int(place.share * len(lines))
