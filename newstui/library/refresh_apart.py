"""Long work in a process of its own while a person is reading: a big local collection, everything remote, and
finding coverage among many articles.

A thread that ingests holds the interpreter again and again. In a prototype painting 60 frames a second, the 95th
percentile of late frames was 14 ms with a thread and 9 ms with a process, 5 ms idle.

The process and all that it starts are one group: they end together, at once, when the reader stops the refresh,
leaves, or is killed.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from newstui.errors import SourceError
from newstui.library.events import CollectionFailed, RefreshEvent
from newstui.library.ingest_worker import read_frame, write_frame
from newstui.library.remote_events import RemoteWish
from newstui.library.settings import LibraryPaths, LibrarySettings
from newstui.records import dataclass

if TYPE_CHECKING:
    from newstui.library.coverage_pass import CoverageProgress
    from newstui.library.follow import StoryGrew
    from newstui.model import Subscription

FEWEST_FILES = 2_000
"""Fewer new files are read sooner than a process starts."""
FEWEST_FILES_LOOKED_AT = 50_000
"""Looking whether fewer files have changed takes less time than a process needs to start."""
FEWEST_ARTICLES_COMPARED = 50_000
"""Where there are fewer articles, finding coverage of the new ones needs little memory."""
_LOOK_SECONDS = 0.2

_START = "import sys; sys.path[:] = sys.argv[1].split('\\n');from newstui.library.refresh_apart import main; main()"


@dataclass(frozen=True, slots=True)
class LocalWish:
    """One local collection to read."""

    name: str
    force: bool
    """Read everything again, changed or not."""


@dataclass(frozen=True, slots=True)
class CoverageWish:
    """Find related coverage of what is new."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the other process is to do."""

    paths: LibraryPaths
    settings: LibrarySettings
    locations: tuple[str, ...]
    subscriptions: tuple[Subscription, ...]
    """All that is subscribed to, what was added since the settings were read included."""
    wish: LocalWish | RemoteWish | CoverageWish


def refresh_apart(order: Order, is_cancelled: Callable[[], bool]) -> Iterator[RefreshEvent]:
    """Refresh in another process; yields what it says.

    Raises SourceError: it was cancelled, ended early, or the one local collection failed.
    """
    event: RefreshEvent
    for event in _told(order, is_cancelled):
        if isinstance(event, CollectionFailed) and isinstance(order.wish, LocalWish):
            raise SourceError(event.reason)
        yield event


def update_coverage_apart(order: Order, is_cancelled: Callable[[], bool]) -> Iterator[CoverageProgress | StoryGrew]:
    """Find coverage in another process; yields what it says. Where it ends early, the next time goes on from there."""
    with suppress(SourceError):
        yield from _told(order, is_cancelled)


def _told(order: Order, is_cancelled: Callable[[], bool]) -> Iterator[Any]:
    """Yield what another process says. Raises SourceError when it was cancelled or ended early."""
    process = subprocess.Popen(
        [sys.executable, "-c", _START, "\n".join(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        with suppress(OSError):  # it has ended already; that there is no answer says so
            write_frame(process.stdin.fileno(), pickle.dumps(order))
        while not is_cancelled():
            if not select.select([process.stdout], [], [], _LOOK_SECONDS)[0]:
                continue
            frame = read_frame(process.stdout.fileno())
            if not frame:
                break
            event = pickle.loads(frame)  # noqa: S301  # from our own child
            if event is None:
                return
            yield event
        raise SourceError("cancelled; what was read so far is kept" if is_cancelled() else "reading it ended early")
    finally:
        _kill_group(process)
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
    threading.Thread(target=_end_with_parent, daemon=True).start()
    library = Library.open(order.paths, order.settings, locations=order.locations, subscriptions=order.subscriptions)
    events: Iterator[object]
    if isinstance(order.wish, CoverageWish):
        events = library.update_coverage()
    elif isinstance(order.wish, LocalWish):
        events = library.refresh([order.wish.name], force=order.wish.force)
    else:
        events = library.refresh_remote(order.wish)
    for event in events:
        write_frame(answers, pickle.dumps(event))
    write_frame(answers, pickle.dumps(None))


def _end_with_parent() -> None:
    """Wait until the parent is gone, however it went, and end everything here."""
    while os.read(0, 1):
        pass
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
