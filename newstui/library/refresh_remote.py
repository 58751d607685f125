"""Storing what remote collections say, as it comes. Fetching and understanding it is `remote.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from newstui.errors import NewstuiError
from newstui.library import remote
from newstui.library.events import (
    CollectionFailed,
    CollectionProgress,
    CollectionStarted,
    CollectionStored,
    RefreshEvent,
)
from newstui.library.parse_worker import WHOLE
from newstui.library.plan import plan_page
from newstui.library.refresh import LocalRefresh
from newstui.library.remote_events import place_of
from newstui.library.settings import LibrarySettings
from newstui.model import Problem, Subscription
from newstui.records import dataclass, field, replace
from newstui.sources import Source
from newstui.store.cache import ArticleCache
from newstui.store.collections import CollectionTable
from newstui.store.fetch_state import FetchState
from newstui.store.packing import Packed
from newstui.store.writer import CacheWriter


@dataclass(slots=True)
class _Progress:
    """One collection while it is fetched."""

    collection: int
    older: bool
    is_empty: bool
    """Nothing of it is stored yet."""
    kind: str = ""
    started: bool = False
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    failure: NewstuiError | None = None
    """Why a downloaded archive could not be read."""
    stored: CollectionStored | None = None
    """What reading a downloaded archive gave."""
    problems: list[Problem] = field(default_factory=list)


def is_anything_due(cache: ArticleCache, subscriptions: Sequence[Subscription], now: datetime) -> bool:
    """Say whether the time of any of these remote collections has come."""
    connection = cache.open_writer()
    try:
        table = CollectionTable(connection)
        return any(
            remote.is_due(table.load_fetch_state(remote.state_location(one.location)), now) for one in subscriptions
        )
    finally:
        connection.close()


class RemoteRefresh:
    """One refresh of several remote collections."""

    def __init__(
        self,
        cache: ArticleCache,
        settings: LibrarySettings,
        clock: Callable[[], datetime],
        local: Callable[[str, Source], LocalRefresh],
    ) -> None:
        self._cache = cache
        self._settings = settings
        self._clock = clock
        self._local = local
        """Makes the refresh that reads a downloaded archive into a collection."""
        self._connection = cache.open_writer()
        self._table = CollectionTable(self._connection)
        self._writer = CacheWriter(self._connection)
        self._by_name: dict[str, _Progress] = {}

    def run(
        self,
        subscriptions: Sequence[Subscription],
        *,
        asked: bool,
        insisted: bool,
        is_cancelled: Callable[[], bool],
    ) -> Iterator[RefreshEvent]:
        """Fetch what is due, or all of it when it was asked for; yields as it goes."""
        try:
            jobs: list[remote.RemoteJob] = []
            for subscription in subscriptions:
                state = self._table.load_fetch_state(remote.state_location(subscription.location))
                if remote.is_due(state, self._clock(), asked=asked, insisted=insisted):
                    jobs.append(self._job(subscription, state))
                elif asked:
                    reason = f"{state.failure}; it is left alone until then"
                    yield CollectionFailed(subscription.name, reason, _iso(state.not_before))
            settings = replace(self._settings.remote, spool_folder=self._cache.path.parent)
            for group in remote.refresh_in_groups(jobs, settings=settings, now=self._clock, is_cancelled=is_cancelled):
                yield from self._store_group(group)
            if any(one.added or one.changed or one.removed for one in self._by_name.values()):
                self._cache.save_derived(self._connection, is_cancelled)
        finally:
            self._writer.roll_back()
            self._connection.close()

    def _job(self, subscription: Subscription, state: FetchState) -> remote.RemoteJob:
        beginning = self._table.begin_refresh(subscription.name, state.kind, self._clock())
        self._by_name[subscription.name] = _Progress(
            beginning.id, not beginning.was_read, not beginning.articles, state.kind
        )
        every = subscription.every_seconds
        return remote.RemoteJob(
            subscription.name,
            subscription.location,
            state,
            self._settings.every_seconds if every is None else every,
            self._settings.remote.credentials.get(subscription.name),
        )

    def _store_group(self, group: Sequence[remote.RemoteEvent]) -> Iterator[RefreshEvent]:
        """Write what came together in one transaction, and only then say so.

        Each transaction rewrites the columns of up to 65,536 articles: with one for each of a thousand feeds
        that took ten times as long as everything else.
        """
        archive = group[-1] if isinstance(group[-1], remote.RemoteSource) else None
        told: list[RefreshEvent] = []
        self._writer.begin()
        for event in group:
            told += self._begun(event)
            if isinstance(event, remote.RemoteBatch):
                self._store(self._by_name[event.name], event)
                told.append(CollectionProgress(event.name, event.done, event.total, "fetch"))
            elif isinstance(event, remote.RemoteDownload):
                told.append(CollectionProgress(event.name, event.done, event.total, "download"))
            elif isinstance(event, remote.RemoteDone):
                told.append(self._done(self._by_name[event.name], event))
            elif isinstance(event, remote.RemoteFailed):
                told.append(self._failed(event))
        self._writer.commit()
        yield from told
        if archive is not None:
            yield from self._read_archive(self._by_name[archive.name], archive)

    def _begun(self, event: remote.RemoteEvent) -> Iterator[RefreshEvent]:
        progress = self._by_name[event.name]
        if not progress.started:
            progress.started = True
            total = event.total if isinstance(event, remote.RemoteBatch) else None
            yield CollectionStarted(event.name, getattr(event, "kind", "") or progress.kind, total)

    def _store(self, progress: _Progress, event: remote.RemoteBatch) -> None:
        """Write one page or feed."""
        packed = {(article.key, article.entry): article for article in event.articles}
        found = sorted(packed.values(), key=_newest_first, reverse=True)
        writer, collection = self._writer, progress.collection
        progress.kind = event.kind or progress.kind
        progress.problems += event.problems
        known = [] if progress.is_empty else writer.known_by_key(collection, [key for key, _ in packed])
        progress.is_empty = False
        plan = plan_page(known, found)
        file = writer.put_file(collection, WHOLE, 0)
        writer.change_articles(collection, [(row, file, article) for row, article in plan.changed])
        writer.move_articles([(row, file, entry) for row, entry in plan.moved])
        writer.add_articles(collection, [(file, article) for article in plan.added], older=progress.older)
        self._table.count_articles(collection, len(plan.added))
        progress.added += len(plan.added)
        progress.changed += len(plan.changed)
        progress.unchanged += plan.unchanged + len(plan.moved)

    def _read_archive(self, progress: _Progress, event: remote.RemoteSource) -> Iterator[RefreshEvent]:
        try:
            for told in self._local(event.name, event.source).run():
                if isinstance(told, CollectionStored):
                    progress.stored = told
                elif not isinstance(told, CollectionStarted):
                    yield told
        except NewstuiError as error:
            progress.failure = error
        finally:
            event.source.close()

    def _done(self, progress: _Progress, event: remote.RemoteDone) -> RefreshEvent:
        """Note how a collection is, and take out what it does not hold any more."""
        writer, collection, at = self._writer, progress.collection, self._clock()
        self._table.save_fetch_state(event.state)
        if progress.failure is not None:
            self._table.fail_refresh(event.name, progress.failure.reason, at, event.state.next_try)
            return CollectionFailed(event.name, progress.failure.reason, _iso(event.state.next_try))
        if event.present is not None and progress.stored is None:
            places = writer.places(collection)
            gone = [row for row, key, path in places if place_of(key, path or WHOLE) not in event.present]
            writer.remove_articles(gone)
            self._table.count_articles(collection, -len(gone))
            progress.removed += len(gone)
        if progress.stored is None and not event.unchanged:
            writer.replace_problems(collection, progress.problems)
        if progress.stored is None:
            self._table.finish_refresh(collection, at)
        self._table.set_next_try(collection, event.state.kind, event.state.next_try)
        if progress.stored is not None:
            return progress.stored
        problems = self._table.problem_count(collection)
        return CollectionStored(
            event.name, progress.added, progress.changed, progress.removed, progress.unchanged, problems
        )

    def _failed(self, event: remote.RemoteFailed) -> RefreshEvent:
        self._table.save_fetch_state(event.state)
        self._table.fail_refresh(event.name, event.reason, self._clock(), event.state.next_try)
        return CollectionFailed(event.name, event.reason, _iso(event.state.next_try))


def _newest_first(article: Packed) -> tuple[int, int]:
    return (0, 0) if article.published is None else (1, article.published)


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
