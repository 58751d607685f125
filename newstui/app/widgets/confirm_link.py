"""A question before a link opens that is not what it looks like: the host that will really be visited."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from newstui.links import CheckedLink


class ConfirmLink(ModalScreen[bool]):
    """Asks whether to open one checked link; dismissed with the answer."""

    DEFAULT_CSS = """
    ConfirmLink { align: center middle; background: $paper 60%; }
    ConfirmLink > Vertical {
        width: 64; max-width: 92%; height: auto; padding: 1 2;
        background: $paper-raised; border: round $line-focus;
    }
    ConfirmLink Static { height: auto; width: 1fr; color: $ink; }
    ConfirmLink #host { color: $ink-strong; text-style: bold; margin: 1 0 0 0; }
    ConfirmLink #address { color: $ink-muted; max-height: 6; }
    ConfirmLink #keys { margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "Open"),
        Binding("escape,n,q", "answer(False)", "Leave it"),
    ]

    def __init__(self, link: CheckedLink) -> None:
        super().__init__()
        self.link = link

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(f"Careful: {self.link.reason}."), id="reason")
            yield Static(Content(self.link.host), id="host")
            yield Static(Content(self.link.address), id="address")
            yield Static(Content.assemble(("enter", "bold"), " opens it   ", ("esc", "bold"), " leaves it"), id="keys")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
