"""A result grouped by story: one row per story, in the order of the result."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from newstui.identity import format_id
from newstui.library.listing import Listing
from newstui.model import Headline
from newstui.store.catalog import NO_DATE, READ, Catalog

_STEP = 512
"""Rows looked at one by one for something unread, before all that is unread is gathered."""
_IS_UNREAD = bytes(not mark & READ for mark in range(256))


class StoryRow(NamedTuple):
    """One row of a result grouped by story; an article that is alone is a row, too."""

    headline: Headline
    """The article that stands for the story: of those in the result, highest quality, then earliest. It counts as
    read only when the whole story is, as covered by at least the rest of the story, and in the order of heat as hot as
    the hottest."""
    story: str
    """Identity of the story; empty when the article is alone."""
    rows: tuple[int, ...]
    """All articles of the story, oldest first."""
    providers: int
    first: int | None
    """Seconds since 1970-01-01 UTC, like `last`; None when no article of it has a date."""
    last: int | None
    unread: int
    followed: bool = False
    """New coverage makes it unread again; an article that is alone is followed as the story it may become."""


class StoryListing:
    """The stories of one result; rows are made for the window that is asked for only."""

    def __init__(
        self,
        listing: Listing,
        catalog: Catalog,
        headlines: Callable[[Sequence[int]], list[Headline]],
        followed: Callable[[], Container[int]] = tuple,
    ) -> None:
        """Look at nothing yet: see `prepare`.

        Args:
            followed: gives the stories that are followed now; of an article that is alone, its key.
        """
        self._listing = listing
        self._catalog = catalog
        self._headlines = headlines
        self._followed = followed

    def prepare(self) -> None:
        """Work out what every row needs, where the screen need not wait for it (1.5 s at a million articles)."""
        for _ in (self._entries, self._members, self._listed, self._positions):
            pass

    def __len__(self) -> int:
        """How many stories, articles that are alone included."""
        return len(self._entries)

    def window(self, start: int, stop: int) -> list[StoryRow]:
        """Return the rows at positions start..stop-1 (clamped), with their marks as they are now."""
        followed = self._followed()
        rows = [self._row(entry, followed) for entry in self._entries[max(start, 0) : max(stop, 0)]]
        return [row for row in rows if row is not None]

    def position_of(self, row: int) -> int | None:
        """Return where the story of an article stands, None when it is not in the result."""
        return self._positions.get(self._story_of.get(row, row))

    def next_unread(self, position: int, step: int = 1) -> int | None:
        """Return the nearest position after (step 1) or before (step -1) `position` that is not wholly read."""
        entries = self._entries
        ahead = range(position + 1, len(entries)) if step > 0 else range(min(position, len(entries)) - 1, -1, -1)
        for place in ahead[:_STEP]:
            if self._is_unread(entries[place]):
                return place
        unread = self._unread if ahead[_STEP:] else ()
        return next((place for place in ahead[_STEP:] if entries[place] in unread), None)

    def _is_unread(self, entry: int) -> bool:
        catalog = self._catalog
        places = map(catalog.position_of, self._rows_of(entry))
        return any(not catalog.marks[place] & READ for place in places if place is not None)

    @property
    def _unread(self) -> set[int]:
        """What has something unread now (10 ms for a million articles that are read)."""
        catalog = self._catalog
        places = compress(range(catalog.count), catalog.marks.translate(_IS_UNREAD))
        return {catalog.story[place] or catalog.rowids[place] for place in places}

    def rows(self) -> list[int]:
        """Return the row numbers of all articles of all stories shown (for acting on the whole result)."""
        return [member for entry in self._entries for member in self._rows_of(entry)]

    @cached_property
    def _story_of(self) -> dict[int, int]:
        """Row → its story, for articles that are not alone."""
        catalog = self._catalog
        return {row: story for row, story in zip(catalog.rowids, catalog.story, strict=True) if story}

    @cached_property
    def _members(self) -> dict[int, list[int]]:
        """Story → rows of its articles, one a key, oldest first."""
        catalog = self._catalog
        positions: dict[int, dict[int, int]] = {}
        for position, (story, key) in enumerate(zip(catalog.story, catalog.keys, strict=True)):
            if story:
                positions.setdefault(story, {})[key] = position
        return {
            story: [catalog.rowids[place] for place in sorted(by_key.values(), key=self._age_of)]
            for story, by_key in positions.items()
        }

    def _age_of(self, position: int) -> tuple[int, int]:
        return self._catalog.published[position], -position

    @cached_property
    def _entries(self) -> list[int]:
        """Story, or the row of an article that is alone; row numbers are positive and far from any key of a story."""
        known = self._story_of.get
        entries = list(dict.fromkeys([known(row, row) for row in self._listing.rows()]))
        if (sort := self._listing.sort).by == "coverage":
            entries.sort(key=self._others, reverse=not sort.reverse)
        elif sort.by == "date" and not sort.reverse and len(self._listed) < self._catalog.count:
            entries.sort(key=self._last, reverse=True)  # the newest report may be one that was not asked for
        return entries

    def _last(self, entry: int) -> int:
        place = self._catalog.position_of(self._rows_of(entry)[-1])
        return NO_DATE if place is None else self._catalog.published[place]

    def _others(self, entry: int) -> int:
        """Return how many others tell of an entry, as its row shows."""
        rows, catalog = self._rows_of(entry), self._catalog
        listed = [row for row in rows if row in self._listed]
        places = [place for row in listed if (place := catalog.position_of(row)) is not None]
        head = min(places, key=self._rank_as_head, default=None)
        return max(len(rows) - 1, 0 if head is None else catalog.coverage[head])

    def _rank_as_head(self, place: int) -> tuple[int, int, int]:
        """Say the same as `head_of` does of the article itself."""
        catalog = self._catalog
        published = catalog.published[place]
        return -max(catalog.quality[place], -1), 2**62 if published == NO_DATE else published, catalog.keys[place]

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {entry: position for position, entry in enumerate(self._entries)}

    @cached_property
    def _listed(self) -> frozenset[int]:
        return frozenset(self._listing.rows())

    def _rows_of(self, entry: int) -> list[int]:
        return self._members.get(entry) or [entry]

    def _row(self, entry: int, followed: Container[int]) -> StoryRow | None:
        rows = self._rows_of(entry)
        catalog = self._catalog
        places = [place for row in rows if (place := catalog.position_of(row)) is not None]
        listed = [row for row in rows if row in self._listed]
        members = self._headlines(listed or rows)
        if not members:
            return None
        dates = [date for place in places if (date := catalog.published[place]) != NO_DATE]
        head = head_of(members)
        heats = [one.heat for one in members if one.heat is not None] if self._listing.sort.by == "heat" else []
        unread = sum(not catalog.marks[place] & READ for place in places)
        is_story = len(rows) > 1
        return StoryRow(
            head._replace(
                read=not unread, coverage=max(len(rows) - 1, head.coverage), heat=max(heats) if heats else head.heat
            ),
            format_id(entry) if is_story else "",
            tuple(rows),
            len({catalog.provider[place] for place in places}),
            min(dates, default=None),
            max(dates, default=None),
            unread,
            (entry if is_story else members[0].key) in followed,
        )


def head_of(members: Sequence[Headline]) -> Headline:
    """Return the article that stands for a story: highest quality, then earliest."""
    return min(
        members,
        key=lambda one: (
            -(one.quality if one.quality is not None else -1),
            one.published if one.published is not None else 2**62,
            one.key,
        ),
    )
