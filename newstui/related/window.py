"""The articles of a stretch of time, indexed by term: which of them are nearest to a given one.

Which articles share the most with one is found for all of them at once: each term has a bit set of the articles that
have it, and the sets, each times its small weight, are added up in binary, one big integer a digit (a bit-sliced
index). So one question takes a fraction of a millisecond among a few hundred articles and a few milliseconds among
100,000; the candidates are then compared exactly.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
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

_CANDIDATES = 36
"""Articles compared exactly."""
_ENTRIES = 1_200
"""Articles that the terms looked at are in, added up; the rarest terms come first."""
_POSTING_LIMIT = 1_000
"""A term in more articles than this leads to no candidates (unless nothing else does)."""
_DIGITS = 3
"""Binary digits of a term's weight when candidates are looked for, the most telling term of the article having all."""
_BINARY = [[digit for digit in range(_DIGITS) if weight >> digit & 1] for weight in range(1 << _DIGITS)]
"""Weight → the binary digits of it that are 1."""
_SCORES_KEPT = 200_000
"""Pairs whose nearness is kept until the other one is compared: about 20 MB."""
_BITS_KEPT = 1 << 27
"""Bits in all the sets of places that are kept (16 MB): the next articles ask for the same terms."""


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
        collection = document.collection
        known = frequencies.known_weights(collection)
        weights: dict[int, float] = {}
        vector: dict[int, float] = {}
        title: set[int] = set()
        numbers: set[int] = set()
        for packed in document.terms:
            term = packed >> FLAG_BITS
            flags = packed & FLAGS
            value = known.get(term)
            if value is None:
                value = frequencies.weight(packed, collection)
            weights[term] = value
            vector[term] = value * _TERM_WEIGHTS[flags]
            if flags & IN_TITLE:
                title.add(term)
                if packed & NUMBER and value > _TELLING:
                    numbers.add(term)
        length = sqrt(sum([value * value for value in vector.values()])) or 1.0
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


_FADING = -1 / (4 * DAY)
_REACH = REACH_DAYS * DAY


def decay_of(days: float) -> float:
    """Return e^(−days/4): how close in time two articles are, 0..1."""
    return exp(-abs(days) / 4)


