"""The list of articles or stories: a window of rows, a cursor that stays on its article, a selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual import events
from textual.message import Message

from newstui.app.widgets.line_list import LineList
from newstui.model import Headline
from newstui.present.rows import RowLayout, RowState, Span, StoryFacts, article_row, choose_layout
from newstui.query.hits import Snippet
from newstui.records import dataclass

if TYPE_CHECKING:
    from newstui.present.ages import DateStyle

_PAGES_AROUND = 2
"""Pages of rows fetched on both sides of the one asked for: moving on seldom asks the store, and asks for little."""


class ListItem(NamedTuple):
    """What one row of the list stands for."""

    headline: Headline
    story: StoryFacts | None = None
    """None when the row is one article."""
    rows: tuple[int, ...] = ()
    """Rows of all articles of the story, oldest first; empty when the row is one article."""

    @property
    def all_rows(self) -> tuple[int, ...]:
        """Every article this row stands for."""
        return self.rows or (self.headline.row,)


class ItemSource(Protocol):
    """A result in its order: what the list asks for the rows it is about to show."""

    def __len__(self) -> int: ...

    def items(self, start: int, stop: int) -> Sequence[ListItem]:
        """Return the items at positions start..stop-1."""
        ...

    def position_of(self, row: int) -> int | None:
        """Return where an article stands, None when it does not."""
        ...

    def next_unread(self, position: int, step: int) -> int | None:
        """Return the nearest unread position after or before one."""
        ...

    def all_rows(self) -> Sequence[int]:
        """Return every article that the rows stand for; of a million it takes a moment."""
        ...

    def title_hits(self, title: str) -> Sequence[tuple[int, int]]:
        """Return where a title shows what was searched."""
        ...

    def snippet(self, position: int, item: ListItem, width: int) -> Snippet:
        """Return the place a search found in an article."""
        ...


class NoItems:
    """The list before anything is known."""

    def __len__(self) -> int:
        return 0

    def items(self, start: int, stop: int) -> Sequence[ListItem]:
        return ()

    def position_of(self, row: int) -> int | None:
        return None

    def next_unread(self, position: int, step: int) -> int | None:
        return None

    def all_rows(self) -> Sequence[int]:
        return ()

    def title_hits(self, title: str) -> Sequence[tuple[int, int]]:
        return ()

    def snippet(self, position: int, item: ListItem, width: int) -> Snippet:
        return Snippet("", ())


class ArticleList(LineList):
    """Rows of articles, painted from the visible window only."""

    @dataclass
    class SignClicked(Message):
        """The dot or the star of a row was clicked."""

        item: ListItem
        sign: str
        """``read`` or ``star``."""

    def __init__(
        self,
        *,
        now: Callable[[], float],
        zone: tzinfo | None = None,
        starts_at: Callable[[], int] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.now = now
        """The clock: seconds since 1970-01-01 UTC."""
        self.zone = zone
        self._starts_at = starts_at
        """Asked once for the row the cursor has come to in the first picture; it stays there from then on."""
        self.date_style: DateStyle = "age"
        self.with_snippets = False
        """Whether each row has a line with the place the search found."""
        self.sorted_by = ""
        """The order asked for: quality and heat then stand as numbers. Empty for none."""
        self.selection: set[int] = set()
        """Rows of articles selected with ``x``."""
        self.pending: set[int] = set()
        """Rows of articles whose marks are being saved."""
        self.kept: set[int] = set()
        """Rows of articles read since the view was opened: shown in place until it is left."""
        self._source: ItemSource = NoItems()
        self._start = 0
        self._items: list[ListItem] = []
        self._snippets: dict[int, Snippet] = {}

    # -- what is shown ---
    @property
    def source(self) -> ItemSource:
        """The result shown now."""
        return self._source

    @property
    def layout_of_rows(self) -> RowLayout:
        """How rows of this width are divided."""
        height = self.scrollable_content_region.height
        return choose_layout(
            self.row_width, height, snippet=self.with_snippets, style=self.date_style, number=self.sorted_by
        )

    def show(self, source: ItemSource, *, row: int | None = None, at_top: bool = False) -> None:
        """Show another result.

        Args:
            row: The article the cursor stays on, at the same height of the screen, when it is still there.
            at_top: Begin at the first row instead.
        """
        line_of_cursor = self.cursor * self.row_height - self.scroll_offset.y
        self._source = source
        self._forget()
        self.set_shape(len(source), self.layout_of_rows.height)
        position = None if row is None or at_top else source.position_of(row)
        target = 0 if at_top else (self.validate_cursor(self.cursor) if position is None else position)
        if at_top:
            self.scroll_to(y=0, animate=False)
        elif position is not None:
            self.scroll_to(y=max(0, position * self.row_height - line_of_cursor), animate=False)
        if target == self.cursor:
            self.post_message(self.Highlighted(self, target))
        self.cursor = target
        self.reveal(target)

    def forget_marks(self, rows: Iterable[int] | None = None) -> None:
        """Read the rows again from the library: their marks changed."""
        self._forget()
        self.repaint()

    def relayout(self) -> None:
        """Take up another width, or snippets that came or went."""
        height = self.layout_of_rows.height
        if height != self.row_height:
            line = self.cursor * self.row_height - self.scroll_offset.y
            share = line / max(self.scrollable_content_region.height, 1)
            self.set_shape(self.count, height)
            self.scroll_to(
                y=max(0, self.cursor * height - int(share * self.scrollable_content_region.height)), animate=False
            )
        self.repaint()

    def on_resize(self) -> None:  # the base class' handler runs after this one
        if self.scrollable_content_region.size != self._fitted or self.layout_of_rows.height != self.row_height:
            self.relayout()

    def begin(self) -> None:
        """Put the cursor where it has come to in the first picture, before a frame or a key finds it elsewhere."""
        if self._starts_at is not None:
            row, self._starts_at = self._starts_at(), None
            if self.count and (row := self.validate_cursor(row)):
                self.set_reactive(LineList.cursor, row)  # nothing to paint: the first frame is still to come
                self.post_message(self.Highlighted(self, row))

    def fit(self) -> None:
        super().fit()
        self.begin()
        height = self.layout_of_rows.height
        if height != self.row_height and not self.scroll_offset.y:  # the first frame has rows of the right height
            self.set_shape(self.count, height)

    def _forget(self) -> None:
        self._start, self._items, self._snippets = 0, [], {}

    def item(self, index: int) -> ListItem | None:
        """Return what stands at a position; fetches a window around it when it is not at hand."""
        if not 0 <= index < self.count:
            return None
        if not self._start <= index < self._start + len(self._items):
            self._fetch(index)
        offset = index - self._start
        return self._items[offset] if 0 <= offset < len(self._items) else None

    def _fetch(self, index: int) -> None:
        around = _PAGES_AROUND * self.rows_in_view
        start, stop = max(0, index - around), min(self.count, index + around)
        self._start = start
        self._items = list(self._source.items(start, stop))
        self._snippets = {}

    def _snippet(self, index: int, item: ListItem) -> Snippet:
        """Return the line under a title. Made for painted rows only, since it may have to look into the body."""
        row = item.headline.row
        if row not in self._snippets:
            self._snippets[row] = self._source.snippet(index, item, self.row_width)
        return self._snippets[row]

    @property
    def current(self) -> ListItem | None:
        """The row under the cursor."""
        return self.item(self.cursor)

    # -- selection ---
    def toggle_selected(self, index: int) -> None:
        """Select a row, or no longer."""
        if (item := self.item(index)) is None:
            return
        rows = set(item.all_rows)
        if rows <= self.selection:
            self.selection -= rows
        else:
            self.selection |= rows
        self.repaint((index,))

    def select(self, rows: Iterable[int]) -> None:
        """Select exactly these rows."""
        self.selection = set(rows)
        self.repaint()

    def is_chosen(self, index: int) -> bool:
        if not self.selection:
            return False
        item = self.item(index)
        return item is not None and not self.selection.isdisjoint(item.all_rows)

    # -- painting ---
    def row_lines(self, index: int) -> Sequence[Sequence[Span]]:
        item = self.item(index)
        if item is None:
            return ()
        rows = item.all_rows
        state = RowState(
            cursor=index == self.cursor,
            selected=not self.selection.isdisjoint(rows) if self.selection else False,
            pending=not self.pending.isdisjoint(rows) if self.pending else False,
            kept=item.headline.row in self.kept,
        )
        found = self._snippet(index, item) if self.with_snippets else Snippet("", ())
        return article_row(
            item.headline,
            self.layout_of_rows,
            state,
            int(self.now()),
            zone=self.zone,
            hits=self._source.title_hits(item.headline.title),
            snippet=found.text,
            snippet_hits=found.spans,
            story=item.story,
        )

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and offset.x in (1, 2) and event.chain == 1:
            index = self.index_at(offset.y)
            item = None if index is None else self.item(index)
            if item is not None and offset.y >= 0:
                event.stop()
                event.prevent_default()
                self.cursor = index or 0
                self.post_message(self.SignClicked(item, "read" if offset.x == 1 else "star"))
