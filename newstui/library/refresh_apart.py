"""Reading a big local collection in a process of its own while a person is reading.

A thread that ingests holds the interpreter again and again. In a prototype painting 60 frames a second, the 95th
percentile of late frames was 14 ms with a thread and 9 ms with a process, 5 ms idle; not measured again since.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newstui.errors import SourceError
from newstui.library.events import CollectionFailed, RefreshEvent
from newstui.library.ingest_worker import read_frame, write_frame
from newstui.library.settings import LibraryPaths, LibrarySettings

FEWEST_FILES = 2_000
"""Fewer new files are read sooner than a process starts."""
_LOOK_SECONDS = 0.2

_START = "import sys; sys.path[:] = sys.argv[1].split('\\n');from newstui.library.refresh_apart import main; main()"


@dataclass(frozen=True, slots=True)
class Order:
    """What the other process is to do."""

    paths: LibraryPaths
    settings: LibrarySettings
    locations: tuple[str, ...]
    name: str
    """Of the collection to refresh."""
    force: bool


def refresh_apart(order: Order, is_cancelled: Callable[[], bool]) -> Iterator[RefreshEvent]:
    """Refresh one collection in another process; yields what it says. Raises SourceError."""
    process = subprocess.Popen(
        [sys.executable, "-c", _START, "\n".join(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        write_frame(process.stdin.fileno(), pickle.dumps(order))
        while not is_cancelled():
            if not select.select([process.stdout], [], [], _LOOK_SECONDS)[0]:
                continue
            frame = read_frame(process.stdout.fileno())
            if not frame:
                break
            event: RefreshEvent | None = pickle.loads(frame)  # noqa: S301  # from our own child
            if event is None:
                return
            if isinstance(event, CollectionFailed):
                raise SourceError(event.reason)
            yield event
        raise SourceError("cancelled; what was read so far is kept" if is_cancelled() else "reading it ended early")
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def main() -> None:
    """Be the other process."""
    from newstui.library.library import Library

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever prints cannot disturb the answers
    order: Order = pickle.loads(read_frame(0))  # noqa: S301  # from our own parent
    library = Library.open(order.paths, order.settings, locations=order.locations)
    for event in library.refresh([order.name], force=order.force):
        write_frame(answers, pickle.dumps(event))
    write_frame(answers, pickle.dumps(None))
