"""What sheets to leaf through have in common: the keys, the help and every report."""

from __future__ import annotations

from typing import ClassVar, Protocol, TypeVar

from textual.binding import Binding, BindingType

from newstui.app.screens.sheet import Sheet

Answer = TypeVar("Answer")


class Leaves(Protocol):
    """What is leafed through."""

    def move(self, rows: int) -> None:
        """Go down so many lines, or up."""
        ...

    def move_page(self, pages: float) -> None:
        """Go down so many pages, or up."""
        ...

    def go_home(self) -> None:
        """Go to the first line."""
        ...

    def go_end(self) -> None:
        """Go to the last line."""
        ...


class LeafSheet(Sheet[Answer]):
    """A sheet with more lines than the screen, and the keys that lists and articles are read with."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("space,pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False),
        Binding("g,home", "end(False)", "First", show=False),
        Binding("G,end", "end(True)", "Last", show=False),
    ]

    @property
    def leaves(self) -> Leaves:
        """What is leafed through."""
        raise NotImplementedError

    def action_move(self, rows: int) -> None:
        self.leaves.move(rows)

    def action_page(self, pages: float) -> None:
        self.leaves.move_page(pages)

    def action_end(self, last: bool) -> None:
        if last:
            self.leaves.go_end()
        else:
            self.leaves.go_home()
