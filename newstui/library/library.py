"""The verbs: open, find, read, mark, undo, refresh. Both front ends, screen and command line, call these.

Each verb is done by a module beside this one: finding and showing by `articles.py`, changing marks by `marking.py`,
refreshing by `refresh_all.py`, coverage and stories by `coverage.py`. Wording is left to `present/`.

What the first page of articles does not need is imported by the verb that needs it: the first picture is on the
screen 0.1 s earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from newstui.errors import StoreError
from newstui.library.articles import MarkedArticles
from newstui.library.collections import (
    Recognition,
    absolute_location,
    arrange_collections,
    chosen_collections,
    is_remote,
    recognise,
)
from newstui.library.marking import MarkAction, Marking
from newstui.library.settings import DEFAULT_SETTINGS, LibraryPaths, LibrarySettings, Limits
from newstui.model import Article, Change, CollectionHealth, Coverage, Headline, Mark, Problem, Subscription, Topic
from newstui.records import replace
from newstui.store.cache import ArticleCache
from newstui.store.cache_file import cache_path, discard_unused
from newstui.store.marks import MarksStore

if TYPE_CHECKING:
    from newstui.library.coverage import CoverageDesk, CoverageProgress, Story, StoryGrew, StoryListing
    from newstui.library.events import RefreshEvent
    from newstui.library.find import Finder
    from newstui.library.listing import Listing
    from newstui.library.refresh_all import Refresher
    from newstui.library.refresh_apart import CoverageWish, LocalWish, Order
    from newstui.library.remote_events import RemoteWish
    from newstui.query import Query
    from newstui.query.complete import Candidate
    from newstui.query.match import Moment
    from newstui.store.backups import Backup
    from newstui.store.catalog import Catalog

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
        subscriptions: Sequence[Subscription] | None = None,
    ) -> None:
        """Use `Library.open`."""
        self.paths = paths
        self.settings = settings
        self._clock = clock
        self._zone = zone
        self._lock = RLock()
        """Held while a damaged cache is exchanged; never while reading or waiting."""
        self._marks = MarksStore(paths.data, clock)
        self._named = tuple(absolute_location(location) for location in locations)
        """Locations that stand in for the subscriptions; empty for the subscriptions."""
        self._cache = ArticleCache(cache_path(paths.cache, self._named))
        if self._named:
            discard_unused(paths.cache, self._cache.path)
        if subscriptions is None:
            self._subscriptions = chosen_collections(self._cache, settings.subscriptions, self._named)
        else:
            arrange_collections(self._cache, subscriptions)
            self._subscriptions = tuple(subscriptions)
        self._articles = MarkedArticles(self._cache, self._marks, settings.views)
        self._marking = Marking(self._marks, self._cache, self._articles)
        self._desk_made: CoverageDesk | None = None
        self._session: datetime | None = None
        self._is_session_noted = False

    @classmethod
    def open(
        cls,
        paths: LibraryPaths,
        settings: LibrarySettings = DEFAULT_SETTINGS,
        *,
        locations: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        subscriptions: Sequence[Subscription] | None = None,
    ) -> Library:
        """Open the stores. `locations` replace the subscriptions (nothing is subscribed by that).

        `subscriptions` are what another library of the same settings and locations has come to hold by `subscribe`.
        Cheap (a few ms at any size): columns load on first `find` or in `load`. Raises StoreError.
        """
        return cls(paths, settings, locations, clock, zone, subscriptions)

    # -- reading ------------------------------------------------------------------------------
    def first_page(self, count: int) -> list[Headline]:
        """Return the newest articles by SQL alone, for the first paint, before `load`."""
        self._mend()
        return self._articles.newest(count)

    def files(self) -> list[Path]:
        """Return the files that hold what `first_page` gives; it gives the same as long as they are the same."""
        return [*self._cache.files(), *self._marks.files()]

    def load(self) -> None:
        """Bring the columns into memory (about 0.1 s at 1,000,000 articles); safe to call from a thread.

        What is in memory already stays when it is current; then only the marks are read again.
        """
        self._mend()
        self._articles.load()

    def _load_again(self) -> None:
        """Bring what is in memory up to date, if anything is."""
        if self._articles.finder is not None:
            self.load()

    def _mend(self) -> None:
        """Begin an empty cache when the one there is has shown to be damaged; the next refresh fills it."""
        with self._lock:
            if not self._cache.damaged:
                return
            self._close_desk()
            self._cache.set_aside()
            arrange_collections(self._cache, self._subscriptions)
            self._articles.forget()

    @property
    def catalog(self) -> Catalog:
        """The columns, loaded at the first use."""
        return self._ready_finder().selector.catalog

    def begin_session(self) -> None:
        """Say that a person is reading now.

        What arrived since the last session's end is new (``is:new``; everything in the first one), and much reading
        is done by another process.
        """
        self._session = self._clock()

    def _note_session(self) -> None:
        """Note what there was before this session fetched anything, in case it is killed before its end."""
        if self._session is not None and not self._is_session_noted:
            self._is_session_noted = True
            with suppress(StoreError):
                self._cache.save_session(self._session)

    def find(self, query: Query | str = "", *, sort: str | None = None, keep_rows: Iterable[int] = ()) -> Listing:
        """Return what matches. `keep_rows` stay in the result even when they no longer match (just read).

        Raises QueryError.
        """
        return self._ready_finder().find(query, self._moment(), sort=sort, keep_rows=keep_rows)

    def warm(self, is_cancelled: Callable[[], bool]) -> None:
        """Work out what the first filter, count or order would wait for (2 s at a million articles).

        In steps of a few milliseconds, so that the screen has its turn. What is done stays done when it is broken off
        with AbandonedError, soon after `is_cancelled` says so.
        """
        self._ready_finder().selector.warm(is_cancelled)

    def complete(self, text: str, column: int) -> list[Candidate]:
        """Return what may follow at a column of a query that is being typed."""
        return self._ready_finder().complete(text, column, self._moment())

    def nearest_values(self, query: Query) -> list[str]:
        """Return conditions such as ``topic:Astronomy`` instead of those whose value nothing has."""
        return self._ready_finder().nearest_values(query, self._moment())

    def _ready_finder(self) -> Finder:
        if self._articles.finder is None:
            self.load()
        assert self._articles.finder is not None
        return self._articles.finder

    def _moment(self) -> Moment:
        from newstui.query.match import Moment

        return Moment(self._clock(), self._zone)

    def article(self, row: int) -> Article | None:
        """Return one whole article; None when it has gone since."""
        return self._cache.article(row)

    def headline(self, row: int) -> Headline | None:
        """Return what the list shows of one article; None when it has gone since."""
        found = self.headlines([row])
        return found[0] if found else None

    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        """Return what the list shows of these articles, in this order; those that have gone are left out."""
        return self._articles.headlines(rows)

    def resolve(self, text: str) -> list[int]:
        """Return the rows meant by an id, a unique prefix of one, or any address of an article.

        Raises NotFoundError (nothing), UsageError (a prefix that fits several articles, naming some).
        """
        from newstui.library.resolve import resolve

        return resolve(text, self._cache)

    def topics(self) -> list[Topic]:
        """Topics as the sites describe them, in display order."""
        return self._cache.topics()

    # -- stories ------------------------------------------------------------------------------
    @property
    def _desk(self) -> CoverageDesk:
        if self._desk_made is None:
            from newstui.library.coverage import CoverageDesk
            from newstui.library.follow import Following
            from newstui.store.follows import FollowStore

            following = Following(FollowStore(self._marks), self._clock, self.settings.follow_quiet_days)
            with self._lock:
                self._desk_made = self._desk_made or CoverageDesk(self._cache, self.headlines, following)
        return self._desk_made

    def _close_desk(self) -> None:
        if self._desk_made is not None:
            self._desk_made.close()

    def coverage(self, row: int, floor: float | None = None, *, side_by_side: bool = False) -> list[Coverage]:
        """Return given and found coverage of an article, best first, deduplicated by address and copy.

        Args:
            floor: found coverage less probable than this is left out; None cuts where it is right to show nothing.
            side_by_side: the rest of the article's story is told as well, and all of it in the order of time.
        """
        if floor is None:
            return self._desk.coverage(row, side_by_side=side_by_side)
        return self._desk.coverage(row, floor, side_by_side=side_by_side)

    def story(self, row: int) -> Story | None:
        """Return the story an article belongs to; None when nothing else tells of it."""
        return self._desk.story(row)

    def stories(self, listing: Listing) -> StoryListing:
        """Return a result grouped by story."""
        from newstui.library.coverage import StoryListing

        return StoryListing(listing, self.catalog, self.headlines, self._desk.following.stories)

    def update_coverage(
        self, is_cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[CoverageProgress | StoryGrew]:
        """Find related coverage of what is new; in the background, after a refresh. Goes on where it was stopped."""
        from newstui.library.refresh_apart import FEWEST_ARTICLES_COMPARED, CoverageWish, update_coverage_apart

        is_much = self._session is not None and self.catalog.count >= FEWEST_ARTICLES_COMPARED
        if is_much and not self.knows_coverage():
            order = self._order(CoverageWish())
            yield from update_coverage_apart(order, is_cancelled)
        else:
            yield from self._desk.update(is_cancelled)
        self._catch_up()

    def knows_coverage(self) -> bool:
        """Say whether everything stored now has been looked through for coverage."""
        return self._desk.is_current()

    def toggle_follow(self, row: int) -> bool:
        """Follow the story of an article, or no longer; say whether it is followed now."""
        return self._desk.toggle_follow(row)

    # -- marks --------------------------------------------------------------------------------
    def mark(self, rows: Sequence[int], action: MarkAction, value: str = "", *, dry_run: bool = False) -> Change:
        """Change the marks of articles; on disk when this returns. Only real changes count. Raises StoreError."""
        return self._marking.mark(rows, action, value, dry_run=dry_run)

    def undo(self) -> Change | None:
        """Take back the newest change that is not undone yet, from any session."""
        return self._marking.undo()

    def redo(self) -> Change | None:
        """Make again what was undone last, unless something was changed since."""
        return self._marking.redo()

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
        told = [self._marks.notice] if self._marks.notice else []
        if self._cache.moved_aside is not None:
            reason = "the article cache was damaged and is built again"
            told.append(StoreError(reason, path=str(self._cache.moved_aside)))
        return told

    # -- marks in and out ---------------------------------------------------------------------
    def import_marks(self, marks: Iterable[Mark]) -> int:
        """Add marks to those that are here; return how many differ now. Raises StoreError, and what `marks` raises."""
        count = self._marks.merge(list(marks))
        self._load_again()
        return count

    def backups(self) -> list[Backup]:
        """Return the backups of the marks, newest first."""
        return self._marks.backups()

    def restore_backup(self, backup: Backup) -> str:
        """Put a backup in the place of all marks; return where a copy of what was there is kept. Raises StoreError."""
        kept = self._marks.restore(backup.path)
        self._load_again()
        return str(kept)

    # -- collections --------------------------------------------------------------------------
    @property
    def collections(self) -> tuple[str, ...]:
        """Names, in the order of subscription."""
        return tuple(subscription.name for subscription in self._subscriptions)

    def recognise(self, location: str, is_cancelled: Callable[[], bool] = lambda: False) -> Recognition:
        """Look what a location is, asking the network where it must. Raises SourceError, UsageError."""
        return recognise(location, self.settings, self._clock, is_cancelled)

    def folder_of(self, name: str) -> Path | None:
        """Return the folder of a collection that is one on this machine, else None."""
        location = next((one.location for one in self._subscriptions if one.name == name), "")
        path = Path(location)
        return path if location and not is_remote(location) and path.is_dir() else None

    def subscribe(self, subscription: Subscription) -> None:
        """Take up a collection that was just subscribed to; `refresh` then reads it."""
        self._subscriptions = (*self._subscriptions, subscription)
        arrange_collections(self._cache, self._subscriptions)

    def refresh(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        due_only: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RefreshEvent]:
        """Scan and fetch now; yields as it goes. One failing collection is an event, not an exception.

        Args:
            names: only these collections; none means all.
            force: read everything again, changed or not, and fetch even what a server asked to leave alone.
            due_only: of remote collections only those whose time has come.
        """
        self._mend()
        self._note_session()
        yield from self._refresher.refresh(
            [one for one in self._subscriptions if not names or one.name in names],
            asked=not due_only,
            insisted=bool(names) or force,
            force=force,
            is_cancelled=is_cancelled,
            order_of=self._order if self._session is not None else None,
        )
        self._catch_up()

    def refresh_remote(
        self, wish: RemoteWish, is_cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[RefreshEvent]:
        """Fetch in this process; yields as it goes."""
        chosen = [one for one in self._subscriptions if one.name in wish.names]
        yield from self._refresher.refresh_remote(chosen, wish, is_cancelled)

    @cached_property
    def _refresher(self) -> Refresher:
        from newstui.library.refresh_all import Refresher

        return Refresher(self._cache, self._marks, self.settings, self._clock)

    def _order(self, wish: LocalWish | RemoteWish | CoverageWish) -> Order:
        from newstui.library.refresh_apart import Order

        return Order(self.paths, self.settings, self._named, self._subscriptions, wish)

    def _catch_up(self) -> None:
        """After long work: bring what is in memory up to date, and where a person goes on reading, give memory back."""
        self._load_again()
        if self._session is not None:
            from newstui.library.memory import give_back

            give_back()

    def health(self) -> list[CollectionHealth]:
        """How each collection does, in the order of subscription."""
        catalog = self.catalog
        unread = catalog.everything & ~catalog.read_mask()
        unread_by_name = catalog.collections.counts(unread)
        states = {state.name: state for state in self._cache.collections()}
        return [
            replace(state, unread=unread_by_name.get(state.name, 0))
            for subscription in self._subscriptions
            if (state := states.get(subscription.name))
        ]

    def problems(self) -> list[Problem]:
        """Every loss noticed while reading, by collection and file."""
        from newstui.store.problems import load_problems

        return load_problems(self._cache.reader(), self.settings.limits.problems_kept)

    def poll(self) -> bool:
        """Return True when articles changed since the last look or `load`, or another program changed marks.

        Also tries again to save marks that wait.
        """
        saved = self._marking.retry()
        self._mend()
        articles, marks = self._cache.has_changed(), self._marks.has_changed()
        return articles or marks or saved

    def close(self) -> None:
        """Let go of all files; a session ends."""
        if self._session is not None:
            with suppress(StoreError):
                self._cache.save_session(self._session)
        self._close_desk()
        self._cache.close()
        self._marks.close()
        if "-" in self._named:
            self._cache.delete()
