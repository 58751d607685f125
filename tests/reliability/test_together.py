"""Promise 4: several programs mark at once; nothing is lost and nobody hears of a lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths
from tests.command_line import write_record

WORKING = """
import random, sys, time
from pathlib import Path
from newstui.library import Library, LibraryPaths
own, folder, number, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
library = Library.open(LibraryPaths(own / "data", own / "cache"), locations=[folder])
rows = list(library.find("").rows())
choice, worst, changes = random.Random(number), 0.0, 0
for turn in range(count):
    start = time.perf_counter()
    changes += library.mark([choice.choice(rows)], "tag", f"p{number}n{turn}").count
    worst = max(worst, time.perf_counter() - start)
print(changes, worst)
"""


def run_together(tmp_path: Path, processes: int, marks_each: int, articles: int) -> None:
    folder, own = tmp_path / "news", tmp_path / "own"
    for number in range(articles):
        write_record(folder, f"Report number {number}")
    paths = LibraryPaths(own / "data", own / "cache")
    library = Library.open(paths, locations=[str(folder)])
    list(library.refresh())
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKING, str(own), str(folder), str(number), str(marks_each)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(processes)
    ]  # fmt: skip
    list(library.refresh(force=True))
    waits = []
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert "locked" not in err
        changes, worst = out.split()
        assert int(changes) == marks_each
        waits.append(float(worst))
    print(f"\n{processes} x {marks_each} marks: worst wait {max(waits):.2f} s")
    assert max(waits) < 30  # 2 on a machine with nothing else to do
    tags = [tag for mark in library.marks() for tag in mark.tags]
    assert sorted(tags) == sorted(f"p{number}n{turn}" for number in range(processes) for turn in range(marks_each))
    assert sum(change.count for change in library.history(limit=10**9)) == processes * marks_each
    library.close()


def test_three_programs_and_a_refresh_lose_no_mark(tmp_path: Path):
    run_together(tmp_path, processes=3, marks_each=40, articles=10)


@pytest.mark.full
def test_four_programs_with_2500_marks_each_lose_no_mark(tmp_path: Path):
    run_together(tmp_path, processes=4, marks_each=2_500, articles=100)
