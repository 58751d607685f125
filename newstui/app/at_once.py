"""The very start: the rows the last session left are on the screen before anything of the program is imported.

Python itself needs 15 ms to start, this 10 ms more, and the imports that follow 200 ms. Everything here and below it
(`first_rows.py`, `first_picture.py`, `early.py`, `present/rows.py`) therefore imports next to nothing, not even
`typing`.
"""

from __future__ import annotations

import gc
import os
import sys
from time import time

from newstui.app.first_rows import FILE_NAME, parse_first_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo
    from typing import Any

    from newstui.app.early import EarlyKeys
    from newstui.app.first_rows import FirstRow, Look
    from newstui.model import Headline

_mode_before: list[Any] | None = None
"""The terminal's mode before keys were made to wait (`termios.tcgetattr`); None: it is as it was found."""
_is_painted = False
"""Whether a picture is on the alternate screen that nobody has taken over yet."""
_early_keys: EarlyKeys | None = None
"""What reads the terminal meanwhile."""


def show_at_once(arguments: Sequence[str]) -> None:
    """Paint the first rows, if they were kept for this very start and nothing has changed since."""
    try:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return
        with open(os.path.join(cache_folder(os.environ), FILE_NAME), encoding="utf-8", newline="\n") as file:
            found = parse_first_rows(file.read(), arguments, os.environ)
        if found is not None:
            look, rows = found
            paint(rows, look)
            gc.disable()  # a start makes much and drops little; see `start.collect_garbage_again`
    except (OSError, ValueError, LookupError, AttributeError, ImportError):  # damaged, closed, no such terminal
        give_back()


def paint(rows: Sequence[Headline | FirstRow], look: Look, zone: tzinfo | None = None) -> None:
    """Paint the first picture, if it can be; from then on keys move its cursor, or wait for Textual."""
    global _early_keys, _is_painted
    from newstui.app.early import EarlyKeys
    from newstui.app.first_picture import show_first_picture

    make_keys_wait()
    picture = show_first_picture(rows, look, look.theme, int(time()), zone=zone, style=look.style)
    _is_painted = picture is not None
    if picture is None:
        give_back()
    elif _mode_before is not None:
        _early_keys = EarlyKeys(picture, look.down, look.up, sys.stdin.fileno(), sys.stdout.fileno())


def cache_folder(environment: Mapping[str, str]) -> str:
    """Return the cache folder where `config/paths.py` finds it, without its imports; not on Windows."""
    if own := environment.get("NEWSTUI_CACHE_DIR"):
        return os.path.expanduser(own)
    xdg = environment.get("XDG_CACHE_HOME", "")
    usual = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    return os.path.join(xdg if os.path.isabs(xdg) else os.path.expanduser(usual), "newstui")


def make_keys_wait() -> None:
    """Let keys typed before Textual is there wait unseen for it: no echo into the picture, no line to be ended."""
    global _mode_before
    import termios

    terminal = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(terminal)
    except termios.error:  # not a terminal
        return
    waiting = list(before)
    waiting[0] &= ~(termios.IXON | termios.ICRNL)  # ctrl+q and ctrl+s are keys, and enter stays itself
    waiting[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(terminal, termios.TCSANOW, waiting)
    _mode_before = before


def is_painted() -> bool:
    """Say whether a picture is on the screen already."""
    return _is_painted


def take_over() -> tuple[list[Any] | None, EarlyKeys | None]:
    """Say that Textual has the picture now.

    Returns:
        The terminal's mode to give back in the end, and what answers keys until the program has painted.
    """
    global _early_keys, _is_painted
    _is_painted = False
    keys, _early_keys = _early_keys, None
    return _mode_before, keys


def give_back() -> None:
    """Take a picture away that nobody took over, and let the terminal be as it was."""
    global _early_keys, _is_painted, _mode_before
    keys, _early_keys = _early_keys, None
    if keys is not None:
        keys.stop_reading()
    before, _mode_before = _mode_before, None
    if before is not None:
        import termios

        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)
    if _is_painted:
        from newstui.app.first_picture import LEAVE

        _is_painted = False
        sys.stdout.write(LEAVE)
        sys.stdout.flush()
