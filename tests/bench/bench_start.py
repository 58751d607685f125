"""Start: to the first picture and to a live list, against a minimal Textual app and newsboat; and memory.

newsboat is compared when it is installed: the same articles as RSS, in a feed of all articles, opened like ours.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.data import Bench
from tests.bench.report import Row, percentile
from tests.terminal import Terminal

ROUNDS = 5
COLUMNS, LINES = 120, 40

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("ready to go")
Minimal().run()
"""


def run(bench: Bench) -> list[Row]:
    scratch = bench.scratch(f"start-{bench.records}")
    environment = {f"NEWSTUI_{kind}_DIR": str(scratch / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    newstui = [sys.executable, "-m", "newstui", str(bench.collection())]
    subprocess.run(
        [sys.executable, "-m", "newstui", "refresh", "--from", str(bench.collection())],
        env=os.environ | environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    minimal = [sys.executable, "-c", MINIMAL]
    ours: list[tuple[float, float, float]] = []
    floor: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS):
        floor.append(_start(minimal, "ready to go", {}))
        ours.append(_start(newstui, r"\bprovider-|\d+ [hdwmy]\b|[●•]", environment))
    size = f"{bench.records:,} records"
    rows = [
        Row(f"warm start to a live list, {size}", "minimal Textual app", _ms(floor, 1), _ms(ours, 1), "ms", "<= 1.15× (100k), <= 1.25× (1M)", False),
        Row(f"first picture, {size}", "minimal Textual app", _ms(floor, 1), _ms(ours, 0), "ms", "<= 0.25×", False),
        Row(f"memory beyond it, {size}", "minimal Textual app", _mb(floor), _mb(ours), "MB", "+30 MB (100k), +150 MB (1M)", False),
    ]  # fmt: skip
    rows += _keys(newstui, environment, size)
    if shutil.which("newsboat"):
        rows += _newsboat(bench, scratch, ours, size)
    return rows


def _start(
    command: Sequence[str], pattern: str, environment: Mapping[str, str], limit: float = 90
) -> tuple[float, float, float]:
    """Return seconds to the first text, seconds to the pattern, and MB of memory then."""
    with Terminal(command, columns=COLUMNS, rows=LINES, environment=environment) as terminal:
        seen = terminal.wait(pattern, limit)
        terminal.settle(0.5)
        return terminal.first_output or seen, seen, _memory(terminal.pid)


def _memory(pid: int, field: str = "VmRSS") -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _ms(rounds: Sequence[tuple[float, float, float]], index: int) -> float:
    return statistics.median(one[index] for one in rounds) * 1000


def _mb(rounds: Sequence[tuple[float, float, float]]) -> float:
    return statistics.median(one[2] for one in rounds)


def _keys(command: Sequence[str], environment: Mapping[str, str], size: str) -> list[Row]:
    """Time each key from writing it to the last byte of its frame."""
    rows = []
    with Terminal(command, columns=COLUMNS, rows=LINES, environment=environment) as terminal:
        terminal.wait("●", 60)
        terminal.settle(1.0)
        for name, presses in (("down", 40), ("pagedown", 30), ("end", 6), ("home", 6)):
            times = []
            for press in range(presses):
                terminal.keys(
                    name if press % 2 == 0 or name in ("down", "pagedown") else ("home" if name == "end" else "end")
                )
                times.append(terminal.frame_seconds() * 1000)
            rows.append(
                Row(
                    f"key to paint p95, {name}, {size}",
                    "one frame",
                    16,
                    percentile(times, 0.95),
                    "ms",
                    "<= 16 ms",
                    False,
                )
            )
    return rows


def _newsboat(bench: Bench, scratch: Path, ours: Sequence[tuple[float, float, float]], size: str) -> list[Row]:
    feeds = bench.feeds(max(1, bench.records // 100), 100)
    home = scratch / "newsboat"
    home.mkdir(exist_ok=True)
    urls = [f"file://{file}" for file in sorted(feeds.iterdir())]
    (home / "urls").write_text("\n".join([*urls, '"query:Everything:unread = \\"yes\\""']) + "\n")
    (home / "config").write_text(
        "refresh-on-startup no\nprepopulate-query-feeds yes\nmax-items 0\ngoto-first-unread no\n"
    )
    base = ["newsboat", "-q", "-u", str(home / "urls"), "-C", str(home / "config"), "-c", str(home / "cache.db")]
    if not (home / "cache.db").exists():
        subprocess.run([*base, "-x", "reload"], check=True)
    times, memory, keys = [], [], []
    for _ in range(2):
        with Terminal(base, columns=COLUMNS, rows=LINES, environment={"HOME": str(home)}) as terminal:
            terminal.wait("Everything", 120)
            terminal.settle(0.3)
            terminal.keys("end", "enter")
            times.append(terminal.wait(r"Articles in|Query", 120))
            terminal.settle(0.5, 30)
            memory.append(_memory(terminal.pid, "VmHWM"))
            for _ in range(30):
                terminal.keys("down")
                keys.append(terminal.frame_seconds() * 1000)
    live = statistics.median(one[1] for one in ours)
    return [
        Row(f"warm start to the list, {size}", "newsboat", statistics.median(times) * 1000, live * 1000, "ms", ">= 20x faster (100k)"),
        Row(f"memory with the list open, {size}", "newsboat (peak)", statistics.median(memory), _mb(ours), "MB", ">= 4x less (100k)"),
        Row(f"key down p95 in newsboat, {size}", "newsboat", percentile(keys, 0.95), 16, "ms", ""),
    ]  # fmt: skip
