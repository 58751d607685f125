"""Promise 1: what was acknowledged as marked stays marked, whatever kills the program and whenever."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths
from tests.command_line import write_record

MARKING = """
import sys, time
from pathlib import Path
from newstui.library import Library, LibraryPaths
own, folder = map(Path, sys.argv[1:3])
library = Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)])
for _ in library.refresh():
    pass
rows = list(library.find("").rows())
print("ready", flush=True)
turn = int(sys.argv[3])
while True:
    for row in rows:
        for action in ("starred", "unstarred") if turn % 2 else ("read", "unread"):
            key = library.headline(row).key
            print(key, action, "wanted", flush=True)
            library.mark([row], action)
            print(key, action, "done", flush=True)
"""
"""Marks for ever; a line that ends in ``done`` is an acknowledgement that came after the commit."""

STATES = {
    "starred": ("starred", True),
    "unstarred": ("starred", False),
    "read": ("read", True),
    "unread": ("read", False),
}


def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    for number in range(12):
        write_record(folder, f"Report number {number}")
    return folder


def rounds(tmp_path: Path, count: int, seed: int) -> None:
    """Kill the marking program `count` times at random moments and check the last acknowledgement of each article."""
    moments = random.Random(seed)
    folder, own = collection(tmp_path), tmp_path / "own"
    expected: dict[tuple[int, str], bool] = {}
    for turn in range(count):
        process = subprocess.Popen(
            [sys.executable, "-c", MARKING, str(own), str(folder), str(turn)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        lines = [words for line in said if len(words := line.split()) == 3]
        for key, action, stage in lines:
            if stage == "done":
                name, value = STATES[action]
                expected[int(key), name] = value
        if lines and lines[-1][2] == "wanted":  # it may have been saved, or not: both are right
            expected.pop((int(lines[-1][0]), STATES[lines[-1][1]][0]), None)
        check(own, expected, turn)


def check(own: Path, expected: dict[tuple[int, str], bool], turn: int) -> None:
    started = time.perf_counter()
    library = Library.open(LibraryPaths(own / "data", own / "cache"))
    marks = {mark.key: mark for mark in library.marks()}
    library.close()
    assert time.perf_counter() - started < 2
    for (key, name), value in expected.items():
        assert getattr(marks.get(key), name, False) == value, f"round {turn}: {name} of {key}"
    for store in (own / "data").glob("*.db"):
        with closing(sqlite3.connect(store)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_no_acknowledged_mark_is_lost_when_the_program_is_killed(tmp_path: Path):
    rounds(tmp_path, 20, seed=1)


@pytest.mark.full
def test_no_acknowledged_mark_is_lost_in_500_kills(tmp_path: Path):
    rounds(tmp_path, 500, seed=int(os.environ.get("NEWSTUI_SEED", "2")))
