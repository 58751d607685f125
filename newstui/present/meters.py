"""Numbers as thin lines: quality, heat and progress look alike wherever they stand. Pure, and light to import."""

from __future__ import annotations

QUALITY_FULL = 100
HEAT_FULL = 200
"""Where a line is full; records know no upper end, these are near the 95th hundredth of real collections."""


def draw_meter(value: int, full: int, cells: int) -> tuple[str, str]:
    """Return the filled and the empty part of a line, together so many cells wide, to the half of a cell.

    What is above nothing shows at least half a cell; heavy and light tell the parts apart without colours.
    """
    halves = min(max(2 * cells * value // max(full, 1), 1 if value > 0 else 0), 2 * cells)
    filled = "━" * (halves // 2) + "╸" * (halves % 2)
    return filled, "─" * (cells - len(filled))
