"""Taking turns: several programs that write one store at once wait for each other in a queue.

SQLite's own waiting is no queue: who waits sleeps, and may wake only when somebody else has been faster again. Three
programs marking in a loop kept a fourth out for more than 5 s. The lock of a file beside the store wakes who waits.
"""

from __future__ import annotations

import os
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
    def turn(self, seconds: float = TURN_SECONDS) -> Iterator[None]:
        """Run a block when it is this program's turn; without one when none comes in time."""
        has_own = self._own.acquire(timeout=seconds)
        descriptor = self._wait(seconds) if has_own and fcntl is not None else -1
        try:
            yield
        finally:
            if descriptor >= 0:
                os.close(descriptor)  # which lets go of the lock
            if has_own:
                self._own.release()

    def _wait(self, seconds: float) -> int:
        """Return the descriptor that holds the lock, or -1 without one."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return -1
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            return _wait_in_thread(descriptor, seconds)
        except OSError:  # a file system that cannot lock
            os.close(descriptor)
            return -1


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
