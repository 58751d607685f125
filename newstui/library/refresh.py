"""Bringing the cache up to date with one local collection: look, read what is new, store it newest first.

What is to be written is decided by `plan.py`, written by `store/writer.py`; reading files in worker processes
is `ingest_pool.py`; the web is `remote.py`.
"""

from __future__ import annotations

import gc
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from newstui.errors import SourceError
from newstui.formats import Limits as FormatLimits
from newstui.formats import Site, parse_site
from newstui.library.events import CollectionProgress, CollectionStarted, CollectionStored, RefreshEvent
from newstui.library.ingest import (
    Circumstances,
    FileResult,
    NeedsShelterError,
    ingest_entry,
    ingest_file,
    refused_file,
)
from newstui.library.ingest_pool import FEWEST_FILES, IngestPool, file_result, worker_count
from newstui.library.plan import homeless_by_key, plan_file
from newstui.library.refresh_apart import FEWEST_FILES as FEWEST_FILES_APART
from newstui.library.refresh_apart import FEWEST_FILES_LOOKED_AT as FEWEST_FILES_LOOKED_AT_APART
from newstui.library.settings import Limits
from newstui.model import Problem
from newstui.records import dataclass, replace
from newstui.sources.base import Entry, KnownEntries, Listing, Source
from newstui.sources.folder import FolderSource
from newstui.store.cache import ArticleCache
from newstui.store.collections import Beginning, CollectionTable
from newstui.store.packing import Packed
from newstui.store.writer import CacheWriter, Known

if TYPE_CHECKING:
    from newstui.library.parse_apart import WaitingParser

FIRST_BATCH_SECONDS = 0.05
"""The first articles are stored after this, so that the list is alive."""
BATCH_SECONDS = 1.0
BATCH_ARTICLES = 4_000
"""A commit costs about as much as 100 articles; after so many articles or seconds one is due."""

FILES_AT_ONCE = 200
"""Read before anything else is done, so that the list is alive."""
FILES_BEFORE_POOL = 700
"""Read in this process while the workers start."""

Carry = Callable[[list[tuple[int, int, str]]], object]
"""Takes (old key, new key, new address) of records whose address changed, so that their marks go along."""


