"""Parsing bytes of strangers in another process: given out, answered, and replaced when one of them kills or stalls it.

What it does is `parse_worker.py`. One process takes one order after the other, so the one at work when it is lost is
known: that one fails with a reason, the others go on.
"""

from __future__ import annotations

import asyncio
import marshal
import pickle
import signal
import subprocess
import sys
from collections import deque
from contextlib import suppress
from typing import Any

from newstui.errors import SourceError
from newstui.library.parse_worker import MEMORY_STATUS, MOST_SECONDS, READY
from newstui.records import dataclass

WAIT_SECONDS = 20.0
"""For an answer by the clock, on a machine however busy; the worker itself stops after `MOST_SECONDS` of work."""
_START_SECONDS = 60.0
_GRACE_SECONDS = 0.2
_AHEAD = 4
"""Orders the worker holds, so that it need not wait for the next."""
_BUFFER_BYTES = 1_000_000
START = "import sys; sys.path[:] = sys.argv[1].split('\\n');from newstui.library.parse_worker import main; main()"


class ParserLostError(SourceError):
    """Some bytes killed or stalled the parser; the reason says how."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, temporary=False)


@dataclass(slots=True)
class _Order:
    frame: bytes
    answer: asyncio.Future[Any]
    crashed: bool = False
    """A worker was lost over it once. It may have been innocent (the system was short of memory), so it has a
    second try."""

    def settle(self, value: object) -> None:
        if not self.answer.done():
            self.answer.set_result(value)

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class ParserProcess:
    """A worker that is started with the first order. Lives in one event loop; `close` ends it."""

    def __init__(self, setup: object = None, *, seconds: float = WAIT_SECONDS) -> None:
        """`setup` is what every order of a local collection is read with, see `parse_worker.py`."""
        self._setup = pickle.dumps(setup)
        self._seconds = seconds
        self._waiting: deque[_Order] = deque()
        self._given: deque[_Order] = deque()
        """Sent and not answered, oldest first: the first is in work."""
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: asyncio.WriteTransport | None = None
        self._answers: asyncio.ReadTransport | None = None
        self._reader: asyncio.StreamReader | None = None
        self._is_ready = False
        self._came = asyncio.Event()
        """Something waits."""
        self._driver: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to start the worker, so that it is there for the first order."""
        if self._driver is None:
            self._driver = asyncio.create_task(self._drive())

    async def ask(self, *order: Any) -> Any:
        """Return the answer to an order, such as ``("feed", data, …)``. Raises ParserLostError, SourceError."""
        waiting = _Order(marshal.dumps(order), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._came.set()
        self.start()
        self._give_out()
        outcome, value = await waiting.answer
        if outcome != "done":
            raise SourceError(f"newstui made a mistake with it ({value})")
        return value

    async def close(self) -> None:
        """End the worker at once."""
        if self._driver is not None:
            self._driver.cancel()
            with suppress(asyncio.CancelledError):
                await self._driver
        self._end()

    async def _drive(self) -> None:
        """Keep a worker at work until `close`; a lost one is replaced when there is more to do."""
        while True:
            try:
                await self._begin()
                lost = await self._take_answers()
            except (OSError, EOFError, TimeoutError):
                self._end()
                for order in (*self._given, *self._waiting):
                    order.fail(SourceError("the program that reads what came could not be started"))
                self._given.clear()
                self._waiting.clear()
            else:
                self._blame(lost)
            if not self._waiting:
                self._came.clear()
                await self._came.wait()

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        process = self._process = subprocess.Popen(
            [sys.executable, "-c", START, "\n".join(sys.path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        reader = self._reader = asyncio.StreamReader(_BUFFER_BYTES)
        self._answers, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), process.stdout)
        self._orders, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
        self._write(self._setup)
        async with asyncio.timeout(_START_SECONDS):
            if await self._read() != READY:
                raise EOFError
        self._is_ready = True
        self._give_out()

    async def _take_answers(self) -> str:
        """Take answers until the worker is lost; return why, in words."""
        while True:
            while not self._given:
                self._came.clear()
                await self._came.wait()
                self._give_out()
            try:
                async with asyncio.timeout(self._seconds):
                    answer = marshal.loads(await self._read())  # noqa: S302
            except TimeoutError:
                self._end()
                return f"reading it took more than {self._seconds:g} seconds"
            except (EOFError, OSError, ValueError, TypeError):
                return _describe_end(self._end())
            self._given.popleft().settle(answer)
            self._give_out()

    def _give_out(self) -> None:
        while self._is_ready and self._waiting and len(self._given) < _AHEAD:
            order = self._waiting.popleft()
            if not order.answer.done():
                self._given.append(order)
                self._write(order.frame)

    def _blame(self, reason: str) -> None:
        """Fail the order that was in work, and take back those behind it."""
        guilty = self._given.popleft()
        self._waiting.extendleft(reversed(self._given))
        self._given.clear()
        if reason or guilty.crashed:
            guilty.fail(ParserLostError(reason or "its bytes crash the program that reads it"))
        else:
            guilty.crashed = True
            self._waiting.appendleft(guilty)

    def _write(self, frame: bytes) -> None:
        assert self._orders is not None
        self._orders.write(len(frame).to_bytes(4, "little"))
        self._orders.write(frame)

    async def _read(self) -> bytes:
        """Return the next frame. Raises EOFError when the worker is gone."""
        assert self._reader is not None
        size = int.from_bytes(await self._reader.readexactly(4), "little")
        return await self._reader.readexactly(size)

    def _end(self) -> int:
        """End the worker, whatever it is doing; return how it ended."""
        process, self._process, self._is_ready = self._process, None, False
        if process is None:
            return 0
        if self._reader is not None and self._reader.at_eof():  # it ended by itself: the system knows how in a moment
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_SECONDS)
        process.kill()
        for transport in (self._orders, self._answers):
            if transport is not None:
                transport.close()
        self._orders = self._answers = None
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        return process.wait()


class WaitingParser:
    """The same for work that waits: a `ParserProcess` with a loop of its own."""

    def __init__(self, setup: object = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._parser = ParserProcess(setup)

    def ask(self, *order: object) -> Any:
        """Return the answer to an order. Raises ParserLostError, SourceError."""
        return self._loop.run_until_complete(self._parser.ask(*order))

    def close(self) -> None:
        """End the worker at once."""
        self._loop.run_until_complete(self._parser.close())
        self._loop.close()


def _describe_end(status: int) -> str:
    """Say why a worker ended; nothing when it crashed."""
    if status == MEMORY_STATUS:
        return "reading it takes more memory than it may"
    if status == -getattr(signal, "SIGXCPU", 0):
        return f"reading it took more than {MOST_SECONDS} seconds of work"
    return ""
