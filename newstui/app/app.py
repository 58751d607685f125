"""The application: themes, keys, memory, and the one screen everything happens on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath
from shlex import quote
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from newstui.app.memory import MEMORY_FILE, load_memory, save_memory
from newstui.app.screens.reading import ReadingScreen
from newstui.app.signals import leave_on_signals, stop_between_frames
from newstui.app.themes import THEMES, VARIABLE_DEFAULTS, build_theme, choose_theme
from newstui.app.turns import Turns
from newstui.app.widgets.scroll_bar import ThinScrollBar
from newstui.commands import keymap
from newstui.errors import ConfigError, NewstuiError
from newstui.identity import format_id
from newstui.present.sentences import describe_error
from newstui.text import clean_line

if TYPE_CHECKING:
    from textual.driver import Driver

    from newstui.config import Paths, Settings
    from newstui.library import Library


LEAVING_SECONDS = 1.0
"""How long leaving waits for work that has been told that it is not wanted any more."""


class ReaderApp(App[int]):
    """newstui on a screen."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["newstui.tcss", "widgets/article_view.tcss"]
    TITLE = "newstui"
    ENABLE_COMMAND_PALETTE = False  # ours knows views, topics, providers and collections too
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        library: Library,
        settings: Settings,
        paths: Paths,
        *,
        is_sample: bool = False,
        greeting: tuple[str, ...] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        painted: bool = False,
        starts_at: Callable[[], int] | None = None,
        has_terminal: bool = False,
    ) -> None:
        """`painted`: The first picture is on the screen. `starts_at` returns the row its cursor is on, and ends it."""
        self.library = library
        self.settings = settings
        self.paths = paths
        # Without colours Textual must know before it has our theme, or it paints grey values of no colour: black.
        super().__init__(
            driver_class=_choose_driver(painted, keymap(settings.reader.keys, settings.keys)),
            ansi_color=True if "NO_COLOR" in os.environ else None,
        )
        self._has_terminal = has_terminal
        """Whether it is shown on a terminal of its own; Textual knows only once that has been taken over."""
        self.turns = Turns(self, super().on_event)
        """What was typed and waits for its turn."""
        ScrollBar.renderer = ThinScrollBar
        self.memory = load_memory(paths.data / MEMORY_FILE)
        self.is_sample = is_sample
        self.greeting = list(greeting)
        self.clock = clock
        self.zone = zone
        self._starts_at = starts_at
        if settings.reader.reduced_motion:
            self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        for name, table in settings.themes.items():
            try:
                self.register_theme(build_theme(name, table))
            except ConfigError as error:
                self.greeting.append(describe_error(error))
        if settings.reader.theme not in self.available_themes:
            known = ", ".join(theme.name for theme in THEMES)
            self.greeting.append(f"there is no theme {settings.reader.theme!r}; newstui's own are {known}")
        self.theme = choose_theme(settings.reader.theme, self.available_themes, no_color=self.no_color)

    def on_load(self) -> None:
        """Be ready to be sent away before the terminal is taken over."""
        if self._has_terminal:
            leave_on_signals(self)

    async def on_event(self, event: events.Event) -> None:
        """Let keys take turns; everything else goes its way."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self.app_focus = True  # somebody types here
            await self.turns.take(event)
        else:
            await super().on_event(event)

    async def runs_first(self, key: str) -> bool:
        """Do what a key means before anything else; return whether it means something so."""
        return bool(await self._check_bindings(key, priority=True))

    def on_mount(self) -> None:
        """Take the terminal's own colours where it has but sixteen: those of another theme cannot be had."""
        if self._driver is not None and not (self.is_headless or self.is_web):
            stop_between_frames(self._driver)
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))  # Textual paints what changed only
        has_sixteen = not (self.is_headless or self.is_web) and self.console.color_system == "standard"
        if has_sixteen and not self.current_theme.ansi:
            self.theme = "terminal"

    def refresh_css(self, animate: bool = True) -> None:
        """Take up another theme; the one the app begins with is met when the first widget asks for its styles."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:  # all would be parsed a second time, for nobody
            self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLE_DEFAULTS)

    def get_default_screen(self) -> Screen[None]:
        return self.reading

    @property
    def reading(self) -> ReadingScreen:
        """The reading screen; made when it is first asked for."""
        if not hasattr(self, "_reading"):
            self._reading = ReadingScreen(
                self.library,
                self.settings,
                self.paths,
                keymap(self.settings.reader.keys, self.settings.keys),
                self.memory,
                is_sample=self.is_sample,
                greeting=self.greeting,
                clock=self.clock,
                zone=self.zone,
                starts_at=self._starts_at,
            )
        return self._reading

    def exit(self, result: int | None = None, return_code: int = 0, message: object = None) -> None:
        """Leave, and remember how the screen was left."""
        self._remember()
        super().exit(result, return_code)

    def _remember(self) -> None:
        screen, memory = self.reading, self.memory
        if not screen.is_composed:
            return
        screen.refresher.board.cancelled = True
        memory.view, memory.query = screen.results.view_name, screen.results.query_text.strip()
        memory.stories, memory.zoomed = screen.results.stories, screen.zoomed
        try:
            item = screen.article_list.current
            memory.article = format_id(item.headline.key) if item is not None else ""
        except NewstuiError:
            memory.article = ""
        save_memory(self.paths.data / MEMORY_FILE, memory)


def _choose_driver(painted: bool, keys: Mapping[str, tuple[str, ...]]) -> type[Driver] | None:
    """Return what drives the terminal; None leaves it to Textual: on Windows, and where the terminal is a web page."""
    if sys.platform == "win32" or "TEXTUAL_DRIVER" in os.environ:
        return None
    from newstui.app.driver import TakeOverDriver
    from newstui.app.keyboard import EscapeDriver

    driver = TakeOverDriver if painted else EscapeDriver
    alt_keys = [part for chosen in keys.values() for key in chosen for part in key.split() if part.startswith("alt+")]
    driver.alt_characters = frozenset(key[-1] for key in alt_keys)
    return driver


def run(
    library: Library,
    settings: Settings,
    paths: Paths,
    *,
    greeting: tuple[str, ...] = (),
    first_run: bool = False,
    zone: tzinfo | None = None,
    painted: bool = False,
    starts_at: Callable[[], int] | None = None,
) -> int:
    """Run the reader until it is left; returns the exit code. What there is of a first picture: see `ReaderApp`."""
    app = ReaderApp(
        library,
        settings,
        paths,
        is_sample=first_run,
        greeting=greeting,
        zone=zone,
        painted=painted,
        starts_at=starts_at,
        has_terminal="TEXTUAL_DRIVER" not in os.environ,  # else it is a page, and its driver minds signals
    )
    try:
        result = app.run()
    finally:
        # Closing a file under a thread that reads it is a crash of SQLite's; the end of the program closes it as well.
        if app.reading.lanes.drain(LEAVING_SECONDS):
            library.close()
    for location in app.reading.refresher.looked_at:
        sys.stderr.write(f"Left before it was known what this is: newstui add {quote(clean_line(location))}\n")
    return result if result is not None else (app.return_code or 0)
