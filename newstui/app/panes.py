"""The panes on the screen: which are shown, and how wide. `arrangement.py` decides; this does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.app.arrangement import Arrangement, arrange

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen

LEAST_SHARE, MOST_SHARE = 0.15, 0.85
"""What a reader may give the list of the width list and article have."""
LEAST_CELLS, MOST_CELLS = 16, 60
"""How wide a reader may make the sidebar."""


class Panes:
    """Sidebar, list, article, and the lines between them."""

    def __init__(self, screen: ReadingScreen) -> None:
        self.screen = screen

    @property
    def arrangement(self) -> Arrangement:
        """Where the panes are now."""
        return arrange(
            self.screen.size.width,
            self.screen.pane,
            sidebar=self.screen.memory.sidebar,
            zoomed=self.screen.zoomed,
            sidebar_cells=self.screen.memory.sidebar_cells,
            list_share=self.screen.memory.list_share,
        )

    def rearrange(self) -> None:
        """Lay out the panes anew."""
        now = self.arrangement
        screen, sidebar, list_pane = self.screen, self.screen.sidebar, self.screen.query_one("#list-pane")
        sidebar.display = now.sidebar != "away"
        sidebar.set_class(now.sidebar == "over", "-over")
        sidebar.styles.width = now.sidebar_cells or "1fr"
        list_pane.display = bool(now.list_cells)
        list_pane.styles.width = now.list_cells if now.article else "1fr"
        if screen.article_pane is not None:
            screen.article_pane.display = now.article
        for name, shown, bright in (
            ("#sidebar-divider", now.sidebar == "beside", screen.pane == "sidebar"),
            ("#list-divider", bool(now.list_cells) and now.article, screen.pane == "article"),
        ):
            divider = screen.query_one(name)
            divider.display = shown
            divider.set_class(bright, "-bright")

    def widen_list(self, x: int) -> None:
        """Let the list end at a column of the screen."""
        now = self.arrangement
        left = now.sidebar_cells + 1 if now.sidebar == "beside" else 0
        share = (x - left) / max(self.screen.size.width - 1 - left, 1)
        self.screen.memory.list_share = min(max(share, LEAST_SHARE), MOST_SHARE)
        self.rearrange()

    def widen_sidebar(self, x: int) -> None:
        """Let the sidebar end at a column of the screen."""
        self.screen.memory.sidebar_cells = min(max(x, LEAST_CELLS), MOST_CELLS)
        self.rearrange()
