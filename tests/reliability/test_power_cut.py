"""Promise 1 without a reboot: the power fails at every moment of a program that marks, and of a backup."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from newstui.store.mark_rows import read_marks
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

MIGRATING = """
import sqlite3, sys
from datetime import UTC, datetime
from pathlib import Path
from newstui.store import marks_schema
from newstui.store.marks import MarksStore
from newstui.store.marks_file import prepare
folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
connection = sqlite3.connect(folder / "marks.db", isolation_level=None)
prepare(connection)
connection.execute("BEGIN")
marks_schema.STEPS[0](connection)
for number in range(1, 200):
    connection.execute("INSERT INTO mark(key, url, starred) VALUES(?, 'https://daily.example/', 1)", (number,))
connection.execute("INSERT INTO history VALUES(1, 0, 1, 'starred', 1, 0, 'starred', x'00', '0', '1')")
connection.execute(f"PRAGMA application_id={marks_schema.APPLICATION_ID}")
connection.execute("PRAGMA user_version=1")
connection.execute("COMMIT")
connection.close()
print("ack 1", flush=True)
store = MarksStore(folder, lambda: datetime(2026, 1, 2, tzinfo=UTC))
for number in range(1, 3):
    change = store.change("read", "read", [number], lambda now: 1)
    print("ack", change.number, flush=True)
"""
"""Makes a store of the first version, and opens it, which brings it up to date."""

BACKING_UP = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from newstui.store.marks import MarksStore
day = 0
store = MarksStore(Path(sys.argv[1]), lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day))
for day in range(1, 13):
    store.change("note", "note", range(day, day + 30), lambda now: f"a note of day {day}, " * 20)
    print("ack", day, flush=True)
"""
"""Marks something on every day, which is followed by a backup; ``ack N`` says that the backup of day N is made."""

Operation = tuple[str, str, Any]
"""Name of the call, name of the file, and what it takes."""
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += \d+")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HELD = re.compile(r"\d+<((?:\\x[0-9a-f]{2})*)>")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace records what is written, and is not installed"),
]


def cut(shared: Path, tmp_path: Path, rounds: int, seed: int, script_text: str = MARKING) -> str:
    script = tmp_path / "marking.py"
    script.write_text(script_text, "utf-8")
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


def test_a_store_that_is_brought_up_to_date_in_a_power_cut_keeps_every_mark(shared: Path, tmp_path: Path):
    assert "0 damaged, 0 lost" in cut(shared, tmp_path, 60, seed=1, script_text=MIGRATING)


@pytest.mark.full
def test_no_mark_is_lost_in_300_power_cuts_during_a_migration(shared: Path, tmp_path: Path):
    assert "0 damaged, 0 lost" in cut(shared, tmp_path, 300, seed=2, script_text=MIGRATING)


# --- backups -------------------------------------------------------------------------------------------------


@dataclass
class Content:
    """What was written to one file: what is safe, and what may be there or not after a power cut."""

    safe: bytearray = field(default_factory=bytearray)
    waiting: list[Operation] = field(default_factory=list)


def record(folder: Path, command: list[str], trace: Path) -> list[Operation]:
    """Run a program under strace; return what it did to the files of a folder, and what it acknowledged."""
    calls = "openat,pwrite64,write,fsync,fdatasync,unlink,unlinkat,ftruncate,rename,renameat,renameat2"
    subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "200000", "-e", f"trace={calls}", "-o", str(trace), *command],
        stdout=subprocess.DEVNULL, check=True, env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    log: list[Operation] = []
    for line in trace.read_text("latin-1").splitlines():
        match = _CALL.match(line)
        if not match:
            continue
        name, given = match[1], match[2]
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(given)]
        held = _HELD.match(given)
        target = Path(bytes.fromhex(held[1].replace("\\x", "")).decode()) if held else Path()
        paths = (
            [Path(text.decode("latin-1")) for text in texts] if name.startswith(("open", "unlink", "rename")) else []
        )
        if name == "write" and texts and texts[-1].startswith(b"ack "):
            log.append(("ack", "", int(texts[-1].split()[1])))
        elif name in ("fsync", "fdatasync") and target == folder:
            log.append(("sync-folder", "", 0))
        elif target.parent == folder and name in ("pwrite64", "ftruncate", "fsync", "fdatasync"):
            last = int(given.rsplit(",", 1)[1]) if "," in given else 0
            log.append((name, target.name, (last, texts[-1]) if name == "pwrite64" else last))
        elif paths and paths[-1].parent == folder and (name != "openat" or "O_CREAT" in given):
            log.append((name, paths[-1].name, paths[0].name))
    return log


def remains(log: list[Operation], chance: random.Random) -> tuple[dict[str, bytes], int]:
    """Return what may be in the folder when the power fails now, and the last acknowledgement."""
    names: dict[str, Content] = {}
    safe_names: dict[str, Content] = {}
    unsafe: list[tuple[str, Content | None]] = []
    acknowledged = 0
    for name, file, detail in log:
        if name == "ack":
            acknowledged = detail
        elif name == "sync-folder":
            safe_names, unsafe = dict(names), []
        elif name == "openat":
            if file not in names:
                names[file] = Content()
                unsafe.append((file, names[file]))
        elif name.startswith("unlink"):
            if names.pop(file, None) is not None:
                unsafe.append((file, None))
        elif name.startswith("rename"):
            names[file] = names.pop(detail)
            unsafe += [(file, names[file]), (detail, None)]
        elif name in ("fsync", "fdatasync"):
            content = names[file]
            for each in content.waiting:
                put(content.safe, each)
            content.waiting.clear()
        elif file in names:
            names[file].waiting.append((name, file, detail))
    for file, content in unsafe[: chance.randint(0, len(unsafe))]:
        if content is None:
            safe_names.pop(file, None)
        else:
            safe_names[file] = content
    left = {}
    for file, content in safe_names.items():
        data = bytearray(content.safe)
        for each in content.waiting:
            if chance.random() < 0.5:
                put(data, each)
        left[file] = bytes(data)
    return left, acknowledged


def put(data: bytearray, operation: Operation) -> None:
    """Carry out one write or truncation."""
    name, _, detail = operation
    if name == "ftruncate":
        del data[detail:]
        return
    start, new = detail
    data.extend(bytes(max(0, start + len(new) - len(data))))
    data[start : start + len(new)] = new


def check_backups(tmp_path: Path, rounds: int, seed: int) -> None:
    script, folder = tmp_path / "backing_up.py", tmp_path / "data" / "backups"
    script.write_text(BACKING_UP, "utf-8")
    log = record(folder, [sys.executable, str(script), str(folder.parent)], tmp_path / "trace")
    assert sum(name == "ack" for name, _, _ in log) == 12
    assert sum(name.startswith("rename") for name, _, _ in log) == 12
    chance = random.Random(seed)
    for turn in range(rounds):
        left, day = remains(log[: chance.randint(0, len(log))], chance)
        after = tmp_path / "after" / str(turn)
        after.mkdir(parents=True)
        days = [0]
        for name, data in left.items():
            if name.startswith("marks-"):
                (after / name).write_bytes(data)
                days.append(int(name[14:16]) - 1)
                assert len(read_marks(after / name)) == days[-1] + 29, (turn, name)
        assert max(days) >= day, turn


def test_a_backup_is_whole_or_not_there_after_a_power_cut(tmp_path: Path):
    check_backups(tmp_path, 60, seed=1)


@pytest.mark.full
def test_300_power_cuts_during_backups_leave_whole_ones(tmp_path: Path):
    check_backups(tmp_path, 300, seed=2)
