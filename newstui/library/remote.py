"""Remote collections, many at once: one event loop in a thread of its own, results handed over as they come."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from newstui.errors import SourceError, UsageError
from newstui.library.remote_events import (
    RemoteBatch,
    RemoteDone,
    RemoteEvent,
    RemoteFailed,
    RemoteJob,
    RemoteSource,
)
from newstui.library.remote_schedule import is_due, plan_failure
from newstui.sources.credentials import Credential
from newstui.sources.fetch_address import shown_address, split_credentials
from newstui.sources.fetch_settings import RemoteSettings
from newstui.store.fetch_state import FetchState

__all__ = [
    "Credential",
    "Recognised",
    "RemoteBatch",
    "RemoteDone",
    "RemoteEvent",
    "RemoteFailed",
    "RemoteJob",
    "RemoteSettings",
    "RemoteSource",
    "is_due",
    "is_remote",
    "recognise_remote",
    "refresh_remote",
    "shown_location",
    "split_credentials",
    "state_location",
]

_REMOTE = ("http://", "https://", "github:", "feed:")
_WAITING = 64
"""Results that may wait to be stored before fetching pauses; bounds memory, not speed."""
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
    if not jobs:
        return
    worker = _Worker(jobs, settings, now)
    worker.start()
    try:
        while (event := worker.next_event(is_cancelled)) is not None:
            yield event
    finally:
        worker.stop()


def recognise_remote(
    location: str, *, settings: RemoteSettings, now: Callable[[], datetime], name: str = ""
) -> Recognised:
    """Find out what a location is by asking it. Raises SourceError; UsageError when a page names several feeds."""
    job = RemoteJob(name or state_location(location), location, FetchState(state_location(location)))
    title = ""
    for event in refresh_remote([job], settings=settings, now=now):
        if isinstance(event, RemoteFailed):
            if event.hint:
                raise UsageError(event.reason, hint=event.hint)
            raise SourceError(event.reason, location=shown_location(location), temporary=event.temporary)
        if isinstance(event, RemoteSource):
            event.source.close()
        elif isinstance(event, RemoteBatch):
            return Recognised(event.kind, event.title or title)
        else:
            return Recognised(event.state.kind, event.state.title)
    raise SourceError("it could not be asked", location=shown_location(location))


class _Worker:
    """The thread with the event loop, and the queue its results come through."""

    def __init__(self, jobs: Sequence[RemoteJob], settings: RemoteSettings, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._settings = settings
        self._now = now
        self._events: queue.Queue[RemoteEvent | None] = queue.Queue(_WAITING)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="newstui-fetch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def next_event(self, is_cancelled: Callable[[], bool]) -> RemoteEvent | None:
        """Return what came next; None at the end, and when the reader cancelled."""
        while not is_cancelled():
            try:
                return self._events.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                if not self._thread.is_alive() and self._events.empty():
                    return None
        return None

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
            while not self._stopped.is_set():
                try:
                    self._events.put(None, timeout=_LOOK_SECONDS)
                    break
                except queue.Full:
                    continue

    async def _fetch_all(self) -> None:
        from newstui.library.remote_walk import Walk  # brings httpx along: 0.2 s, only when something is fetched
        from newstui.sources.fetch import Fetcher

        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        if self._stopped.is_set():
            return
        fetcher = Fetcher(self._settings)

        async def fetch_one(job: RemoteJob) -> None:
            try:
                async for event in Walk(fetcher, job, self._settings, self._now).run():
                    await self._hand_over(event)
            except Exception as error:  # one of our own mistakes must not cost the other collections
                reason = f"newstui made a mistake with it ({type(error).__name__})"
                state = plan_failure(job.state, self._now(), job.every_seconds, reason)
                await self._hand_over(RemoteFailed(job.name, reason, True, state))

        try:
            await asyncio.gather(*(fetch_one(job) for job in self._jobs))
        finally:
            await fetcher.close()

    async def _hand_over(self, event: RemoteEvent) -> None:
        while True:
            try:
                self._events.put_nowait(event)
                return
            except queue.Full:
                await asyncio.sleep(_PAUSE_SECONDS)
