"""Promise 1 without a reboot: the power fails at every moment of a program that marks, and of a backup."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.home import REPOSITORY

MARKING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from newstui.store.marks import MarksStore
store = MarksStore(Path(sys.argv[1]), lambda: datetime(2026, 1, 2, tzinfo=UTC))
for number in range(1, 41):
    change = store.change("starred", "starred", [number], lambda now: 1)
    print("ack", change.number, flush=True)
"""
"""Marks one article after the other; ``ack N`` says that change N is saved."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace records what is written, and is not installed"),
]


def cut(shared: Path, tmp_path: Path, rounds: int, seed: int) -> str:
    script = tmp_path / "marking.py"
    script.write_text(MARKING, "utf-8")
    store = tmp_path / "data" / "marks.db"
    done = subprocess.run(
        [
            sys.executable, str(shared / "hostile" / "power_cut.py"), str(store), "--sql", "SELECT max(number) FROM history",
            "--rounds", str(rounds), "--seed", str(seed), "--", sys.executable, str(script), str(store.parent),
        ],
        capture_output=True, text=True, env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"}, timeout=900,
    )  # fmt: skip
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_acknowledged_mark_is_lost_in_a_power_cut(shared: Path, tmp_path: Path):
    assert "0 damaged, 0 lost" in cut(shared, tmp_path, 60, seed=1)


@pytest.mark.full
def test_no_acknowledged_mark_is_lost_in_1500_power_cuts(shared: Path, tmp_path: Path):
    assert "0 damaged, 0 lost" in cut(shared, tmp_path, 1_500, seed=2)
