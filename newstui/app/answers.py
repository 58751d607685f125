"""Asks the terminal what it is, once and beside the keys: its answers are taken out of what is typed.

Nothing waits for an answer. Two questions that every terminal can take (its name, XTVERSION; its attributes, DA1, which
all answer) come first; only one that says it is kitty or Ghostty is then asked in kitty's protocol whether it draws
(https://sw.kovidgoyal.net/kitty/graphics-protocol/#querying-support-and-available-transmission-mediums): others might
print the question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

WITH_PLACEHOLDERS = ("kitty", "ghostty")
"""Terminals that draw kitty's pictures where placeholders stand; others with that protocol do not."""
_NAME_AND_ATTRIBUTES = "\x1b[>0q\x1b[c"
_KITTY_AND_ATTRIBUTES = "\x1b_Gi=1,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c"
_ANSWER = re.compile(
    r"\x1bP>\|(?P<name>[^\x1b]*)\x1b\\|\x1b_G(?P<kitty>[^\x1b]*)\x1b\\|\x1b\[\?(?P<attributes>[\d;]*)c"
)
_BEGUN = re.compile(r"\x1b(?:P(?:>[^\x1b]*\x1b?)?|_(?:G[^\x1b]*\x1b?)?|\[(?:\?[\d;]*)?)?\Z")
_SIXEL = "4"
"""Of the attributes (DEC STD 070; xterm's control sequences, DA1)."""
_KEY_SECONDS, _ANSWER_SECONDS = 0.1, 1.0
"""How long the beginning of an answer is kept: what may be a key, and what can only be an answer."""
_CAN_BE_KEY = 3
"""Characters up to which a beginning may be a key."""


class Answers:
    """What the terminal answers, and when it came to ask."""

    def __init__(self, write: Callable[[str], None], done: Callable[[str], None]) -> None:
        """Ask. `done` is called in the thread that reads, with ``png``, ``sixel`` or ``blocks``."""
        self._write = write
        self._done = done
        self._name = ""
        self._has_kitty = False
        self._asked_kitty = False
        self._held = ""
        self._since = self._until = monotonic()
        self.is_over = False
        """Whether all has been answered."""
        self._ask(_NAME_AND_ATTRIBUTES)

    def _ask(self, question: str) -> None:
        self._until = monotonic() + _ANSWER_SECONDS
        self._write(question)

    def take(self, typed: str) -> str:
        """Return what was typed without the answers in it, and without what may be the beginning of one."""
        text, self._held = self._held + typed, ""
        if "\x1b" not in text:
            return text
        text = _ANSWER.sub(self._answered, text)
        if not self.is_over and monotonic() < self._until and (begun := _BEGUN.search(text)):
            self._held, self._since = begun[0], monotonic()
            text = text[: begun.start()]
        return text

    def let_go(self) -> str:
        """Return what was held back and is no answer after all. For when nothing was typed for a moment."""
        patience = _KEY_SECONDS if len(self._held) <= _CAN_BE_KEY else _ANSWER_SECONDS
        if not self._held or monotonic() - self._since < patience:
            return ""
        held, self._held = self._held, ""
        return held

    def _answered(self, found: re.Match[str]) -> str:
        if found["name"] is not None:
            self._name = found["name"].casefold()
        elif found["kitty"] is not None:
            self._has_kitty = found["kitty"].endswith(";OK")
        elif not self.is_over:
            self._conclude(found["attributes"].split(";")[1:])
        return ""

    def _conclude(self, attributes: list[str]) -> None:
        if self._name.startswith(WITH_PLACEHOLDERS) and not self._asked_kitty:
            self._asked_kitty = True
            self._ask(_KITTY_AND_ATTRIBUTES)
            return
        self.is_over = True
        self._done("png" if self._has_kitty else "sixel" if _SIXEL in attributes else "blocks")
