"""Opening the reader: the first picture, then Textual; and what is kept for the next start."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import tzinfo
from typing import TYPE_CHECKING

from newstui.app import at_once
from newstui.app.first_picture import is_plain_list
from newstui.app.first_rows import FILE_NAME, Look, stamp_of, write_first_rows
from newstui.app.memory import MEMORY_FILE, load_memory
from newstui.commands import KeyReader, keymap
from newstui.errors import NewstuiError

if TYPE_CHECKING:
    from newstui.app.memory import Memory
    from newstui.config import Paths, Settings
    from newstui.library import Library
    from newstui.present.ages import DateStyle

PICTURE_ROWS = 100
"""Few screens show more."""
_TICK_SECONDS = 0.02
"""Two changes of a file within one tick of the kernel's clock (at most 10 ms on Linux) leave the same time on it."""


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
    try:
        if not at_once.is_painted():
            _paint(library, settings, paths, zone)
        return _open(library, settings, paths, greeting=greeting, first_run=first_run, zone=zone)
    finally:
        at_once.give_back()


def keep_first_rows(arguments: Sequence[str], settings: Settings, paths: Paths, reopen: Callable[[], Library]) -> None:
    """Keep what the next start with the same arguments paints at once; what cannot be kept is not missed.

    Args:
        reopen: Opens the library as the next start will, now that it is closed.
    """
    memory, theme = load_memory(paths.data / MEMORY_FILE), settings.reader.theme
    target = paths.cache / FILE_NAME
    try:
        if not is_plain_list(memory, theme) or "TEXTUAL_DRIVER" in os.environ or "-" in arguments:
            return
        time.sleep(_TICK_SECONDS)
        library = reopen()
        try:
            stamps = _stamps(library, paths)
            headlines = library.first_page(PICTURE_ROWS)
        finally:
            library.close()
        if stamps != _stamps(library, paths):  # somebody else is writing
            return
        text = write_first_rows(arguments, os.environ, stamps, _look(memory, settings), headlines)
        if text is not None:
            beside = target.with_name(f"{FILE_NAME}.{os.getpid()}")
            beside.write_text(text, "utf-8", newline="\n")
            beside.replace(target)
    except (NewstuiError, OSError, ValueError):
        return


def _stamps(library: Library, paths: Paths) -> dict[str, str]:
    files = [paths.config_file, paths.data / MEMORY_FILE, *library.files()]
    return {str(file): stamp_of(str(file)) for file in files}


def _look(memory: Memory, settings: Settings) -> Look:
    reader = settings.reader
    style: DateStyle = "date" if reader.dates == "date" else "age"
    panes = memory.sidebar, memory.sidebar_cells, memory.list_share, memory.zoomed
    return Look(reader.theme, style, *panes, *(_keys_of(command, settings) for command in ("move.down", "move.up")))


def _keys_of(command: str, settings: Settings) -> tuple[str, ...]:
    """Return the single keys that run a command."""
    keys = keymap(settings.reader.keys, settings.keys)
    return tuple(key for key in keys[command] if KeyReader(keys).press(key).command == command)


def _open(
    library: Library,
    settings: Settings,
    paths: Paths,
    *,
    greeting: tuple[str, ...],
    first_run: bool,
    zone: tzinfo | None,
) -> int:
    gc.disable()  # a start makes much and drops little: collecting while it runs costs 15 % of it
    from newstui.app.app import run

    painted, starts_at = at_once.is_painted(), None
    if painted:
        from newstui.app.driver import TakeOverDriver

        TakeOverDriver.mode_before, early_keys = at_once.take_over()
        TakeOverDriver.early_keys = early_keys
        starts_at = early_keys.end if early_keys is not None else None
    return run(
        library, settings, paths,
        greeting=greeting, first_run=first_run, zone=zone, painted=painted, starts_at=starts_at,
    )  # fmt: skip


def collect_garbage_again() -> None:
    """Look for garbage from now on, but never among what the start has made; called with the first frame."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _paint(library: Library, settings: Settings, paths: Paths, zone: tzinfo | None) -> None:
    memory = load_memory(paths.data / MEMORY_FILE)
    if is_plain_list(memory, settings.reader.theme):
        with suppress(NewstuiError):  # the reader says what is wrong, with room for it
            at_once.paint(library.first_page(PICTURE_ROWS), _look(memory, settings), zone)
