"""The reader with a pacemaker: repaints its list 60 times a second and writes how late each frame was.

Started by `bench_frames.py` as ``python -m tests.bench.paced_reader REPORT LOCATION``. REPORT gets one line a frame:
seconds of the monotonic clock when it was due, and the seconds from then until it was painted.
"""

from __future__ import annotations

import asyncio
import sys
import time

from newstui.app.app import ReaderApp
from newstui.cli import main

FRAME_SECONDS = 1 / 60


async def keep_pace(reader: ReaderApp) -> None:
    """Paint the list again and again."""
    painted = asyncio.Event()
    with open(sys.argv[1], "w", buffering=1) as report:
        due = time.monotonic()
        while True:
            due = max(due + FRAME_SECONDS, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            painted.clear()
            reader.reading.article_list.refresh()
            reader.call_after_refresh(painted.set)
            await painted.wait()
            report.write(f"{due:.6f} {time.monotonic() - due:.6f}\n")


def on_ready(reader: ReaderApp) -> None:
    """Begin when Textual says that the application is ready."""
    reader.pacemaker = asyncio.create_task(keep_pace(reader))  # type: ignore[attr-defined]


if __name__ == "__main__":
    ReaderApp.on_ready = on_ready  # type: ignore[attr-defined]  # not a subclass: it would look for its stylesheet here
    raise SystemExit(main(sys.argv[2:]))
