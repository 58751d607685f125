"""The articles of a stretch of time, indexed by term: which of them are nearest to a given one.

Only the rarest terms of an article lead to candidates, and only so many entries are looked at, so that one question
takes a few milliseconds even when 100,000 articles fall into one stretch; the candidates are then compared exactly.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import exp, log, sqrt

from newstui.related.document import Document, Neighbour
from newstui.related.frequencies import Frequencies
from newstui.related.terms import FLAG_BITS, FLAGS, IN_TEXT, IN_TITLE, NUMBER, REPEATED

DAY = 86_400
REACH_DAYS = 14
"""Articles further apart than this are never compared: all true pairs of the judged set lie within 5 days."""
NEIGHBOURS = 24
"""Nearest articles kept of each."""
NEAREST_FLOOR = 0.05
"""Below this nearness two articles have nothing in common; the lowest of any true pair judged was .09."""

_CANDIDATES = 30
"""Articles compared exactly."""
_CANDIDATE_SHARE = 0.1
"""Articles that share less than this of what the best candidate shares are not compared exactly."""
_ENTRIES = 1_200
"""Index entries looked at for one question; the rarest terms come first."""
_POSTING_LIMIT = 1_000
"""A term in more articles than this leads to no candidates (unless nothing else does)."""


def _term_weight(flags: int) -> float:
    """Return 1 + log(how often a term occurs); the title counts twice."""
    count = 2.0 * bool(flags & IN_TITLE) + bool(flags & IN_TEXT) + 0.5 * bool(flags & REPEATED)
    return 1.0 + log(count) if count else 0.0


_TERM_WEIGHTS = tuple(_term_weight(flags) for flags in range(FLAGS + 1))
_TELLING = 1.0
"""A number must weigh more than this to tell anything (it is in at most a third of all articles)."""


class Opened:
    """A document with its terms weighed; kept only while it is being compared."""

    __slots__ = ("document", "everything", "mass", "numbers", "title", "vector", "weights")

    def __init__(self, document: Document, frequencies: Frequencies) -> None:
        self.document = document
        weight, collection = frequencies.weight, document.collection
        weights: dict[int, float] = {}
        vector: dict[int, float] = {}
        title: set[int] = set()
        numbers: set[int] = set()
        for packed in document.terms:
            term = packed >> FLAG_BITS
            flags = packed & FLAGS
            value = weights[term] = weight(packed, collection)
            vector[term] = value * _TERM_WEIGHTS[flags]
            if flags & IN_TITLE:
                title.add(term)
                if packed & NUMBER and value > _TELLING:
                    numbers.add(term)
        length = sqrt(sum(value * value for value in vector.values())) or 1.0
        self.weights = weights
        """Term → how rare it is."""
        self.vector = {term: value / length for term, value in vector.items()}
        """Term → its part in a vector of length 1."""
        self.title = title
        self.everything = frozenset(weights)
        """All terms. Intersecting sets and then adding up is four times as fast as looking up each term."""
        self.numbers = numbers
        """Numbers in the title."""
        self.mass = sum(map(weights.__getitem__, title)) or 1.0
        """Weight of the title's terms together."""


def decay_of(days: float) -> float:
    """Return how much of its nearness a pair keeps for being close in time, 0..1."""
    return exp(-abs(days) / 4)


