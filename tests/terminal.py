"""A real program in a pseudo-terminal, its screen emulated with pyte: for scenario tests and benchmarks."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

KEYS = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ",
    "backspace": "\x7f", "f1": "\x1bOP", **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}  # fmt: skip
"""What a terminal sends for keys with a name (xterm)."""

QUERIES = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?u"), b"\x1b[?0u"),
    (re.compile(rb"\x1b\[14t"), b"\x1b[4;800;1200t"),
    (re.compile(rb"\x1b\[16t"), b"\x1b[6;20;10t"),
)
"""What programs ask a terminal at start, and what a plain one answers."""

_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<=>?][0-9;:]*[ -/]*[a-gi-km-zA-Z@`{|}~]|\x1b\[[0-9;:]*[ -/]+[@-~]|\x1b[P_X^].*?(?:\x1b\\|\x07)", re.S
)
"""Sequences pyte prints as text instead of ignoring; private modes (``?…h``, ``?…l``) it knows."""
_FRAME = re.compile(rb"\x1b\[\?(2026[hl]|1049l)")
"""Where a frame begins and ends (synchronized output: what is between belongs on the screen all at once)."""
_ASKS_FOR_FRAMES, _TOP_LINE = b"\x1b[?2026$p", b"\x1b[1;1H"
"""Textual's question whether the terminal knows synchronized output, and where each of its whole screens begins."""
_CUT_SHORT = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[P_X^][^\x1b\x07]*\x1b?)?\Z")
"""The beginning of a sequence whose end has not arrived."""
PATIENCE_SECONDS = 30.0
"""How long something is waited for: a machine that builds and tests much at once is slow, and a test is no clock."""


class Terminal:
    """One program on a screen of so many columns and rows; ends it when left."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 100, rows: int = 30, environment: Mapping[str, str] = {}
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._cut_short = b""
        self.raw = bytearray()
        """Everything the program wrote."""
        self.frames = 0
        """Whole frames painted by Textual and marked as such: the first picture is none."""
        self._is_half_painted = False
        self.exit_status: int | None = None
        self.started = time.perf_counter()
        self.first_output: float | None = None
        """Seconds from start to the first byte that is text; None before it."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            for name in ("COLUMNS", "LINES"):  # pytest-xdist sets them, and programs believe them
                os.environ.pop(name, None)
            os.environ.update(
                {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"} | dict(environment)
            )
            with contextlib.suppress(OSError):
                _set_size(0, columns, rows)  # before the program begins: it may look at once
                # Not execvp: readline, which pytest imports, has put COLUMNS and LINES into the environment below Python.
                os.execvpe(command[0], list(command), os.environ)
            os._exit(127)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self.exit_status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        _set_size(self._fd, columns, rows)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGWINCH)

    def _lines(self) -> list[str]:
        """The screen's lines; unlike pyte's own, also where half of a wide letter was painted over."""
        screen = self.screen
        return ["".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines)]

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self._lines())

    def read(self, seconds: float) -> bool:
        """Take in what arrives within so many seconds; return whether anything did."""
        data = self._receive(seconds)
        if data:
            self._take_in(data)
        return bool(data)

    def _receive(self, seconds: float) -> bytes:
        """Return what arrives within so many seconds; nothing when nothing does, or the program has ended."""
        if self.exit_status is not None or not select.select([self._fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self.exit_status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return data

    def _take_in(self, data: bytes) -> None:
        """Show on the screen what arrived, and answer what was asked."""
        self.raw += data
        data = self._cut_short + data
        cut = _CUT_SHORT.search(data)
        self._cut_short = cut[0] if cut else b""
        data = data[: cut.start()] if cut else data
        for pattern, answer in QUERIES:
            for _ in pattern.findall(data):
                os.write(self._fd, answer)
        for way in _FRAME.findall(data):
            self._is_half_painted = way == b"2026h"
            self.frames += way == b"2026l"
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        if self.first_output is None and any(line.strip() for line in self._lines()):
            self.first_output = time.perf_counter() - self.started

    def drain(self, seconds: float) -> None:
        """Take in what arrives for so long and show none of it: emulating a screen takes more time than painting it."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                os.read(self._fd, 1 << 16)

    def wait(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until a whole frame shows a pattern; return the seconds since the start. Fails loudly.

        What is on the screen already is no reason to wait: where a key is to bring it, say so with `press`.
        """
        return self.wait_until(lambda: bool(re.search(pattern, self.text)), f"{pattern!r} never showed", seconds)

    def wait_gone(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until a whole frame does not show a pattern any more."""
        return self.wait_until(lambda: not re.search(pattern, self.text), f"{pattern!r} stayed", seconds)

    def wait_live(self) -> None:
        """Wait until the program itself has painted over the first picture.

        Its first frame is marked as one only where the answer to `_ASKS_FOR_FRAMES` came before it.
        """
        self.wait_until(
            lambda: self.frames > 0 or _TOP_LINE in self.raw.partition(_ASKS_FOR_FRAMES)[2], "the program never painted"
        )

    def wait_until(
        self, is_so: Callable[[], bool], complaint: str = "it never came", seconds: float = PATIENCE_SECONDS
    ) -> float:
        """Take in what arrives until a condition holds with a whole frame on the screen; fails with the complaint."""
        deadline = time.perf_counter() + seconds
        while self._is_half_painted or not is_so():
            if self.exit_status is not None or time.perf_counter() > deadline:
                raise AssertionError(f"{complaint} (exit {self.exit_status}):\n{self.text}")
            self.read(0.05)
        return time.perf_counter() - self.started

    def press(self, *names: str, shows: str) -> None:
        """Press keys and wait for what they bring; fails when that is on the screen already, as nothing is awaited then."""
        assert not re.search(shows, self.text), f"{shows!r} shows already:\n{self.text}"
        self.keys(*names)
        self.wait(shows)

    def settle(self, quiet_seconds: float = 0.15, seconds: float = 10) -> None:
        """Read until nothing has arrived for a while. Proves nothing on a slow machine: assert only what was waited for."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline and (self.read(quiet_seconds) or self._is_half_painted):
            pass

    def frame_seconds(self, quiet_seconds: float = 0.03, limit: float = 5) -> float:
        """Return the seconds from now (a key was just pressed) to the end of what it made the program write.

        It is shown on the screen afterwards: emulating one takes longer than the program takes to paint it.
        """
        start = last = time.perf_counter()
        arrived: list[bytes] = []
        while data := self._receive(quiet_seconds if arrived else limit):
            last = time.perf_counter()
            arrived.append(data)
        if arrived:
            self._take_in(b"".join(arrived))
        return last - start

    def keys(self, *names: str) -> None:
        """Press keys: names of `KEYS`, else the text as typed."""
        for name in names:
            os.write(self._fd, KEYS.get(name, name).encode())

    def wait_exit(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait until the program has ended and return its exit status."""
        deadline = time.perf_counter() + seconds
        while self.exit_status is None:
            if time.perf_counter() > deadline:
                raise AssertionError(f"still running:\n{self.text}")
            self.read(0.05)
        return self.exit_status


def _set_size(descriptor: int, columns: int, rows: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
