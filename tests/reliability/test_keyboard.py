"""The keyboard while a thousand feeds are fetched, three hundred of them misbehaving: as when nothing happens."""

from __future__ import annotations

import os
import select
import time
from itertools import cycle
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.reliability.home import Home, write_news
from tests.reliability.test_faults import collections, fault_server
from tests.reliability.test_soak import handles, memory_bytes
from tests.terminal import Terminal

MOVED = b"Report"
"""What a moved cursor paints: the titles of two rows. A bar that moves paints none."""
KEY_SECONDS = 0.1


def key_seconds(terminal: Terminal, key: str) -> float:
    """Press a key and return how long it took until its row was painted."""
    terminal.drain(0.0)
    begun, came = time.perf_counter(), b""
    terminal.keys(key)
    while MOVED not in came:
        assert select.select([terminal._fd], [], [], 5)[0], "no paint within 5 seconds"
        came = came[-100:] + os.read(terminal._fd, 1 << 16)
    took = time.perf_counter() - begun
    terminal.drain(max(KEY_SECONDS - took, 0.01))
    return took


def describe(waits: list[float]) -> str:
    ordered = sorted(waits)
    shares = ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"), (1.0, "max"))
    return ", ".join(f"{name} {ordered[int((len(ordered) - 1) * share)] * 1000:.1f} ms" for share, name in shares)


def tree(pid: int) -> set[int]:
    """A process and all that descend from it."""
    found = {pid}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found |= tree(int(child))
    return found


def check_keyboard(shared: Path, tmp_path: Path, *, feeds: int, patience: int) -> None:
    home = Home(tmp_path / "home")
    home.configure(f'[refresh]\nevery = "never"\ntimeout_seconds = {patience}\nconnections_per_host = 32\n')
    assert home.run("add", str(write_news(tmp_path / "news", 500))).returncode == 0
    with fault_server(shared, tmp_path / "plan.json", feeds, 0.3) as (base, kinds):
        (tmp_path / "all.opml").write_bytes(urlopen(f"{base}/subscriptions.opml").read())
        assert home.run("import", str(tmp_path / "all.opml")).returncode == 0
        keys = cycle("jk")
        with home.open() as terminal:
            terminal.wait("Report number", 60)
            begun, good_after = time.monotonic(), 0.0  # opening refreshes what was never read
            memory, most_memory, most_handles = memory_bytes(terminal.pid), 0, 0
            busy: list[float] = []
            good = feeds - len(kinds)
            while len(tree(terminal.pid)) > 1 or time.monotonic() - begun < 3:
                busy.append(key_seconds(terminal, next(keys)))
                most_memory = max(most_memory, memory_bytes(terminal.pid))
                most_handles = max(most_handles, handles(terminal.pid))
                if not good_after and len(busy) % 20 == 0:
                    read = [one for one in collections(home).values() if one["articles"] and not one["failure"]]
                    good_after = time.monotonic() - begun if len(read) > good else 0.0
                assert time.monotonic() - begun < 300
            took = time.monotonic() - begun
            terminal.settle(2.0, 30)
            idle = [key_seconds(terminal, next(keys)) for _ in range(100)]
            terminal.keys("ctrl+q")
            left = time.monotonic()
            assert terminal.wait_exit() == 0
            left = time.monotonic() - left
        print(f"\nidle: {describe(idle)}\nwhile {feeds} feeds are fetched: {describe(busy)} ({len(busy)} keys)")
        print(f"good feeds readable after {good_after:.0f} s, all done after {took:.0f} s, left in {left:.1f} s")
        print(f"memory +{(most_memory - memory) / 1e6:.0f} MB, at most {most_handles} handles")
        assert sorted(busy)[int(len(busy) * 0.95)] < max(0.1, 3 * sorted(idle)[95])
        assert most_memory - memory < 150_000_000


@pytest.mark.shared
@pytest.mark.screen
@pytest.mark.full
def test_keys_are_answered_while_feeds_misbehave(shared: Path, tmp_path: Path):
    check_keyboard(shared, tmp_path, feeds=1_000, patience=10)
