"""What a headline says that another one does not: its words in bold, so that they are seen without colour."""

from __future__ import annotations

import re

from newstui.present.document import BOLD, Run
from newstui.text import fold

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ALIKE = 6
"""Letters from the beginning that make two words the same: "announces", "announced"."""
_SHORT = 3
"""Letters of a word that is never set apart (of, the, and), unless it is a number."""
_FEWEST_ALIKE = 1 / 3
"""Part of a headline's words that the other one must have: below it nearly all would be bold, which shows nothing."""


def set_apart(headline: str, known: str) -> list[Run]:
    """Return the headline with the words in bold that `known` lacks; all of it plain when they share hardly one."""
    others = {_alike(word) for word in _WORD.findall(known)}
    words = [(found.start(), found.end(), found.group()) for found in _WORD.finditer(headline)]
    telling = [_alike(word) in others for _, _, word in words if not _is_short(word)]
    if sum(telling) < max(len(telling) * _FEWEST_ALIKE, 1):
        return [Run(headline)]
    runs: list[Run] = []
    end = 0
    for start, after, word in words:
        if not _is_short(word) and _alike(word) not in others:
            runs += [Run(headline[end:start]), Run(headline[start:after], BOLD)]
            end = after
    return [run for run in [*runs, Run(headline[end:])] if run.text]


def _alike(word: str) -> str:
    return word if word[0].isdigit() else fold(word)[:_ALIKE]


def _is_short(word: str) -> bool:
    return len(word) <= _SHORT and word.isascii() and not word[0].isdigit()
