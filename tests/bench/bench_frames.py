"""Frames of the reader on a real pseudo-terminal while a collection is read for the first time, against an idle one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.data import Bench
from tests.bench.report import Row, percentile
from tests.terminal import Terminal

IDLE_SECONDS = 8.0
LONGEST_SECONDS = 600.0


def run(bench: Bench) -> list[Row]:
    folder, scratch = bench.collection(), bench.scratch("frames")
    shutil.rmtree(scratch)
    scratch.mkdir()
    environment = {f"NEWSTUI_{kind}_DIR": str(scratch / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    report = scratch / "frames.txt"
    command = [sys.executable, "-m", "tests.bench.paced_reader", str(report), str(folder)]
    with Terminal(command, columns=120, rows=40, environment=environment) as terminal:
        begin = time.monotonic()
        while not (report.exists() and report.stat().st_size):
            terminal.read(0.1)  # answers what the reader asks its terminal
        shown = time.monotonic()
        while not _was_read(scratch / "cache"):
            terminal.drain(0.2)
            if time.monotonic() - begin > LONGEST_SECONDS:
                raise SystemExit("the collection is not read to its end")
        end = time.monotonic()
    busy = _overruns(report, begin, end)
    # What comes after reading (who else wrote about it) must be done before the reader is idle.
    counted = [sys.executable, "-m", "newstui", "list", "coverage:>0", "--limit", "1", "--from", str(folder)]
    subprocess.run(counted, env=os.environ | environment, stdout=subprocess.DEVNULL, check=False)
    with Terminal(command, columns=120, rows=40, environment=environment) as terminal:
        terminal.wait(r"\d+ [hdwmy]\b|[●•]", 60)
        terminal.drain(4.0)
        begin = time.monotonic()
        terminal.drain(IDLE_SECONDS)
        idle = _overruns(report, begin, time.monotonic())
    what = f"frames while {bench.records:,} files are read ({len(busy):,} in {end - shown:.1f} s)"
    return [
        Row(f"overrun p95 of {what}", "idle", _ms(idle, 0.95), _ms(busy, 0.95), "ms", "<= 2.5×", faster=False),
        Row("the same, median", "idle", _ms(idle, 0.5), _ms(busy, 0.5), "ms", "", faster=False),
    ]


def _was_read(cache: Path) -> bool:
    """Say whether the first read of the only collection is over."""
    for file in cache.rglob("*.db"):
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        try:
            return connection.execute("SELECT 1 FROM collection WHERE last_success IS NOT NULL").fetchone() is not None
        except sqlite3.OperationalError:
            continue  # not made yet, or being made
        finally:
            connection.close()
    return False


def _overruns(report: Path, begin: float, end: float) -> list[float]:
    """Return the seconds from when each frame was due until it was painted, of those due in between."""
    frames = (line.split() for line in report.read_text().splitlines())
    return [float(late) for due, late in frames if begin <= float(due) <= end]


def _ms(overruns: list[float], share: float) -> float:
    return percentile(overruns, share) * 1000
