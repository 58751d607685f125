"""What a query selects, in an order, worked out no further than it is looked at.

The first rows of a search come block by block, those of a filter from walking down the order of the catalog; the last
ones from walking up. Only a look into the middle, or few matches, have the whole order worked out.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from threading import RLock

from newstui.query.match import Moment
from newstui.query.nodes import Node, Sort
from newstui.query.rank import RANKED
from newstui.store.catalog import NO_DATE
from newstui.store.columns import mask_from_positions
from newstui.store.search import IsCancelled
from newstui.store.select import Selector, has_words
from newstui.store.select_columns import flags_of, positions_of

NEAR = 20_000
"""So many rows from an end of the order are walked to rather than having all of it worked out."""
_AHEAD = 128
"""Rows walked to beyond those asked for."""
_QUICK_STEPS = 30_000
"""Steps of a walk that are quicker bit by bit than after unfolding all bits (70 ns each; 4 ms at a million)."""

Rank = Callable[[list[int]], list[int]]
"""Puts positions given by date (at most `RANKED`) in order of fit."""


def never() -> bool:
    """Say that an answer is still wanted."""
    return False


class SelectedRows:
    """The positions that match, in order. A snapshot: marks made later do not change it.

    Two threads may ask at once (one counts, the other paints): what is known is read without waiting, and only
    working out more of the order is done by one at a time.
    """

    def __init__(
        self,
        selector: Selector,
        where: Node | None,
        moment: Moment,
        sort: Sort,
        rank: Rank | None = None,
        kept: Iterable[int] = (),
    ) -> None:
        self._selector = selector
        self._catalog = selector.catalog
        self._where = where
        self._moment = moment
        self._now = int(moment.now.timestamp())
        self._sort = sort
        self._rank = rank if sort.by == "rank" else None
        self._kept = frozenset(kept)
        """Positions that stay although they may not match (any more)."""
        self._mask: int | None = None
        self._flags: bytes | None = None
        self._head: Sequence[int] = []
        """The first positions, as far as they are known; never changed once they are there, only made longer."""
        self._tail: list[int] = []
        """The last positions, last first."""
        self._more: Iterator[int] | None = None
        """Goes on after `_head`."""
        self._less: Iterator[int] | None = None
        """Goes on after `_tail`, upwards."""
        self._working = RLock()
        self._whole: Sequence[int] | None = None
        """All positions, once something had them all worked out."""

    @property
    def is_counted(self) -> bool:
        """Whether all matches are known, and so how many they are."""
        return self._mask is not None

    @property
    def seen(self) -> int:
        """How many are known to match by now."""
        return len(self._head) if self._mask is None else self._mask.bit_count()

    def mask(self, is_cancelled: IsCancelled = never) -> int:
        """Return the bit set of all positions. Raises AbandonedError."""
        if self._mask is None:
            found = self._selector.mask(self._where, self._moment, is_cancelled)
            self._mask = found | mask_from_positions(self._kept)
        return self._mask

    def flags(self) -> bytes:
        """Return one byte for each position of the catalog, 1 where it is among these."""
        if self._flags is None:
            self._flags = flags_of(self.mask(), self._catalog.count)
        return self._flags

    def count(self, is_cancelled: IsCancelled = never) -> int:
        """Return how many there are. Raises AbandonedError."""
        return self.mask(is_cancelled).bit_count()

    def slice(self, start: int, stop: int, is_cancelled: IsCancelled = never) -> Sequence[int]:
        """Return the positions of the rows start … stop-1, as far as there are. Raises AbandonedError."""
        head = self._head
        if stop <= len(head):
            return head[start:stop]
        with self._working:
            if self._whole is None:
                self._reach(start, stop, is_cancelled)
            if self._whole is not None:
                return self._whole[start:stop]
            if stop <= len(self._head):
                return self._head[start:stop]
            count = self.count(is_cancelled)
            stop = min(stop, count)
            return self._head[start:stop] if stop <= len(self._head) else self._tail[count - stop : count - start][::-1]

    def index(self, position: int) -> int | None:
        """Return the row at which a position stands, None when it is not among them."""
        if position in self._head:
            return self._head.index(position)
        return self.whole().index(position) if self.mask() >> position & 1 else None

    def whole(self) -> Sequence[int]:
        """Return all positions in order; 0.1 s at a million the first time."""
        with self._working:
            if self._whole is None:
                self._whole = self._sorted()
            return self._whole

    def _sorted(self) -> Sequence[int]:
        """Work out all positions in order."""
        mask, orders = self.mask(), self._selector.orders
        count, everything = mask.bit_count(), self._catalog.count
        sort = Sort("date") if self._sort.by == "rank" else self._sort
        found: Sequence[int]
        if count == everything:
            found = orders.all(sort, self._now)
        elif count * 16 < everything:
            found = orders.sort(positions_of(mask, everything), sort, self._now)
        else:
            found = array("I", self._matching(self._all_in(sort)))
        if self._rank:
            found = self._ranked(list(found))
            found = found[::-1] if self._sort.reverse else found
        return found

    # -- no more than needed ------------------------------------------------------------------
    def _reach(self, start: int, stop: int, is_cancelled: IsCancelled) -> None:
        """Make the rows start … stop-1 known: as part of the head, the tail or the whole."""
        forwards = self._sort.by in ("date", "rank") and not self._sort.reverse
        if self._mask is None and forwards and self._where is not None and has_words(self._where):
            self._find_newest(self._where, stop, is_cancelled)
            if self._whole is not None or stop <= len(self._head):
                return
        count = self.count(is_cancelled)
        few = count * count < 60 * self._catalog.count
        if few or count == self._catalog.count:
            self.whole()
        elif min(stop, count) <= max(len(self._head), NEAR):
            with self._working:  # another thread may be walking on, and may have come far enough
                self._extend_head(min(stop, count))
        elif count - start <= max(len(self._tail), NEAR) and not self._rank:
            with self._working:
                self._extend_tail(count - start)
        else:
            self.whole()

    def _find_newest(self, where: Node, count: int, is_cancelled: IsCancelled) -> None:
        """Find the newest matches without finding all, and take them as the head; or all, where that is quicker."""
        needed = max(count, RANKED) if self._rank else count
        found, mask = self._selector.newest(where, needed, self._moment, is_cancelled)
        if mask is not None:
            self._mask = mask | mask_from_positions(self._kept)
            return
        date_of = self._catalog.published.__getitem__
        if self._kept:
            oldest = date_of(found[-1])
            found = sorted({place for place in self._kept if date_of(place) > oldest}.union(found))
            found.sort(key=date_of, reverse=True)
        self._head = self._ranked(found)

    def _ranked(self, by_date: list[int]) -> list[int]:
        return self._rank(by_date[:RANKED]) + by_date[RANKED:] if self._rank else by_date

    def _extend_head(self, stop: int) -> None:
        orders = self._selector.orders
        if self._sort == Sort("top") and not self._head:
            head = orders.top_head(self.flags(), stop, self._now)
            if head is not None:
                self._head = head
                return
        if self._rank and not self._sort.reverse:
            walk = self._matching(self._all_in(Sort("date")))
            self._head = self._ranked(list(islice(walk, max(stop, RANKED))))
        elif self._rank:
            self.whole()
        else:
            known = self._head
            if self._more is None:
                self._more, known = self._matching(self._all_in(self._sort)), []
            self._head = [*known, *islice(self._more, max(stop - len(known), 0) + _AHEAD)]

    def _extend_tail(self, count: int) -> None:
        if self._less is None:
            self._less = self._matching(self._all_in(self._sort)[::-1])
        self._tail += islice(self._less, max(count - len(self._tail), 0))

    def _matching(self, order: Sequence[int]) -> Iterator[int]:
        """Walk through an order of the whole catalog, stopping at what matches."""
        begun = 0
        if self._flags is None:
            bits = self.mask().to_bytes(-(-self._catalog.count // 8), "little")
            begun = _QUICK_STEPS
            for place in order[:begun]:
                if bits[place >> 3] >> (place & 7) & 1:
                    yield place
        rest = order[begun:]
        if rest:
            yield from compress(rest, map(self.flags().__getitem__, rest))

    def _all_in(self, sort: Sort) -> Sequence[int]:
        """Return an order of the whole catalog, without those at its ends that are too new or too old to match."""
        order = self._selector.orders.all(sort, self._now)
        if sort.by != "date" or not self.mask():
            return order
        newest, oldest = self._selector.columns.dates_of(self.mask())
        date_of = self._catalog.published.__getitem__
        dated = self._selector.orders.dated
        if sort.reverse:
            first = bisect_left(order, oldest, 0, dated, key=date_of)
            last = bisect_right(order, newest, 0, dated, key=date_of)
        else:
            first = bisect_left(order, -newest, 0, dated, key=lambda place: -date_of(place))
            last = bisect_right(order, -oldest, 0, dated, key=lambda place: -date_of(place))
        return order[first:last] if oldest > NO_DATE else order[first:]
