"""Saving marks one after the other, off the screen's thread: shown as pending until they are on disk."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from newstui.errors import NewstuiError, StoreError
from newstui.model import Change
from newstui.records import dataclass

if TYPE_CHECKING:
    from newstui.library import Library

Result = TypeVar("Result")

RETRY_SECONDS = 3.0
"""A disk that was full is tried again this often (docs/reliability.md: saved within 5 s after space returns)."""


@dataclass(frozen=True, slots=True)
class MarkJob:
    """One change on its way to the disk."""

    rows: tuple[int, ...]
    """Articles shown as pending meanwhile; empty for undo and redo, which concern what the history says."""
    save: Callable[[], Change | None]
    """Does it; runs in a thread. Raises StoreError."""
    saved: Callable[[Change | None], None]
    """Told, on the screen's thread, once it is on disk; None when it was saved at a later try."""
    is_kept: bool = True
    """Whether the library keeps what it could not save, and tries that again itself."""


class MarkSaver:
    """A queue of changes. The order they were made in is the order they are saved in."""

    def __init__(
        self,
        library: Library,
        changed: Callable[[], None],
        failed: Callable[[NewstuiError], None],
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._library = library
        self._changed = changed
        self._failed = failed
        self.retry_seconds = retry_seconds
        self._jobs: deque[MarkJob] = deque()
        self._pending: Counter[int] = Counter()
        self._there_is_work = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "newstui-marks")
        """Its own: what is being saved when the reader leaves is waited for."""

    @property
    def pending(self) -> set[int]:
        """Rows of articles whose marks are not on disk yet."""
        return {row for row, jobs in self._pending.items() if jobs > 0}

    @property
    def is_idle(self) -> bool:
        """Whether everything is on disk."""
        return not self._jobs

    def add(self, job: MarkJob) -> None:
        """Queue a change."""
        self._jobs.append(job)
        self._pending.update(job.rows)
        self._there_is_work.set()
        self._changed()

    async def run(self) -> None:
        """Save what is queued, for ever."""
        while True:
            await self._there_is_work.wait()
            while self._jobs:
                job = self._jobs[0]
                change = await self._save(job)
                self._jobs.popleft()
                self._pending.subtract(job.rows)
                self._pending += Counter()  # forgets what is down to nothing
                self._changed()
                job.saved(change)
            self._there_is_work.clear()

    async def _save(self, job: MarkJob) -> Change | None:
        """Save one change, however long it takes."""
        is_kept = False
        while True:
            try:
                if is_kept:
                    if await self._in_thread(self._retry) == 0:
                        return None
                else:
                    return await self._in_thread(job.save)
            except StoreError as error:
                is_kept = job.is_kept
                self._failed(error)
            except NewstuiError as error:  # it means nothing, so trying again means nothing either
                self._failed(error)
                return None
            await asyncio.sleep(self.retry_seconds)

    async def _in_thread(self, call: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _retry(self) -> int:
        self._library.poll()
        return self._library.pending()
