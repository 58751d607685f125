"""The sidebar: views, topics, providers and collections, each with how much of it is unread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from textual.message import Message

from newstui.app.widgets.line_list import LineList
from newstui.present.counts import progress_cells, short_count
from newstui.present.rows import Span
from newstui.records import dataclass, field
from newstui.text import cell_width, truncate

Kind = Literal["heading", "gap", "view", "topic", "provider", "category", "type", "collection", "more"]


class Entry(NamedTuple):
    """One line of the sidebar."""

    kind: Kind
    value: str
    """What is picked; for a heading its words, for ``more`` the kind there is more of."""
    unread: int | None = None
    """None while it is not known."""
    articles: int = 0
    picked: bool = False
    """The query asks for it, or it is the view that is open."""
    depth: int = 0
    """How deep a topic lies under others."""
    failure: str = ""
    """Why a collection failed; empty when it did not."""
    progress: tuple[int, int | None] | None = None
    """(done, total) while a collection is being refreshed; the total is None while unknown."""


@dataclass(frozen=True, slots=True)
class SidebarContent:
    """Everything the sidebar shows."""

    views: Sequence[Entry] = ()
    sections: Sequence[tuple[str, Sequence[Entry]]] = field(default=())
    """(heading, entries) in display order; a section without entries is left out."""

    def entries(self) -> list[Entry]:
        """Return the lines from top to bottom."""
        lines = [Entry("heading", "Views"), *self.views]
        for heading, entries in self.sections:
            if entries:
                lines += [Entry("gap", ""), Entry("heading", heading), *entries]
        return lines


class Sidebar(LineList):
    """Lines to pick from; picking again takes the pick back."""

    opens_on_click = True

    @dataclass
    class Picked(Message):
        """A line was picked."""

        entry: Entry

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: list[Entry] = []

    def show(self, content: SidebarContent) -> None:
        """Show other content; the cursor stays on its line where there still is one."""
        entries = content.entries()
        if entries == self.entries:
            return
        before = self.entries[self.cursor] if self.cursor < len(self.entries) else None
        self.entries = entries
        self.set_shape(len(entries))
        if before is not None:
            same = (i for i, entry in enumerate(entries) if entry[:2] == before[:2])
            self.go_to(next(same, self.cursor))
        if not self.can_rest_on(self.cursor):
            current = (i for i, entry in enumerate(entries) if entry.kind == "view" and entry.picked)
            self.go_to(next(current, self.cursor))

    def can_rest_on(self, index: int) -> bool:
        return index < len(self.entries) and self.entries[index].kind not in ("heading", "gap")

    @property
    def current(self) -> Entry | None:
        """The line under the cursor."""
        return self.entries[self.cursor] if self.can_rest_on(self.cursor) else None

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        event.stop()
        self.pick()

    def pick(self) -> None:
        """Pick the line under the cursor."""
        if (entry := self.current) is not None:
            self.post_message(self.Picked(entry))

    def row_lines(self, index: int) -> Sequence[Sequence[Span]]:
        return [entry_line(self.entries[index], self.row_width, cursor=index == self.cursor)]


def entry_line(entry: Entry, width: int, *, cursor: bool = False) -> list[Span]:
    """Return one line of the sidebar: sign, name, count at the right."""
    if entry.kind in ("heading", "gap"):
        return [Span(truncate(f"  {entry.value}", width), "heading")]
    if entry.kind == "more":
        return [
            Span("▌" if cursor else " ", "gutter"),
            Span(truncate(f"   {entry.articles} more …", width - 1), "muted"),
        ]
    sign = Span("✗", "failed") if entry.failure else Span("▸" if entry.picked else " ", "value-picked")
    if entry.progress is not None:
        right = [Span(part, role) for part, role in progress_bar(*entry.progress, cells=6)]
    else:
        right = [Span(short_count(entry.unread) if entry.unread else "", "count")]
    right_cells = sum(cell_width(span.text) for span in right)
    indent = "  " * min(entry.depth, 3)
    room = max(width - 4 - right_cells - len(indent) - (1 if right_cells else 0), 0)  # a blank before a count
    name = truncate(entry.value, room)
    role = "value-picked" if entry.picked else ("value" if entry.unread or entry.kind == "view" else "dim")
    return [
        Span("▌" if cursor else " ", "gutter"),
        sign,
        Span(" " + indent, "blank"),
        Span(name, role),
        Span(" " * max(width - 4 - len(indent) - cell_width(name) - right_cells, 0), "blank"),
        *right,
        Span(" ", "blank"),
    ]


def progress_bar(done: int, total: int | None, cells: int) -> list[tuple[str, str]]:
    """Return a bar as text and role; without a total it counts instead of filling."""
    if not total:
        return [(f"↻ {short_count(done)}" if done else "↻", "progress")]
    filled, empty = progress_cells(done, total, cells)
    return [(filled, "progress"), (empty, "progress-empty")]
