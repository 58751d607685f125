"""Conditions that columns alone decide, as bit sets over the catalog. Each takes a few milliseconds at a million.

One `ColumnMasks` belongs to one `Catalog` and keeps what it works out of it; only the marks are read anew each time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain, compress

from newstui.query.match import fold_value, is_under
from newstui.query.nodes import NumberField, OneOf
from newstui.store.catalog import (
    NO_DATE,
    NO_NUMBER,
    NOTED,
    READ,
    STARRED,
    TAGGED,
    Catalog,
    ValueMasks,
    mask_of_bit,
)
from newstui.store.columns import mask_from_positions, positions_from_mask
from newstui.store.gathering import SLICE, places_by_value, slices_of, values_of
from newstui.text import fold

BLOCK = 16_384
"""Positions that are looked at together: what lies wholly inside or outside a range of dates costs nothing. A multiple
of eight, so that a block is whole bytes of a bit set."""
_LOW, _HIGH = -1, 252
"""Numbers with a code of their own; heat and quality are rarely outside."""
_OTHER, _ABSENT = 254, 255
_KEPT = 48
"""Bit sets of providers, numbers and dates that are kept (125 KB each at a million articles)."""
_TRUTH = bytes(code == 0x31 for code in range(256))


def flags_of(mask: int, count: int) -> bytes:
    """Return one byte per position, 1 where the bit is set: what `compress` and indexing want (4 ms at a million)."""
    return f"{mask:0{max(count, 1)}b}"[::-1].encode().translate(_TRUTH)[:count]


def mask_of_flags(flags: bytes | bytearray) -> int:
    """Return the bit set of the positions whose byte is 1."""
    return int(flags.translate(_TO_DIGITS)[::-1] or b"0", 2)


_TO_DIGITS = bytes(0x31 if code == 1 else 0x30 for code in range(256))


def positions_of(mask: int, count: int, shift: int = 0) -> list[int]:
    """Return the positions that are set, ascending, each plus `shift`; quick for many as for few."""
    if mask.bit_count() * 16 < count:
        return [place + shift for place in positions_from_mask(mask)] if shift else positions_from_mask(mask)
    return list(compress(range(shift, shift + count), flags_of(mask, count)))


def mask_of_many(positions: Iterable[int], count: int) -> int:
    """Return the bit set of any number of positions; quicker than one by one when they are thousands."""
    flags = bytearray(count)
    for place in positions:
        flags[place] = 1
    return mask_of_flags(flags)


class _Codes:
    """A column of numbers squeezed into a byte each, so that a range becomes one `bytes.translate`."""

    def __init__(self, column: array[int], absent: int | None) -> None:
        codes = {number: number - _LOW if _LOW <= number <= _HIGH else _OTHER for number in values_of(column)}
        if absent is not None:
            codes[absent] = _ABSENT
        self._codes = b"".join([bytes(map(codes.__getitem__, part)) for part in slices_of(column)])
        self._others = array("I")
        """Positions of numbers without a code of their own, the lowest number first."""
        self._other_numbers = array("q")
        """Their numbers."""
        self._above = 0
        """Bit set of those of them whose number is too high for a code."""
        if _OTHER in codes.values():
            others = [
                start + place
                for start in range(0, len(column), SLICE)
                for place in compress(range(SLICE), map(_OTHER.__eq__, self._codes[start : start + SLICE]))
            ]
            by_number = places_by_value(column, others)
            for number in sorted(by_number):
                self._others += by_number[number]
                self._other_numbers.extend([number] * len(by_number[number]))
            self._above = mask_of_many(self._others[bisect_right(self._other_numbers, _HIGH) :], len(column))

    def mask(self, low: int | None, high: int | None) -> int:
        floor, ceiling = (_LOW if low is None else low), (_HIGH if high is None else high)
        table = bytearray(b"0" * 256)
        for number in range(max(floor, _LOW), min(ceiling, _HIGH) + 1):
            table[number - _LOW] = 0x31
        digits = bytearray(self._codes.translate(table))
        first = 0 if low is None else bisect_left(self._other_numbers, low)
        last = len(self._others) if high is None else bisect_right(self._other_numbers, high)
        above = 0
        if high is None and floor <= _HIGH:  # all that are too high for a code, which may be many
            above, last = self._above, bisect_right(self._other_numbers, _HIGH)
        for position in self._others[first:last]:
            digits[position] = 0x31
        return int(digits[::-1] or b"0", 2) | above


class ColumnMasks:
    """Bit sets of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._codes: dict[str, _Codes] = {}
        self._marked: tuple[bytes, dict[int, int]] = b"", {}
        """The marks seen last, and by the bit of a mark the bit set of what they say has it."""
        self._found: OrderedDict[Hashable, int] = OrderedDict()
        """Bit sets of conditions met before, so that a change of one part of a query works out that part only."""

    def _kept(self, condition: Hashable, find: Callable[[], int]) -> int:
        """Return the bit set of a condition, worked out unless it was met lately. Other threads may do the same."""
        mask = self._found.pop(condition, None)
        if mask is None:
            mask = find()
        self._found[condition] = mask
        while len(self._found) > _KEPT:
            with suppress(KeyError):
                del self._found[next(iter(self._found))]
        return mask

    def warm(self) -> Iterator[object]:
        """Work out once what numbers, dates and names are looked up in; a pause may be made after each step."""
        fields: tuple[NumberField, ...] = ("quality", "heat", "coverage")
        for field in fields:
            yield self._codes_of(field)
        yield self.number("coverage", 1, None)
        for name in ("newest_in_block", "oldest_in_block", "by_field", "_provider_names", "by_provider"):
            yield getattr(self, name)
        for name in ("has_image", "has_body", "has_related"):
            yield getattr(self.catalog, name)
        for bit in (READ, STARRED, TAGGED, NOTED):
            yield self.marked(bit)

    # -- numbers ------------------------------------------------------------------------------
    def number(self, field: NumberField, low: int | None, high: int | None) -> int:
        """Return where a number lies in a closed range; an absent one is in none."""
        return self._kept((field, low, high), lambda: self._codes_of(field).mask(low, high))

    def _codes_of(self, field: NumberField) -> _Codes:
        codes = self._codes.get(field)
        if codes is None:
            column = self.catalog.coverage if field == "coverage" else getattr(self.catalog, field)
            codes = self._codes[field] = _Codes(column, None if field == "coverage" else NO_NUMBER)
        return codes

    # -- dates --------------------------------------------------------------------------------
    @cached_property
    def newest_in_block(self) -> list[int]:
        """For each block of `BLOCK` positions, its latest date."""
        published = self.catalog.published
        return [max(published[start : start + BLOCK]) for start in range(0, self.catalog.count, BLOCK)]

    @cached_property
    def oldest_in_block(self) -> list[int]:
        published = self.catalog.published
        return [min(published[start : start + BLOCK]) for start in range(0, self.catalog.count, BLOCK)]

    def span(self, start: int | None, end: int | None) -> int:
        """Return what was published from `start` (included) until `end` (excluded), seconds since 1970 UTC."""
        return self._kept(
            ("published", start, end),
            lambda: self._find_span(NO_DATE + 1 if start is None else start, 1 << 62 if end is None else end),
        )

    def _find_span(self, low: int, high: int) -> int:
        mask = 0
        for block, (newest, oldest) in enumerate(zip(self.newest_in_block, self.oldest_in_block, strict=True)):
            if newest < low or oldest >= high:
                continue
            first = block * BLOCK
            part = self.catalog.published[first : first + BLOCK]
            if low <= oldest and newest < high:
                inside = (1 << len(part)) - 1
            else:
                inside = mask_of_flags(bytes([low <= published < high for published in part]))
            mask |= inside << first
        return mask

    def dates_of(self, mask: int) -> tuple[int, int]:
        """Return two dates that everything in a bit set (not empty) lies between, `NO_DATE` for those without."""
        data = mask.to_bytes(-(-self.catalog.count // 8), "little")
        size = BLOCK // 8
        blocks = [
            block for block in range(len(self.newest_in_block)) if data[block * size : (block + 1) * size].lstrip(b"\0")
        ]
        return max(map(self.newest_in_block.__getitem__, blocks)), min(map(self.oldest_in_block.__getitem__, blocks))

    # -- names --------------------------------------------------------------------------------
    @cached_property
    def by_field(self) -> Mapping[str, tuple[ValueMasks, dict[str, list[str]]]]:
        """Field → its masks, and folded name → the names as written."""
        catalog = self.catalog
        fields = {
            "topic": catalog.topics,
            "type": catalog.types,
            "category": catalog.categories,
            "collection": catalog.collections,
        }
        return {name: (masks, _by_folded(masks)) for name, masks in fields.items()}

    def values(self, node: OneOf) -> int:
        """Return where a topic, type, category or collection is one of the values."""
        masks, written = self.by_field[node.field]
        mask = 0
        for wanted in {fold_value(node.field, value) for value in node.values}:
            for name in written.get(wanted, ()):
                mask |= masks[name]
        return mask

    @cached_property
    def _provider_names(self) -> list[tuple[str, str, str]]:
        """Per provider number: folded name, folded domain, and the domain as ``domain:`` compares it."""
        catalog = self.catalog
        return [
            (fold(name.strip()), fold(domain.strip()), fold_value("domain", domain))
            for name, domain in zip(catalog.provider_names, catalog.provider_domains, strict=True)
        ]

    @cached_property
    def provider_labels(self) -> list[str]:
        """Per provider number: the name, else the domain, else nothing."""
        catalog = self.catalog
        return [name or domain for name, domain in zip(catalog.provider_names, catalog.provider_domains, strict=True)]

    def providers(self, node: OneOf) -> int:
        """Return where the provider's name or domain (``provider:``), or its domain's end (``domain:``) is a value."""
        wanted = {fold_value(node.field, value) for value in node.values} - {""}
        if node.field == "provider":
            codes = [
                code
                for code, (name, domain, _) in enumerate(self._provider_names)
                if name in wanted or domain in wanted
            ]
        else:
            codes = [
                code
                for code, (_, _, domain) in enumerate(self._provider_names)
                if domain and any(is_under(domain, parent) for parent in wanted)
            ]
        wanted_codes = frozenset(codes)
        return self._kept(wanted_codes, lambda: self._find_codes(wanted_codes))

    def _find_codes(self, codes: frozenset[int]) -> int:
        places, starts = self.by_provider
        found = chain.from_iterable(places[starts[code] : starts[code + 1]] for code in codes)
        return mask_of_many(found, self.catalog.count) if codes else 0

    @cached_property
    def by_provider(self) -> tuple[array[int], list[int]]:
        """All positions by provider number (0.3 s at a million, once), and where each number's positions begin."""
        by_code = places_by_value(self.catalog.provider, range(self.catalog.count))
        places, starts, nothing = array("I"), [0], array("I")
        for code in range(len(self.catalog.provider_names)):
            places += by_code.get(code, nothing)
            starts.append(len(places))
        return places, starts

    # -- marks of the reader ------------------------------------------------------------------
    def read(self) -> int:
        """Return the bit set of what is read now."""
        return self.marked(READ)

    def marked(self, bit: int) -> int:
        """Return the bit set of what has a mark now; worked out anew only when a mark has changed."""
        seen, by_bit = self._marked
        if seen != self.catalog.marks:
            seen, by_bit = bytes(self.catalog.marks), {}
            self._marked = seen, by_bit
        mask = by_bit.get(bit)
        if mask is None:
            mask = by_bit[bit] = mask_of_bit(seen, bit)
        return mask

    def keys(self, keys: Iterable[int], among: int) -> int:
        """Return the positions among a bit set whose key is one of these."""
        wanted = set(keys)
        if not wanted:
            return 0
        column = self.catalog.keys
        return mask_from_positions(
            place for place in positions_of(among, self.catalog.count) if column[place] in wanted
        )


def _by_folded(names: Iterable[str]) -> dict[str, list[str]]:
    written: dict[str, list[str]] = {}
    for name in names:
        written.setdefault(fold(name.strip()), []).append(name)
    return written
