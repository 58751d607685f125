"""What every sheet has in common: it lies over the reading screen, has a title, and goes away with escape."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

Answer = TypeVar("Answer")


class Sheet(ModalScreen[Answer]):
    """A titled pane in the middle of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    heading = ""
    """What the sheet is about."""
    hint = ""
    """Keys that work in it, for its last line."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield Static(Content(self.heading), classes="sheet-title", markup=False)
            yield from self.compose_body()
            if self.hint:
                yield Static(Content(self.hint), classes="sheet-hint", markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield what is between title and hint."""
        raise NotImplementedError

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Take a letter that was typed before the input had the focus."""
        inputs = self.query(Input)
        if event.is_printable and event.character and inputs and not isinstance(self.focused, Input):
            event.stop()
            self.set_focus(inputs.first())
            inputs.first().insert_text_at_cursor(event.character)

    def on_click(self, event: events.Click) -> None:
        """A click beside the sheet closes it."""
        if event.widget is self:
            event.stop()
            self.action_leave()
