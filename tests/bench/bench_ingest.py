"""Reading a collection for the first time, search index and all, against reading and parsing its YAML alone."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from newstui.library import Library, LibraryPaths
from newstui.library import refresh as refreshing
from newstui.library.events import CollectionProgress
from tests.bench.data import Bench
from tests.bench.report import Row, percentile


def run(bench: Bench) -> list[Row]:
    folder = bench.collection()
    first_rows: list[float] = []

    def one_process() -> None:
        _ingest(bench, folder, first_rows, workers=0)

    def several_processes() -> None:
        _ingest(bench, folder, first_rows, workers=None)

    _parse_all(folder)  # brings the files into the page cache
    wall = {"base": [], "one": [], "several": []}  # type: dict[str, list[float]]
    for _ in range(3):
        for name, function in (
            ("base", lambda: _parse_all(folder)),
            ("one", one_process),
            ("several", several_processes),
        ):
            wall[name].append(_seconds(function))
    base, one, several = (min(times) for times in wall.values())
    size = sum(file.stat().st_size for file in folder.rglob("*.*"))
    cache = sum(file.stat().st_size for file in (bench.scratch("ingest") / "cache").rglob("*.db"))
    loop = "CSafeLoader loop (read + parse only)"
    what = f"cold ingest with search of {bench.records:,} files"
    return [
        Row(f"{what}, one process", loop, base, one, "s", ">= 3x faster"),
        Row(f"{what}, workers on {_cores()} cores", loop, base, several, "s", ">= 4.5x faster"),
        Row(
            "first articles stored", "300 ms", 300, percentile(first_rows, 0.5) * 1000, "ms", "<= 300 ms", faster=False
        ),
        Row("cache on disk", "bytes of the records", size / 1e6, cache / 1e6, "MB", "<= 1.0x", faster=False),
    ]


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _parse_all(folder: Path) -> None:
    """Read every front matter with PyYAML's loader in C and keep nothing."""
    for file in folder.rglob("*.*"):
        if file.is_file() and file.suffix in (".md", ".txt"):
            text = file.read_bytes().decode()
            try:
                yaml.load(text[4 : text.index("\n---", 3)], Loader=yaml.CSafeLoader)
            except (yaml.YAMLError, ValueError):
                continue


def _ingest(bench: Bench, folder: Path, first_rows: list[float], *, workers: int | None) -> None:
    """Read the collection into an empty cache."""
    scratch = bench.scratch("ingest")
    shutil.rmtree(scratch)
    counted = refreshing.worker_count
    if workers is not None:
        refreshing.worker_count = lambda: workers  # type: ignore[attr-defined]
    try:
        library = Library.open(LibraryPaths(scratch / "data", scratch / "cache"), locations=[str(folder)])
        start = time.perf_counter()
        waiting = True
        for event in library.refresh():
            if waiting and isinstance(event, CollectionProgress):
                first_rows.append(time.perf_counter() - start)
                waiting = False
        library.close()
    finally:
        refreshing.worker_count = counted  # type: ignore[attr-defined]
