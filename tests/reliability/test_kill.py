"""Promise 1: what was acknowledged as marked stays marked, whatever kills the program and whenever."""

from __future__ import annotations

import os
import random
import shutil
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
from tests.reliability.home import write_news

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

INGESTING = """
import sys, threading, time
from pathlib import Path
from newstui.library import Library, LibraryPaths
own, folder, turn = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
library = Library.open(LibraryPaths(own / "data", own / "cache"), locations=[folder])
if turn % 2:
    library.begin_session()  # most is then read by a process of its own
threading.Thread(target=lambda: list(library.refresh()), daemon=True).start()
print("ready", flush=True)
action = ("starred", "unstarred", "read", "unread")[turn % 4]
while True:
    for headline in library.first_page(40):
        print(headline.key, action, "wanted", flush=True)
        library.mark([headline.row], action)
        print(headline.key, action, "done", flush=True)
        time.sleep(0.02)
    time.sleep(0.005)
"""
"""Reads a collection for the first time, and marks what is there already."""

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
        take_in(said, expected)
        check(own, expected, turn)


def take_in(said: list[str], expected: dict[tuple[int, str], bool]) -> int:
    """Bring what must be saved up to date with what a program said before it was killed; return how often it did."""
    lines = [words for line in said if len(words := line.split()) == 3]
    for key, action, stage in lines:
        if stage == "done":
            name, value = STATES[action]
            expected[int(key), name] = value
    if lines and lines[-1][2] == "wanted":  # it may have been saved, or not: both are right
        expected.pop((int(lines[-1][0]), STATES[lines[-1][1]][0]), None)
    return sum(words[2] == "done" for words in lines)


def ingesting_rounds(tmp_path: Path, articles: int, count: int, seed: int, seconds: float) -> None:
    """Kill a program, or it and all it started, `count` times during the first read of a collection."""
    moments = random.Random(seed)
    folder, own = write_news(tmp_path / "news", articles), tmp_path / "own"
    expected: dict[tuple[int, str], bool] = {}
    acknowledged, read, slowest = 0, 0, 0.0
    for turn in range(count):
        shutil.rmtree(own / "cache", ignore_errors=True)
        process = subprocess.Popen(
            [sys.executable, "-c", INGESTING, str(own), str(folder), str(turn)], stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, seconds))
        (os.killpg if moments.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
        said = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        acknowledged += take_in(said, expected)
        wait_until_all_ended(process.pid)
        check(own, expected, turn)
        started = time.perf_counter()
        with closing(Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)])) as library:
            found = len(library.find(""))
            slowest = max(slowest, time.perf_counter() - started)
            assert library.notices() == []
        read += 0 < found < articles
        for cache in own.glob("cache/from/*.db"):
            with closing(sqlite3.connect(cache)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with closing(Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)])) as library:
        list(library.refresh())
        assert len(library.find("")) == articles
    print(
        f"\n{count} kills during the first read of {articles:,} articles, {read} in the midst of it: "
        f"{acknowledged} marks acknowledged, none lost; slowest next start {slowest:.2f} s"
    )
    assert acknowledged


def wait_until_all_ended(group: int) -> None:
    """Wait until no process of a group is left: those that were not killed end by themselves."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("a process outlived the one that started it")


def check(own: Path, expected: dict[tuple[int, str], bool], turn: int) -> None:
    started = time.process_time()
    library = Library.open(LibraryPaths(own / "data", own / "cache"))
    marks = {mark.key: mark for mark in library.marks()}
    library.close()
    assert time.process_time() - started < 2
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


def test_no_acknowledged_mark_is_lost_when_the_program_is_killed_during_its_first_read(tmp_path: Path):
    ingesting_rounds(tmp_path, articles=600, count=6, seed=1, seconds=1.0)


@pytest.mark.full
def test_no_acknowledged_mark_is_lost_in_kills_during_the_first_read_of_20000_articles(tmp_path: Path):
    ingesting_rounds(
        tmp_path, articles=20_000, count=int(os.environ.get("NEWSTUI_KILLS", "100")),
        seed=int(os.environ.get("NEWSTUI_SEED", "2")), seconds=5.0,
    )  # fmt: skip
