"""Articles as the reader sees them: those of the cache with the marks of the reader, from the files or from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from newstui.errors import StoreError
from newstui.model import Headline, Mark
from newstui.store.cache import ArticleCache
from newstui.store.marks import MarksStore

if TYPE_CHECKING:
    from newstui.library.find import Finder
    from newstui.store.follows import FollowStore


class MarkedArticles:
    """The articles of a library. Safe in several threads: reads never wait for a refresh."""

    def __init__(self, cache: ArticleCache, marks: MarksStore, views: Mapping[str, str]) -> None:
        """Load nothing yet.

        Args:
            views: saved queries by name.
        """
        self._cache = cache
        self._marks = marks
        self._views = views
        self.finder: Finder | None = None
        """What is in memory: columns with the marks in them; None until `load`."""
        self._new_from = cache.last_session_end()
        """The lowest row that is new to a person; None or 0: everything is, so that nothing need be marked as new."""
        self._lock = RLock()
        """Held while the columns or the marks in them are exchanged; never while reading or waiting."""
        self._bits: dict[int, int] = {}
        """The marks as they are in the columns: bits by key."""
        self._keys_by_tag: dict[str, set[int]] | None = None
        """Folded name of each of the reader's tags → keys; None when it has to be read again."""

    # -- in memory ----------------------------------------------------------------------------
    def load(self) -> None:
        """Bring the columns into memory. When they are current, only the marks in them that differ are changed."""
        current = self.finder
        self._cache.has_changed()
        self._marks.has_changed()
        if current is not None and current.selector.catalog.version == self._cache.columns_version():
            bits = self._bits_by_key()
            with self._lock:
                old, self._bits = self._bits, bits
                changed = {
                    key: bits.get(key, 0) for key in bits.keys() | old.keys() if bits.get(key, 0) != old.get(key, 0)
                }
                if changed:
                    current.selector.catalog.change_marks(changed)
                self._keys_by_tag = None
            return
        from newstui.library.find import Finder
        from newstui.store.select import Selector

        catalog = self._cache.load_catalog(self._new_from or 0)
        bits = self._bits_by_key()
        with self._lock:
            catalog.set_marks(bits)
            self._bits = bits
            self._keys_by_tag = None
            self.finder = Finder(
                Selector(catalog, self._cache.reader, self._keys_of_tag, lambda: self._follows.stories()),
                self.headlines,
                self._views,
                {topic.name: topic.order for topic in self._cache.topics()},
                self.tags,
            )

    def forget(self) -> None:
        """Let go of what is in memory: the cache it came from is gone."""
        with self._lock:
            self.finder = None

    def show_marks(self, bits: Mapping[int, int]) -> None:
        """Bring the columns up to date with the marks of some keys, given as their bits."""
        with self._lock:
            if self.finder is not None:
                self.finder.selector.catalog.change_marks(bits)
                self._bits.update(bits)
                self._keys_by_tag = None

    def rows_by_key(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the rows by the key of their article, from the columns where those know them."""
        found, unknown = ({}, rows) if self.finder is None else self.finder.selector.catalog.rows_by_key(rows)
        for row, (key, _) in self._cache.addresses(unknown).items():
            found[key] = row
        return found

    def tags(self) -> list[tuple[str, int]]:
        """Return the reader's own tags, each with how many articles have it."""
        counts: dict[str, int] = {}
        for tags in self._marks.tags().values():
            for tag in tags:
                counts[tag] = counts.get(tag, 0) + 1
        return sorted(counts.items())

    def _keys_of_tag(self, folded: str) -> Iterable[int]:
        from newstui.query.match import fold_value

        keys_by_tag = self._keys_by_tag
        if keys_by_tag is None:
            keys_by_tag = {}
            for key, tags in self._marks.tags().items():
                for tag in tags:
                    keys_by_tag.setdefault(fold_value("tag", tag), set()).add(key)
            self._keys_by_tag = keys_by_tag
        return keys_by_tag.get(folded, ())

    @cached_property
    def _follows(self) -> FollowStore:
        from newstui.store.follows import FollowStore

        return FollowStore(self._marks)

    def _bits_by_key(self) -> dict[int, int]:
        """Return the bits of all marks; those in the columns while another program has the store locked."""
        try:
            return self._marks.bits_by_key()
        except StoreError:
            return dict(self._bits)

    # -- for showing --------------------------------------------------------------------------
    def newest(self, count: int) -> list[Headline]:
        """Return what the list shows of the newest articles, by SQL alone."""
        return self._with_marks(self._cache.newest(count))

    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        """Return what the list shows of these articles, in this order; those that have gone are left out."""
        return self._with_marks(self._cache.headlines(rows))

    def _with_marks(self, headlines: list[Headline]) -> list[Headline]:
        marks = self._marks_of({headline.key for headline in headlines})
        marked = [
            headline._replace(read=mark.read, starred=mark.starred, tags=mark.tags, noted=bool(mark.note))
            if (mark := marks.get(headline.key))
            else headline
            for headline in headlines
        ]
        if not (new_from := self._new_from):
            return marked
        return [headline._replace(new=True) if headline.row >= new_from else headline for headline in marked]

    def _marks_of(self, keys: set[int]) -> dict[int, Mark]:
        """Return the marks of those keys that have one; while the store is locked, as far as the columns know them."""
        try:
            return self._marks.marks(keys)
        except StoreError:
            from newstui.store.catalog import READ, STARRED

            known = {key: self._bits[key] for key in keys if key in self._bits}
            return {key: Mark(key, "", bool(bits & READ), bool(bits & STARRED)) for key, bits in known.items()}
