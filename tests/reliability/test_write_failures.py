"""Promise 1 on a disk that fails: each write, sync and rename fails once, and nothing is lost that was there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newstui.config import edit
from newstui.errors import ConfigError, NewstuiError, StoreError
from newstui.library import Library, LibraryPaths
from newstui.library.events import CollectionFailed
from newstui.model import Subscription
from newstui.store import marks_schema
from newstui.store.mark_rows import read_marks
from newstui.store.marks import MarksStore
from tests.reliability.doors import ERRORS, Doors, patched_doors
from tests.reliability.home import write_news

NUMBERS = tuple(ERRORS)
ARTICLES = 6


@pytest.fixture
def doors() -> Iterator[Doors]:
    with patched_doors() as patched:
        yield patched


@pytest.fixture
def pristine(tmp_path: Path) -> Path:
    """A reader's folders with a collection that was read, and one mark; copied for each failure."""
    own = tmp_path / "pristine"
    library = open_library(own, write_news(tmp_path / "news", ARTICLES))
    list(library.refresh())
    library.mark(list(library.find("").rows())[:1], "starred")
    library.close()
    return own


def open_library(own: Path, folder: Path) -> Library:
    return Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)])


def failures(count: int) -> list[tuple[int, int, bool]]:
    """Return which door fails with which error, and whether for good: each door once, the errors in turn."""
    return [(place, NUMBERS[place % len(NUMBERS)], place % 3 == 2) for place in range(count)]


def all_failures(count: int) -> list[tuple[int, int, bool]]:
    """Return the failures of every door with every error."""
    return [(place, number, good) for place in range(count) for number in NUMBERS for good in (False, True)]


Choose = Callable[[int], list[tuple[int, int, bool]]]
Arm = Callable[[], None]
"""Lets the door whose turn it is fail from now on; called in an attempt when all is prepared."""


@dataclass(frozen=True)
class Trials:
    """Attempts at one and the same thing, in each of which another door fails."""

    doors: Doors
    folder: Path

    def run(self, attempt: Callable[[Path, Arm], None], choose: Choose, *, start: Path | None, least: int) -> None:
        """Attempt once to count the doors, then with failures, each in folders of its own.

        Args:
            attempt: does it in a folder and disarms the doors before it looks what became of it.
            start: what to copy into that folder before; None for an empty one.
            least: how many doors there are at least.
        """
        self._attempt(attempt, "first", start, None, 0, for_good=False)
        count = self.doors.counted
        assert count >= least, self.doors.names
        for place, number, for_good in choose(count):
            self._attempt(attempt, f"{place}-{number}-{for_good}", start, place, number, for_good=for_good)

    def _attempt(
        self, attempt: Callable[[Path, Arm], None], name: str, start: Path | None, failing: int | None, number: int,
        *, for_good: bool,
    ) -> None:  # fmt: skip
        own = self.folder / "attempts" / name
        if start is None:
            own.mkdir(parents=True)
        else:
            shutil.copytree(start, own)
        attempt(own, lambda: self.doors.arm(failing, number, for_good=for_good))


@pytest.fixture
def trials(doors: Doors, tmp_path: Path) -> Trials:
    return Trials(doors, tmp_path)


def starred(own: Path) -> int:
    return sum(mark.starred for mark in read_marks(own / "data" / "marks.db"))


def check_marking(trials: Trials, pristine: Path, tmp_path: Path, choose: Choose) -> None:
    def attempt(own: Path, arm: Arm) -> None:
        shutil.rmtree(own / "data" / "backups", ignore_errors=True)  # so that the mark is followed by a backup
        library = open_library(own, tmp_path / "news")
        rows = list(library.find("").rows())
        arm()
        try:
            library.mark(rows, "starred")
        except StoreError:
            assert library.pending() == 1
            assert starred(own) == 1
        else:
            assert starred(own) == ARTICLES
        assert len(library.headlines(rows)) == ARTICLES
        trials.doors.disarm()
        library.poll()
        assert library.pending() == 0
        assert starred(own) == ARTICLES
        library.close()

    trials.run(attempt, choose, start=pristine, least=8)


def check_refreshing(trials: Trials, pristine: Path, tmp_path: Path, choose: Choose) -> None:
    def attempt(own: Path, arm: Arm) -> None:
        library = open_library(own, tmp_path / "more")
        arm()
        with suppress(NewstuiError):
            list(library.refresh())
        trials.doors.disarm()
        with suppress(NewstuiError):
            library.find("")  # the first question after a failure may hear of it, but not of anything else
        assert not [event for event in library.refresh() if isinstance(event, CollectionFailed)]
        assert len(library.find("")) == ARTICLES + 3
        assert starred(own) == 1
        library.close()

    write_news(tmp_path / "more", ARTICLES + 3)
    trials.run(attempt, choose, start=pristine, least=4)


def old_store(folder: Path) -> None:
    """Write a store of the first version with one mark."""
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "marks.db", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        marks_schema.STEPS[0](connection)
        connection.execute("INSERT INTO mark(key, url, starred) VALUES(7, 'https://daily.example/7', 1)")
        connection.execute(f"PRAGMA application_id={marks_schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version=1")
        connection.execute("COMMIT")


