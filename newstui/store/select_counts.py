"""How many articles of a selection have each value of a facet, and how many of these are read.

Values that many articles have are counted as bit sets, all others one article after another. Nothing here holds
Python for more than a few milliseconds at a time: the screen has its turn while a million articles are counted.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from newstui.store.catalog import READ
from newstui.store.columns import positions_from_mask
from newstui.store.search import AbandonedError, IsCancelled
from newstui.store.select_columns import ColumnMasks, flags_of, mask_of_many

QUICKER_ONE_BY_ONE = 400
"""A value that fewer than one in so many articles have is quicker counted article by article (1,000,000 articles, 2026:
115 us for a bit set, 45 ns for an article)."""
_KEPT_SETS = 32
"""Bit sets made for the largest of the rarer values and of the providers, per facet (125 KB each at a million)."""
_FEW = 5
"""A selection of fewer than one in so many articles has its providers counted article by article (150 ns each)."""
_SLICE = 1 << 16
"""Articles looked at in one go (3 ms)."""
_READ_AS_THREE = bytes(3 if marks & READ else 1 for marks in range(256))

Counts = Mapping[str, tuple[int, int]]
"""Value → articles, and how many of these are read. What no article has is left out."""


class FacetCounts:
    """Counts over one catalog, with the marks of now."""

    def __init__(self, columns: ColumnMasks) -> None:
        self._columns = columns
        self._catalog = columns.catalog

    def warm(self) -> Iterator[object]:
        """Make what is counted with; a pause may be made after each step."""
        for name in ("_bit_sets", "_totals", "_by_provider"):
            yield getattr(self, name)

    # -- topics, types, categories, collections -----------------------------------------------
    def of_values(self, field: str, mask: int) -> Counts:
        """Count the values of a field over a bit set."""
        sets, sparse = self._bit_sets[field]
        read = mask & self._columns.read()
        if mask == self._catalog.everything:
            totals = self._totals[field]
            counted = {name: (total, (read & sets[name]).bit_count()) for name, total in totals.items()}
        else:
            counted = {name: ((mask & bits).bit_count(), (read & bits).bit_count()) for name, bits in sets.items()}
        if sparse:
            size = -(-self._catalog.count // 8)
            all_bits, read_bits = mask.to_bytes(size, "little"), read.to_bytes(size, "little")
            for name, places in sparse.items():
                found = [place for place in places if all_bits[place >> 3] >> (place & 7) & 1]
                counted[name] = len(found), sum([read_bits[place >> 3] >> (place & 7) & 1 for place in found])
        return {name: counts for name, counts in counted.items() if counts[0]}

    @cached_property
    def _bit_sets(self) -> Mapping[str, tuple[Mapping[str, int], Mapping[str, array[int]]]]:
        """Field → its values as bit sets where that is quicker, and as positions where it is not."""
        few = self._catalog.count // QUICKER_ONE_BY_ONE
        found = {}
        for field, (masks, _) in self._columns.by_field.items():
            by_size = sorted(((len(places), name) for name, places in masks.sparse.items()), reverse=True)
            larger = {name for size, name in by_size[:_KEPT_SETS] if size > few}
            rest = {name: places for name, places in masks.sparse.items() if name not in larger}
            found[field] = {**masks.dense, **{name: masks[name] for name in larger}}, rest
        return found

    @cached_property
    def _totals(self) -> Mapping[str, Mapping[str, int]]:
        """Field → value that has a bit set → how many of all articles have it."""
        return {
            field: {name: bits.bit_count() for name, bits in sets.items()}
            for field, (sets, _) in self._bit_sets.items()
        }

    # -- providers ----------------------------------------------------------------------------
    def of_providers(self, mask: int, is_cancelled: IsCancelled = lambda: False) -> Mapping[int, tuple[int, int]]:
        """Count the providers over a bit set, by their number. Raises AbandonedError."""
        catalog = self._catalog
        if mask.bit_count() * _FEW < catalog.count:
            column, marks, found = catalog.provider, catalog.marks, positions_from_mask(mask)
            totals = Counter([column[place] for place in found])
            reads = Counter([column[place] for place in found if marks[place] & READ])
            return {code: (total, reads[code]) for code, total in totals.items()}
        read = mask & self._columns.read()
        large, places, spans = self._by_provider
        counted = {code: ((mask & bits).bit_count(), (read & bits).bit_count()) for code, bits in large.items()}
        marked = self._marked(mask)
        chosen = bytearray()
        for start in range(0, len(places), _SLICE):
            if is_cancelled():
                raise AbandonedError
            chosen += bytes([marked[place] for place in places[start : start + _SLICE]])
        for code, start, end in spans:
            reads_here = chosen.count(3, start, end)
            counted[code] = chosen.count(1, start, end) + reads_here, reads_here
        return {code: counts for code, counts in counted.items() if counts[0]}

    def _marked(self, mask: int) -> bytes:
        """Return one byte per position: 0 outside of a bit set, 3 for what is read, 1 for what is not."""
        chosen = int.from_bytes(flags_of(mask, self._catalog.count), "little") * 3
        marks = int.from_bytes(self._catalog.marks.translate(_READ_AS_THREE), "little")
        return (chosen & marks).to_bytes(self._catalog.count, "little")

    @cached_property
    def _by_provider(self) -> tuple[Mapping[int, int], array[int], list[tuple[int, int, int]]]:
        """The large providers' bit sets by number; the positions of all others; (number, start, end) in these."""
        places, starts = self._columns.by_provider
        sizes = {code: starts[code + 1] - starts[code] for code in range(len(starts) - 1)}
        few = self._catalog.count // QUICKER_ONE_BY_ONE * 2  # two bit sets against one look
        largest = sorted(sizes, key=lambda code: -sizes[code])[:_KEPT_SETS]
        large = {
            code: mask_of_many(places[starts[code] : starts[code + 1]], self._catalog.count)
            for code in largest
            if sizes[code] > few
        }
        kept, spans = array("I"), []
        for code, size in sizes.items():
            if size and code not in large:
                spans.append((code, len(kept), len(kept) + size))
                kept.extend(places[starts[code] : starts[code + 1]])
        return large, kept, spans
