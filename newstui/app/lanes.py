"""Threads for work that must not hold the screen: a lane each, where the newest question takes the place of older ones.

Not Textual's thread workers: these share the few threads of one pool, and a slow refresh, a picture and a cancelled
search that has not noticed yet leave none for the query the reader has just typed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from newstui.errors import NewstuiError
from newstui.records import dataclass

HandOver = Callable[[Callable[[], object]], object]


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[], Any]
    then: Callable[[Any], object]
    failed: Callable[[NewstuiError], object]
    is_cancelled: bool = False


_here = threading.local()
"""The job this thread is doing."""


def cancelled_here() -> Callable[[], bool]:
    """Return, within a lane, what tells whether the work is still wanted."""
    job: _Job = _here.job
    return lambda: job.is_cancelled


class _Lane:
    """One thread, one job at a time, at most one waiting."""

    def __init__(self, name: str, hand_over: HandOver) -> None:
        self._hand_over = hand_over
        self._there_is_work = threading.Condition()
        self._waiting: _Job | None = None
        self._running: _Job | None = None
        threading.Thread(target=self._run, name=f"newstui-{name}", daemon=True).start()

    @property
    def is_busy(self) -> bool:
        with self._there_is_work:
            return self._waiting is not None or self._running is not None

    def put(self, job: _Job) -> None:
        """Do this next; what runs is told that it is not wanted any more, what waits is forgotten."""
        with self._there_is_work:
            if self._running is not None:
                self._running.is_cancelled = True
            self._waiting = job
            self._there_is_work.notify()

    def cancel(self) -> None:
        """Forget what waits, and tell what runs."""
        with self._there_is_work:
            self._waiting = None
            if self._running is not None:
                self._running.is_cancelled = True

    def _run(self) -> None:
        while True:
            with self._there_is_work:
                self._running = None
                while self._waiting is None:
                    self._there_is_work.wait()
                job, self._waiting = self._waiting, None
                self._running = job
            _here.job = job
            self._do(job)

    def _do(self, job: _Job) -> None:
        from newstui.library.listing import AbandonedError  # with all that asks the store: after the first frame

        try:
            result = job.work()
        except AbandonedError:
            return
        except NewstuiError as error:
            reason = error
            self._hand_over(lambda: job.failed(reason))
        except Exception as error:  # a bug of ours: it reaches the top like one of the screen's own
            bug = error
            self._hand_over(lambda: _raise(bug))
        else:
            if not job.is_cancelled:
                self._hand_over(lambda: job.then(result))


class Lanes:
    """All lanes of one screen, made when they are first needed."""

    def __init__(self, hand_over: HandOver) -> None:
        self._hand_over = hand_over
        self._lanes: dict[str, _Lane] = {}

    @property
    def is_busy(self) -> bool:
        """Whether anything is being done, or waits for it."""
        return any(lane.is_busy for lane in self._lanes.values())

    def put(
        self,
        lane: str,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        failed: Callable[[NewstuiError], object],
    ) -> None:
        """Do work in a lane, then hand its result over."""
        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane, self._hand_over)
        self._lanes[lane].put(_Job(work, then, failed))

    def drain(self, seconds: float) -> bool:
        """Let all lanes run out, wait for them, and say whether they did in time."""
        self.cancel()
        deadline = time.monotonic() + seconds
        while self.is_busy and time.monotonic() < deadline:
            time.sleep(0.005)
        return not self.is_busy

    def cancel(self, name: str = "") -> None:
        """Let a lane run out; without a name, all of them."""
        for lane_name, lane in self._lanes.items():
            if name in ("", lane_name):
                lane.cancel()


def _raise(error: Exception) -> None:
    raise error
