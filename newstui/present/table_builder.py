"""A table while it is being read: its cells hold blocks until it is clear whether it is one or only a layout."""

from __future__ import annotations

from collections.abc import Iterator

from newstui.present.document import Align, Block, Margin
from newstui.records import dataclass, field

_MOST_CELLS = 5_000
"""What has more is shown as paragraphs."""


@dataclass(slots=True)
class TableBuilder:
    """Rows of cells of blocks."""

    depth: int
    """How many containers are outside of it."""
    captions: list[Block] = field(default_factory=list)
    """What stands in the table but in none of its cells."""
    in_cell: bool = False
    _rows: list[list[list[Block]]] = field(default_factory=list)
    _aligns: list[Align] = field(default_factory=list)
    """Of the columns, as the last row that has them says."""
    _head_cells: int = 0
    _cells: int = 0

    def start_row(self) -> None:
        self._rows.append([])

    def start_cell(self, align: Align, *, is_head: bool) -> None:
        if not self._rows:
            self._rows.append([])
        row = self._rows[-1]
        row.append([])
        self._aligns[len(row) - 1 : len(row)] = [align]
        self._head_cells += is_head and len(self._rows) == 1
        self._cells += 1
        self.in_cell = True

    def put(self, block: Block) -> None:
        """Take a block into the cell at hand; outside of one it is a caption."""
        (self._rows[-1][-1] if self.in_cell else self.captions).append(block)

    @property
    def is_layout(self) -> bool:
        """Whether it only arranges things: one column, or more than a paragraph in a cell; or has too many cells."""
        if self._cells > _MOST_CELLS or max((len(row) for row in self._rows if any(row)), default=0) < 2:
            return True
        return any(len(cell) > 1 or cell[0].kind != "paragraph" or bool(cell[0].margins) for cell in self._filled())

    def blocks(self) -> Iterator[Block]:
        """Yield what is in the cells, row by row."""
        return (block for cell in self._filled() for block in cell)

    def as_block(self, margins: tuple[Margin, ...], *, is_tight: bool) -> Block:
        """Return the table itself."""
        rows = tuple(tuple(cell[0].runs if cell else () for cell in row) for row in self._rows if any(row))
        has_header = 0 < len(self._rows[0]) == self._head_cells and len(rows) > 1
        return Block("table", (), margins, 0, is_tight, rows, has_header, tuple(self._aligns))

    def _filled(self) -> Iterator[list[Block]]:
        return (cell for row in self._rows for cell in row if cell)
