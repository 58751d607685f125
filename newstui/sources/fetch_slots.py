"""Whose turn it is: at most so many requests at once, and at most so many to one host."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """Hands out turns in the order they were asked for, per host and over all."""

    def __init__(self, overall: int, per_host: int) -> None:
        self._overall = asyncio.Semaphore(overall)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(per_host))
        self._waiting: Counter[str] = Counter()
        self._waiting_overall = 0

    def is_wanted(self, host: str) -> bool:
        """Say whether somebody waits for a turn that a request to this host holds."""
        return self._waiting[host] > 0 or self._waiting_overall > 0

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn; it lasts as long as the block."""
        own = self._hosts[host]
        self._waiting[host] += 1
        try:
            await own.acquire()
        finally:
            self._waiting[host] -= 1
        try:
            # The host's turn comes first: nobody holds one of the few overall while waiting for a slow host.
            self._waiting_overall += 1
            try:
                await self._overall.acquire()
            finally:
                self._waiting_overall -= 1
            try:
                yield
            finally:
                self._overall.release()
        finally:
            own.release()
