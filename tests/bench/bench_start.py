"""Start: to the first picture, the first key it answers and a live app, against a minimal Textual app and newsboat.

"First key answered" is the cursor on the next row, of a key typed as soon as there is a row to be seen. "App live" is
the whole screen painted by the program itself, with the keys in the footer. Memory is what the process has of its own
and shared with others (RSS, as `ps` and the status of the kernel say it).

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
from contextlib import suppress
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


LIVE = r"\d articles[^|]*\? help"
"""The list with how much it holds, and the keys in the footer."""
FEWEST = 1_000
"""Records of the collection whose keys are the baseline."""


def run(bench: Bench) -> list[Row]:
    newstui, environment = _ready(bench, bench.records)
    minimal = [sys.executable, "-c", MINIMAL]
    ours: list[tuple[float, float, float]] = []
    floor: list[tuple[float, float, float]] = []
    answers: list[float] = []
    for _ in range(ROUNDS):
        floor.append(_start(minimal, "ready to go", {}))
        ours.append(_start(newstui, LIVE, environment))
        answers.append(_first_answer(newstui, environment))
    size = f"{bench.records:,} records"
    rows = [
        Row(f"first picture, {size}", "minimal Textual app", _ms(floor, 1), _ms(ours, 0), "ms", "<= 0.25×", False),
        Row(f"first key answered (picture), {size}", "minimal Textual app", _ms(floor, 1), statistics.median(answers) * 1000, "ms", "<= 0.3×", False),
        Row(f"app live, {size}", "minimal Textual app", _ms(floor, 1), _ms(ours, 1), "ms", "<= 1.15× (100k), <= 1.25× (1M)", False),
        Row(f"memory, {size}", "minimal Textual app", _mb(floor), _mb(ours), "MB", "+30 MB (100k), +150 MB (1M)", False),
    ]  # fmt: skip
    times = _key_times(newstui, environment)
    rows += _keys(_key_times(*_ready(bench, FEWEST)), times, size)
    if shutil.which("newsboat"):
        rows += _newsboat(bench, ours, times["down"], size)
    return rows


def _ready(bench: Bench, records: int) -> tuple[list[str], dict[str, str]]:
    """Read a collection and open it once, so that the next start is a warm one; return how."""
    scratch, collection = bench.scratch(f"start-{records}"), str(bench.collection(records))
    environment = {f"NEWSTUI_{kind}_DIR": str(scratch / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    subprocess.run(
        [sys.executable, "-m", "newstui", "refresh", "--from", collection],
        env=os.environ | environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    command = [sys.executable, "-m", "newstui", collection]
    _start(command, LIVE, environment)
    return command, environment


def _start(
    command: Sequence[str], pattern: str, environment: Mapping[str, str], limit: float = 90
) -> tuple[float, float, float]:
    """Return seconds to the first text, seconds to the pattern, and MB of memory once all is quiet."""
    with Terminal(command, columns=COLUMNS, rows=LINES, environment=environment) as terminal:
        seen = terminal.wait(f"(?s){pattern}", limit)
        terminal.settle(1.5, 30)
        first, memory = terminal.first_output or seen, _memory(terminal.pid)
        terminal.keys("q")
        with suppress(AssertionError):  # the minimal app does not know the key
            terminal.wait_exit(3 if environment else 0)
        return first, seen, memory


def _first_answer(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return seconds from the start until a key that was typed at the first row seen has moved the cursor."""

    def row_of_cursor() -> int:
        lines = terminal.text.split("\n")
        return next((row for row, line in enumerate(lines) if "▌" in line), -1)

    with Terminal(command, columns=COLUMNS, rows=LINES, environment=environment) as terminal:
        terminal.wait_until(lambda: row_of_cursor() > 0)
        first = row_of_cursor()
        terminal.keys("down")
        seen = terminal.wait_until(lambda: row_of_cursor() > first)
        terminal.wait(f"(?s){LIVE}", 90)
        terminal.keys("q")
        terminal.wait_exit()
        return seen


def _memory(pid: int, field: str = "VmRSS") -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _ms(rounds: Sequence[tuple[float, float, float]], index: int) -> float:
    return statistics.median(one[index] for one in rounds) * 1000


def _mb(rounds: Sequence[tuple[float, float, float]]) -> float:
    return statistics.median(one[2] for one in rounds)


def _key_times(command: Sequence[str], environment: Mapping[str, str]) -> dict[str, list[float]]:
    """Time each key from writing it to the last byte of its frame, in milliseconds."""
    times: dict[str, list[float]] = {"down": [], "pagedown": [], "end": [], "home": []}
    with Terminal(command, columns=COLUMNS, rows=LINES, environment=environment) as terminal:
        terminal.wait(r"articles, ", 90)
        terminal.settle(1.5, 60)
        for key in ["down"] * 40 + ["pagedown"] * 30 + ["end", "home"] * 8:
            terminal.keys(key)
            times[key].append(terminal.frame_seconds() * 1000)
            terminal.settle(0.12)  # the article beside the list follows; it is not the key's frame
    return times


def _keys(few: Mapping[str, list[float]], many: Mapping[str, list[float]], size: str) -> list[Row]:
    rows = []
    for key in many:
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            values = percentile(few[key], share), percentile(many[key], share)
            rows.append(
                Row(
                    f"key to paint {name}, {key}, {size}",
                    f"{FEWEST:,} records",
                    *values,
                    "ms",
                    "<= 1.2×, <= 16 ms",
                    False,
                )
            )
    return rows  # fmt: skip


def _newsboat(bench: Bench, ours: Sequence[tuple[float, float, float]], downs: Sequence[float], size: str) -> list[Row]:
    feeds = bench.feeds(max(1, bench.records // 100), 100)
    home = bench.scratch(f"newsboat-{bench.records}")
    urls = [f"file://{file}" for file in sorted(feeds.iterdir())]
    (home / "urls").write_text("\n".join(['"query:Everything:unread = \\"yes\\""', *urls]) + "\n")
    (home / "config").write_text(
        "refresh-on-startup no\nprepopulate-query-feeds yes\nmax-items 0\ngoto-first-unread no\n"
    )
    base = ["newsboat", "-q", "-u", str(home / "urls"), "-C", str(home / "config"), "-c", str(home / "cache.db")]
    if not (home / "cache.db").exists():  # minutes at 100,000 articles; kept with the data
        subprocess.run([*base, "-x", "reload"], check=True)
    times, memory, keys = [], [], []
    for _ in range(2):
        with Terminal(base, columns=COLUMNS, rows=LINES, environment={"HOME": str(home)}) as terminal:
            terminal.wait("Everything", 120)
            terminal.settle(0.3)
            terminal.keys("enter")
            times.append(terminal.wait(r"Articles in|Query Feed", 120))
            terminal.settle(0.5, 30)
            memory.append(_memory(terminal.pid, "VmHWM"))
            for _ in range(30):
                terminal.keys("down")
                keys.append(terminal.frame_seconds() * 1000)
    live = statistics.median(one[1] for one in ours)
    return [
        Row(f"app live, {size}", "newsboat", statistics.median(times) * 1000, live * 1000, "ms", ">= 20x faster (100k)"),
        Row(f"memory with the list open, {size}", "newsboat (peak)", statistics.median(memory), _mb(ours), "MB", ">= 4x less (100k)"),
        *(Row(f"key to paint {name}, down, {size}", "newsboat", percentile(keys, share), percentile(downs, share), "ms", "")
          for name, share in (("p50", 0.5), ("p95", 0.95))),
    ]  # fmt: skip
