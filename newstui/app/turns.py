"""Keys in turn: each is dealt with before the next one is looked at, and so goes where the one before it has led.

People type ahead of a busy machine: ``t sea enter j`` opens a sheet, narrows it, closes it, and moves in the list.
Textual hands a key to what has the focus when it arrives; that a sheet is there, or gone, comes some messages later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.dom import DOMNode
from textual.widgets import Input

if TYPE_CHECKING:
    from newstui.app.app import ReaderApp

Typed = events.Key | events.Paste
"""What a person types."""

PATIENCE_SECONDS = 2.0
"""What is not there or dealt with by then holds up no key any more."""


class Hold:
    """Something that is on its way and that the keys typed next are meant for; they wait for it, but not for long."""

    def __init__(self) -> None:
        self._since: float | None = None

    def __bool__(self) -> bool:
        return self._since is not None and monotonic() - self._since < PATIENCE_SECONDS

    def begin(self) -> None:
        """Let keys wait from now on."""
        self._since = monotonic()

    def end(self) -> bool:
        """Let keys wait no longer; return whether they did."""
        was_on, self._since = self._since is not None, None
        return was_on


class Turns:
    """What was typed and waits for its turn."""

    def __init__(self, app: ReaderApp, forward: Callable[[Typed], Awaitable[None]]) -> None:
        """`forward` hands something typed to what has the focus."""
        self._app = app
        self._forward = forward
        self._waiting: deque[Typed] = deque()
        self._since: float | None = None
        """When the key that is being dealt with came; None when there is none."""

    @property
    def is_idle(self) -> bool:
        """Whether all that was typed has been dealt with."""
        return self._since is None and not self._waiting

    async def take(self, event: Typed) -> None:
        """Deal with something typed, now or in its turn."""
        self._waiting.append(event)
        is_lost = self._since is not None and monotonic() - self._since > PATIENCE_SECONDS
        if self._since is None or is_lost or self._leaves(event):
            await self._deal_with_waiting(at_once=is_lost or self._leaves(event))

    def go_on(self) -> None:
        """Hear that what the screen waited for is there."""
        self._app.call_later(self._come_to)

    async def _come_to(self) -> None:
        if self._since is None:
            await self._deal_with_waiting()

    @property
    def _screen_waits(self) -> bool:
        """Whether what the last key asked of the screen on top is not there yet."""
        return bool(self._app.screen_stack) and bool(getattr(self._app.screen, "keys_must_wait", False))

    def _leaves(self, event: Typed) -> bool:
        """Whether this takes back what the screen waits for."""
        return isinstance(event, events.Key) and event.key in ("escape", "ctrl+q") and self._screen_waits

    async def _deal_with_waiting(self, *, at_once: bool = False) -> None:
        self._since = None
        while self._waiting and self._since is None and (at_once or not self._screen_waits):
            await self._deal_with(self._waiting.popleft())

    async def _deal_with(self, event: Typed) -> None:
        app = self._app
        if not app.screen_stack:
            await self._forward(event)
        elif not app.screen.is_mounted:  # it was opened by something else than a key
            self._waiting.appendleft(event)
            self._follow(app.screen)
        elif app.screen is app.reading and isinstance(event, events.Key) and not isinstance(app.focused, Input):
            if not await app.runs_first(event.key):
                app.reading.take_key(event)
            if app.screen is not app.reading:
                self._follow(app.screen)
        else:
            target = app.focused or app.screen
            await self._forward(event)
            self._follow(target)

    def _follow(self, target: DOMNode) -> None:
        """Go on once a key is dealt with: it has come up from its target, and so has what it may have set off."""
        self._since = monotonic()
        path = target.ancestors_with_self
        self._climb(iter([*path, *path]))

    def _climb(self, steps: Iterator[DOMNode]) -> None:
        for step in steps:
            if step.call_later(self._climb, steps):  # behind what waits there; False where it has gone already
                return
        self._arrive()

    def _arrive(self) -> None:
        """Wait until the screen now on top is there, and has heard what was answered."""
        top = self._app.screen
        if not top.call_later(top.call_next, self._app.call_later, self._deal_with_waiting):
            self._app.call_later(self._deal_with_waiting)
