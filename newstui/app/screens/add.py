"""Subscribe to a location: says what it is while it is being typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from newstui.app.lanes import Lanes, cancelled_here
from newstui.app.screens.ask import CleanInput
from newstui.app.screens.sheet import Sheet
from newstui.errors import NewstuiError
from newstui.model import Subscription
from newstui.present.counts import describe_count
from newstui.present.sentences import describe_error
from newstui.records import dataclass
from newstui.text import clean_line

if TYPE_CHECKING:
    from newstui.library import Library
    from newstui.library.collections import Recognition

_LANE = "recognise"
LOOK_SECONDS = 0.4
"""A location is looked at once no key came for this long: it may mean asking a server."""


@dataclass(frozen=True, slots=True)
class Added:
    """What the reader decided to subscribe to."""

    location: str
    """As typed."""
    name: str
    """Empty: the name it has by itself."""
    found: Recognition | None
    """What it is; None when it was not waited for."""

    def subscription(self, found: Recognition) -> Subscription:
        """Return what is subscribed to once it is known what it is."""
        return Subscription(self.name or found.title or found.location, found.location)


class AddScreen(Sheet[Added]):
    """Asks for a location and a name; dismissed with what to subscribe to, or with None."""

    heading = "Add a collection"
    hint = "enter adds it   tab next field   esc closes"

    def __init__(self, library: Library, lanes: Lanes, location: str = "") -> None:
        """`location` is offered for correction."""
        super().__init__()
        self._offered = location
        self.library = library
        self.lanes = lanes
        self._timer: Timer | None = None
        self._seen: Recognition | None = None
        """What the location typed is; None while that is not known, and when it is nothing."""
        self._is_known = False
        """Whether an answer has come for what is typed."""
        self._named_by_hand = False

    def compose_body(self) -> ComposeResult:
        yield Static(
            Content("A folder, a site, one file, an archive, an address, or github:owner/repo"), classes="sheet-text"
        )
        yield CleanInput(self._offered, placeholder="location", compact=True, id="location")
        yield Static("", id="recognised", markup=False)
        yield CleanInput(placeholder="name", compact=True, id="collection-name")

    @on(Input.Changed, "#location")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._seen, self._is_known = None, False
        self.lanes.cancel(_LANE)
        self._say("looking …" if event.value.strip() else "")
        self.set_class(bool(event.value.strip()), "-typed")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(LOOK_SECONDS, self._look) if event.value.strip() else None

    @on(Input.Changed, "#collection-name")
    def _named(self, event: Input.Changed) -> None:
        event.stop()
        self._named_by_hand = bool(event.value)

    def _look(self) -> None:
        location, library = self._location, self.library

        def failed(error: NewstuiError) -> None:
            hint = "" if error.hint.startswith("a location is") else error.hint  # that stands above already
            self._answer(location, None, describe_error(NewstuiError(error.reason, hint=hint)))

        self.lanes.put(
            _LANE,
            lambda: library.recognise(location, cancelled_here()),
            lambda found: self._answer(location, found, describe_recognition(found)),
            failed,
        )

    @property
    def _location(self) -> str:
        return self.query_one("#location", Input).value.strip()

    def _answer(self, location: str, found: Recognition | None, sentence: str) -> None:
        """Take up what a location was recognised as, if it is still the one that is typed."""
        if not self.is_attached or location != self._location:
            return
        self._seen, self._is_known = found, True
        self._say(sentence, ("✗ ", "$failed") if found is None else ("✓ ", "$good"))
        name = self.query_one("#collection-name", Input)
        if found is not None and found.title and not self._named_by_hand:
            with name.prevent(Input.Changed):
                name.value = found.title

    def _say(self, sentence: str, sign: tuple[str, str] = ("", "")) -> None:
        self.query_one("#recognised", Static).update(Content.assemble(sign, clean_line(sentence)))

    @on(Input.Submitted)
    def _add(self, event: Input.Submitted) -> None:
        """Leave at once: what is not known yet is looked at behind the list, and the next keys are for that."""
        event.stop()
        if not self._location or (self._is_known and self._seen is None):
            self.app.bell()
            return
        name = self.query_one("#collection-name", Input).value.strip()
        self.dismiss(Added(self._location, name, self._seen))

    def on_unmount(self) -> None:
        self.lanes.cancel(_LANE)


def describe_recognition(found: Recognition) -> str:
    """Return what a location is, in words: ``site: AI News, 192 records, 7 topics``."""
    parts = [f"{found.kind}: {found.title}" if found.title else found.kind]
    if found.records is not None:
        more = "" if found.is_whole else "more than "
        parts.append(more + describe_count(found.records, "record"))
        if found.topics:
            parts.append(describe_count(found.topics, "topic"))
    return clean_line(", ".join(parts))


def describe_subscribed(subscriptions: Sequence[Subscription]) -> str:
    """Return what was subscribed to, in a sentence."""
    names = ", ".join(one.name for one in subscriptions[:3])
    more = f" and {len(subscriptions) - 3} more" if len(subscriptions) > 3 else ""
    return f"Added {names}{more}"
