"""A list that paints the lines in view and nothing else, whatever its length. Leaves what a row shows to others.

Measured with Textual 8.2.8: OptionList and DataTable take seconds to fill at 10,000 rows and grow with
them; this takes the same few milliseconds and bytes at ten rows and at a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from newstui.app.painting import filtered, paint_at_once
from newstui.app.widgets.scroll_bar import ListBar
from newstui.present.rows import Span
from newstui.records import dataclass

ROLES = (
    "gutter", "dot", "kept", "fresh", "pending", "selected", "star", "title", "title-read", "provider", "age",
    "coverage", "quality", "heat", "hit", "snippet", "blank",
    "heading", "value", "value-picked", "count", "muted", "failed", "progress", "progress-empty", "key", "dim",
)  # fmt: skip
"""What a piece of a row can be; the stylesheet gives each a look."""

_STRIPS_KEPT = 512
"""Rows whose painted lines are kept: several screens' worth; more would only cost memory."""


class LineList(ScrollView, can_focus=True):
    """Rows of one height, a cursor, and the mouse."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"line--{role}" for role in ROLES),
        "line--cursor",
        "line--cursor-blurred",
        "line--chosen",
    }

    @dataclass
    class Highlighted(Message):
        """The cursor went to another row."""

        list: LineList
        index: int

        @property
        def control(self) -> LineList:
            return self.list

    @dataclass
    class Opened(Message):
        """A row was double-clicked (or clicked, where one click is enough)."""

        list: LineList
        index: int

        @property
        def control(self) -> LineList:
            return self.list

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """Index of the row the cursor is on; 0 while there are no rows."""

    opens_on_click = False
    """Whether one click opens a row."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.count = 0
        """How many rows there are."""
        self.row_height = 1
        """Lines a row takes; the same for all rows."""
        self._strips: dict[int, list[Strip]] = {}
        self._styles: dict[tuple[str, str], Style] = {}
        self._fitted = Size(0, 0)
        """The size the rows were last painted for."""

    # -- what a list must say about its rows ---
    def row_lines(self, index: int) -> Sequence[Sequence[Span]]:
        """Return the lines of one row, as wide as `row_width`."""
        raise NotImplementedError

    def can_rest_on(self, index: int) -> bool:
        """Say whether the cursor may stand on a row; headings are passed over."""
        return True

    def is_chosen(self, index: int) -> bool:
        """Say whether a row is part of the selection."""
        return False

    # -- shape ---
    @property
    def row_width(self) -> int:
        """Cells a row has."""
        return int(self.scrollable_content_region.width)

    @property
    def rows_in_view(self) -> int:
        """Whole rows that fit."""
        return max(1, self.scrollable_content_region.height // self.row_height)

    def set_shape(self, count: int, row_height: int = 1) -> None:
        """Say how many rows there are now, and how high each is."""
        self.count, self.row_height = count, row_height
        self._set_length()
        self.repaint()

    def _set_length(self) -> None:
        """Say how far it scrolls: at its end, too, the row at the top is whole, and what is left over stays blank."""
        height = self.scrollable_content_region.height
        lines = self.count * self.row_height
        self.virtual_size = Size(0, lines + ((height - lines) % self.row_height if lines > height > 0 else 0))

    def repaint(self, indices: Iterable[int] | None = None) -> None:
        """Paint rows anew: all in view, or only those named."""
        if indices is None:
            self._strips.clear()
            self.refresh()
            return
        for index in indices:
            self._strips.pop(index, None)
            top = index * self.row_height - self.scroll_offset.y
            if -self.row_height < top < self.size.height:
                self.refresh_lines(index * self.row_height, self.row_height)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def on_resize(self) -> None:
        self._set_length()
        self.reveal(self.cursor)

    def fit(self) -> None:
        """Take up another size; the first line painted in it asks for that, the message of it comes later."""
        self._strips.clear()

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    # -- the cursor ---
    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.repaint((old, new))
        self.reveal(new)
        self.post_message(self.Highlighted(self, new))

    def move(self, rows: int) -> None:
        """Move the cursor; it stops at the ends and passes over headings."""
        self.go_to(self.cursor + rows, 1 if rows >= 0 else -1)

    def go_to(self, index: int, step: int = 1) -> None:
        """Put the cursor on a row, or on the next one in the direction of `step` where it may stand."""
        index = self.validate_cursor(index)
        for way in (step, -step):
            found = index
            while 0 <= found < self.count and not self.can_rest_on(found):
                found += way
            if 0 <= found < self.count:
                self.cursor = found
                return

    def go_home(self) -> None:
        """Put the cursor on the first row."""
        self.go_to(0)
        if self.cursor * self.row_height < self.scrollable_content_region.height:
            self.scroll_to(y=0, animate=False)

    def go_end(self) -> None:
        """Put the cursor on the last row."""
        self.go_to(self.count - 1, -1)

    def move_page(self, pages: float) -> None:
        """Move the cursor by pages or halves of one; the rows in view move along with it."""
        rows = max(1, int(self.rows_in_view * abs(pages))) * (1 if pages > 0 else -1)
        self.scroll_to(y=max(0, self.scroll_offset.y + rows * self.row_height), animate=False)
        self.move(rows)

    def reveal(self, index: int) -> None:
        """Scroll as little as it takes to see a row whole, and a row around it where there is room."""
        height = self.scrollable_content_region.height
        if not height or not self.count:
            return
        around = self.row_height if self.rows_in_view > 4 else 0
        top = index * self.row_height - around
        bottom = (index + 1) * self.row_height + around
        y = self.scroll_offset.y
        if top < y:
            self.scroll_to(y=max(top, 0), animate=False)
        elif bottom > y + height:
            y = min(bottom, self.count * self.row_height) - height
            y += -y % self.row_height  # a whole row at the top: half of one there is facts without their title
            self.scroll_to(y=min(y, index * self.row_height), animate=False)

    # -- the mouse ---
    def index_at(self, y: int) -> int | None:
        """Return the row a line of this widget belongs to."""
        index = (y + self.scroll_offset.y) // self.row_height
        return index if 0 <= index < self.count else None

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        index = self.index_at(offset.y) if offset is not None else None
        if index is None or not self.can_rest_on(index):
            return
        event.stop()
        self.cursor = index
        if self.opens_on_click or event.chain == 2:
            self.post_message(self.Opened(self, index))

    # -- painting ---
    @property
    def vertical_scrollbar(self) -> ScrollBar:
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = ListBar(name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def paint_now(self) -> None:
        """Paint what changed in this turn, not in one of the next."""
        if self.show_vertical_scrollbar:
            paint_at_once(self, self.vertical_scrollbar)
        else:
            paint_at_once(self)

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.styles.gutter or self.opacity != 1:
            return super().render_lines(crop)
        strips = self._lines(crop.y, crop.bottom)
        if crop.column_span != (0, self._fitted.width):
            blank = self._style("blank", "")
            strips = [strip.crop_extend(*crop.column_span, blank) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        return self._lines(y, y + 1)[0]

    def _lines(self, top: int, bottom: int) -> list[Strip]:
        """Return lines of the pane, as wide as the rows; those of a row are made once while it stays as it is."""
        size = self.scrollable_content_region.size
        if size != self._fitted:
            self._fitted = size
            self.fit()
        scrolled, height = self.scroll_offset.y, self.row_height
        first, skipped = divmod(top + scrolled, height)
        last = min(-(-(bottom + scrolled) // height), self.count)
        lines = [line for index in range(first, last) for line in self._row(index)][skipped : skipped + bottom - top]
        if (missing := bottom - top - len(lines)) > 0:
            lines += [Strip.blank(size.width, self._style("blank", ""))] * missing
        return lines

    def _row(self, index: int) -> list[Strip]:
        strips = self._strips.get(index)
        if strips is None:
            if len(self._strips) >= _STRIPS_KEPT:
                self._strips.clear()
            strips = self._strips[index] = self._paint(index, self._fitted.width)
        return strips

    def _paint(self, index: int, width: int) -> list[Strip]:
        """Return the lines of a row: always `row_height` of them."""
        if index == self.cursor and self.can_rest_on(index):
            ground = "cursor" if self.has_focus else "cursor-blurred"
        else:
            ground = "chosen" if self.is_chosen(index) else ""
        blank = self._style("blank", ground)
        strips = [
            Strip([Segment(span.text, self._style(span.role, ground)) for span in line]).adjust_cell_length(
                width, blank
            )
            for line in self.row_lines(index)
        ]
        while len(strips) < self.row_height:
            strips.append(Strip.blank(width, blank))
        return strips[: self.row_height]

    def _style(self, role: str, ground: str) -> Style:
        style = self._styles.get((role, ground))
        if style is None:
            look = self.get_component_rich_style(f"line--{role}", partial=True)
            under = self.get_component_rich_style(f"line--{ground}", partial=True) if ground else Style.null()
            if under.reverse:  # colours turned round would stand as blocks in the row
                look = Style(bold=look.bold)
            if role == "blank":  # lines under nothing only make the row heavy
                look += Style(underline=False)
            style = self._styles[role, ground] = filtered(self, self.rich_style + under + look)
        return style
