"""How well an article fits the words of a query: its title decides, and of two that fit alike the newer comes first."""

from __future__ import annotations

from newstui.query.hits import Wanted
from newstui.query.terms import SearchText, Term, term_in

RANKED = 500
"""So many of the newest matches are put in order of fit; all older ones follow by date.

Ranking everything costs seconds at a million articles (FTS5's bm25: 2.8 s at the 95th percentile), and a reader of
news who wants the best of the old says so with dates.
"""

_WHOLE, _BEGUN = 8, 5
"""Points of a word that a title holds whole, or as a beginning."""
_FIRST, _SIDE_BY_SIDE = 2, 4
"""Points of a title that begins with it, and of one that holds all words as typed."""


def has_rank(wanted: Wanted) -> bool:
    """Say whether there is anything to rank by: words or phrases, not negated."""
    return bool(wanted.terms or wanted.title_terms or wanted.body_terms)


def rank_points(wanted: Wanted, title: str) -> int:
    """Return how well an article fits, by its title; 0 when the words are only in the text below it."""
    text = SearchText(title)
    points = sum(_points(term, text) for term in wanted.terms + wanted.title_terms)
    if len(wanted.terms) > 1:
        together = " ".join(token for term in wanted.terms for token in term.tokens)
        points += _SIDE_BY_SIDE * (f" {together}" in text.padded)
    return points


def _points(term: Term, title: SearchText) -> int:
    if not term_in(term, title):
        return 0
    needle = term.needle.rstrip()
    return (_WHOLE if f"{needle} " in title.padded else _BEGUN) + _FIRST * title.padded.startswith(needle)
