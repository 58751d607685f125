"""Ending on a signal the way `q` does: marks saved, the place remembered, the terminal as it was."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

    from newstui.app.app import ReaderApp

PATIENCE_SECONDS = 20
"""Leaving may hang when the terminal has gone, too; then the system ends the program. A busy machine needs seconds."""
_NAMES = ("SIGTERM", "SIGHUP", "SIGINT")
"""SIGINT is a key here, but may be sent by others, too. Windows has no SIGHUP."""


def leave_on_signals(app: ReaderApp) -> None:
    """Leave when the system, or a terminal that closes, asks for it."""
    loop = asyncio.get_running_loop()
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is None:
            continue
        try:
            loop.add_signal_handler(number, _leave, app, int(number))
        except (NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
            return


def stop_between_frames(driver: Driver) -> None:
    """Let ctrl+z wait for its turn: a signal in the midst of writing would find the lock of the writer taken."""
    stop = getattr(driver, "_sigtstp_application", None)  # of Textual's driver for Linux and macOS
    if stop is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, stop)


def _leave(app: ReaderApp, number: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(PATIENCE_SECONDS)
    app.exit(128 + number)