def check_migrating(trials: Trials, tmp_path: Path, choose: Choose) -> None:
    def attempt(own: Path, arm: Arm) -> None:
        arm()
        with suppress(StoreError):
            MarksStore(own, lambda: datetime(2026, 1, 2, tzinfo=UTC)).close()
        trials.doors.disarm()
        with closing(MarksStore(own, lambda: datetime(2026, 1, 2, tzinfo=UTC))) as store:
            assert [mark.key for mark in store.iterate() if mark.starred] == [7]
            assert store.connection().execute("PRAGMA user_version").fetchone() == (marks_schema.VERSION,)
            assert not list(own.glob("*.damaged-*"))
        assert not [path for path in own.rglob("*") if path.name.endswith(".new")]

    old_store(tmp_path / "old")
    trials.run(attempt, choose, start=tmp_path / "old", least=5)


def check_restoring(trials: Trials, pristine: Path, tmp_path: Path, choose: Choose) -> None:
    def attempt(own: Path, arm: Arm) -> None:
        library = open_library(own, tmp_path / "news")
        library.mark(list(library.find("").rows()), "read")
        (backup,) = library.backups()
        before = sorted(map(repr, library.marks()))
        arm()
        done = False
        with suppress(StoreError):
            library.restore_backup(backup)
            done = True
        trials.doors.disarm()
        kept = sorted(map(repr, read_marks(own / "data" / "marks.db")))
        assert kept == (sorted(map(repr, read_marks(backup.path))) if done else before)
        library.close()

    trials.run(attempt, choose, start=pristine, least=5)


def check_configuring(trials: Trials, tmp_path: Path, choose: Choose) -> None:
    def attempt(folder: Path, arm: Arm) -> None:
        file = folder / "config.toml"
        file.write_text("# mine\n", "utf-8")
        arm()
        try:
            edit.add_collections(file, [Subscription("News", "/news")])
        except ConfigError:
            assert file.read_text("utf-8") == "# mine\n"
        else:
            assert '"/news"' in file.read_text("utf-8")
        assert [path.name for path in folder.iterdir()] == ["config.toml"]
        trials.doors.disarm()

    trials.run(attempt, choose, start=None, least=3)


def test_a_mark_that_cannot_be_written_waits_and_is_saved_later(trials: Trials, pristine: Path, tmp_path: Path):
    check_marking(trials, pristine, tmp_path, failures)


def test_a_refresh_that_cannot_write_costs_nothing_but_time(trials: Trials, pristine: Path, tmp_path: Path):
    check_refreshing(trials, pristine, tmp_path, failures)


def test_a_migration_that_cannot_write_leaves_the_old_store(trials: Trials, tmp_path: Path):
    check_migrating(trials, tmp_path, failures)


def test_restoring_a_backup_is_done_whole_or_not_at_all(trials: Trials, pristine: Path, tmp_path: Path):
    check_restoring(trials, pristine, tmp_path, failures)


def test_a_configuration_that_cannot_be_written_is_the_one_from_before(trials: Trials, tmp_path: Path):
    check_configuring(trials, tmp_path, failures)


@pytest.mark.full
@pytest.mark.parametrize("of", ["mark", "refresh", "migration", "restore", "configuration"])
def test_every_write_fails_with_every_error(trials: Trials, pristine: Path, tmp_path: Path, of: str):
    {
        "mark": lambda: check_marking(trials, pristine, tmp_path, all_failures),
        "refresh": lambda: check_refreshing(trials, pristine, tmp_path, all_failures),
        "migration": lambda: check_migrating(trials, tmp_path, all_failures),
        "restore": lambda: check_restoring(trials, pristine, tmp_path, all_failures),
        "configuration": lambda: check_configuring(trials, tmp_path, all_failures),
    }[of]()


# --- a disk that is really full ------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where this machine lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", str(place)]
    if mount is None or os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_on_a_full_disk_everything_is_readable_and_marks_are_saved_once_there_is_room(tmp_path: Path, small_disk: Path):
    folder = write_news(tmp_path / "news", 40)
    library = Library.open(LibraryPaths(small_disk / "data", tmp_path / "cache"), locations=[str(folder)])
    list(library.refresh())
    rows = list(library.find("").rows())
    library.mark(rows[:1], "starred")
    filler = small_disk / "filler"
    with suppress(OSError), open(filler, "wb") as file:
        while True:
            file.write(b"\0" * 1024)
            file.flush()
    saved = 0
    with suppress(StoreError):
        for row in rows[1:]:
            library.mark([row], "note", "a long note " * 500)
            saved += 1
    assert saved < len(rows) - 1
    assert library.pending() == 1
    assert len(library.headlines(rows)) == 40
    assert starred(small_disk) == 1
    filler.unlink()
    library.poll()
    assert library.pending() == 0
    assert sum(bool(mark.note) for mark in library.marks()) == saved + 1
    library.close()
