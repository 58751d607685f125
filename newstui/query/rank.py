"""How well an article fits the words of a query: where they stand decides, the newer one of two equals comes first."""

from __future__ import annotations

from newstui.query.hits import Wanted
from newstui.query.terms import SearchText, Term, term_in

RANKED = 500
"""So many of the newest matches are put in order of fit; all older ones follow by date.

Ranking everything costs seconds at a million articles (FTS5's bm25: 2.8 s at the 95th percentile), and a reader of
news who wants the best of the old says so with dates.
"""

_WHOLE_IN_TITLE, _IN_TITLE, _IN_EXCERPT, _ELSEWHERE = 8, 5, 2, 1
_TITLE_BEGINS, _SIDE_BY_SIDE = 2, 4


def has_rank(wanted: Wanted) -> bool:
    """Say whether there is anything to rank by: words or phrases, not negated."""
    return bool(wanted.terms or wanted.title_terms or wanted.body_terms)


def rank_points(wanted: Wanted, title: str, excerpt: str) -> int:
    """Return how well an article fits, from its title and excerpt; more is better."""
    in_title, in_excerpt = SearchText(title), SearchText(excerpt)
    points = sum(_points(term, in_title, in_excerpt) for term in wanted.terms + wanted.title_terms)
    points += sum(_ELSEWHERE for _ in wanted.body_terms)
    if len(wanted.terms) > 1:
        together = " ".join(token for term in wanted.terms for token in term.tokens)
        points += _SIDE_BY_SIDE * (f" {together}" in in_title.padded)
    return points


def _points(term: Term, title: SearchText, excerpt: SearchText) -> int:
    if not term_in(term, title):
        return _IN_EXCERPT if term_in(term, excerpt) else _ELSEWHERE
    needle = term.needle.rstrip()
    whole = f"{needle} " in title.padded
    return (_WHOLE_IN_TITLE if whole else _IN_TITLE) + _TITLE_BEGINS * title.padded.startswith(needle)
