"""Saving marks one after the other, off the screen's thread: shown as pending until they are on disk."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newstui.errors import NewstuiError
from newstui.model import Change

RETRY_SECONDS = 3.0
"""A disk that was full is tried again this often (docs/reliability.md: saved within 5 s after space returns)."""


@dataclass(frozen=True, slots=True)
class MarkJob:
    """One change on its way to the disk."""

    rows: tuple[int, ...]
    """Articles it concerns; empty for undo and redo, which concern what the history says."""
    save: Callable[[], Change | None]
    """Does it; runs in a thread. Raises StoreError."""
    saved: Callable[[Change | None], None]
    """Told, on the screen's thread, once it is on disk."""


class MarkSaver:
    """A queue of changes. The order they were made in is the order they are saved in."""

    def __init__(
        self,
        changed: Callable[[Sequence[int]], None],
        failed: Callable[[NewstuiError], None],
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._changed = changed
        self._failed = failed
        self._retry_seconds = retry_seconds
        self._jobs: deque[MarkJob] = deque()
        self._pending: Counter[int] = Counter()
        self._there_is_work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def pending(self) -> set[int]:
        """Rows of articles whose marks are not on disk yet."""
        return {row for row, jobs in self._pending.items() if jobs > 0}

    def add(self, job: MarkJob) -> None:
        """Queue a change."""
        self._jobs.append(job)
        self._pending.update(job.rows)
        self._idle.clear()
        self._there_is_work.set()
        self._changed(job.rows)

    @property
    def is_idle(self) -> bool:
        """Whether everything is on disk."""
        return self._idle.is_set()

    async def run(self) -> None:
        """Save what is queued, for ever."""
        while True:
            await self._there_is_work.wait()
            while self._jobs:
                job = self._jobs[0]
                try:
                    change = await asyncio.to_thread(job.save)
                except NewstuiError as error:
                    self._failed(error)
                    await asyncio.sleep(self._retry_seconds)
                    continue
                self._jobs.popleft()
                self._pending.subtract(job.rows)
                job.saved(change)
                self._changed(job.rows)
            self._there_is_work.clear()
            self._idle.set()
