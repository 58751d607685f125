"""Looking whether a big folder changed, against walking it and asking for every file's times.

What is timed is the whole of ``newstui refresh`` but for the start of Python, done in this process. In the reader a
folder of 50,000 articles or more is looked at by another process; nobody waits for its start, as the list is there
already.
"""

from __future__ import annotations

import os
import shutil

from newstui.library import Library, LibraryPaths
from tests.bench.data import Bench
from tests.bench.report import Row, interleaved


def run(bench: Bench) -> list[Row]:
    folder = bench.collection()
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (1_700_000_000, 1_700_000_000))
    scratch = bench.scratch("rescan")
    shutil.rmtree(scratch)
    library = Library.open(LibraryPaths(scratch / "data", scratch / "cache"), locations=[str(folder)])
    list(library.refresh())
    list(library.refresh())  # the first look after reading keeps the order in which the files are met

    def rescan() -> None:
        events = list(library.refresh())
        assert len(events) == 2, "something was read again"

    walk, ours = interleaved([lambda: _walk(str(folder)), rescan], rounds=7)
    library.close()
    return [
        Row(
            f"re-scan of {bench.records:,} unchanged files", "bare scandir + stat walk",
            walk * 1000, ours * 1000, "ms", "<= 1.25x", faster=False,
        )
    ]  # fmt: skip


def _walk(folder: str) -> int:
    """Stat every file below a folder and keep nothing."""
    total, folders = 0, [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders.append(entry.path)
                else:
                    total += entry.stat().st_size
    return total
