"""Where a line of text shows what was searched for. Pure; the same folding and words as the search itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newstui.text import fold, words

_TOKEN = re.compile(r"\w+")
_NO_SPACES = re.compile("[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")


class HitFinder:
    """Finds what a reader searched for: words as beginnings of words, phrases as whole words in a row."""

    def __init__(self, wanted: Sequence[str]) -> None:
        phrases = [words(fold(text)) for text in wanted if not _NO_SPACES.search(text)]
        self._beginnings = tuple(phrase[0] for phrase in phrases if len(phrase) == 1)
        self._phrases = [phrase for phrase in phrases if len(phrase) > 1]
        self._anywhere = [fold(text) for text in wanted if _NO_SPACES.search(text)]

    def __bool__(self) -> bool:
        return bool(self._beginnings or self._phrases or self._anywhere)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the places, first character and the one after the last, in order and without overlaps."""
        tokens = [(match.start(), match.end(), fold(match[0])) for match in _TOKEN.finditer(text)]
        found = [
            (start, end) for start, end, word in tokens if self._beginnings and word.startswith(self._beginnings)
        ]
        for phrase in self._phrases:
            for index in range(len(tokens) - len(phrase) + 1):
                if [token[2] for token in tokens[index : index + len(phrase)]] == phrase:
                    found.append((tokens[index][0], tokens[index + len(phrase) - 1][1]))
        lowered = text.lower()
        if len(lowered) == len(text):
            for part in self._anywhere:
                found += [(match.start(), match.end()) for match in re.finditer(re.escape(part), lowered)]
        return _merge(found)


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
