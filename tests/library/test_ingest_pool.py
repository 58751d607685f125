"""Worker processes give the same as reading here, in the same order, and survive what kills or stalls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from newstui.library import ingest_pool
from newstui.library.ingest import Circumstances, ingest_file
from newstui.library.ingest_pool import IngestPool
from newstui.sources.base import Entry
from newstui.sources.folder import FolderSource
from tests.builders import NOW
from tests.cli.conftest import write_record

SABOTAGE = """
import os, sys, time
sys.path[:] = sys.argv[2].split('\\n')
from newstui.library import ingest_worker
honest = ingest_worker.ingest_file
def dishonest(path, handle, circumstances):
    if "kills" in path:
        os.abort()
    while "stalls" in path:
        time.sleep(0.05)
    return honest(path, handle, circumstances)
ingest_worker.ingest_file = dishonest
ingest_worker.main(int(sys.argv[1]))
"""


@pytest.fixture
def entries(tmp_path: Path) -> tuple[Entry, ...]:
    for number in range(60):
        write_record(tmp_path, f"Story {number}", date=f"2019-05-{number % 28 + 1:02}")
    (tmp_path / "bad.md").write_text("---\ntitle: [\n")
    return FolderSource(str(tmp_path)).list_entries({}).changed


def test_workers_give_the_same_as_reading_here_in_the_same_order(
    entries: tuple[Entry, ...], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ingest_pool, "FILES_A_TASK", 7)
    circumstances = Circumstances(NOW)
    with IngestPool(circumstances, 2) as pool:
        found = [result for results in pool.run(entries) for result in results]
    assert found == [ingest_file(entry.path, entry.file, circumstances) for entry in entries if entry.file]


def test_a_file_that_kills_or_stalls_its_reader_costs_itself(
    entries: tuple[Entry, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("kills", "stalls", "kills again"):
        write_record(tmp_path, name, date="2019-05-14")
    entries = FolderSource(str(tmp_path)).list_entries({}).changed
    monkeypatch.setattr(ingest_pool, "FILES_A_TASK", 16)
    monkeypatch.setattr(ingest_pool, "_START", SABOTAGE)
    with IngestPool(Circumstances(NOW), 2, seconds_a_file=1.0) as pool:
        found = [result for results in pool.run(entries) for result in results]
    assert [result.path for result in found] == [entry.path for entry in entries]
    refused = {result.path: result.problems[0].reason for result in found if not result.articles}
    assert refused.pop("bad.md")
    assert refused == {
        "2019-05-14-kills.md": "the reader crashed on this file",
        "2019-05-14-kills-again.md": "the reader crashed on this file",
        "2019-05-14-stalls.md": "reading it took more than 1 seconds",
    }


def test_leaving_a_pool_early_ends_its_workers(entries: tuple[Entry, ...]):
    with IngestPool(Circumstances(NOW), 2) as pool:
        processes = [worker.process for worker in pool._workers]
        next(pool.run(entries))
    assert all(process.returncode is not None for process in processes)