class Window:
    """Documents that can be compared with each other."""

    def __init__(self, frequencies: Frequencies) -> None:
        self.frequencies = frequencies
        self.documents: dict[int, Document] = {}
        """Number → document."""
        self._numbers: dict[int, int] = {}
        """Key → number."""
        self._postings: dict[int, array[int]] = {}
        """Term (without flags) → numbers of documents, those that were discarded included until `_sweep`."""
        self._discarded = 0
        self._opened: dict[int, Opened] = {}

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents.values())

    def add(self, document: Document) -> None:
        """Take a document in; one with the same number is replaced."""
        self.discard(document.number)
        self.documents[document.number] = document
        self._numbers[document.key] = document.number
        postings, number = self._postings, document.number
        for packed in document.terms:
            term = packed >> FLAG_BITS
            found = postings.get(term)
            if found is None:
                postings[term] = array("I", (number,))
            else:
                found.append(number)

    def partners(self, document: Document) -> list[Document]:
        """Return those that this one lists and that list it."""
        found = [self.documents[self._numbers[key]] for key in document.given if key in self._numbers]
        return [other for other in found if document.key in other.given and other is not document]

    def discard(self, number: int) -> None:
        """Let go of a document."""
        document = self.documents.pop(number, None)
        if document is not None:
            self._numbers.pop(document.key, None)
            self._opened.pop(number, None)
            self._discarded += 1
            if self._discarded > len(self.documents) + 1_000:
                self._sweep()

    def keep(self, earliest: int, latest: int) -> None:
        """Let go of everything outside a stretch of time (seconds)."""
        for document in [one for one in self.documents.values() if not earliest <= one.seconds <= latest]:
            self.discard(document.number)

    def _sweep(self) -> None:
        """Take what was discarded out of the index."""
        alive = self.documents
        self._postings = {
            term: kept
            for term, numbers in self._postings.items()
            if (kept := array("I", [number for number in numbers if number in alive]))
        }
        self._discarded = 0

    def open(self, document: Document) -> Opened:
        """Return the document with its terms weighed."""
        found = self._opened.get(document.number)
        if found is None or found.document is not document:
            if len(self._opened) >= 4_096:
                self._opened.clear()
            found = self._opened[document.number] = Opened(document, self.frequencies)
        return found

    def forget_weights(self) -> None:
        """Weigh terms anew from now on (their frequencies have changed)."""
        self._opened.clear()

    def nearest(self, document: Document, limit: int = NEIGHBOURS) -> list[Neighbour]:
        """Return the nearest documents within reach, nearest first."""
        opened = self.open(document)
        found: list[Neighbour] = []
        for number in self._candidates(opened):
            other = self.documents[number]
            nearness = self.nearness(opened, self.open(other))
            if nearness >= NEAREST_FLOOR:
                found.append(Neighbour(nearness, number))
        found.sort(reverse=True)
        return found[:limit]

    def nearness(self, first: Opened, second: Opened) -> float:
        """Return how near two documents are in words and time, 0..1."""
        days = (first.document.seconds - second.document.seconds) / DAY
        return cosine(first, second) * (0.5 + 0.5 * decay_of(days))

    def _candidates(self, opened: Opened) -> Iterable[int]:
        """Return the documents that share the most with this one, by its rarest terms."""
        document, postings, documents = opened.document, self._postings, self.documents
        lists = sorted(
            (len(found), term) for term in opened.vector if (found := postings.get(term)) is not None and len(found) > 1
        )
        scores: defaultdict[int, float] = defaultdict(float)
        left = _ENTRIES
        for size, term in lists:
            if scores and (size > left or size > _POSTING_LIMIT):
                break
            value = opened.vector[term] * opened.weights[term]
            for number in postings[term][-_ENTRIES:]:
                scores[number] += value
            left -= size
        scores.pop(document.number, None)
        ranked = sorted(scores.values(), reverse=True)
        if not ranked:
            return []
        low = ranked[0] * _CANDIDATE_SHARE
        if len(ranked) > 2 * _CANDIDATES:
            low = max(low, ranked[2 * _CANDIDATES] / 2)  # time takes at most half
        seconds, reach = document.seconds, REACH_DAYS * DAY
        within = [
            (score * (0.5 + 0.5 * decay_of(apart / DAY)), number)
            for number, score in scores.items()
            if score >= low
            and (other := documents.get(number)) is not None
            and (apart := abs(other.seconds - seconds)) <= reach
        ]
        within.sort(reverse=True)
        return [number for _, number in within[:_CANDIDATES]]


def cosine(first: Opened, second: Opened) -> float:
    """Return the cosine of two documents' weighed terms."""
    one, other = first.vector, second.vector
    return sum([one[term] * other[term] for term in first.everything & second.everything])
