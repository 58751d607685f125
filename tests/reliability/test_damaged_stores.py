"""Promise 3: a store that cannot be read is never overwritten; one that is another's is not touched; a lock is waited for."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newstui.errors import StoreError
from newstui.library import Library, LibraryPaths
from newstui.store.mark_rows import read_marks
from tests.reliability.home import write_news

ARTICLES = 60
NOT_OURS = {"from-the-future", "other-program", "is-a-folder"}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader who marked much for two days, with a backup of the second that lacks what came after its first mark."""
    folder, now = tmp_path_factory.mktemp("reader"), datetime.now(UTC)
    write_news(folder / "news", ARTICLES)
    for day, at in enumerate((now - timedelta(days=1), now)):
        with closing(open_library(folder / "own", folder / "news", at)) as library:
            list(library.refresh())
            rows = list(library.find("").rows())
            for row in rows[:: 1 - 2 * day][: ARTICLES - 5 * day]:
                library.mark([row], "note", f"Day {day}, a note of some length on article {row}, " * 20)
            library.mark(rows, "tag" if day else "starred", "second day" if day else "")
    return folder


def open_library(own: Path, folder: Path, at: datetime | None = None) -> Library:
    clock = (lambda: datetime.now(UTC)) if at is None else lambda: at
    return Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)], clock=clock)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def damage(shared: Path, store: Path, out: Path) -> list[str]:
    """Write damaged copies of a store and return the names of their folders."""
    subprocess.run(
        [sys.executable, str(shared / "hostile" / "damage_store.py"), str(store), str(out)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return [row["folder"] for row in json.loads((out / "expected.json").read_text())]


@pytest.fixture
def damaged_marks(shared: Path, pristine: Path, tmp_path: Path) -> Iterator[tuple[Path, list[str]]]:
    out = tmp_path / "damaged"
    yield out, damage(shared, pristine / "own" / "data" / "marks.db", out)
    os.chmod(out / "read-only", 0o755)


@pytest.mark.shared
def test_no_damaged_store_is_overwritten_and_marks_come_back_from_the_backup(
    pristine: Path, damaged_marks: tuple[Path, list[str]]
):
    out, kinds = damaged_marks
    assert len(kinds) >= 50
    readable, refused = 0, {}
    keys = {mark.key for mark in read_marks(pristine / "own" / "data" / "marks.db")}
    assert len(keys) == ARTICLES
    for kind in kinds:
        data = out / kind
        store = data / "marks.db"
        before = digest(store) if store.is_file() else ""
        if kind not in {*NOT_OURS, "read-only"}:
            shutil.copytree(pristine / "own" / "data" / "backups", data / "backups")
        started = time.process_time()
        try:
            library = Library.open(LibraryPaths(data, pristine / "own" / "cache"), locations=[str(pristine / "news")])
        except StoreError as error:
            refused[kind] = error.path
            assert not before or digest(store) == before, kind
            continue
        assert time.process_time() - started < 5, kind
        marks = list(library.marks())
        notices = library.notices()
        library.close()
        asides = [
            path for path in data.glob("marks.db.damaged-*") if not path.name.endswith(("-journal", "-wal", "-shm"))
        ]
        if asides:
            assert [digest(path) for path in asides] == [before], kind
            assert notices and asides[0].name in notices[0].reason, kind
        else:
            assert digest(store) == before, kind
        assert {mark.key for mark in marks if mark.starred} >= keys, kind  # of the day before, all
        readable += sum("second day" in mark.tags for mark in marks) > ARTICLES // 3
    assert refused == {kind: str(out / kind / "marks.db") for kind in NOT_OURS}
    assert readable > 20  # what was marked after the backup comes from the damaged file, as far as that can be read


@pytest.mark.shared
def test_a_damaged_cache_is_rebuilt_without_asking(shared: Path, pristine: Path, tmp_path: Path):
    (cache,) = (pristine / "own" / "cache" / "from").glob("*[0-9a-f].db")
    out = tmp_path / "damaged"
    kinds = damage(shared, cache, out)
    os.chmod(out / "read-only", 0o755)
    for kind in kinds:
        own = tmp_path / "own" / kind
        shutil.copytree(pristine / "own" / "data", own / "data")
        (own / "cache").mkdir()
        shutil.copytree(out / kind, own / "cache" / "from")
        with closing(open_library(own, pristine / "news")) as library:
            with suppress(StoreError):  # damage may show at a question only; it is said, and the next refresh mends it
                list(library.refresh())
                library.headlines(list(library.find("").rows()))
            with suppress(StoreError):
                list(library.refresh(force=True))  # bits that flipped inside a value show in no other way
                library.headlines(list(library.find("").rows()))
            list(library.refresh())
            titles = {headline.title for headline in library.headlines(list(library.find("is:starred").rows()))}
        if kind.startswith("random"):  # a letter that turned into another letter is found by nobody
            shutil.rmtree(own / "cache")
            with closing(open_library(own, pristine / "news")) as library:
                list(library.refresh())
                titles = {headline.title for headline in library.headlines(list(library.find("is:starred").rows()))}
        assert titles >= {f"Report number {number}" for number in range(ARTICLES)}, kind


def test_a_store_that_is_held_locked_is_read_from_the_backup_and_marked_later(pristine: Path, tmp_path: Path):
    own = tmp_path / "own"
    shutil.copytree(pristine / "own", own)
    holder = sqlite3.connect(own / "data" / "marks.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    started = time.perf_counter()
    library = open_library(own, pristine / "news")
    assert len(library.find("is:starred")) == ARTICLES
    seconds = time.perf_counter() - started
    print(f"\nlocked: first answer after {seconds:.2f} s")
    assert seconds < 30  # 2 on a machine with nothing else to do
    assert "locked" in library.notices()[0].reason
    rows = list(library.find("").rows())
    with pytest.raises(StoreError):
        library.mark(rows, "read")
    assert library.pending() == 1
    assert [headline.starred for headline in library.headlines(rows)] == [True] * ARTICLES
    holder.execute("ROLLBACK")
    holder.close()
    library.poll()
    assert library.pending() == 0
    assert sum(mark.read for mark in library.marks()) == ARTICLES
    assert sum(mark.starred for mark in library.marks()) == ARTICLES
    library.close()


def test_a_clock_that_was_set_back_a_year_loses_no_mark_and_no_backup(pristine: Path, tmp_path: Path):
    own = tmp_path / "own"
    shutil.copytree(pristine / "own", own)
    backups = {path.name: digest(path) for path in (own / "data" / "backups").iterdir()}
    past = datetime.now(UTC) - timedelta(days=365)
    with closing(open_library(own, pristine / "news", past)) as library:
        list(library.refresh())
        rows = list(library.find("").rows())
        assert library.mark(rows, "read").count == ARTICLES
        assert library.undo() is not None
        assert sum(mark.starred for mark in library.marks()) == ARTICLES
        assert not any(mark.read for mark in library.marks())
    assert backups.items() <= {path.name: digest(path) for path in (own / "data" / "backups").iterdir()}.items()