class Window:
    """Documents that can be compared with each other."""

    def __init__(self, frequencies: Frequencies) -> None:
        self.frequencies = frequencies
        self.documents: dict[int, Document] = {}
        """Number → document."""
        self._numbers: dict[int, int] = {}
        """Key → number."""
        self._waiting: dict[int, Document] = {}
        """Number → document that is not indexed yet: grouping never asks what is near."""
        self._places: list[int] = []
        """Place → number; places of documents that were discarded are filled until `_sweep`."""
        self._place_of: dict[int, int] = {}
        """Number → place."""
        self._days: dict[int, int] = {}
        """Day → bit set of the places of `documents` published on it."""
        self._postings: dict[int, array[int]] = {}
        """Term (without flags) → places, in ascending order."""
        self._sets: dict[int, tuple[int, int]] = {}
        """Term → (bit set of its places, how many of them are in it), for terms that were asked for."""
        self._opened: dict[int, Opened] = {}
        self._scored: dict[int, dict[int, float]] = {}
        """Number of a document that was not compared yet → others it is a candidate of → how near they are."""
        self._scores = 0

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents.values())

    def add(self, document: Document) -> None:
        """Take a document in; one with the same number is replaced."""
        self.discard(document.number)
        self.documents[document.number] = document
        self._numbers[document.key] = document.number
        self._waiting[document.number] = document

    def _index(self) -> None:
        """Index what was added since the last question."""
        postings = self._postings
        for document in self._waiting.values():
            place = self._place_of[document.number] = len(self._places)
            self._places.append(document.number)
            day = document.seconds // DAY
            self._days[day] = self._days.get(day, 0) | 1 << place
            for packed in document.terms:
                term = packed >> FLAG_BITS
                found = postings.get(term)
                if found is None:
                    postings[term] = array("I", (place,))
                else:
                    found.append(place)
        self._waiting.clear()

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
            self._scored.pop(number, None)
            if self._waiting.pop(number, None) is None:
                self._days[document.seconds // DAY] ^= 1 << self._place_of.pop(number)
            if len(self._places) > len(self.documents) * 3 // 2 + 100:
                self._sweep()

    def keep(self, earliest: int, latest: int) -> None:
        """Let go of everything outside a stretch of time (seconds)."""
        for document in [one for one in self.documents.values() if not earliest <= one.seconds <= latest]:
            self.discard(document.number)

    def _sweep(self) -> None:
        """Take what was discarded out of the index."""
        gone = len(self._places)
        kept = [number for place, number in enumerate(self._places) if self._place_of.get(number) == place]
        moved = [gone] * gone
        for place, number in enumerate(kept):
            moved[self._place_of[number]] = place
            self._place_of[number] = place
        self._places, self._days = kept, {}
        for place, number in enumerate(kept):
            day = self.documents[number].seconds // DAY
            self._days[day] = self._days.get(day, 0) | 1 << place
        self._postings = {
            term: array("I", left)
            for term, places in self._postings.items()
            if (left := [place for old in places if (place := moved[old]) != gone])
        }
        self._sets.clear()

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
        self._forget_scores()

    def _forget_scores(self) -> None:
        self._scored.clear()
        self._scores = 0

    def nearest(self, document: Document, limit: int = NEIGHBOURS) -> list[Neighbour]:
        """Return the nearest documents within reach, nearest first."""
        opened = self.open(document)
        vector, terms, seconds, own = opened.vector, opened.everything, document.seconds, document.number
        documents, scored, known_opened = self.documents, self._scored, self._opened.get
        known = scored.pop(own, {})
        found: list[tuple[float, int]] = []
        if self._scores > _SCORES_KEPT:
            self._forget_scores()
        for number in self._candidates(opened):
            nearness = known.get(number)
            if nearness is None:
                other = known_opened(number)
                if other is None:
                    other = self.open(documents[number])
                candidate = other.document
                apart = abs(candidate.seconds - seconds)
                if apart > _REACH:
                    continue
                weights = other.vector
                nearness = 0.0
                for term in terms & other.everything:  # few: a list to add up would cost more
                    nearness += vector[term] * weights[term]
                nearness *= 0.5 + 0.5 * exp(apart * _FADING)
                if not candidate.is_compared:
                    scored.setdefault(number, {})[own] = nearness
                    self._scores += 1
            if nearness >= NEAREST_FLOOR:
                found.append((nearness, number))
        found.sort(reverse=True)
        return [Neighbour(*one) for one in found[:limit]]

    def nearness(self, first: Opened, second: Opened) -> float:
        """Return how near two documents are in words and time, 0..1."""
        days = (first.document.seconds - second.document.seconds) / DAY
        return cosine(first, second) * (0.5 + 0.5 * decay_of(days))

    def _candidates(self, opened: Opened) -> list[int]:
        """Return the numbers of those that share the most of the rarest terms; of many alike, the closest in time."""
        self._index()
        postings, vector = self._postings, opened.vector
        shared = sorted(
            [(len(places), term) for term in vector if (places := postings.get(term)) is not None and len(places) > 1]
        )
        values: list[tuple[float, int]] = []
        left = _ENTRIES
        for size, term in shared:
            if values and (size > left or size > _POSTING_LIMIT):
                break
            values.append((vector[term] * opened.weights[term], term))
            left -= size
        if not values:
            return []
        scale = ((1 << _DIGITS) - 1) / (max(values)[0] or 1.0)
        digits: list[int] = []
        """What each place shares, in binary: the lowest digit of all places, the next one, …"""
        for value, term in values:
            weight = int(value * scale + 0.5)
            if weight:
                places_of_term = self._set_of(term)
                for digit in _BINARY[weight]:
                    _add(digits, digit, places_of_term)
        best, equal = _highest(digits, self._within_reach(opened.document), _CANDIDATES)
        best |= self._closest(equal, opened.document, _CANDIDATES - best.bit_count())
        numbers: list[int] = []
        while best:
            lowest = best & -best
            numbers.append(self._places[lowest.bit_length() - 1])
            best ^= lowest
        return numbers

    def _within_reach(self, document: Document) -> int:
        """Return the places of the others on days that are within reach, the first and the last in part."""
        day, days = document.seconds // DAY, self._days
        within = 0
        for other in range(day - REACH_DAYS, day + REACH_DAYS + 1):
            within |= days.get(other, 0)
        own = self._place_of.get(document.number)
        return within if own is None else within & ~(1 << own)

    def _closest(self, places: int, document: Document, count: int) -> int:
        """Return so many of the places (all when there are fewer), those closest in time by whole days."""
        if places.bit_count() <= count:
            return places
        day, days, found = document.seconds // DAY, self._days, 0
        for apart in range(REACH_DAYS + 1):
            more = places & (days.get(day - apart, 0) | days.get(day + apart, 0)) & ~found
            if more.bit_count() > count:
                return found | _lowest(more, count)
            found |= more
            count -= more.bit_count()
        return found

    def _set_of(self, term: int) -> int:
        """Return the places of a term as a bit set."""
        places = self._postings[term]
        found, count = self._sets.get(term, (0, 0))
        if count < len(places):
            if len(places) - count > _SEVERAL:
                octets = bytearray(places[-1] // 8 + 1)
                for place in places[count:]:
                    octets[place >> 3] |= 1 << (place & 7)
                found |= int.from_bytes(octets, "little")
            else:
                for place in places[count:]:
                    found |= 1 << place
            if len(self._sets) * len(self._places) > _BITS_KEPT:
                self._sets.clear()
            self._sets[term] = found, len(places)
        return found


_SEVERAL = 16
"""From so many places on, a bit set is made from octets."""


def _add(digits: list[int], digit: int, places: int) -> None:
    """Add 2^digit at each of the places."""
    while len(digits) <= digit:
        digits.append(0)
    while places:
        known = digits[digit]
        digits[digit] = known ^ places
        places &= known
        digit += 1
        if digit == len(digits):
            if places:
                digits.append(places)
            return


def _lowest(places: int, count: int) -> int:
    """Return the first so many of the places."""
    rest = places
    for _ in range(count):
        rest &= rest - 1
    return places ^ rest


def _highest(digits: Sequence[int], among: int, count: int) -> tuple[int, int]:
    """Return the places with the highest numbers, fewer than `count`, and those that come next and are all equal."""
    some = 0
    for places in digits:
        some |= places
    chosen, equal = 0, among & some
    for places in reversed(digits):
        higher = equal & places
        if (chosen | higher).bit_count() >= count:
            equal = higher
        else:
            chosen |= higher
            equal &= ~places
    return chosen, equal


def cosine(first: Opened, second: Opened) -> float:
    """Return the cosine of two documents' weighed terms."""
    one, other = first.vector, second.vector
    return sum([one[term] * other[term] for term in first.everything & second.everything])
