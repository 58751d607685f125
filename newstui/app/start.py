"""Opening the reader: the first picture, then Textual."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from newstui.app.first_picture import LEAVE, show_first_picture
from newstui.app.memory import MEMORY_FILE, load_memory
from newstui.errors import NewstuiError

if TYPE_CHECKING:
    from newstui.config import Paths, Settings
    from newstui.library import Library

PICTURE_ROWS = 200
"""No screen shows more."""


def open_reader(
    library: Library,
    settings: Settings,
    paths: Paths,
    *,
    greeting: tuple[str, ...] = (),
    first_run: bool = False,
    zone: tzinfo | None = None,
) -> int:
    """Run the reader until it is left; returns the exit code."""
    painted = _paint(library, settings, paths, zone)
    with keys_waiting() if painted else nullcontext() as mode:
        return _open(library, settings, paths, mode, greeting=greeting, first_run=first_run, zone=zone, painted=painted)


@contextmanager
def keys_waiting() -> Iterator[list[Any] | None]:
    """Let keys typed before Textual is there wait unseen for it: no echo into the picture, no line to be ended.

    Gives the terminal's mode before that, and puts it back at the end. None: there is no terminal.
    """
    import termios

    terminal = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(terminal)
    except termios.error:  # not a terminal
        yield None
        return
    waiting = list(before)
    waiting[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(terminal, termios.TCSANOW, waiting)
    try:
        yield before
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _open(
    library: Library,
    settings: Settings,
    paths: Paths,
    mode: list[Any] | None,
    *,
    greeting: tuple[str, ...],
    first_run: bool,
    zone: tzinfo | None,
    painted: bool,
) -> int:
    gc.disable()  # imports make much and drop little: collecting while they run costs 15 % of the start
    try:
        from newstui.app.app import run
    except BaseException:
        if painted:
            sys.stdout.write(LEAVE)
        raise
    finally:
        gc.freeze()
        gc.enable()
    if painted:
        from newstui.app.driver import TakeOverDriver

        TakeOverDriver.mode_before = mode
    return run(library, settings, paths, greeting=greeting, first_run=first_run, zone=zone, painted=painted)


def _paint(library: Library, settings: Settings, paths: Paths, zone: tzinfo | None) -> bool:
    memory = load_memory(paths.data / MEMORY_FILE)
    try:
        headlines = library.first_page(PICTURE_ROWS)
    except NewstuiError:
        return False  # the reader says what is wrong, with room for it
    return show_first_picture(
        headlines,
        memory,
        settings.reader.theme,
        int(time.time()),
        zone=zone,
        style="date" if settings.reader.dates == "date" else "age",
    )
