"""The columns in memory: what filters, counts and orders are computed from, at any size, without SQL.

A `Catalog` is a snapshot: reloading makes a new one, so a reader in another thread never sees one half changed.
Only the marks are kept up to date in place. Filtering itself is `select.py`'s business.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import repeat
from operator import neg
from typing import Literal

from newstui.store import cache_schema
from newstui.store.columns import MASK, NO_DATE, NO_NUMBER, load_version, mask_from_positions, positions_from_mask
from newstui.store.database import transaction
from newstui.store.gathering import highest_first
from newstui.store.packing import (
    FRONT_PAGE,
    HAS_BODY,
    HAS_IMAGE,
    HAS_RELATED,
    MALFORMED,
    NOT_FRONT_PAGE,
    REMOVED,
)

__all__ = [
    "FRONT_PAGE", "HAS_BODY", "HAS_IMAGE", "HAS_RELATED", "MALFORMED", "NOTED", "NOT_FRONT_PAGE", "NO_DATE",
    "NO_NUMBER", "READ", "REMOVED", "STARRED", "TAGGED", "Catalog", "OrderName", "ValueMasks", "load_catalog",
]  # fmt: skip

READ, STARRED, TAGGED, NOTED = 1, 2, 4, 8
"""Bits of `Catalog.marks`."""

FEWEST_TO_KEEP_ORDER = 50_000

OrderName = Literal["date", "heat", "quality", "coverage"]

_DIGIT_TABLES: dict[int, bytes] = {
    bit: bytes(0x31 if code & bit else 0x30 for code in range(256)) for bit in (1 << shift for shift in range(8))
}
"""For each bit, what turns a column of flags into the digits of a binary number: 3 ms for a million rows."""


def mask_of_bit(column: bytes | bytearray, bit: int) -> int:
    """Return the bit set of the positions whose flags have `bit`."""
    return int(column.translate(_DIGIT_TABLES[bit])[::-1] or b"0", 2)


class ValueMasks(Mapping[str, int]):
    """Value → bit set of the positions that have it, for one facet.

    Values that few articles have are kept as positions; a bit set of a million for each of them would not fit.
    """

    def __init__(self, dense: dict[str, int], sparse: dict[str, array[int]]) -> None:
        self.dense = dense
        """Value → bit set, for values that at least one in 64 articles has."""
        self.sparse = sparse
        """Value → positions (ascending), for all others."""

    def __getitem__(self, name: str) -> int:
        found = self.dense.get(name)
        return found if found is not None else mask_from_positions(self.sparse[name])

    def __iter__(self) -> Iterator[str]:
        yield from self.dense
        yield from self.sparse

    def __len__(self) -> int:
        return len(self.dense) + len(self.sparse)

    def __contains__(self, name: object) -> bool:
        return name in self.dense or name in self.sparse

    def counts(self, mask: int) -> dict[str, int]:
        """Return how many positions of `mask` have each value; values that none has are left out."""
        counted = {name: (mask & bits).bit_count() for name, bits in self.dense.items()}
        if self.sparse:
            size = max(places[-1] for places in self.sparse.values()) // 8 + 1
            data = (mask & ((1 << size * 8) - 1)).to_bytes(size, "little")
            for name, places in self.sparse.items():
                counted[name] = sum(data[place >> 3] >> (place & 7) & 1 for place in places)
        return {name: count for name, count in counted.items() if count}


class Catalog:
    """All articles of the cache as columns, by dense position; higher rows (newer articles) come first."""

    def __init__(self) -> None:
        self.version = 0
        """Another number is another state of the columns."""
        self.count = 0
        self.rowids = array("q")
        """Row numbers, strictly descending."""
        self.keys = array("q")
        self.published = array("q")
        """Seconds since 1970-01-01 UTC; `NO_DATE` when absent."""
        self.quality = array("i")
        """`NO_NUMBER` when absent, like `heat`."""
        self.heat = array("i")
        self.coverage = array("H")
        """How many other articles cover the same story."""
        self.story = array("q")
        """Key of the article that founded the story; 0 when alone."""
        self.provider = array("I")
        """Index into `provider_names` and `provider_domains`."""
        self.provider_names: list[str] = []
        """Empty when the provider has no name, or the number is not used."""
        self.provider_domains: list[str] = []
        self.flags = bytearray()
        """`HAS_IMAGE` and its sisters."""
        self.topics = ValueMasks({}, {})
        self.types = ValueMasks({}, {})
        self.categories = ValueMasks({}, {})
        self.collections = ValueMasks({}, {})
        self.marks = bytearray()
        """`READ | STARRED | TAGGED | NOTED` per position; the only column that changes in place."""
        self.new_count = 0
        """Positions 0 … new_count-1 arrived since the session before this one."""
        self._orders: dict[str, array[int]] = {}

    # -- look-ups -----------------------------------------------------------------------------
    def position_of(self, row: int) -> int | None:
        """Return the position of a row number, None when there is none."""
        guess = self.rowids[0] - row if self.count else -1  # right wherever no row before it was ever taken out
        if 0 <= guess < self.count and self.rowids[guess] == row:
            return guess
        position = bisect_left(self.rowids, -row, key=neg)
        return position if position < self.count and self.rowids[position] == row else None

    def rows_by_key(self, rows: Iterable[int]) -> tuple[dict[int, int], list[int]]:
        """Return these row numbers by the key of their article, and those of them that are not here."""
        found: dict[int, int] = {}
        unknown: list[int] = []
        rowids, keys, count, highest = self.rowids, self.keys, self.count, self.rowids[0] if self.count else 0
        for row in rows:
            guess = highest - row  # as in position_of
            position = guess if 0 <= guess < count and rowids[guess] == row else self.position_of(row)
            if position is None:
                unknown.append(row)
            else:
                found[keys[position]] = row
        return found, unknown

    def positions_of_key(self, key: int) -> list[int]:
        """Return where articles with this key stand: one, or several when collections share it."""
        found: list[int] = []
        start = 0
        while True:
            try:
                found.append(self.keys.index(key, start))
            except ValueError:
                return found
            start = found[-1] + 1

    # -- masks --------------------------------------------------------------------------------
    @cached_property
    def everything(self) -> int:
        """The bit set of all positions."""
        return (1 << self.count) - 1

    @cached_property
    def has_image(self) -> int:
        return mask_of_bit(self.flags, HAS_IMAGE)

    @cached_property
    def has_body(self) -> int:
        return mask_of_bit(self.flags, HAS_BODY)

    @cached_property
    def has_related(self) -> int:
        return mask_of_bit(self.flags, HAS_RELATED)

    def read_mask(self) -> int:
        """Return the bit set of what is read now (0.3 ms for 100,000)."""
        return mask_of_bit(self.marks, READ)

    # -- orders -------------------------------------------------------------------------------
    def order(self, by: OrderName) -> array[int]:
        """Return all positions, newest or highest first, absent values last; ties newest first."""
        found = self._orders.get(by)
        if found is None:
            found = self._orders[by] = self._sort(by)
        return found

    def _sort(self, by: OrderName) -> array[int]:
        if by == "date":
            return array("I", sorted(range(self.count), key=self.published.__getitem__, reverse=True))
        column: array[int] = getattr(self, by)
        return highest_first(column, self.order("date"))

    def set_order(self, by: OrderName, positions: array[int]) -> None:
        """Take an order that was computed before and stored."""
        self._orders[by] = positions

    # -- marks --------------------------------------------------------------------------------
    def set_marks(self, bits_by_key: Mapping[int, int]) -> None:
        """Take the marks of all keys that have any (80 ms for a million articles; nothing when there are none)."""
        if bits_by_key:
            self.marks = bytearray(map(bits_by_key.get, self.keys, repeat(0)))
        else:
            self.marks = bytearray(self.count)

    def change_marks(self, bits_by_key: Mapping[int, int]) -> None:
        """Take the marks of the keys given; all other marks stay."""
        if len(bits_by_key) < 16:
            for key, bits in bits_by_key.items():
                for position in self.positions_of_key(key):
                    self.marks[position] = bits
            return
        self.marks[:] = bytes(map(bits_by_key.get, self.keys, self.marks))


def load_catalog(connection: sqlite3.Connection, new_from: int | None = None) -> Catalog:
    """Read the columns. `new_from` is the lowest row number that counts as new; None says nothing does."""
    connection.execute("BEGIN")
    try:
        catalog = Catalog()
        catalog.version = load_version(connection)
        offsets = _load_columns(connection, catalog)
        _load_values(connection, catalog, offsets)
        _load_providers(connection, catalog)
        _load_orders(connection, catalog)
    finally:
        connection.execute("COMMIT")
    catalog.marks = bytearray(catalog.count)
    if new_from is not None:
        catalog.new_count = bisect_left(catalog.rowids, -new_from + 1, key=neg)
    return catalog


def _load_columns(connection: sqlite3.Connection, catalog: Catalog) -> dict[int, int]:
    """Fill the arrays; return the first position of each chunk."""
    offsets: dict[int, int] = {}
    for number, *blobs in connection.execute(
        "SELECT number, rows, keys, published, quality, heat, provider, flags, stories, coverage"
        " FROM chunk JOIN chunk_story USING(number) ORDER BY number DESC"
    ):
        offsets[number] = len(catalog.rowids)
        names = ("rowids", "keys", "published", "quality", "heat", "provider", "flags", "story", "coverage")
        for name, blob in zip(names, blobs, strict=True):
            column = getattr(catalog, name)
            if name == "flags":
                column.extend(blob)
            else:
                column.frombytes(blob)
    catalog.count = len(catalog.rowids)
    return offsets


def _load_values(connection: sqlite3.Connection, catalog: Catalog, offsets: Mapping[int, int]) -> None:
    names = {(facet, id): name for id, facet, name in connection.execute("SELECT id, facet, name FROM value")}
    collection = cache_schema.COLLECTION
    names |= {(collection, id): name for id, name in connection.execute("SELECT id, name FROM collection")}
    masks: dict[tuple[int, int], int] = {}
    positions: dict[tuple[int, int], array[int]] = {}
    for chunk, facet, value, form, blob in connection.execute(
        "SELECT chunk, facet, value, form, positions FROM chunk_value ORDER BY chunk DESC"
    ):
        start = offsets[chunk]
        if form == MASK:
            masks[facet, value] = masks.get((facet, value), 0) | int.from_bytes(blob, "little") << start
        else:
            places = positions.setdefault((facet, value), array("I"))
            places.extend([start + place for place in array("H", blob)])
    facets: dict[int, ValueMasks] = {
        facet: ValueMasks({}, {})
        for facet in (cache_schema.TOPIC, cache_schema.TYPE, cache_schema.CATEGORY, collection)
    }
    for facet, value in {**masks, **positions}:
        mask, few = masks.get((facet, value), 0), positions.get((facet, value), array("I"))
        name, target = names[facet, value], facets[facet]
        if (mask.bit_count() + len(few)) * 64 >= catalog.count:
            target.dense[name] = mask | mask_from_positions(few)
        else:
            target.sparse[name] = array("I", sorted([*few, *positions_from_mask(mask)]))
    catalog.topics, catalog.types = facets[cache_schema.TOPIC], facets[cache_schema.TYPE]
    catalog.categories, catalog.collections = facets[cache_schema.CATEGORY], facets[collection]


def _load_providers(connection: sqlite3.Connection, catalog: Catalog) -> None:
    rows = connection.execute("SELECT id, name, domain FROM provider ORDER BY id").fetchall()
    size = rows[-1][0] + 1 if rows else 1
    catalog.provider_names, catalog.provider_domains = [""] * size, [""] * size
    for id, name, domain in rows:
        catalog.provider_names[id], catalog.provider_domains[id] = name, domain


def _load_orders(connection: sqlite3.Connection, catalog: Catalog) -> None:
    rows = load_version(connection, "rows")
    for name, version, blob in connection.execute("SELECT name, version, positions FROM ordering"):
        if version == rows:
            catalog.set_order(name, array("I", blob))


def save_date_order(connection: sqlite3.Connection) -> None:
    """Keep the order by date with the columns, where sorting takes a start noticeably longer (0.25 s a million)."""
    (count,) = connection.execute("SELECT coalesce(sum(count), 0) FROM chunk").fetchone()
    if count < FEWEST_TO_KEEP_ORDER:
        return
    rows = load_version(connection, "rows")
    if connection.execute("SELECT 1 FROM ordering WHERE name='date' AND version=?", (rows,)).fetchone():
        return
    catalog = load_catalog(connection)
    order = catalog.order("date")
    with transaction(connection):
        if load_version(connection, "rows") == rows:
            connection.execute("INSERT OR REPLACE INTO ordering VALUES('date', ?, ?)", (rows, order))
