"""How many articles have a term, over everything and within a collection, and what a term therefore weighs.

A word that many articles of one site have ("Diablo" on a Diablo site) says little there, however rare it is over
all collections; so a term that is frequent in a collection weighs in it what it would if there were no other.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from math import log

from newstui.related.terms import FLAG_BITS

SLOTS_BITS = 20
"""Terms share 2^20 counters; 300,000 different terms make one in four share, mostly with a rare one."""
_SLOTS = 1 << SLOTS_BITS
_LAST_SLOT = _SLOTS - 1
_LOCAL_LIMIT = 10_000
"""Terms counted for one collection; when there are more, the rarest are forgotten (lossy counting)."""
_LOCAL_RARE = 0.001
"""Share of a collection's articles below which a term may be forgotten; far below `_LOCAL_SHARE`."""


_LOCAL_SHARE, _LOCAL_COUNT = 0.05, 5
"""From which share and number of a collection's articles a term counts as frequent there. Lower, and a feed of 25
articles would find every word frequent that one story of it repeats."""


class Frequencies:
    """Document frequencies."""

    def __init__(self, load_local: Callable[[int], tuple[int, dict[int, int]]] = lambda _: (0, {})) -> None:
        self._load_local = load_local
        """Collection → (documents, term → documents) as kept; asked once for each collection."""
        self.total = 0
        """Documents counted."""
        self.counts = array("I", bytes(4 * _SLOTS))
        """By the low bits of the term."""
        self.local_totals: dict[int, int] = {}
        """Collection → documents."""
        self.local_counts: dict[int, dict[int, int]] = {}
        """Collection → term → documents."""
        self.changed: set[int] = set()
        """Collections whose counts differ from what is kept."""
        self._weights: dict[int, dict[int, float]] = {}

    def add(self, terms: Iterable[int], collection: int) -> None:
        """Count one document."""
        self.add_all([terms], collection)

    def add_all(self, documents: Sequence[Iterable[int]], collection: int) -> None:
        """Count the terms of several documents; adding them up first takes half the time."""
        counts, local = self.counts, self._local(collection)
        known = local.get
        for packed, count in Counter(chain.from_iterable(documents)).items():
            term = packed >> FLAG_BITS
            counts[term & _LAST_SLOT] += count
            local[term] = known(term, 0) + count
        self._counted(collection, len(documents))

    def remove(self, terms: Iterable[int], collection: int) -> None:
        """Take one document out again."""
        counts, local = self.counts, self._local(collection)
        for packed in terms:
            term = packed >> FLAG_BITS
            slot = term & _LAST_SLOT
            counts[slot] = max(0, counts[slot] - 1)
            left = local.pop(term, 0) - 1  # 0 before when it was rare, and forgotten
            if left > 0:
                local[term] = left
        self._counted(collection, -1)

    def _counted(self, collection: int, step: int) -> None:
        self.total += step
        self.local_totals[collection] += step
        self.changed.add(collection)
        local = self.local_counts[collection]
        if len(local) > _LOCAL_LIMIT:
            rare = 1 + self.local_totals[collection] * _LOCAL_RARE
            self.local_counts[collection] = {term: count for term, count in local.items() if count > rare}
        if self._weights:
            self._weights.clear()

    def _local(self, collection: int) -> dict[int, int]:
        found = self.local_counts.get(collection)
        if found is None:
            self.local_totals[collection], found = self._load_local(collection)
            self.local_counts[collection] = found
        return found

    def known_weights(self, collection: int) -> Mapping[int, float]:
        """Return term → weight in a collection, of terms that were weighed already (see `weight`)."""
        return self._weights.get(collection, {})

    def weight(self, packed: int, collection: int) -> float:
        """Return what a term weighs in a collection: the logarithm of how rare it is, at least 0."""
        weights = self._weights.get(collection)
        if weights is None:
            weights = self._weights[collection] = {}
        term = packed >> FLAG_BITS
        found = weights.get(term)
        if found is None:
            found = log((self.total + 1) / (self.counts[term & _LAST_SLOT] + 0.5))
            count = self._local(collection).get(term, 0)
            total = self.local_totals[collection]
            if count >= max(_LOCAL_COUNT, _LOCAL_SHARE * total):
                found = min(found, log((total + 1) / (count + 0.5)))
            if len(weights) > _LOCAL_LIMIT * 4:
                weights.clear()
            found = weights[term] = max(0.0, found)
        return found

    @property
    def highest(self) -> float:
        """What a term that nobody else has weighs."""
        return log(self.total + 1.5)
