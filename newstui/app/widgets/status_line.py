"""The last line: what just happened, else which keys help here; at the right what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from newstui.records import dataclass
from newstui.text import cell_width, clean_line, truncate

PARTS = ("key", "said", "failed", "news", "work")
"""What a piece of the line can be; the stylesheet gives each a look."""
_SHOWN_SECONDS = 8.0
"""How long a sentence stays; the next one, or the next but one key, takes its place earlier."""


class Hint(NamedTuple):
    """A key and what it does here."""

    key: str
    title: str
    command: str = ""
    """Id of the command a click on it runs; empty for none."""


class Aside(NamedTuple):
    """What stands at the right end, with a key in it where one helps."""

    before: str = ""
    """Empty for nothing at all."""
    key: str = ""
    after: str = ""
    command: str = ""
    """Id of the command a click on it runs; empty for none."""


class StatusLine(Widget):
    """One line of words."""

    @dataclass
    class Clicked(Message):
        """What a part of the line stands for was asked for."""

        command: str

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{part}" for part in PARTS}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hints: Sequence[Hint] = ()
        """What helps where the reader is, most useful first; the last one is always there."""
        self.said = ""
        """The sentence shown instead of the hints; empty for none."""
        self._told = ""
        """The same without what a key does about it."""
        self.offer: Hint | None = None
        """The key that helps after the sentence: the last of both to be cut."""
        self.failed = False
        """Whether the sentence tells of something that went wrong."""
        self.news = Aside()
        """At the right: what waits to be shown."""
        self.work = Aside()
        """At the right: what is going on."""
        self.typed = ""
        """Keys typed so far that wait for more."""
        self._timer: Timer | None = None
        self._places: list[tuple[int, int, str]] = []
        """First column, the one after the last, and what a click there runs."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def say(self, sentence: str, *, failed: bool = False, offer: Hint | None = None) -> None:
        """Show a sentence for a while, and behind it what a key does about it."""
        self._told, self.failed, self.offer = clean_line(sentence, 400), failed, offer
        self.said = f"{self._told} · {offer.key} {offer.title}" if offer else self._told
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_SHOWN_SECONDS * (2 if failed else 1), self.hush) if sentence else None
        self.refresh()

    def hush(self) -> None:
        """Go back to the hints."""
        if not self.said:  # a needless refresh here would repaint the whole screen: regions are joined
            return
        self.said, self.failed, self.offer = "", False, None
        self.refresh()

    def show(
        self,
        *,
        hints: Sequence[Hint] | None = None,
        news: Aside | None = None,
        work: Aside | None = None,
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

    def on_click(self, event: events.Click) -> None:
        for start, stop, command in self._places:
            if start <= event.x < stop and command:
                self.post_message(self.Clicked(command))

    def _fitting(self, room: int) -> list[Hint]:
        """Return the hints there is room for."""
        chosen: list[Hint] = []
        for hint in [*self.hints[-1:], *self.hints[:-1]]:
            if (cells := _cells(hint)) <= room:
                chosen.append(hint)
                room -= cells + 3
        return [hint for hint in self.hints if hint in chosen]

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        look = {name: base + self.get_component_rich_style(f"status--{name}", partial=True) for name in PARTS}
        width = self.size.width
        right: list[Segment] = []
        asides: list[tuple[int, int, str]] = []  # as in _places, from the first cell of `right` on
        right_cells = 0
        for aside, name in ((Aside(self.typed), "key"), (self.work, "work"), (self.news, "news")):
            if aside.before:
                pieces = aside_pieces(aside, max(width // 2, 10), look[name], look["key"])
                cells = sum(cell_width(piece.text) for piece in pieces)
                asides.append((right_cells + 2, right_cells + 2 + cells, aside.command))
                right += [Segment("  ", look[name]), *pieces]
                right_cells += 2 + cells
        if right_cells > width - 4:
            right, right_cells, asides = [], 0, []
        room = max(width - right_cells - 2, 0)
        left: list[Segment] = [Segment(" ", base)]
        start = width - right_cells - 1
        self._places = [(start + first, start + after, command) for first, after, command in asides]
        if self.said:
            left += self._sentence(room, look)
        else:
            x = 1
            for hint in self._fitting(room):
                left += [Segment(hint.key, look["key"]), Segment(f" {hint.title}", base), Segment("   ", base)]
                cells = _cells(hint)
                self._places.append((x, x + cells, hint.command))
                x += cells + 3
        used = sum(cell_width(segment.text) for segment in left)
        left.append(Segment(" " * max(width - used - right_cells - 1, 0), base))
        return Strip([*left, *right, Segment(" ", base)]).adjust_cell_length(width, base)

    def _sentence(self, room: int, look: dict[str, Style]) -> list[Segment]:
        said = look["failed" if self.failed else "said"]
        offer = self.offer
        if offer is None or _cells(offer) + 3 >= room:
            return [Segment(truncate(self._told, room), said)]
        told_cells = room - _cells(offer) - 3
        if 2 * told_cells < cell_width(self._told):  # less than half of it would only puzzle
            self._places.append((1, 1 + _cells(offer), offer.command))
            return [Segment(offer.key, look["key"]), Segment(f" {offer.title}", said)]
        start = min(cell_width(self._told), told_cells) + 4
        self._places.append((start, start + _cells(offer), offer.command))
        return [
            Segment(truncate(self._told, told_cells), said),
            Segment(" · ", look["work"]),
            Segment(offer.key, look["key"]),
            Segment(f" {offer.title}", said),
        ]


def aside_pieces(aside: Aside, room: int, style: Style, key_style: Style) -> list[Segment]:
    """Return an aside in at most so many cells, its key set apart; one that does not fit is a sentence cut short."""
    text = aside.before + aside.key + aside.after
    if not aside.key or cell_width(text) > room:
        return [Segment(truncate(text, room), style)]
    return [Segment(aside.before, style), Segment(aside.key, key_style), Segment(aside.after, style)]


def _cells(hint: Hint) -> int:
    return cell_width(hint.key) + cell_width(hint.title) + 1
