"""The last line: what just happened, else which keys help here; at the right what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from newstui.text import cell_width, clean_line, truncate

PARTS = ("key", "said", "failed", "news", "work")
"""What a piece of the line can be; the stylesheet gives each a look."""
_SHOWN_SECONDS = 8.0
"""How long a sentence stays; the next one, or the next but one key, takes its place earlier."""


class StatusLine(Widget):
    """One line of words."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{part}" for part in PARTS}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hints: Sequence[tuple[str, str]] = ()
        """(key, what it does) for where the reader is, most useful first."""
        self.said = ""
        """The sentence shown instead of the hints; empty for none."""
        self.failed = False
        """Whether the sentence tells of something that went wrong."""
        self.news = ""
        """At the right: what waits to be shown."""
        self.work = ""
        """At the right: what is going on."""
        self.typed = ""
        """Keys typed so far that wait for more."""
        self._timer: Timer | None = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def say(self, sentence: str, *, failed: bool = False) -> None:
        """Show a sentence for a while."""
        self.said, self.failed = clean_line(sentence, 400), failed
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_SHOWN_SECONDS * (2 if failed else 1), self.hush) if sentence else None
        self.refresh()

    def hush(self) -> None:
        """Go back to the hints."""
        if not self.said:  # a needless refresh here would repaint the whole screen: regions are joined
            return
        self.said, self.failed = "", False
        self.refresh()

    def show(
        self,
        *,
        hints: Sequence[tuple[str, str]] | None = None,
        news: str | None = None,
        work: str | None = None,
        typed: str | None = None,
    ) -> None:
        """Take up what changed; None leaves a part as it is."""
        state = (self.hints, self.news, self.work, self.typed)
        self.hints = self.hints if hints is None else hints
        self.news = self.news if news is None else news
        self.work = self.work if work is None else work
        self.typed = self.typed if typed is None else typed
        if state != (self.hints, self.news, self.work, self.typed):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        look = {
            name: base + self.get_component_rich_style(f"status--{name}", partial=True)
            for name in PARTS
        }
        width = self.size.width
        right: list[Segment] = []
        for text, name in ((self.typed, "key"), (self.work, "work"), (self.news, "news")):
            if text:
                right.append(Segment(f"  {truncate(text, max(width // 2, 10))}", look[name]))
        right_cells = sum(cell_width(segment.text) for segment in right)
        if right_cells > width - 4:
            right, right_cells = [], 0
        room = max(width - right_cells - 2, 0)
        left: list[Segment] = [Segment(" ", base)]
        if self.said:
            left.append(Segment(truncate(self.said, room), look["failed" if self.failed else "said"]))
        else:
            for key, title in self.hints:
                cells = cell_width(key) + cell_width(title) + 1
                if cells > room:
                    continue
                left += [Segment(key, look["key"]), Segment(f" {title}", base), Segment("   ", base)]
                room -= cells + 3
        used = sum(cell_width(segment.text) for segment in left)
        left.append(Segment(" " * max(width - used - right_cells - 1, 0), base))
        return Strip([*left, *right, Segment(" ", base)]).adjust_cell_length(width, base)
