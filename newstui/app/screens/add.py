"""Subscribe to a location: says what it is while it is being typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from newstui.app.screens.ask import CleanInput
from newstui.app.screens.sheet import Sheet
from newstui.errors import NewstuiError
from newstui.model import Subscription
from newstui.present.sentences import describe_error
from newstui.text import clean_line

if TYPE_CHECKING:
    from newstui.library import Library

LOOK_SECONDS = 0.4
"""A location is looked at once no key came for this long: it may mean asking a server."""


@dataclass(frozen=True, slots=True)
class Added:
    """What the reader decided to subscribe to."""

    subscriptions: tuple[Subscription, ...]


class AddScreen(Sheet[Added]):
    """Asks for a location and a name; dismissed with what to subscribe to, or with None."""

    heading = "Add a collection"
    hint = "enter adds it   tab next field   esc closes"

    class Seen(Message):
        """What a location was recognised as."""

        def __init__(self, location: str, sentence: str, name: str, *, usable: bool) -> None:
            super().__init__()
            self.location = location
            self.sentence = sentence
            self.name = name
            self.usable = usable

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
        self._timer: Timer | None = None
        self._seen: AddScreen.Seen | None = None
        self._named_by_hand = False
        self._wants_in = False

    def compose_body(self) -> ComposeResult:
        yield Static(
            Content("A folder, a site, one file, an archive, an address, or github:owner/repo"), classes="sheet-text"
        )
        yield CleanInput(placeholder="location", compact=True, id="location")
        yield Static("", id="recognised", markup=False)
        yield CleanInput(placeholder="name", compact=True, id="collection-name")

    @on(Input.Changed, "#location")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._seen, self._wants_in = None, False
        self._say("looking …" if event.value.strip() else "")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(LOOK_SECONDS, self._look) if event.value.strip() else None

    @on(Input.Changed, "#collection-name")
    def _named(self, event: Input.Changed) -> None:
        event.stop()
        self._named_by_hand = bool(event.value)

    def _look(self) -> None:
        location = self.query_one("#location", Input).value.strip()
        look: Callable[[], None] = lambda: self._recognise(location)  # noqa: E731
        self.run_worker(look, group="recognise", exclusive=True, thread=True)

    def _recognise(self, location: str) -> None:
        worker = get_current_worker()
        try:
            found = self.library.recognise(location)
        except NewstuiError as error:
            seen = self.Seen(location, describe_error(error), "", usable=False)
        else:
            seen = self.Seen(found.location, describe_recognition(found.kind, found.title), found.title, usable=True)
        if not worker.is_cancelled:
            self.post_message(seen)

    def on_add_screen_seen(self, seen: Seen) -> None:
        self._seen = seen
        self._say(("✓ " if seen.usable else "✗ ") + seen.sentence)
        name = self.query_one("#collection-name", Input)
        if seen.name and not self._named_by_hand:
            with name.prevent(Input.Changed):
                name.value = seen.name
        if self._wants_in:
            self._add()

    def _say(self, sentence: str) -> None:
        self.query_one("#recognised", Static).update(Content(clean_line(sentence)))

    @on(Input.Submitted)
    def _add(self, event: Input.Submitted | None = None) -> None:
        if event is not None:
            event.stop()
        if self._seen is None:
            self._wants_in = bool(self.query_one("#location", Input).value.strip())
        elif self._seen.usable:
            name = self.query_one("#collection-name", Input).value.strip()
            location = self._seen.location
            self.dismiss(Added((Subscription(name or self._seen.name or location, location),)))
        else:
            self.app.bell()


def describe_recognition(kind: str, title: str) -> str:
    """Return what a location is, in words: ``site: AI News``."""
    return clean_line(f"{kind}: {title}" if title else kind)


def describe_subscribed(subscriptions: Sequence[Subscription]) -> str:
    """Return what was subscribed to, in a sentence."""
    names = ", ".join(one.name for one in subscriptions[:3])
    more = f" and {len(subscriptions) - 3} more" if len(subscriptions) > 3 else ""
    return f"Added {names}{more}"
