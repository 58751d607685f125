"""What a typed word or phrase looks for in a text. Shared by the predicate, the index and the highlighting.

A text is seen as the words of `text.words(text.fold(…))`. A word matches the beginning of one of them. What
splits into several words (``node.js``) must stand there side by side, the last one as a beginning. Characters
of scripts without spaces are words of their own, so the same rule finds them anywhere in the text. A sign that
words cannot hold (``c++``, ``AT&T``, ``#ai``) must stand there as typed.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category

from newstui.query.nodes import Phrase, Word
from newstui.records import dataclass
from newstui.text import fold, words

_ENDS = " \t\n.,;:!?*'\"()[]{}<>|`´‘’“”«»…–—-_/\\"
"""What people type around a word without meaning it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled `Word` or `Phrase`."""

    tokens: tuple[str, ...]
    """Folded words, side by side in a text. Empty when only signs were typed."""
    whole: bool
    """The last word must be there whole (a phrase), not only begin so."""
    literal: str
    """Folded text that must stand there letter by letter; empty when the words say it all."""

    @property
    def is_simple(self) -> bool:
        """One word by its beginning: an index of words decides it alone."""
        return len(self.tokens) == 1 and not self.whole and not self.literal

    @property
    def needle(self) -> str:
        """What to look for in `padded` text."""
        return f" {' '.join(self.tokens)}" + (" " if self.whole else "")


class SearchText:
    """A text ready to be searched: folded once, split once."""

    __slots__ = ("folded", "padded")

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        """Case and accents gone."""
        self.padded = f" {' '.join(words(self.folded))} "
        """The words with one blank around each."""


def compile_term(node: Word | Phrase) -> Term:
    """Return what a word or a phrase looks for."""
    return _compile(node.text, isinstance(node, Phrase))


@lru_cache(maxsize=512)
def _compile(text: str, whole: bool) -> Term:
    folded = fold(text)
    literal = folded.strip(_ENDS) if any(map(_is_sign, folded)) else ""
    return Term(tuple(words(folded)), whole, literal if any(map(_is_sign, literal)) else "")


def looks_for_nothing(text: str) -> bool:
    """Say whether a typed word holds nothing to look for: ``-``, ``*``, ``&`` alone."""
    term = _compile(text, whole=False)
    return not term.tokens and term.literal.isascii()


def term_in(term: Term, text: SearchText) -> bool:
    """Say whether a text holds what a term looks for."""
    if term.tokens and term.needle not in text.padded:
        return False
    return not term.literal or _literal_in(term, text.folded)


def _literal_in(term: Term, folded: str) -> bool:
    literal = term.literal
    start = folded.find(literal)
    while start >= 0:
        end = start + len(literal)
        if not _one_word(folded[start - 1 : start] + literal[0]) and not (
            term.whole and _one_word(literal[-1] + folded[end : end + 1])
        ):
            return True
        start = folded.find(literal, start + 1)
    return False


def _one_word(pair: str) -> bool:
    """Say whether two characters side by side belong to one word."""
    return len(pair) == 2 and words(pair) == [pair]


def _is_sign(letter: str) -> bool:
    return letter in "&#@%" or category(letter)[0] == "S"
