"""One result: the articles that match a query in an order, as a window onto the catalog."""

from __future__ import annotations

from collections.abc import Sequence

from newstui.model import FacetCount, Headline
from newstui.query import Query


class Listing:
    """The articles that match one query in one order: a window onto the catalog, not a list of articles.

    Cheap to make at a million articles; rows are fetched for the window that is asked for only.
    """

    query: Query

    def __len__(self) -> int:
        """How many rows match."""
        raise NotImplementedError

    def window(self, start: int, stop: int) -> list[Headline]:
        """Return the rows at positions start..stop-1 (clamped), with their marks as they are now."""
        raise NotImplementedError

    def position_of(self, row: int) -> int | None:
        """Return where an article stands in this order, None when it is not in it."""
        raise NotImplementedError

    def next_unread(self, position: int, step: int = 1) -> int | None:
        """Return the nearest unread position after (step 1) or before (step -1) `position`, without wrapping."""
        raise NotImplementedError

    def unread(self) -> int:
        """How many of the rows are unread."""
        raise NotImplementedError

    def facets(self, facet: str, limit: int | None = None) -> list[FacetCount]:
        """Return counts of one facet over this result, most frequent first (topics in site order where known)."""
        raise NotImplementedError

    def rows(self) -> Sequence[int]:
        """Return all row numbers in order (for acting on the whole result)."""
        raise NotImplementedError
