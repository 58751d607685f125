"""The verbs: open, find, read, mark, undo, refresh. Both front ends, screen and command line, call these.

Wording is left to `present/`, deciding what a refresh would write to `plan.py`, doing it to `refresh.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone, tzinfo
from threading import RLock

from newstui.errors import NewstuiError, NotFoundError, SourceError, StoreError, UsageError
from newstui.formats import canonical_url
from newstui.identity import format_id, key_of, parse_id
from newstui.library.collections import Recognition, chosen_collections, recognise
from newstui.library.events import CollectionFailed, RefreshEvent
from newstui.library.listing import Listing
from newstui.library.marking import MarkAction, Marking, Wish
from newstui.library.refresh import LocalRefresh
from newstui.library.settings import LibraryPaths, LibrarySettings, Limits
from newstui.model import Article, Change, CollectionHealth, Headline, Mark, Problem, Subscription, Topic
from newstui.query import Query
from newstui.sources import Source
from newstui.store.cache import ArticleCache
from newstui.store.cache_files import cache_path, discard_unused
from newstui.store.catalog import NOTED, READ, STARRED, Catalog
from newstui.store.marks import MarksStore, bits_of

__all__ = ["Library", "LibraryPaths", "LibrarySettings", "Limits", "MarkAction"]


class Library:
    """The reader's chosen collections, what is remembered of them, and the marks.

    One thread may paint from it while others load, refresh and mark: reads never wait for a refresh.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        settings: LibrarySettings,
        locations: Sequence[str],
        clock: Callable[[], datetime],
        zone: tzinfo | None,
    ) -> None:
        """Use `Library.open`."""
        self.paths = paths
        self.settings = settings
        self._clock = clock
        self._zone = zone
        self._lock = RLock()
        self._sources: dict[str, Source] = {}
        """Location → what it was recognised as, kept while the library is open."""
        self._marks = MarksStore(paths.data, clock)
        self._marking = Marking(self._marks)
        self._temporary = bool(locations)
        self._cache = ArticleCache(cache_path(paths.cache, locations))
        self._subscriptions = chosen_collections(self._cache, settings.subscriptions, locations)
        self._catalog: Catalog | None = None
        self._seen = (self._cache.data_version(), self._marks.data_version())

    @classmethod
    def open(
        cls,
        paths: LibraryPaths,
        settings: LibrarySettings = LibrarySettings(),
        *,
        locations: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        zone: tzinfo | None = None,
    ) -> Library:
        """Open the stores. `locations` replace the subscriptions (nothing is subscribed by that).

        Cheap (a few ms at any size): columns load on first `find` or in `load`. Raises StoreError.
        """
        return cls(paths, settings, locations, clock, zone)

    # -- reading ------------------------------------------------------------------------------
    def first_page(self, count: int) -> list[Headline]:
        """Return the newest articles by SQL alone, for the first paint, before `load`."""
        return self._with_marks(self._cache.newest(count))

    def load(self) -> None:
        """Bring the columns into memory (about 0.1 s at 1,000,000 articles); safe to call from a thread."""
        catalog = self._cache.load_catalog()
        catalog.set_marks(self._marks.bits_by_key())
        self._catalog = catalog

    @property
    def catalog(self) -> Catalog:
        """The columns, loaded at the first use."""
        if self._catalog is None:
            self.load()
        assert self._catalog is not None
        return self._catalog

    def article(self, row: int) -> Article | None:
        """Return one whole article; None when it has gone since."""
        return self._cache.article(row)

    def headline(self, row: int) -> Headline | None:
        """Return what the list shows of one article; None when it has gone since."""
        found = self.headlines([row])
        return found[0] if found else None

    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        """Return what the list shows of these articles, in this order; those that have gone are left out."""
        return self._with_marks(self._cache.headlines(rows))

    def _with_marks(self, headlines: list[Headline]) -> list[Headline]:
        marks = self._marks.marks({headline.key for headline in headlines})
        return [
            headline._replace(read=mark.read, starred=mark.starred, tags=mark.tags, noted=bool(mark.note))
            if (mark := marks.get(headline.key))
            else headline
            for headline in headlines
        ]

    def resolve(self, text: str) -> list[int]:
        """Return the rows meant by an id, a unique prefix of one, or any address of an article.

        Raises NotFoundError (nothing), UsageError (a prefix that fits several articles, naming some).
        """
        text = text.strip()
        span = parse_id(text)
        if span is not None:
            keys = self._cache.keys_between_unsigned(*span, limit=6)
            if len(keys) > 1:
                some = ", ".join(format_id(key) for key in keys[:5])
                raise UsageError(f"{text} fits several articles: {some}" + (" …" if len(keys) > 5 else ""))
            if keys:
                return self._cache.rows_of_keys(keys)[keys[0]]
        rows = self._cache.rows_of_keys([key_of(canonical_url(text))])
        found = next(iter(rows.values()), None) or self._cache.rows_of_address(text)
        if not found:
            raise NotFoundError(f"no article is called {text}", hint="newstui list shows ids and addresses")
        return found

    def topics(self) -> list[Topic]:
        """Topics as the sites describe them, in display order."""
        return self._cache.topics()

    # -- marks --------------------------------------------------------------------------------
    def mark(self, rows: Sequence[int], action: MarkAction, value: str = "", *, dry_run: bool = False) -> Change:
        """Change the marks of articles; on disk when this returns. Only real changes count. Raises StoreError."""
        urls = dict(self._cache.addresses(rows).values())
        change = self._marking.carry_out(Wish(action, value, urls), dry_run=dry_run)
        if change.count and not dry_run:
            self._show_marks(self._marks.keys_of(change.number))
        return change

    def _show_marks(self, keys: Sequence[int]) -> None:
        """Bring the columns up to date with the marks of some keys."""
        if self._catalog is not None:
            marks = self._marks.marks(keys)
            self._catalog.change_marks({key: bits_of(marks[key]) if key in marks else 0 for key in keys})

    def undo(self) -> Change | None:
        """Take back the newest change that is not undone yet, from any session."""
        return self._shown(self._marks.undo())

    def redo(self) -> Change | None:
        """Make again what was undone last, unless something was changed since."""
        return self._shown(self._marks.redo())

    def _shown(self, change: Change | None) -> Change | None:
        if change is not None:
            self._show_marks(self._marks.keys_of(change.number))
        return change

    def history(self, limit: int = 100) -> list[Change]:
        """Newest first."""
        return self._marks.history(limit)

    def note(self, row: int) -> str:
        """Return what the reader wrote on an article; empty for nothing."""
        keys = [key for key, _ in self._cache.addresses([row]).values()]
        return next((mark.note for mark in self._marks.marks(keys).values()), "")

    def marks(self) -> Iterator[Mark]:
        """Every mark that is held, also of articles no collection has now."""
        return self._marks.iterate()

    def pending(self) -> int:
        """How many changes of marks could not be saved yet; they are tried again at each `poll`."""
        return self._marking.pending()

    def notices(self) -> list[StoreError]:
        """What a reader should be told about the stores: damaged and moved aside, read-only, locked."""
        return [self._marks.notice] if self._marks.notice else []

    # -- collections --------------------------------------------------------------------------
    def recognise(self, location: str) -> Recognition:
        """Look what a location is. Raises SourceError, UsageError."""
        return recognise(location, self.settings)

    def refresh(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RefreshEvent]:
        """Scan and fetch now; yields as it goes. One failing collection is an event, not an exception."""
        for subscription in self._subscriptions:
            if names and subscription.name not in names:
                continue
            if is_cancelled():
                break
            try:
                refresh = LocalRefresh(
                    self._cache, subscription.name, self._source(subscription.location), limits=self.settings.limits,
                    now=self._clock(), carry=self._marks.carry, is_cancelled=is_cancelled, force=force,
                )  # fmt: skip
                yield from refresh.run()
            except NewstuiError as error:
                self._cache.note_failure(subscription.name, error.reason, self._clock())
                yield CollectionFailed(subscription.name, error.reason, "")
        if self._catalog is not None:
            self.load()

    def _source(self, location: str) -> Source:
        source = self._sources.get(location)
        if source is None:
            from newstui.library.collections import open_location

            source = self._sources[location] = open_location(location, self.settings)
        return source

    def health(self) -> list[CollectionHealth]:
        """How each collection does, in the order of subscription."""
        catalog = self.catalog
        unread = catalog.everything & ~catalog.read_mask()
        unread_by_name = catalog.collections.counts(unread)
        states = {state.name: state for state in self._cache.collections()}
        return [
            CollectionHealth(
                name=state.name,
                location=state.location,
                articles=state.articles,
                unread=unread_by_name.get(state.name, 0),
                kind=state.kind,
                last_success=state.last_success,
                last_attempt=state.last_attempt,
                next_try=state.next_try,
                failure=state.failure,
                problems=state.problems,
                group=state.group,
            )
            for subscription in self._subscriptions
            if (state := states.get(subscription.name))
        ]

    def problems(self) -> list[Problem]:
        """Every loss noticed while reading, by collection and file."""
        return self._cache.problems()

    def poll(self) -> bool:
        """Return True when articles or marks changed since the last look, by this or another program."""
        saved = self._marking.retry()
        seen = (self._cache.data_version(), self._marks.data_version())
        changed, self._seen = seen != self._seen, seen
        return changed or saved

    def close(self) -> None:
        """Let go of all files."""
        self._cache.close()
        self._marks.close()
