"""Keys typed at the first picture: those that move the cursor in it move it at once, while the program is imported.

A thread reads the terminal and repaints the two rows a key changes; imports let it in every few milliseconds. The
first key that asks for more than the picture can show truthfully ends this: it and all after it wait for the program,
in order, and the program begins with the cursor where the picture has it. Nothing is imported here either.
"""

from __future__ import annotations

import _thread
import os
import select
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Protocol

    class CanMove(Protocol):
        """The first picture."""

        cursor: int

        def move(self, rows: int) -> str | None: ...


_SEQUENCES = {"down": ("\x1b[B", "\x1bOB"), "up": ("\x1b[A", "\x1bOA")}
"""What terminals send for the arrow keys, in normal and in application mode (xterm)."""
_AT_ONCE = 1024
"""Bytes read at a time."""
_TURN_SECONDS = 0.0005
"""How long the imports may keep the interpreter while a key waits; Python's own 5 ms can pass several times."""


class EarlyKeys:
    """Answers keys until the program says that it has the screen."""

    def __init__(self, picture: CanMove, down: Iterable[str], up: Iterable[str], keyboard: int, screen: int) -> None:
        """Begin to read.

        Args:
            down, up: The reader's keys for the next row and the one before, as the table of commands writes them.
            keyboard, screen: File descriptors of one terminal, in which keys come unechoed and at once.
        """
        self._picture = picture
        self._keyboard, self._screen = keyboard, screen
        self._size = os.get_terminal_size(screen)
        self._steps: Mapping[str, int] = {name: step for names, step in ((down, 1), (up, -1)) for name in names}
        self._step_by_bytes = {data: step for name, step in self._steps.items() for data in _bytes_of(name)}
        self._typed = b""
        """What was typed and is the program's to deal with."""
        self._is_over = False
        self._lock = _thread.allocate_lock()
        """Held while a key is answered."""
        self._reads = _thread.allocate_lock()
        """Held as long as the thread reads."""
        self._ear, self._mouth = os.pipe()
        self._reads.acquire()
        self._turn_before = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_SECONDS)
        _thread.start_new_thread(self._read, ())

    def answer(self, name: str) -> bool:
        """Show what a key does, if this picture can; once it cannot, it answers no more. From any thread."""
        with self._lock:
            return self._answer(self._steps.get(name))

    def stop_reading(self) -> bytes:
        """Leave the terminal to another reader; return what was typed and not answered. Keys may still be answered."""
        if self._mouth >= 0:
            os.write(self._mouth, b".")
            self._reads.acquire()
            os.close(self._mouth)
            os.close(self._ear)
            self._mouth = -1
            sys.setswitchinterval(self._turn_before)
        typed, self._typed = self._typed, b""
        return typed

    def end(self) -> int:
        """Answer no more; return where the cursor is."""
        with self._lock:
            self._is_over = True
            return self._picture.cursor

    def _read(self) -> None:
        try:
            while self._ear not in select.select([self._keyboard, self._ear], [], [])[0]:
                data = os.read(self._keyboard, _AT_ONCE)
                if not data:  # the terminal has gone; the program will find that out
                    break
                self._take(data)
        except (OSError, ValueError):
            pass
        finally:
            self._reads.release()

    def _take(self, data: bytes) -> None:
        self._typed += data
        with self._lock:
            while self._typed and not self._is_over:
                found = [known for known in self._step_by_bytes if self._typed.startswith(known)]
                if not found:
                    is_begun = any(known.startswith(self._typed) for known in self._step_by_bytes)
                    self._is_over = not is_begun
                    return
                if not self._answer(self._step_by_bytes[found[0]]):
                    return
                self._typed = self._typed[len(found[0]) :]

    def _answer(self, step: int | None) -> bool:
        if self._is_over:
            return False
        painted = None
        if step is not None and os.get_terminal_size(self._screen) == self._size:
            painted = self._picture.move(step)
        if painted is None:
            self._is_over = True
            return False
        data = painted.encode()
        while data:
            data = data[os.write(self._screen, data) :]
        return True


def _bytes_of(name: str) -> Iterable[bytes]:
    """Return what a terminal may send for a key; nothing for one it is not certain of."""
    texts = _SEQUENCES.get(name) or ((name,) if len(name) == 1 and name.isprintable() else ())
    return [text.encode() for text in texts]
