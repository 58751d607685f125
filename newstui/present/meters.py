"""Numbers as lines and bars: quality, heat and progress look alike wherever they stand. Pure, and light to import."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

BAR_CELLS = 5
"""Of a line that stands beside its number."""
QUALITY_FULL = 100
HEAT_FULL = 200
"""Where a line is full; records know no upper end, these are near the 95th hundredth of real collections."""

QUALITY_STEPS = (40, 60, 75, 90)
HEAT_STEPS = (50, 65, 90, 130)
"""From where on a bar is the second, third, fourth and fifth. Most articles of real collections lie between the first
and the last, so that two neighbours in a list look alike only where they are."""
_STEPS = "▁▂▃▅▇"


def draw_step(value: int, steps: Sequence[int]) -> str:
    """Return a bar of one cell and five heights, for a value of 0 or more."""
    return _STEPS[sum(value >= step for step in steps)]


def draw_meter(value: int, full: int, cells: int) -> tuple[str, str]:
    """Return the filled and the empty part of a line, together so many cells wide, to the half of a cell.

    What is above nothing shows at least half a cell; heavy and light tell the parts apart without colours.
    """
    halves = min(max(2 * cells * value // max(full, 1), 1 if value > 0 else 0), 2 * cells)
    filled = "━" * (halves // 2) + "╸" * (halves % 2)
    return filled, "─" * (cells - len(filled))