@dataclass(slots=True)
class Tally:
    """What a refresh did so far."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


class LocalRefresh:
    """One refresh of one collection whose bytes are at hand."""

    def __init__(
        self,
        cache: ArticleCache,
        name: str,
        source: Source,
        *,
        limits: Limits,
        now: datetime,
        carry: Carry,
        is_cancelled: Callable[[], bool],
        force: bool = False,
        apart: Callable[[], Iterator[RefreshEvent]] | None = None,
    ) -> None:
        """Prepare a refresh.

        Args:
            carry: takes along the marks of records whose address changed.
            force: read everything again, changed or not.
            apart: does all of it in another process; used when there is much to read. None: never.
        """
        self._apart = apart
        self._cache = cache
        self._connection = cache.open_writer()
        self._table = CollectionTable(self._connection)
        self._writer = CacheWriter(self._connection)
        self._name = name
        self._source = source
        self._limits = limits
        self._now = now
        self._carry = carry
        self._is_cancelled = is_cancelled
        self._force = force
        self._tally = Tally()
        self._homeless: dict[int, Known] = {}
        self._doubtful: list[FileResult] = []
        self._collection = 0
        self._older = False
        """The collection was never read to its end: its articles go below those of others."""
        self._all_new = False
        """Nothing at all is known of it yet."""

    def run(self) -> Iterator[RefreshEvent]:
        """Do it; yields as it goes. Raises NewstuiError when the collection cannot be refreshed."""
        try:
            yield from self._run()
        finally:
            self._writer.roll_back()
            self._connection.close()

    def _run(self) -> Iterator[RefreshEvent]:
        state = self._table.begin_refresh(self._name, self._source.kind, self._now)
        self._collection, self._older = state.id, not state.was_read
        if self._apart is not None and self._takes_long(state):
            yield from self._apart()
            return
        site_signature = self._source.site_signature()
        reread = self._force or site_signature != state.site_signature
        with _collector_paused():
            listing = self._source.list_entries(self._known(forget=reread))
        total = len(listing.changed)
        if self._apart is not None and total >= FEWEST_FILES_APART and listing.are_files:
            yield from self._apart()
            return
        yield CollectionStarted(self._name, self._source.kind, total)
        if not total and not listing.unchanged and state.articles:
            raise SourceError("nothing is there any more; what was known is kept", location=self._source.location)
        if not total and not listing.gone and not reread:
            self._finish_unchanged(listing)
            problems = self._table.problem_count(self._collection)
            yield CollectionStored(self._name, 0, 0, 0, listing.unchanged, problems)
            self._cache.save_derived(self._connection, self._is_cancelled)  # of a cache that a former version made
            return
        site = self._read_site()
        circumstances = Circumstances(
            self._now, site, self._format_limits(), everything=self._source.kind in ("file", "stdin"), sheltered=True
        )
        self._all_new = self._older
        if self._older:
            self._cache.hurry(self._connection)
        self._homeless = homeless_by_key(
            known for path in listing.gone for known in self._writer.known_articles(state.id, path)
        )
        done = 0
        batches = self._batches(self._results(listing.changed, listing.are_files, circumstances))
        while (size := self._take_batch(batches)) > 0:
            done += size
            yield CollectionProgress(self._name, done, total, "read")
            if self._is_cancelled():
                raise SourceError("cancelled; what was read so far is kept", location=self._source.location)
        self._finish(listing, site, site_signature)
        if self._older:
            self._cache.settle(self._connection)
        self._cache.save_derived(self._connection, self._is_cancelled)
        counts = self._tally
        problems = self._table.problem_count(self._collection)
        yield CollectionStored(
            self._name, counts.added, counts.changed, counts.removed, counts.unchanged + listing.unchanged, problems
        )

    def _takes_long(self, state: Beginning) -> bool:
        """Say whether even looking at the collection keeps a processor busy for longer than another process needs to
        start."""
        if not isinstance(self._source, FolderSource):
            return False
        if not state.was_read or self._force:
            return self._source.has_more_than(FEWEST_FILES_APART)
        return state.articles >= FEWEST_FILES_LOOKED_AT_APART

    def _known(self, *, forget: bool) -> KnownEntries:
        """Return what was read before; with `forget` none of it counts as current."""
        table, collection = self._table, self._collection
        if forget:
            return KnownEntries(
                lambda: array("q", [0] if table.load_paths(collection) else []),
                lambda wanted: table.load_paths(collection),
                lambda: dict.fromkeys(table.load_paths(collection), 0),
            )
        return KnownEntries(
            lambda: table.load_signatures(collection),
            lambda wanted: table.find_paths(collection, wanted),
            lambda: table.load_paths(collection),
        )

    def _format_limits(self) -> FormatLimits:
        return replace(
            FormatLimits(),
            record_bytes=self._limits.record_bytes,
            front_matter_bytes=self._limits.front_matter_bytes,
            page_bytes=self._limits.page_bytes,
        )

    def _read_site(self) -> Site:
        return parse_site(self._source.read_site())

    def _results(self, entries: Sequence[Entry], are_files: bool, circumstances: Circumstances) -> Iterator[FileResult]:
        """Read entries: by workers when there are many and more than one core, beginning here while those start."""
        workers = worker_count() if are_files and len(entries) >= FEWEST_FILES else 0
        with closing(_Here(circumstances)) as here:
            if not workers:
                yield from here.read(entries)
                return
            yield from here.read(entries[:FILES_AT_ONCE])
            with IngestPool(replace(circumstances, sheltered=False), workers) as pool:
                yield from here.read(entries[FILES_AT_ONCE:FILES_BEFORE_POOL])
                for results in pool.run(entries[FILES_BEFORE_POOL:]):
                    yield from results

    def _batches(self, results: Iterable[FileResult]) -> Iterator[list[FileResult]]:
        """Group results into what is stored at once: little at first, then more."""
        batch: list[FileResult] = []
        articles = 0
        due = time.monotonic() + FIRST_BATCH_SECONDS
        for result in results:
            batch.append(result)
            articles += len(result.articles)
            if articles >= BATCH_ARTICLES or time.monotonic() >= due:
                yield batch
                batch, articles = [], 0
                due = time.monotonic() + BATCH_SECONDS
        if batch:
            yield batch

    # -- storing ------------------------------------------------------------------------------
    def _store(self, batch: list[FileResult]) -> None:
        """Write what a batch of files changes, in one transaction."""
        before = self._tally.added - self._tally.removed
        if self._writer.begin() and self._all_new:  # another program may read the same collection at this moment
            self._all_new = not self._table.has_files(self._collection)
        self._table.forget_signatures(self._collection)
        rekeyed = self._store_first(batch) if self._all_new else self._store_again(batch)
        self._table.count_articles(self._collection, self._tally.added - self._tally.removed - before)
        self._writer.commit()
        if rekeyed:
            self._carry(rekeyed)

    def _store_first(self, batch: list[FileResult]) -> list[tuple[int, int, str]]:
        """Write files of which nothing is known yet: nothing to compare, few statements."""
        files = self._writer.add_files(self._collection, [(result.path, result.signature) for result in batch])
        added = [(file, article) for file, result in zip(files, batch, strict=True) for article in result.articles]
        self._writer.add_articles(self._collection, added, older=True)
        self._tally.added += len(added)
        for result in batch:
            if result.problems:
                self._note_problems(result, is_known=False)
        return []

    def _store_again(self, batch: list[FileResult]) -> list[tuple[int, int, str]]:
        """Write what differs from what is stored; return the records whose address changed."""
        writer, collection, tally = self._writer, self._collection, self._tally
        rekeyed: list[tuple[int, int, str]] = []
        added: list[tuple[int, Packed]] = []
        for result in batch:
            known = writer.known_articles(collection, result.path)
            file = writer.put_file(collection, result.path, result.signature)
            plan = plan_file(known, result.articles, refused=_is_refused(result), homeless=self._homeless)
            self._give_home({*(row for row, _ in plan.changed), *(row for row, _ in plan.moved)})
            writer.change_articles(collection, [(row, file, article) for row, article in plan.changed])
            writer.move_articles([(row, file, entry) for row, entry in plan.moved])
            writer.remove_articles(plan.removed)
            added += [(file, article) for article in plan.added]
            rekeyed += plan.rekeyed
            tally.changed += len(plan.changed)
            tally.removed += len(plan.removed)
            tally.unchanged += plan.unchanged + len(plan.moved)
            self._note_problems(result, is_known=bool(known))
        writer.add_articles(collection, added, older=self._older)
        tally.added += len(added)
        return rekeyed

    def _give_home(self, rows: set[int]) -> None:
        """Let articles that were found at another place not be looked for again."""
        if self._homeless and rows:
            self._homeless = {key: known for key, known in self._homeless.items() if known.row not in rows}

    def _note_problems(self, result: FileResult, *, is_known: bool) -> None:
        if result.doubtful and not result.articles and not is_known:
            self._doubtful.append(result)
            self._writer.set_problems(self._collection, result.path, [])
        else:
            self._writer.set_problems(self._collection, result.path, _problems_of(result))

    def _take_batch(self, batches: Iterator[list[FileResult]]) -> int:
        """Read and store the next files; return how many, 0 at the end."""
        with _collector_paused():
            batch = next(batches, [])
            if batch:
                self._store(batch)
            return len(batch)

    def _finish_unchanged(self, listing: Listing) -> None:
        """Note that all is as it was."""
        self._writer.begin()
        self._table.note_success(self._collection, self._now)
        self._table.replace_walk_problems(self._collection, listing.problems)
        if listing.order is not None:
            self._table.save_signatures(self._collection, listing.order)
        self._writer.commit()

    def _finish(self, listing: Listing, site: Site, site_signature: int) -> None:
        """Take out what has gone and note how it went."""
        writer, collection = self._writer, self._collection
        writer.begin()
        removed = writer.remove_files(collection, listing.gone)
        self._tally.removed += removed
        self._table.count_articles(collection, -removed)
        self._table.replace_walk_problems(collection, listing.problems)
        self._table.replace_site_problems(collection, site.problems)
        empty = not self._table.has_articles(collection)
        folders = self._table.folders_of_articles(collection) if self._doubtful and not empty else set()
        for result in self._doubtful:
            if empty or result.path[: result.path.rfind("/") + 1] in folders:
                writer.set_problems(collection, result.path, _problems_of(result))
        self._table.set_topics(collection, site.topics)
        self._table.finish_refresh(collection, self._now, site_signature)
        writer.commit()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles among thousands of objects that have none; it costs 10 % of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Here:
    """Reads entries in this process, but for those whose parser could take it along."""

    def __init__(self, circumstances: Circumstances) -> None:
        self._circumstances = circumstances
        self._parser: WaitingParser | None = None

    def read(self, entries: Iterable[Entry]) -> Iterator[FileResult]:
        for entry in entries:
            try:
                if entry.file is not None:
                    yield ingest_file(entry.path, entry.file, self._circumstances)
                else:
                    yield ingest_entry(entry.path, entry.signature, entry.read, self._circumstances)
            except NeedsShelterError as one:
                yield self._read_apart(entry.path, one)

    def _read_apart(self, path: str, one: NeedsShelterError) -> FileResult:
        from newstui.library.parse_apart import WaitingParser  # asyncio takes 0.04 s, and few folders hold markup

        self._parser = self._parser or WaitingParser(self._circumstances)
        try:
            return file_result(self._parser.ask(*one.order))
        except SourceError as error:
            return refused_file(path, 0, error.reason)

    def close(self) -> None:
        if self._parser is not None:
            self._parser.close()


def _is_refused(result: FileResult) -> bool:
    return any(problem.severity == "refused" for problem in result.problems)


def _problems_of(result: FileResult) -> list[Problem]:
    return [
        Problem("", result.path, line, field, severity, reason)  # type: ignore[arg-type]
        for line, field, severity, reason in result.problems
    ]
