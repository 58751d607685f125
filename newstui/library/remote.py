"""Remote collections, many at once: one event loop in a thread of its own, results handed over as they come."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from newstui.errors import SourceError, UsageError
from newstui.library.remote_events import (
    RemoteBatch,
    RemoteDone,
    RemoteDownload,
    RemoteEvent,
    RemoteFailed,
    RemoteJob,
    RemoteSource,
)
from newstui.library.remote_schedule import is_due, plan_failure
from newstui.records import dataclass
from newstui.sources.credentials import Credential
from newstui.sources.fetch_address import shown_address, split_credentials
from newstui.sources.fetch_settings import RemoteSettings
from newstui.store.fetch_state import FetchState

__all__ = [
    "Credential",
    "Recognised",
    "RemoteBatch",
    "RemoteDone",
    "RemoteDownload",
    "RemoteEvent",
    "RemoteFailed",
    "RemoteJob",
    "RemoteSettings",
    "RemoteSource",
    "is_due",
    "is_remote",
    "recognise_remote",
    "refresh_in_groups",
    "refresh_remote",
    "shown_location",
    "split_credentials",
    "state_location",
]

_REMOTE = ("http://", "https://", "github:", "feed:")
_WAITING_ARTICLES = 5_000
"""Articles that may wait to be stored before fetching pauses; bounds memory (about 3 KB each), not speed."""
_GROUP_SECONDS = 0.2
"""How long results are gathered to be stored together: a thousand feeds in ten transactions instead of a thousand."""
_GROUP_ARTICLES = 5_000
_PAUSE_SECONDS = 0.005
_LOOK_SECONDS = 0.1
"""How often the thread that stores looks whether the reader cancelled."""
_END_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a remote location turned out to be."""

    kind: str
    """api, rss, atom, rdf, jsonfeed, archive, record, list …"""
    title: str
    """What it calls itself; empty when it does not say."""
    articles: int | None = None
    """How many its first page holds; None when that was not read."""
    is_whole: bool = True
    """There is no further page."""


def is_remote(location: str) -> bool:
    """Say whether a location is fetched over the network."""
    return location.strip().lower().startswith(_REMOTE)


def state_location(location: str) -> str:
    """Return the form of a location under which its state is kept: without user name and password."""
    return split_credentials(location)[0]


def shown_location(location: str) -> str:
    """Return a location as it may be shown: without user name, password and tokens."""
    return shown_address(location) if is_remote(location) else location


