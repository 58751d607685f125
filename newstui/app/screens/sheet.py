"""What every sheet has in common: it lies over the reading screen, has a title, and goes away with escape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from newstui.app.turns import Hold
from newstui.text import cell_width

Answer = TypeVar("Answer")

LOW_BELOW = 18
"""On a screen of fewer lines a sheet has no blank lines inside and none around it."""
AIR_ROWS = 1


class HintLine(Static):
    """Keys that work in a sheet; of those there is no room for the last one stays."""

    def __init__(self, hint: str) -> None:
        super().__init__("", classes="sheet-hint", markup=False)
        self._parts = hint.split("   ")

    def on_resize(self) -> None:
        self.update(hint_content(fitting_parts(self._parts, self.content_size.width)))


def fitting_parts(parts: Sequence[str], room: int) -> list[str]:
    """Return what fits of the last part, then the others in turn, in their order."""
    chosen: list[int] = []
    for index in (len(parts) - 1, *range(len(parts) - 1)):
        cells = cell_width(parts[index]) + (3 if chosen else 0)
        if cells <= room:
            chosen.append(index)
            room -= cells
    return [parts[index] for index in sorted(chosen)]


def hint_content(parts: Sequence[str]) -> Content:
    """Return a line of keys with the keys set apart; ``type`` is what one does, not a key."""
    pieces: list[tuple[str, str]] = []
    for part in parts:
        words = part.split(" ")
        count = next((index for index, word in enumerate(words) if index and len(word) > 1), 1)
        keys, rest = " ".join(words[:count]), " ".join(words[count:])
        pieces += [("   " if pieces else "", ""), (keys, "" if keys == "type" else "bold $unread"), (f" {rest}", "")]
    return Content.assemble(*pieces)


class Sheet(ModalScreen[Answer]):
    """A titled pane in the middle of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    heading = ""
    """What the sheet is about."""
    columns = ""
    """What stands at the right end of its rows; empty where that needs no word."""
    hint = ""
    """Keys that work in it, for its last line: each key and what it does, three blanks between them."""
    keys_must_wait: bool | Hold = False
    """Whether it has been answered, and waits for what the answer needs: the next keys are for what lies below."""
    rows_besides = 0
    """Lines its body takes besides a list that `rows_for` is asked about."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            with Horizontal(classes="sheet-head"):
                yield Static(Content(self.heading), classes="sheet-title", markup=False)
                if self.columns:
                    yield Static(Content(self.columns), classes="sheet-columns", markup=False)
            yield from self.compose_body()
            if self.hint:
                yield HintLine(self.hint)

    def compose_body(self) -> ComposeResult:
        """Yield what is between title and hint."""
        raise NotImplementedError

    def rows_for(self, wanted: int, most: int = 16) -> int:
        """Return the lines a list in it gets, so that its last line is on the screen too. For `on_resize`."""
        is_low = self.size.height < LOW_BELOW
        frame = 3 + self.rows_besides + (1 if self.hint else 0) + (0 if is_low else 1 + 2 * AIR_ROWS)
        return max(min(max(wanted, 3), most, self.size.height - frame), 1)

    @on(events.Resize)
    def _make_room(self) -> None:
        self.set_class(self.size.height < LOW_BELOW, "-low")

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the sheet closes it."""
        if event.widget is self:
            event.stop()
            self.action_leave()
