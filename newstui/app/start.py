"""Opening the reader: the first picture, then Textual."""

from __future__ import annotations

import gc
import sys
import time
from datetime import tzinfo
from typing import TYPE_CHECKING

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
