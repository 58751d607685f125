"""Keys from a terminal that sends escape as the beginning of everything: ``esc j`` typed fast is two keys.

Textual waits 0.1 s after an escape, and takes what comes meanwhile for a key held together with alt; some of it
(``esc /``) loses the escape. Terminals that speak kitty's keyboard protocol tell escape apart themselves: here it
is written as they write it, wherever no alt key is meant.
"""

from __future__ import annotations

import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.message import Message

    from newstui.app.answers import Answers

ESCAPE = "\x1b"
_ESCAPE_TOLD_APART = "\x1b[27u"
"""Escape in kitty's keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/)."""
_INTRODUCERS = "[]OP_X^N\\\x1b"
"""What begins a longer sequence after an escape, or ends one (ECMA-48 §5.3, SS3 keys of xterm)."""
_PIECES = re.compile(r"\x1b\[20[01]~|\x1b(?!\x1b).?", re.S)
_EDITING = "bfd\x7f"
"""Keys that move and delete by words in a line of text, held together with alt (readline)."""
_LOOK_SECONDS = 0.1


class EscapeParser(XTermParser):
    """Reads what a terminal sends; escape before another key is escape."""

    def __init__(self, is_alt: Callable[[str], bool], *, debug: bool = False) -> None:
        """`is_alt` says whether a character after an escape is meant together with alt; asked when it comes."""
        super().__init__(debug)
        self._is_alt = is_alt
        self._is_paste = False
        self._ended_in_escape = False

    def feed(self, data: str) -> Iterable[Message]:
        return super().feed(self._told_apart(data)) if data else super().feed(data)

    def seconds_to_tick(self) -> float:
        """Return how long to wait for more before `tick` is called."""
        due = self._timeout_time
        return _LOOK_SECONDS if due is None else min(max(due - get_time(), 0), _LOOK_SECONDS)

    def _told_apart(self, data: str) -> str:
        waits = self._ended_in_escape and self._timeout_time is not None and not self._is_paste
        lead = ""
        if waits and data[0] not in _INTRODUCERS and not self._is_alt(data[0]):
            lead = _ESCAPE_TOLD_APART[1:]  # its first character is there already
        start = 1 if waits and not lead else 0  # what belongs to the escape that came before
        told = lead + data[:start] + _PIECES.sub(self._piece, data[start:])
        self._ended_in_escape = data.endswith(ESCAPE)
        return told

    def _piece(self, found: re.Match[str]) -> str:
        text = found[0]
        if text in (BRACKETED_PASTE_START, BRACKETED_PASTE_END):
            self._is_paste = text == BRACKETED_PASTE_START
        elif not self._is_paste and len(text) == 2 and text[1] not in _INTRODUCERS and not self._is_alt(text[1]):
            return _ESCAPE_TOLD_APART + text[1]
        return text


class EscapeDriver(LinuxDriver):
    """The terminal's driver, with keys read as above."""

    alt_characters: ClassVar[frozenset[str]] = frozenset()
    """Characters that, together with alt, run a command."""
    typed_before = b""
    """What was typed before the terminal was taken over; the first that is read."""
    _answers: Answers | None = None
    _frame: list[str] | None = None
    """What the frame being written has so far; None between frames."""

    def write(self, data: str) -> None:
        """Write to the terminal, a whole frame at once: each piece would call for the thread that writes, and wait."""
        if self._frame is not None:
            self._frame.append(data)
            if data == SYNC_END:
                data, self._frame = "".join(self._frame), None
                super().write(data)
        elif data == SYNC_START:
            self._frame = [data]
        else:
            super().write(data)

    def ask_graphics(self, done: Callable[[str], None]) -> None:
        """Ask the terminal how it draws pictures; `done` is called with the answer, in the thread that reads keys."""
        from newstui.app.answers import Answers  # on the way to the first picture nobody asks

        self._answers = Answers(self.write, done)

    def is_alt(self, character: str) -> bool:
        """Say whether a character after an escape is meant together with alt."""
        return character in self.alt_characters or (
            character in _EDITING and isinstance(self._app.focused, Input)  # looks only: this is not the app's thread
        )

    def run_input_thread(self) -> None:
        """Read keys and answers of the terminal until the end. LinuxDriver's own has no place for another parser."""
        parser = EscapeParser(self.is_alt, debug=self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        typed, self.typed_before = self.typed_before, b""
        for message in parser.feed(decode(typed)) if typed else ():
            self.process_message(message)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                typed_text = ""
                if selector.select(parser.seconds_to_tick()):
                    try:
                        data = os.read(self.fileno, 4_096)
                    except OSError:  # the terminal has gone
                        return
                    if not data:  # or stands at its end, and would be ready to read for ever
                        self.exit_event.wait(_LOOK_SECONDS)
                    typed_text = decode(data)
                    if self._answers is not None:
                        typed_text = self._answers.take(typed_text)
                elif self._answers is not None:
                    typed_text = self._answers.let_go()
                for message in parser.feed(typed_text) if typed_text else ():
                    self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
