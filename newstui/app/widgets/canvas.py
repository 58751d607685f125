"""What pictures of an article view are drawn with: known by the environment, else by asking the terminal once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol, cast

from textual.widget import Widget

from newstui.app.widgets.graphics import CellSize, Kind, choose_graphics, is_worth_asking, measure_cell


class _Asks(Protocol):
    """A driver that can ask the terminal."""

    def ask_graphics(self, done: Callable[[str], None]) -> None: ...


class Canvas:
    """Drawn in cells until something better is known; nothing waits for that."""

    def __init__(self, view: Widget, changed: Callable[[], None]) -> None:
        """`changed` is called when the terminal turned out to draw better than its environment says."""
        self._view = view
        self._changed = changed
        self._kind: Kind | None = None
        self.cell = CellSize(8, 16)
        """Pixels of a cell; known once `kind` was looked at."""

    @property
    def kind(self) -> Kind:
        """How pictures are drawn. The first look, when there is one to draw, asks the terminal where it is worth it."""
        if self._kind is None:
            app = self._view.app
            self._kind, self.cell = choose_graphics(os.environ, is_web=app.is_web), measure_cell()
            driver = app._driver
            if not app.is_web and hasattr(driver, "ask_graphics") and is_worth_asking(os.environ):
                cast(_Asks, driver).ask_graphics(self._answered)
        return self._kind

    def _answered(self, kind: str) -> None:
        """Runs in the thread that reads keys."""
        if kind != "blocks":
            self._view.app.call_later(self._take, kind)

    def _take(self, kind: Kind) -> None:
        self._kind = kind
        self._changed()