def refresh_remote(
    jobs: Sequence[RemoteJob],
    *,
    settings: RemoteSettings,
    now: Callable[[], datetime],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[RemoteEvent]:
    """Fetch and parse collections; yields as results come, those of one collection in order, interleaved.

    Every job ends with RemoteDone or RemoteFailed, unless cancelled: then what is under way is dropped and the
    iterator ends within a second. Nothing is raised for a collection that fails.
    """
    for group in refresh_in_groups(jobs, settings=settings, now=now, is_cancelled=is_cancelled, seconds=0):
        yield from group


def refresh_in_groups(
    jobs: Sequence[RemoteJob],
    *,
    settings: RemoteSettings,
    now: Callable[[], datetime],
    is_cancelled: Callable[[], bool] = lambda: False,
    seconds: float = _GROUP_SECONDS,
) -> Iterator[list[RemoteEvent]]:
    """Do as `refresh_remote`, and hand over together what comes within `seconds`, so that it is stored together.

    A downloaded archive is the last of its group.
    """
    if not jobs:
        return
    worker = _Worker(jobs, settings, now)
    worker.start()
    try:
        while group := worker.next_group(is_cancelled, seconds):
            yield group
    finally:
        worker.stop()


def recognise_remote(
    location: str,
    *,
    settings: RemoteSettings,
    now: Callable[[], datetime],
    name: str = "",
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Recognised:
    """Find out what a location is by asking it. Raises SourceError; UsageError when a page names several feeds."""
    job = RemoteJob(name or state_location(location), location, FetchState(state_location(location)))
    title = ""
    for event in refresh_remote([job], settings=settings, now=now, is_cancelled=is_cancelled):
        if isinstance(event, RemoteFailed):
            if event.hint:
                raise UsageError(event.reason, hint=event.hint)
            raise SourceError(event.reason, location=shown_location(location), temporary=event.temporary)
        if isinstance(event, RemoteDownload):
            continue
        if isinstance(event, RemoteSource):
            event.source.close()
        elif isinstance(event, RemoteBatch):
            is_whole = event.total is not None and event.done >= event.total
            return Recognised(event.kind, event.title or title, len(event.articles), is_whole)
        else:
            return Recognised(event.state.kind, event.state.title)
    raise SourceError("it could not be asked", location=shown_location(location))


class _Worker:
    """The thread with the event loop, and the queue its results come through."""

    def __init__(self, jobs: Sequence[RemoteJob], settings: RemoteSettings, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._settings = settings
        self._now = now
        self._events: queue.SimpleQueue[RemoteEvent | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        """Articles in the queue."""
        self._ended = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="newstui-fetch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def next_group(self, is_cancelled: Callable[[], bool], seconds: float) -> list[RemoteEvent]:
        """Return what came next; nothing at the end, and when the reader cancelled."""
        group: list[RemoteEvent] = []
        articles, deadline = 0, 0.0
        while not self._ended and not is_cancelled():
            left = deadline - time.monotonic() if group else _LOOK_SECONDS
            try:
                event = self._events.get(timeout=left) if left > 0 else self._events.get_nowait()
            except queue.Empty:
                if group or not self._thread.is_alive():
                    return group
                continue
            if event is None:
                self._ended = True
                return group
            if not group:
                deadline = time.monotonic() + seconds
            group.append(event)
            articles += self._taken(event)
            if isinstance(event, RemoteSource) or articles >= _GROUP_ARTICLES or not seconds:
                return group
        return group if not is_cancelled() else []

    def _taken(self, event: RemoteEvent) -> int:
        count = len(event.articles) if isinstance(event, RemoteBatch) else 0
        with self._lock:
            self._waiting -= count
        return count

    def stop(self) -> None:
        """Drop what is under way; archives nobody took are closed."""
        self._stopped.set()
        if self._loop is not None and self._main is not None and self._thread.is_alive():
            with suppress(RuntimeError):  # the loop may end at this moment
                self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(_END_SECONDS)
        while not self._events.empty():
            event = self._events.get_nowait()
            if isinstance(event, RemoteSource):
                event.source.close()

    def _work(self) -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._fetch_all())
        finally:
            self._events.put(None)

    async def _fetch_all(self) -> None:
        from newstui.library.parse_apart import ParserProcess
        from newstui.library.remote_walk import Parsers, Walk  # with httpx: 0.2 s, only when something is fetched
        from newstui.sources.fetch import Fetcher

        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        if self._stopped.is_set():
            return
        fetcher = Fetcher(self._settings)
        parsers = Parsers(ParserProcess(), ParserProcess())
        if any(job.state.last_success is None for job in self._jobs):
            parsers.first.start()  # there will be something to parse: be ready when it comes

        async def fetch_one(job: RemoteJob) -> None:
            try:
                async for event in Walk(fetcher, parsers, job, self._settings, self._now, self._events.put).run():
                    await self._hand_over(event)
            except Exception as error:  # one of our own mistakes must not cost the other collections
                reason = f"newstui made a mistake with it ({type(error).__name__})"
                state = plan_failure(job.state, self._now(), job.every_seconds, reason)
                await self._hand_over(RemoteFailed(job.name, reason, True, state))

        try:
            await asyncio.gather(*(fetch_one(job) for job in self._jobs))
        finally:
            await parsers.close()
            await fetcher.close()

    async def _hand_over(self, event: RemoteEvent) -> None:
        while self._waiting > _WAITING_ARTICLES:
            await asyncio.sleep(_PAUSE_SECONDS)
        if isinstance(event, RemoteBatch):
            with self._lock:
                self._waiting += len(event.articles)
        self._events.put(event)
