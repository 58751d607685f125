"""Reading many files in several processes, in order, without being stopped by a file that kills or stalls its reader.

A pool costs about 0.2 s to start and pays from some thousand files on, where a second core is free; what it gives
is worth 1.4 times the speed of one process (docs/performance.md).
"""

from __future__ import annotations

import marshal
import os
import pickle
import selectors
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import count
from typing import IO

from newstui.library.ingest import Circumstances, FileProblem, FileResult, refused_file
from newstui.library.ingest_worker import read_frame, write_frame
from newstui.records import dataclass, field
from newstui.sources.base import Entry
from newstui.store.packing import Packed

FEWEST_FILES = 5_000
"""For fewer files a pool is slower than none."""
FILES_A_TASK = 250
TASK_BYTES = 40_000
"""A task must fit into a pipe (64 KB), or both sides could wait for each other."""
TASKS_AHEAD = 2
"""Tasks a worker holds, so that it never waits for the next."""
SECONDS_A_FILE = 5.0
"""A file that takes longer is given up; a good one takes 0.0001 s."""

_START = (
    "import sys; sys.path[:] = sys.argv[2].split('\\n');"
    "from newstui.library.ingest_worker import main; main(int(sys.argv[1]))"
)


def worker_count() -> int:
    """Return how many workers are worth starting: one for each core this process may use, three at most."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        cores = os.cpu_count() or 1
    return min(cores, 3) if cores > 1 and hasattr(os, "pwrite") else 0


_File = tuple[str, bytes, int]
"""Path as shown, where it is, and the part of its signature that its name makes."""


@dataclass(slots=True)
class _Task:
    number: int
    files: list[_File]
    results: list[FileResult] = field(default_factory=list)
    """What was found before the worker was lost."""


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    progress: IO[bytes]
    """Holds the number of the file in work."""
    tasks: deque[_Task] = field(default_factory=deque)
    """Given out and not answered, oldest first."""
    file: int = -1
    """Number of the file that was in work at the last look."""
    since: float = 0.0
    """When that file was first seen, in seconds of the monotonic clock."""

    @property
    def answers(self) -> int:
        assert self.process.stdout is not None
        return self.process.stdout.fileno()


class IngestPool:
    """Worker processes that read files. Use as a context manager: leaving it ends them."""

    def __init__(self, circumstances: Circumstances, workers: int, seconds_a_file: float = SECONDS_A_FILE) -> None:
        self._circumstances = pickle.dumps(circumstances)
        self._seconds_a_file = seconds_a_file
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        for _ in range(workers):
            self._start()

    def __enter__(self) -> IngestPool:
        return self

    def __exit__(self, *unused: object) -> None:
        for worker in list(self._workers):
            self._end(worker)
        self._selector.close()

    def _start(self) -> None:
        progress = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the worker
        process = subprocess.Popen(
            [sys.executable, "-c", _START, str(progress.fileno()), "\n".join(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(progress.fileno(),),
            bufsize=0,
        )
        worker = _Worker(process, progress)
        assert process.stdin is not None
        write_frame(process.stdin.fileno(), self._circumstances)
        self._workers.append(worker)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.answers)
        worker.process.kill()
        worker.process.wait()
        for pipe in (worker.process.stdin, worker.process.stdout, worker.progress):
            assert pipe is not None
            pipe.close()

    def run(self, entries: Iterable[Entry]) -> Iterator[list[FileResult]]:
        """Yield the results of all entries, in order, some hundred at a time; they are asked for as they are needed."""
        yield from self._run(_plain(entries))

    def _run(self, files: Iterable[_File]) -> Iterator[list[FileResult]]:
        fresh = map(_Task, count(), _split(files))
        again: deque[_Task] = deque()
        done: dict[int, list[FileResult]] = {}
        for wanted in count():
            while wanted not in done:
                self._give_out(again, fresh)
                if not any(worker.tasks for worker in self._workers):
                    return
                self._collect(again, done)
            yield done.pop(wanted)

    def _give_out(self, again: deque[_Task], fresh: Iterator[_Task]) -> None:
        """Give every worker what it may hold: first what was given back, then what is new."""
        for worker in self._workers:
            while len(worker.tasks) < TASKS_AHEAD:
                task = again.popleft() if again else next(fresh, None)
                if task is None:
                    return
                worker.tasks.append(task)
                worker.since = worker.since or time.monotonic()
                assert worker.process.stdin is not None
                try:
                    write_frame(worker.process.stdin.fileno(), marshal.dumps(task.files[len(task.results) :]))
                except OSError:
                    break  # it has died; reading its answers will show

    def _collect(self, again: deque[_Task], done: dict[int, list[FileResult]]) -> None:
        """Take in the answers there are; replace workers that died or hang."""
        for key, _ in self._selector.select(timeout=self._seconds_a_file / 4):
            worker: _Worker = key.data
            frame = read_frame(worker.answers)
            if frame:
                task = worker.tasks.popleft()
                done[task.number] = task.results + [file_result(one) for one in marshal.loads(frame)]  # noqa: S302
                worker.file, worker.since = -1, time.monotonic()
            else:
                self._replace(worker, again, "the reader crashed on this file")
        for worker in list(self._workers):
            if worker.tasks and self._hangs(worker):
                self._replace(worker, again, f"reading it took more than {self._seconds_a_file:g} seconds")

    def _hangs(self, worker: _Worker) -> bool:
        now, file = time.monotonic(), _file_in_work(worker)
        if file != worker.file:
            worker.file, worker.since = file, now
        return file >= 0 and now - worker.since > self._seconds_a_file

    def _replace(self, worker: _Worker, again: deque[_Task], reason: str) -> None:
        """End a worker; the file it was at is refused, and what it did not get to is given out again."""
        guilty = _file_in_work(worker)
        tasks = list(worker.tasks)
        self._end(worker)
        if tasks:
            self._give_back(tasks[0], max(guilty, 0), reason, again)
        again.extendleft(reversed(tasks[1:]))
        self._start()

    def _give_back(self, task: _Task, guilty: int, reason: str, again: deque[_Task]) -> None:
        """Put what is left of a task back: the files before the guilty one are read again, it is not."""
        begun = len(task.results)
        path, _, _ = task.files[begun + guilty]
        with IngestPool(pickle.loads(self._circumstances), 1, self._seconds_a_file) as other:  # noqa: S301
            for results in other._run(task.files[begun : begun + guilty]):
                task.results += results
        task.results.append(refused_file(path, 0, reason))
        again.appendleft(task)


def _plain(entries: Iterable[Entry]) -> Iterator[_File]:
    for entry in entries:
        assert entry.file is not None
        yield (entry.path, *entry.file)


def _split(files: Iterable[_File]) -> Iterator[list[_File]]:
    """Cut files into tasks."""
    part: list[_File] = []
    size = 0
    for file in files:
        one = len(file[0]) * 4 + len(file[1]) + 32
        if part and (size + one > TASK_BYTES or len(part) >= FILES_A_TASK):
            yield part
            part, size = [], 0
        part.append(file)
        size += one
    if part:
        yield part


def file_result(plain: tuple[str, int, list[tuple[object, ...]], list[tuple[object, ...]], bool]) -> FileResult:
    """Return a result that came from a worker as plain tuples (`ingest_worker.flatten`)."""
    path, signature, articles, problems, doubtful = plain
    return FileResult(
        path, signature, [Packed._make(one) for one in articles], [FileProblem._make(one) for one in problems], doubtful
    )


def _file_in_work(worker: _Worker) -> int:
    return int.from_bytes(os.pread(worker.progress.fileno(), 4, 0) or b"\xff\xff\xff\xff", "little", signed=True)
