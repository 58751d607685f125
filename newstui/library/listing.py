"""One result: the articles that match a query in an order, as a window onto the catalog."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, cast

from newstui.model import FacetCount, Headline
from newstui.query.hits import Snippet, hit_spans, snippet, wanted_of
from newstui.query.match import Moment
from newstui.query.nodes import Query, Sort
from newstui.query.rank import has_rank, rank_points
from newstui.store.catalog import READ
from newstui.store.search import AbandonedError, IsCancelled
from newstui.store.select import Selector
from newstui.store.select_counts import Counts
from newstui.store.select_rows import SelectedRows, never

__all__ = ["AbandonedError", "Facet", "Listing"]

Facet = Literal["topic", "provider", "category", "collection", "type"]

_STEP = 512
"""Rows looked at together when the next unread one is searched."""
GONE = "(no longer in its collection)"
"""Title of a row whose article has been taken out since the listing was made."""


class Listing:
    """The articles that match one query in one order: a window onto the catalog, not a list of articles.

    Cheap to make at a million articles; rows are fetched for the window that is asked for only. A listing stays as it
    was found, even when articles arrive or are marked; the marks in its rows are those of now.
    """

    def __init__(
        self,
        query: Query,
        selector: Selector,
        moment: Moment,
        headlines: Callable[[Sequence[int]], list[Headline]],
        *,
        sort: Sort | None = None,
        keep_rows: Iterable[int] = (),
        topic_order: Mapping[str, int] | None = None,
    ) -> None:
        """Prepare a result; nothing is looked up yet.

        Args:
            headlines: row numbers → rows with their marks, in the same order; what is gone is left out.
            sort: the order when the query names none; by rank when words are searched, else by date, if None.
            keep_rows: rows that stay in the result whether they match or not (just read).
            topic_order: topic → its place in the sites' own order.
        """
        self.query = query
        self._selector = selector
        self._catalog = selector.catalog
        self._headlines = headlines
        self._topic_order = topic_order or {}
        self._wanted = wanted_of(query)
        ranked = has_rank(self._wanted)
        self.sort = query.sort or sort or Sort("rank" if ranked else "date")
        """The order of the rows."""
        places = map(self._catalog.position_of, keep_rows)
        self._selected = SelectedRows(
            selector,
            query.where,
            moment,
            self.sort,
            self._rank if ranked else None,
            [place for place in places if place is not None],
        )

    # -- how much -----------------------------------------------------------------------------
    def __len__(self) -> int:
        """How many rows match. Searching words, the first time may take a while: see `prepare`, `complete`."""
        return self._selected.count()

    @property
    def is_counted(self) -> bool:
        """Whether `len`, `unread` and `facets` answer at once."""
        return self._selected.is_counted

    @property
    def seen(self) -> int:
        """How many rows are known by now: at most the length, and the length once it is counted."""
        return self._selected.seen

    def prepare(self, rows: int = 100, is_cancelled: IsCancelled = never) -> int:
        """Find the first rows, as quickly as can be; return how many there are (at most `rows`).

        Raises AbandonedError soon after `is_cancelled` says so.
        """
        return len(self._selected.slice(0, rows, is_cancelled))

    def complete(self, is_cancelled: IsCancelled = never) -> int:
        """Find everything, so that count and facets are known; return the count. Raises AbandonedError."""
        return self._selected.count(is_cancelled)

    def unread(self) -> int:
        """How many of the rows are unread."""
        return (self._selected.mask() & ~self._selector.columns.read()).bit_count()

    # -- rows ---------------------------------------------------------------------------------
    def window(self, start: int, stop: int) -> list[Headline]:
        """Return the rows at positions start..stop-1 (clamped), with their marks as they are now."""
        places = self._selected.slice(max(start, 0), max(stop, 0))
        rows = [self._catalog.rowids[place] for place in places]
        found = {headline.row: headline for headline in self._headlines(rows)}
        return [found[row] if row in found else self._gone(row, place) for row, place in zip(rows, places, strict=True)]

    def _gone(self, row: int, place: int) -> Headline:
        return Headline(row, self._catalog.keys[place], GONE, "", None, None, None, 0, True, False, "", "", "")

    def rows(self) -> Sequence[int]:
        """Return all row numbers in order (for acting on the whole result)."""
        return array("q", map(self._catalog.rowids.__getitem__, self._selected.whole()))

    def position_of(self, row: int) -> int | None:
        """Return where an article stands in this order, None when it is not in it."""
        place = self._catalog.position_of(row)
        return None if place is None else self._selected.index(place)

    def next_unread(self, position: int, step: int = 1) -> int | None:
        """Return the nearest unread position after (step 1) or before (step -1) `position`, without wrapping."""
        marks = self._catalog.marks
        start, stop = (position + 1, position + 1 + _STEP) if step > 0 else (max(position - _STEP, 0), position)
        while stop > start:
            places = self._selected.slice(max(start, 0), stop)
            unread = [index for index, place in enumerate(places) if not marks[place] & READ]
            if unread:
                return max(start, 0) + (unread[0] if step > 0 else unread[-1])
            if not places:
                return None
            start, stop = (stop, stop + _STEP) if step > 0 else (max(start - _STEP, 0), start)
        return None

    # -- words --------------------------------------------------------------------------------
    def snippets(self, start: int, stop: int, width: int = 120) -> list[Snippet]:
        """Return for each row a line that shows where the words were found, with the hits in it."""
        rows = self.window(start, stop)
        hidden = [row.row for row in rows if self._wanted and not hit_spans(row.excerpt, self.query)]
        places = [place for place in map(self._catalog.position_of, hidden) if place is not None]
        bodies = {
            self._catalog.rowids[place]: subject.shown[2]
            for place, subject in self._selector.texts().subjects(places, never)
        }
        return [snippet(row.title, row.excerpt, bodies.get(row.row, ""), self.query, width) for row in rows]

    def _rank(self, by_date: list[int]) -> list[int]:
        """Put the newest in order of fit; of two that fit alike, the newer comes first."""
        points = {place: rank_points(self._wanted, title) for place, title in self._selector.texts().titles(by_date)}
        return sorted(by_date, key=lambda place: points.get(place, 0), reverse=True)

    # -- facets -------------------------------------------------------------------------------
    def facets(self, facet: str, limit: int | None = None, is_cancelled: IsCancelled = never) -> list[FacetCount]:
        """Return counts of one facet over this result, most frequent first (topics in site order where known).

        Raises AbandonedError soon after `is_cancelled` says so.
        """
        name, mask = cast(Facet, facet), self._selected.mask(is_cancelled)
        if is_cancelled():
            raise AbandonedError
        if name == "provider":
            found = self._by_provider(mask, self._selector.columns.provider_labels, is_cancelled)
        else:
            found = self._selector.counts.of_values(name, mask)
        places = self._topic_order if facet == "topic" else {}
        last = len(places)
        ordered = sorted(found, key=lambda value: (places.get(value, last), -found[value][0], value.casefold()))
        return [
            FacetCount(name, value, found[value][0], found[value][0] - found[value][1]) for value in ordered[:limit]
        ]

    def domain_counts(self) -> dict[str, int]:
        """Return how many rows each domain of a provider has."""
        found = self._by_provider(self._selected.mask(), self._catalog.provider_domains)
        return {domain: count for domain, (count, _) in found.items()}

    def _by_provider(self, mask: int, names: Sequence[str], is_cancelled: IsCancelled = never) -> Counts:
        """Count by a name that several providers may share; what has none is not counted."""
        counts: dict[str, tuple[int, int]] = {}
        for code, (count, read) in self._selector.counts.of_providers(mask, is_cancelled).items():
            if name := names[code]:
                before = counts.get(name, (0, 0))
                counts[name] = before[0] + count, before[1] + read
        return counts
