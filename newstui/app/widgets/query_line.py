"""The query line: what the list is asked for, live; completion and mistakes hang below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from newstui.app.widgets.line_list import LineList
from newstui.present.counts import short_count
from newstui.present.rows import Span
from newstui.records import dataclass
from newstui.text import cell_width, clean_line, truncate

if TYPE_CHECKING:
    from newstui.query.complete import Candidate


class QueryLine(Input):
    """One line of query language."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "suggest(1)", "Next suggestion", show=False),
        Binding("up,ctrl+p", "suggest(-1)", "Previous suggestion", show=False),
        Binding("tab", "complete", "Complete", show=False),
    ]

    @dataclass
    class Left(Message):
        """The reader is done with the line."""

        keep: bool
        """Whether what was typed stays."""

    @dataclass
    class Steered(Message):
        """The reader moves among the suggestions, or takes one."""

        step: int
        """1 down, -1 up, 0 takes the suggestion."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(placeholder="search", compact=True, id=id, select_on_focus=False)

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]
        if event.key in ("enter", "escape"):
            event.stop()
            event.prevent_default()
            self.screen.post_message(self.Left(event.key == "enter"))

    def action_suggest(self, step: int) -> None:
        self.post_message(self.Steered(step))

    def action_complete(self) -> None:
        self.post_message(self.Steered(0))

    def _on_paste(self, event: events.Paste) -> None:
        """Take pasted text as one clean line: a terminal may send anything."""
        event.text = clean_line(event.text, 1_000)

    @property
    def column_on_screen(self) -> int:
        """The screen column the text begins at, less what is scrolled out."""
        return self.content_region.x - int(self.scroll_offset.x)


class Suggestions(LineList, can_focus=False):
    """Ways to go on typing, below the query line."""

    ROWS = 8

    opens_on_click = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.suggestions: Sequence[Candidate] = ()
        self.active = False
        """Whether the reader went down into them; until then enter means the query as typed."""

    def show(self, suggestions: Sequence[Candidate], column: int) -> None:
        """Show suggestions under a column of the screen; none at all hides the list."""
        self.suggestions = suggestions
        self.active = False
        self.display = bool(suggestions)
        if suggestions:
            width = min(max(cell_width(one.label) for one in suggestions) + 12, 60)
            self.styles.width = width
            self.styles.height = min(len(suggestions), self.ROWS)
            self.styles.offset = (max(0, min(column, self.screen.size.width - width)), 0)
        self.set_shape(len(suggestions))  # also when there are none: the list may be painted once more
        self.cursor = 0

    def let_go(self) -> None:
        """Hear that more was typed: nobody is among them any more."""
        if self.active:
            self.active = False
            self.repaint()

    def steer(self, step: int) -> None:
        """Go down or up among them."""
        if self.active:
            self.move(step)
        else:
            self.active = True
            self.repaint()

    @property
    def current(self) -> Candidate | None:
        """The suggestion under the cursor."""
        return self.suggestions[self.cursor] if self.display and self.cursor < len(self.suggestions) else None

    def can_rest_on(self, index: int) -> bool:
        return True

    def row_lines(self, index: int) -> Sequence[Sequence[Span]]:
        one = self.suggestions[index]
        width = self.row_width
        count = short_count(one.count) if one.count is not None else ""
        name = truncate(one.label, max(width - len(count) - 3, 1))
        gap = " " * max(width - cell_width(name) - len(count) - 2, 1)
        here = index == self.cursor and self.active
        return [[Span("▌" if here else " ", "gutter"), Span(name, "value"), Span(gap, "blank"), Span(count, "count")]]
