"""Taking turns: several programs that write one store at once wait for each other in a queue.

SQLite's own waiting is no queue: who waits sleeps, and may wake only when somebody else has been faster again. Three
programs marking in a loop kept a fourth out for more than 5 s. The lock of a file beside the store wakes who waits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

try:
    import fcntl
except ImportError:  # Windows; SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]

TURN_SECONDS = 10.0
"""A turn takes some milliseconds; after so long somebody must be stuck, and SQLite's own lock decides."""


class Turns:
    """One store's queue."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = Lock()
        """Threads of this program take turns, too: the lock of a file is the program's."""

    @contextmanager
    def turn(self, seconds: float = TURN_SECONDS) -> Iterator[bool]:
        """Run a block when it is this program's turn, or without one when none comes in time: that is said."""
        started = time.monotonic()
        has_own = self._own.acquire(timeout=seconds)
        is_ours, descriptor = has_own, -1
        if has_own and fcntl is not None:
            is_ours, descriptor = self._wait(max(0.0, seconds - (time.monotonic() - started)))
        try:
            yield is_ours
        finally:
            if descriptor >= 0:
                os.close(descriptor)  # which lets go of the lock
            if has_own:
                self._own.release()

    @contextmanager
    def pause(self, seconds: float) -> Iterator[None]:
        """Run a block while no other thread of this program has a turn, or when that takes too long."""
        has_own = self._own.acquire(timeout=seconds)
        try:
            yield
        finally:
            if has_own:
                self._own.release()

    def _wait(self, seconds: float) -> tuple[bool, int]:
        """Return whether the turn is ours, and the descriptor that holds the lock; -1 where nothing can be locked."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True, -1
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            descriptor = _wait_in_thread(descriptor, seconds)
            return descriptor >= 0, descriptor
        except OSError:  # a file system that cannot lock
            os.close(descriptor)
            return True, -1
        return True, descriptor


def _wait_in_thread(descriptor: int, seconds: float) -> int:
    """Wait for a lock, but not longer than that: only a thread can be left waiting."""
    given_up, done = Event(), Event()

    def wait() -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        done.set()
        if given_up.is_set():
            os.close(descriptor)

    Thread(target=wait, name="newstui-turn", daemon=True).start()
    if done.wait(seconds):
        return descriptor
    given_up.set()
    return -1
