"""Where a query is found in a text: spans for highlighting, and a snippet for the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from newstui.query.nodes import And, Node, Or, Phrase, Query, Regex, Word
from newstui.query.regex import TEXT_LIMIT, compile_regex
from newstui.query.terms import Term, compile_term
from newstui.records import dataclass, field
from newstui.text import fold, words

Span = tuple[int, int]
"""First character and the one after the last, as indexes into the text."""

_PIECE = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0483-\u0489\u0590-\u1cff\u1dc0-\u1dff\u200c\u200d\u3099\u309a\ua8e0-\uabff])*"
)
"""A run of letters and digits with their marks: never cuts a word that `text.words` keeps whole."""
MAX_HITS = 2_000
"""Spans of one text; nobody steps through more."""


class Snippet(NamedTuple):
    """A part of an article around the first hit."""

    text: str
    """One line."""
    spans: tuple[Span, ...]
    """Where the hits are in `text`."""


@dataclass(slots=True)
class Wanted:
    """What of a query can be seen in a text: words, phrases and patterns that are not negated."""

    terms: list[Term] = field(default_factory=list)
    title_terms: list[Term] = field(default_factory=list)
    """From ``title:``."""
    body_terms: list[Term] = field(default_factory=list)
    patterns: list[re.Pattern[str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.terms or self.title_terms or self.body_terms or self.patterns)


def wanted_of(query: Query) -> Wanted:
    """Return what to highlight for a query."""
    wanted = Wanted()
    if query.where is not None:
        _collect(query.where, wanted)
    return wanted


def _collect(node: Node, wanted: Wanted) -> None:
    match node:
        case And(nodes) | Or(nodes):
            for inner in nodes:
                _collect(inner, wanted)
        case Word(_, "any") | Phrase(_, "any"):
            wanted.terms.append(compile_term(node))
        case Word(_, "title") | Phrase(_, "title"):
            wanted.title_terms.append(compile_term(node))
        case Word(_, "body") | Phrase(_, "body"):
            wanted.body_terms.append(compile_term(node))
        case Regex(pattern):
            wanted.patterns.append(compile_regex(pattern))
        case _:
            pass


def hit_spans(text: str, query: Query, *, part: str = "any") -> list[Span]:
    """Return where a text shows what was searched, in order, without overlaps.

    `part` is ``title`` or ``body`` where the text is one of these, so that ``title:`` and ``body:`` count too.
    """
    wanted = wanted_of(query)
    terms = wanted.terms + {"title": wanted.title_terms, "body": wanted.body_terms}.get(part, [])
    return _spans(text, terms, wanted.patterns)


def _spans(text: str, terms: list[Term], patterns: list[re.Pattern[str]]) -> list[Span]:
    spans = list(_term_spans(text, terms)) if terms else []
    for pattern in patterns:
        for match in pattern.finditer(text[:TEXT_LIMIT]):
            if match.end() > match.start():
                spans.append(match.span())
            if len(spans) >= MAX_HITS:
                break
    return _merged(spans)


def _term_spans(text: str, terms: list[Term]) -> Iterator[Span]:
    tokens, places = _placed_words(text)
    by_first: dict[str, list[int]] = {}
    for term in terms:
        if not term.tokens:
            yield from _literal_spans(text, term)
            continue
        count = len(term.tokens)
        if count > 1 or term.whole:
            if not by_first:
                for index, token in enumerate(tokens):
                    by_first.setdefault(token, []).append(index)
            starts = by_first.get(term.tokens[0], [])
        else:
            starts = [index for index, token in enumerate(tokens) if token.startswith(term.tokens[0])]
        for index in starts:
            if _stands_at(tokens, index, term):
                start, end = places[index][0], places[index + count - 1][1]
                if not term.literal or term.literal in fold(text[max(start - 2, 0) : end + len(term.literal)]):
                    yield _with_signs(text, start, end, term)


def _stands_at(tokens: list[str], index: int, term: Term) -> bool:
    count = len(term.tokens)
    if tokens[index : index + count - 1] != list(term.tokens[:-1]) or index + count > len(tokens):
        return False
    last = tokens[index + count - 1]
    return last == term.tokens[-1] if term.whole else last.startswith(term.tokens[-1])


def _with_signs(text: str, start: int, end: int, term: Term) -> Span:
    """Widen a span over the signs typed around it, as in ``c++``."""
    if term.literal:
        while end < len(text) and not text[end].isalnum() and text[end] in term.literal:
            end += 1
        while start > 0 and not text[start - 1].isalnum() and text[start - 1] in term.literal:
            start -= 1
    return start, end


def _literal_spans(text: str, term: Term) -> Iterator[Span]:
    start = text.find(term.literal)
    while start >= 0:
        yield start, start + len(term.literal)
        start = text.find(term.literal, start + len(term.literal))


def _placed_words(text: str) -> tuple[list[str], list[Span]]:
    """Return the words a search sees, and where in the text each comes from."""
    tokens: list[str] = []
    places: list[Span] = []
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        found = words(fold(piece[0]))
        if len(found) == 1:
            tokens.append(found[0])
            places.append((start, end))
        elif found:
            _place(piece[0], start, found, tokens, places)
    return tokens, places


def _place(piece: str, start: int, found: list[str], tokens: list[str], places: list[Span]) -> None:
    """Give each word of a piece its place: by letters where the script has no spaces."""
    at = 0
    for token in found:
        end = at + 1
        while end < len(piece) and len(words(fold(piece[at:end]) + fold(piece[end]))) < 2:
            end += 1
        tokens.append(token)
        places.append((start + min(at, len(piece) - 1), start + min(end, len(piece))))
        at = end


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans)[:MAX_HITS]:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def snippet(title: str, excerpt: str, body: str, query: Query, width: int = 120) -> Snippet:
    """Return a line around the first hit that the title does not show already; the excerpt's start when there is none.

    `body` is shown text. `width` is in characters.
    """
    for part, text in (("any", excerpt), ("body", body)):
        spans = hit_spans(text, query, part=part) if text else []
        if spans:
            return _cut_around(text, spans, width)
    return _cut_around(excerpt or body, [], width)


def _cut_around(text: str, spans: list[Span], width: int) -> Snippet:
    """Cut a line of about `width` characters that holds the first span, at a blank where one is near."""
    first = spans[0][0] if spans else 0
    start = max(0, first - width // 4)
    if start:
        blank = max(text.rfind(" ", start, first), text.rfind("\n", start, first))
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + width)
    line = re.sub(r"\s", " ", text[start:end])
    lead, tail = "… " if start else "", "…" if end < len(text) else ""
    shift = len(lead) - start
    return Snippet(
        f"{lead}{line}{tail}",
        tuple((max(a, start) + shift, min(b, end) + shift) for a, b in spans if a < end and b > start),
    )
