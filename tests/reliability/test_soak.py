"""A long sitting: keys all the time, articles that arrive every minute, and neither memory nor file handles run away."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.command_line import write_record
from tests.reliability.home import Home, catch_up, write_news
from tests.terminal import Terminal

KEYS = ("j", "j", "j", "enter", "space", "m", "s", "escape", "k", "pagedown", "u", "i", "i", "G", "g", "R")
WARM_UP_SHARE = 0.25
"""Part of the time that is not measured: caches fill, the coverage index is built."""


def memory_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def handles(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def sit(terminal: Terminal, folder: Path, seconds: float, key_seconds: float) -> list[tuple[float, int, int]]:
    """Press keys for so long while articles arrive; return moments with memory (bytes) and handles."""
    keys, seen, start, arrived = random.Random(1), [], time.monotonic(), 0
    while (passed := time.monotonic() - start) < seconds:
        terminal.keys(keys.choice(KEYS))
        until = time.monotonic() + key_seconds
        while (left := until - time.monotonic()) > 0:
            terminal.read(left)
        assert terminal.exit_status is None, terminal.text
        if passed // 60 >= arrived:
            arrived += 1
            write_record(folder, f"Late arrival {arrived}", date="2024-12-30")
            terminal.keys("escape", "R")
        seen.append((passed, memory_bytes(terminal.pid), handles(terminal.pid)))
        del terminal.raw[:]
    return seen


def check_soak(tmp_path: Path, *, articles: int, seconds: float, key_seconds: float, drift: float) -> None:
    home, folder = Home(tmp_path / "home"), write_news(tmp_path / "news", articles)
    home.configure('[refresh]\nevery = "1m"\n')
    with home.open([folder]) as terminal:
        terminal.wait(rf"{articles:,} articles, ", 120)
        for key in KEYS:  # what is loaded when it is first needed is there before anything is measured
            terminal.keys(key)
            catch_up(terminal)
        seen = sit(terminal, folder, seconds, key_seconds)
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
    settled = [one for one in seen if one[0] > seconds * WARM_UP_SHARE]
    tenth = max(1, len(settled) // 10)
    first, last = (sorted(memory for _, memory, _ in part)[tenth // 2] for part in (settled[:tenth], settled[-tenth:]))
    least = [min(count for _, _, count in part) for part in (settled[:tenth], settled[-tenth:])]
    print(f"\n{seconds:.0f} s: memory {first / 1e6:.1f} MB -> {last / 1e6:.1f} MB, handles {least[0]} -> {least[1]}")
    assert last < first * (1 + drift)
    assert least[1] <= least[0] + 2  # a refresh holds some more while it runs
    assert not [path for path in home.folder.rglob("*.log") if "Traceback" in path.read_text(errors="replace")]


@pytest.mark.screen
def test_a_busy_moment_of_reading_keeps_memory_and_handles(tmp_path: Path):
    check_soak(tmp_path, articles=60, seconds=5, key_seconds=0.05, drift=0.25)


@pytest.mark.screen
@pytest.mark.full
def test_twenty_minutes_of_reading_keep_memory_and_handles(tmp_path: Path):
    minutes = float(os.environ.get("NEWSTUI_SOAK_MINUTES", "20"))
    check_soak(tmp_path, articles=10_000, seconds=minutes * 60, key_seconds=0.1, drift=0.10)
