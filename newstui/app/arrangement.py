"""Which panes a screen of some width shows, and how wide each is. Pure."""

from __future__ import annotations

TYPE_CHECKING = False  # on the way to the first picture nothing is imported that it does not need
if TYPE_CHECKING:
    from typing import Literal

    from newstui.commands import Place

    Width = Literal["wide", "medium", "narrow"]

WIDE_FROM = 120
"""Columns from which sidebar, list and article stand side by side."""
MEDIUM_FROM = 80
"""Columns from which list and article do; below, one pane at a time."""
LEAST_LIST, LEAST_ARTICLE = 24, 32
"""Columns below which a pane is no use."""


class Arrangement:
    """Where the panes are."""

    __slots__ = ("article", "list_cells", "sidebar", "sidebar_cells", "width")

    def __init__(
        self,
        width: Width,
        sidebar: Literal["beside", "over", "alone", "away"],
        sidebar_cells: int,
        list_cells: int,
        article: bool,
    ) -> None:
        self.width = width
        self.sidebar = sidebar
        self.sidebar_cells = sidebar_cells
        """0 when it is away, or alone and as wide as the screen."""
        self.list_cells = list_cells
        """0 when the list is away; the screen's width when it is alone."""
        self.article = article


def width_of(columns: int) -> Width:
    """Return which of the three ways of showing newstui a width allows."""
    return "wide" if columns >= WIDE_FROM else "medium" if columns >= MEDIUM_FROM else "narrow"


def arrange(
    columns: int, pane: Place, *, sidebar: bool, zoomed: bool, sidebar_cells: int, list_share: float
) -> Arrangement:
    """Return where the panes are.

    Args:
        pane: The one the reader is in.
        sidebar: Whether a wide screen shows the sidebar; elsewhere it shows while the reader is in it.
        zoomed: Whether the article has the screen to itself.
        list_share: The list's part of what list and article share.
    """
    width = width_of(columns)
    if zoomed and pane == "article":
        return Arrangement(width, "away", 0, 0, True)
    if width == "narrow":
        if pane == "sidebar":
            return Arrangement(width, "alone", 0, 0, False)
        return Arrangement(width, "away", 0, 0 if pane == "article" else columns, pane == "article")
    beside = width == "wide" and sidebar
    over = not beside and pane == "sidebar"
    cells = min(sidebar_cells, columns // 3) if beside or over else 0
    shared = columns - 1 - (cells + 1 if beside else 0)
    list_cells = max(LEAST_LIST, min(round(shared * list_share), shared - LEAST_ARTICLE))
    return Arrangement(width, "beside" if beside else "over" if over else "away", cells, list_cells, True)
