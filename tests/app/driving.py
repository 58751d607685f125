"""Driving the reader in a test: keys by command id, and waiting for work instead of the clock."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from newstui.app.app import ReaderApp
from newstui.app.screens.reading import ReadingScreen
from newstui.commands import keymap
from newstui.config import Paths, Settings
from newstui.config.settings import ReaderSettings, RefreshSettings
from tests.app.fake_library import FakeLibrary
from tests.builders import NOW, an_article

KEYS = {command: keys[0] for command, keys in keymap().items() if keys}
"""Command id → the key a test presses for it."""

_NAMES = {
    "/": "slash", "?": "question_mark", ":": "colon", ".": "full_stop", "!": "exclamation_mark", "+": "plus",
    "-": "minus", "[": "left_square_bracket", "]": "right_square_bracket", "<": "less_than_sign",
}  # fmt: skip

SETTINGS = Settings(reader=ReaderSettings(reduced_motion=True), refresh=RefreshSettings(every="never", on_start=False))


class Reader:
    """One running reader."""

    def __init__(self, app: ReaderApp, pilot: Pilot[Any], library: FakeLibrary) -> None:
        self.app = app
        self.pilot = pilot
        self.library = library

    @property
    def screen(self) -> ReadingScreen:
        return self.app.reading

    async def settle(self) -> None:
        """Wait until nothing is under way: no key, no worker, no pause, no mark that is not saved."""
        for _ in range(2_000):
            await self.pilot.pause()
            busy = [worker for worker in self.app.workers if worker.group != "saver" and not worker.is_finished]
            if (
                not busy
                and self.app.turns.is_idle
                and not self.screen.lanes.is_busy
                and not self.screen._pauses
                and not self.screen.saver.pending
                and self.screen.saver.is_idle
            ):
                await self.pilot.pause()
                return
            await self.pilot.pause(0.01)
        raise AssertionError("the reader does not come to rest")

    async def until(self, is_so: Callable[[], object], seconds: float = 60) -> None:
        """Wait for something while other things are under way. Raises AssertionError when it does not come."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"waited in vain, while the screen shows:\n{self.text()}"
            await self.pilot.pause(0.01)

    async def do(self, *commands: str) -> None:
        """Press the keys of commands, one after the other."""
        for command in commands:
            await self.press(KEYS[command])

    async def press(self, *keys: str) -> None:
        """Press keys as people write them."""
        for key in keys:
            for part in key.split(" ") if key != " " else ["space"]:
                await self.pilot.press(_NAMES.get(part, part))
            await self.settle()

    async def type(self, text: str) -> None:
        """Type text."""
        for letter in text:
            await self.pilot.press("space" if letter == " " else _NAMES.get(letter, letter))
        await self.settle()

    @property
    def said(self) -> str:
        """The sentence in the status line."""
        return self.screen.status.said

    @property
    def titles(self) -> list[str]:
        """Titles of all rows of the list."""
        source = self.screen.article_list.source
        return [item.headline.title for item in source.items(0, len(source))]

    @property
    def here(self) -> str:
        """Title of the row under the cursor."""
        item = self.screen.article_list.current
        return item.headline.title if item else ""

    def lines(self) -> list[str]:
        """The screen as text, a string a line."""
        screen = self.app.screen
        update = screen._compositor.render_strips(screen.size)
        return ["".join(segment.text for segment in strip) for strip in update]

    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines())


@asynccontextmanager
async def reading(
    library: FakeLibrary,
    folder: Path,
    *,
    size: tuple[int, int] = (100, 30),
    settings: Settings = SETTINGS,
    is_sample: bool = False,
    greeting: Sequence[str] = (),
) -> AsyncIterator[Reader]:
    """Run the reader on a library; everything it writes goes into the folder."""
    paths = Paths(folder / "config", folder / "data", folder / "cache")
    app = ReaderApp(
        library,  # type: ignore[arg-type]
        settings,
        paths,
        is_sample=is_sample,
        greeting=tuple(greeting),
        clock=lambda: NOW,
        zone=UTC,
    )
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot, library)
        await reader.settle()
        yield reader


def five_articles() -> FakeLibrary:
    """Return five unread articles, Alpha the newest; topics and providers differ."""
    library = FakeLibrary()
    for number, title in enumerate(("Alpha", "Beta", "Gamma", "Delta", "Epsilon")):
        library.add(
            an_article(
                title=f"{title} lands",
                days_old=number + 1,
                topics=("AI",) if number % 2 == 0 else ("Space",),
                provider="Example Times" if number < 3 else "Daily Sample",
                body=f"The whole of {title}. " + "More of it. " * 40,
            )
        )
    return library


def type_ahead(reader: Reader, *keys: str) -> None:
    """Let keys arrive before anything can be done about the first of them; words are typed letter by letter."""
    for key in keys:
        is_named = key in ("enter", "escape", "tab", "down", "backspace", "end")
        for part in [key] if is_named else key:
            reader.app.post_message(
                events.Key("space" if part == " " else _NAMES.get(part, part), None if is_named else part)
            )


def starred(library: FakeLibrary) -> list[str | None]:
    """Return the titles of what is starred."""
    return [library.articles[row].title for row, mark in library.marks.items() if mark.starred]
