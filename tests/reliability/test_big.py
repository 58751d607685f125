"""Bombs, storms, traps and huge files through the real program: what each may cost in time and memory, and no neighbour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import write_record
from tests.reliability.home import Home

SECONDS_EACH, EXTRA_BYTES = 1.0, 100_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One `newstui list`."""

    titles: Sequence[str]
    code: int
    seconds: float
    """Of the processor, its children's too: on a busy machine the clock on the wall measures others."""
    memory_bytes: int
    """The most of it and of each of its children."""


def listed(home: Home, location: Path) -> Run:
    home.folder.mkdir(parents=True)
    output = home.folder.parent / "output"
    with output.open("wb") as out, (home.folder.parent / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "newstui", "list", "--format", "ndjson", "--from", str(location)],
            stdout=out, stderr=errors, stdin=subprocess.DEVNULL, env=os.environ | home.environment(),
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert b"Traceback" not in (home.folder.parent / "errors").read_bytes()
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    return Run(
        [row["title"] for row in rows], process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
    )


def bounds(items: Any) -> tuple[int, int]:
    return (items[0], items[1]) if isinstance(items, list) else (items, items)


@pytest.mark.full
@pytest.mark.shared
def test_big_and_odd_inputs_cost_a_second_and_100_mb_at_most(shared: Path, tmp_path: Path):
    big = tmp_path / "big"
    subprocess.run(
        [sys.executable, "-W", "ignore", str(shared / "hostile" / "make_big.py"), str(big)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    before = set(tmp_path.rglob("*"))
    write_record(tmp_path / "one", "One")
    idle = min(
        (listed(Home(tmp_path / f"idle{turn}"), tmp_path / "one") for turn in range(3)), key=lambda run: run.seconds
    )
    misses, worst_seconds, worst_bytes = [], 0.0, 0
    for row in json.loads((big / "expected.json").read_text("utf-8")):
        group, _, name = row["file"].partition("/")
        if group not in ("archives", "records", "feeds", "pages") or name.startswith("good-") or name.endswith(".opml"):
            continue
        run = listed(Home(tmp_path / "own" / row["file"].replace("/", "-")), big / group / name)
        low, high = bounds(row["items"])
        extra, seconds = run.memory_bytes - idle.memory_bytes, run.seconds - idle.seconds
        if not low <= len(run.titles) <= high or run.code not in (0, 1, 3, 4):
            misses.append(f"{row['file']}: {len(run.titles)} articles, exit {run.code}")
        if seconds > SECONDS_EACH or extra > EXTRA_BYTES:
            misses.append(f"{row['file']}: {seconds:.1f} s and {extra / 1e6:.0f} MB more than an idle program")
        worst_seconds, worst_bytes = max(worst_seconds, seconds), max(worst_bytes, extra)
    print(
        f"\nidle {idle.seconds:.1f} s, {idle.memory_bytes / 1e6:.0f} MB; worst +{worst_seconds:.1f} s, +{worst_bytes / 1e6:.0f} MB"
    )
    for group in ("records", "folder"):
        run = listed(Home(tmp_path / "all" / group), big / group)
        for neighbour in ("A", "B", "C"):
            assert f"Good neighbour {neighbour}" in run.titles, group
    written = set(tmp_path.rglob("*")) - before
    assert not [path for path in written if path.name == "newstui-was-here" or big in path.parents]
    assert misses == [], "\n".join(misses)
