"""Ask for a line of text, or yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from newstui.app.screens.sheet import Sheet
from newstui.text import clean_line


class CleanInput(Input):
    """An input that takes what is pasted as one clean line."""

    def _on_paste(self, event: events.Paste) -> None:
        event.text = clean_line(event.text, 4_000)


class AskScreen(Sheet[str]):
    """Asks for one line; dismissed with it, or with None."""

    hint = "enter keeps it   esc leaves it"

    def __init__(self, heading: str, value: str = "", *, explain: str = "", placeholder: str = "") -> None:
        super().__init__()
        self.heading = heading
        self.value = value
        self.explain = explain
        self.placeholder = placeholder

    def compose_body(self) -> ComposeResult:
        if self.explain:
            yield Static(Content(self.explain), classes="sheet-text", markup=False)
        yield CleanInput(self.value, placeholder=self.placeholder, compact=True, id="answer")

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())


class ConfirmScreen(Sheet[bool]):
    """Asks whether to go on; dismissed with True only after a yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes", show=False),
        Binding("n,q", "answer(False)", "No", show=False),
    ]
    hint = "y yes   n no"

    def __init__(self, heading: str, explain: str = "") -> None:
        super().__init__()
        self.heading = heading
        self.explain = explain

    def compose_body(self) -> ComposeResult:
        yield Static(Content(self.explain), classes="sheet-text", markup=False)

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
