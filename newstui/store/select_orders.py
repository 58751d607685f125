"""Orders of a catalog's positions, and the first of a selection in an order without sorting the rest."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, compress, islice

from newstui.query.nodes import Sort
from newstui.query.top import (
    COVERAGE_HALF,
    COVERAGE_POINTS,
    HEAT_HALF,
    HEAT_POINTS,
    QUALITY_HALF,
    QUALITY_POINTS,
    ageing,
    rising,
    top_score,
)
from newstui.store.catalog import NO_DATE, NO_NUMBER, Catalog, OrderName
from newstui.store.gathering import highest_first

_BY_COLUMN: tuple[OrderName, ...] = ("date", "quality", "heat", "coverage")
TOP_STEP_SECONDS = 600
"""The Top order moves on in steps of ten minutes, so that a list does not change under the eyes."""


class Orders:
    """The orders of one catalog, kept once they are worked out."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._reversed: dict[OrderName, array[int]] = {}
        self._top: tuple[int, array[int]] | None = None

    def warm(self) -> Iterator[object]:
        """Work out the orders by one column; a pause may be made after each."""
        for by in _BY_COLUMN:
            yield self.catalog.order(by)

    def all(self, sort: Sort, now: int) -> Sequence[int]:
        """Return all positions in an order; absent values stand last, reversed or not."""
        if sort.by == "top":
            found = self._top_order(step_of(now))
            return found[::-1] if sort.reverse else found
        by: OrderName = "date" if sort.by == "rank" else sort.by
        if not sort.reverse:
            return self.catalog.order(by)
        if by not in self._reversed:
            order = self.catalog.order(by)
            present = len(order) - self._absent(order, by)
            self._reversed[by] = order[:present][::-1] + order[present:]
        return self._reversed[by]

    @cached_property
    def dated(self) -> int:
        """How many articles have a date."""
        return self.catalog.count - self._absent(self.catalog.order("date"), "date")

    def _absent(self, order: array[int], by: OrderName) -> int:
        """Return how many positions at the end of an order have no value."""
        if by == "coverage":
            return 0
        column = self.catalog.published if by == "date" else getattr(self.catalog, by)
        nothing = NO_DATE if by == "date" else NO_NUMBER
        return len(order) - bisect_left(order, -nothing, key=lambda position: -column[position])

    def sort(self, positions: Iterable[int], sort: Sort, now: int) -> list[int]:
        """Return some positions in an order: the same as `all` would give, without touching the others."""
        published = self.catalog.published
        found = sorted(positions)
        if sort.by == "top":
            found.sort(key=published.__getitem__, reverse=True)
            found.sort(key=self.score_of(step_of(now)), reverse=True)
            return found[::-1] if sort.reverse else found
        found.sort(key=published.__getitem__, reverse=True)
        column: array[int] = published
        if sort.by not in ("date", "rank"):
            column = getattr(self.catalog, sort.by)
            found.sort(key=column.__getitem__, reverse=True)
        if not sort.reverse:
            return found
        nothing = NO_DATE if column is published else None if sort.by == "coverage" else NO_NUMBER
        present = [position for position in found if column[position] != nothing]
        return present[::-1] + found[len(present) :]

    # -- Top ----------------------------------------------------------------------------------
    def score_of(self, now: int) -> Callable[[int], int]:
        """Return what gives a position's score in the Top order."""
        catalog = self.catalog
        quality, heat, coverage, published = catalog.quality, catalog.heat, catalog.coverage, catalog.published

        def score(position: int) -> int:
            number, warmth, date = quality[position], heat[position], published[position]
            return top_score(
                None if number == NO_NUMBER else number,
                None if warmth == NO_NUMBER else warmth,
                coverage[position],
                None if date == NO_DATE else date,
                now,
            )

        return score

    def _top_order(self, now: int) -> array[int]:
        if self._top is None or self._top[0] != now:
            scores = array("i", map(self.score_of(now), range(self.catalog.count)))
            self._top = now, highest_first(scores, self.catalog.order("date"))
        return self._top[1]

    def top_head(self, flags: Sequence[int], count: int, now: int) -> list[int] | None:
        """Return at least `count` of a selection in the Top order, exactly its head; None when sorting all is cheaper.

        Walks down the orders by date, quality, heat and coverage side by side. What was not met yet cannot have more
        points than the four values reached add up to (Fagin's threshold algorithm), so better ones stand for sure.
        """
        catalog, now = self.catalog, step_of(now)
        score = self.score_of(now)
        walks = [self._walk(by, flags) for by in ("date", "quality", "heat", "coverage")]
        scored: dict[int, int] = {}
        step = max(2 * count, 500)
        while len(scored) * 3 < catalog.count:
            reached = [list(islice(walk, step)) for walk in walks]
            if any(len(part) < step for part in reached):
                return None
            scored.update(
                (position, score(position)) for position in set(chain.from_iterable(reached)).difference(scored)
            )
            date, quality, heat, coverage = (part[-1] for part in reached)
            limit = (
                ageing(now - catalog.published[date])
                + rising(catalog.quality[quality], QUALITY_POINTS, QUALITY_HALF)
                + rising(catalog.heat[heat], HEAT_POINTS, HEAT_HALF)
                + rising(catalog.coverage[coverage], COVERAGE_POINTS, COVERAGE_HALF)
            )
            sure = [position for position, points in scored.items() if points > limit]
            if len(sure) >= count:
                return self.sort(sure, Sort("top"), now)
            step *= 2
        return None

    def _walk(self, by: OrderName, flags: Sequence[int]) -> Iterator[int]:
        order = self.catalog.order(by)
        return compress(order, map(flags.__getitem__, order))


def step_of(now: int) -> int:
    """Return the moment the Top order is worked out for."""
    return now // TOP_STEP_SECONDS * TOP_STEP_SECONDS
