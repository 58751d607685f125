"""Marks: on disk before they show, undone in any session, never lost to another program or a damaged file."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import StoreError
from newstui.model import Change, Mark
from newstui.store import backups, marks_schema
from newstui.store.catalog import NOTED, READ, STARRED, TAGGED
from newstui.store.mark_rows import read_marks
from newstui.store.marks import MarksStore
from tests.builders import NOW

URLS = {number: f"https://daily.example/{number}" for number in range(1, 21)}


def clock() -> datetime:
    return NOW


def to(value: Any) -> Callable[[Any], Any]:
    return lambda before: value


def read(store: MarksStore, *keys: int) -> Change:
    return store.change("read", "read", keys, to(1), lambda fresh: {key: URLS[key] for key in fresh})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MarksStore]:
    opened = MarksStore(tmp_path, clock)
    yield opened
    opened.close()


def reopened(store: MarksStore) -> MarksStore:
    store.close()
    return MarksStore(store.path.parent, clock)


# --- marking -------------------------------------------------------------------------------------------------


def test_a_mark_is_there_in_the_next_session(store: MarksStore):
    assert read(store, 1, 2).count == 2
    again = reopened(store)
    assert again.marks([1, 2, 3]) == {
        1: Mark(1, "https://daily.example/1", read=True),
        2: Mark(2, "https://daily.example/2", read=True),
    }
    again.close()


def test_marking_twice_is_marking_once(store: MarksStore):
    read(store, 1)
    second = read(store, 1, 2)
    assert second.count == 1
    assert [change.count for change in store.history(10)] == [1, 1]
    assert read(store, 1, 2).count == 0
    assert len(store.history(10)) == 2


def test_a_dry_run_counts_and_changes_nothing(store: MarksStore):
    read(store, 1)
    change = store.change("read", "read", list(URLS), to(1), dry_run=True)
    assert change.count == len(URLS) - 1
    assert list(store.bits_by_key()) == [1]
    assert len(store.history(10)) == 1


def test_each_kind_of_mark_has_its_bit(store: MarksStore):
    read(store, 1)
    store.change("starred", "starred", [1, 2], to(1))
    store.change("tags", "tag x", [3], to("x"))
    store.change("note", "note", [3], to("Read again"))
    assert store.bits_by_key() == {1: READ | STARRED, 2: STARRED, 3: TAGGED | NOTED}


def test_files_are_for_their_owner_alone(store: MarksStore):
    read(store, 1)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    for backup in backups.listed(store.path):
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(backups.folder_of(store.path).stat().st_mode) == 0o700


def test_the_journal_is_the_kind_that_survives_a_power_cut(store: MarksStore):
    connection = store.connection()
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("truncate",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (3,)
    assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)


# --- undo and redo -------------------------------------------------------------------------------------------


def test_undo_gives_back_exactly_what_was_before_in_a_later_session(store: MarksStore):
    read(store, 1)
    store.change("tags", "tag a", [1, 2], lambda before: f"{before}\na".strip())
    before = list(store.iterate())
    store.change("tags", "tag b", [1, 2, 3], lambda before: f"{before}\nb".strip())
    again = reopened(store)
    undone = again.undo()
    assert undone is not None and undone.label == "tag b" and undone.undone
    assert [mark for mark in again.iterate() if mark.read or mark.tags] == before
    again.close()


def test_redo_makes_the_undone_change_again(store: MarksStore):
    read(store, 1, 2)
    store.undo()
    assert store.bits_by_key() == {}
    redone = store.redo()
    assert redone is not None and not redone.undone
    assert store.bits_by_key() == {1: READ, 2: READ}
    assert store.redo() is None


def test_a_new_change_closes_the_road_back_to_what_was_undone(store: MarksStore):
    read(store, 1)
    store.undo()
    read(store, 2)
    assert store.redo() is None
    assert store.undo() is not None
    assert store.undo() is None


def test_redo_never_returns_to_a_road_that_was_left(store: MarksStore):
    read(store, 1)
    read(store, 2)
    store.undo()
    read(store, 3)
    store.undo()
    store.redo()
    assert store.bits_by_key() == {1: READ, 3: READ}
    assert store.redo() is None


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["read", "starred"]), st.sets(st.integers(1, 6), min_size=1), st.integers(0, 1)),
            st.sampled_from(["undo", "redo"]),
        ),
        max_size=25,
    )
)
@settings(max_examples=20, derandomize=True, deadline=None)
def test_undo_and_redo_walk_through_the_states_there_were(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]):
    store = MarksStore(tmp_path_factory.mktemp("marks"), clock)
    state: dict[int, int] = {}
    past: list[dict[int, int]] = []
    future: list[dict[int, int]] = []
    for step in steps:
        if step == "undo":
            assert (store.undo() is not None) == bool(past)
            if past:
                future.append(state)
                state = past.pop()
        elif step == "redo":
            assert (store.redo() is not None) == bool(future)
            if future:
                past.append(state)
                state = future.pop()
        else:
            field, keys, value = step
            bit = READ if field == "read" else STARRED
            after = dict(state)
            for key in keys:
                after[key] = state.get(key, 0) | bit if value else state.get(key, 0) & ~bit
            after = {key: bits for key, bits in after.items() if bits}
            change = store.change(field, field, sorted(keys), to(value))
            if change.count:
                past.append(state)
                future.clear()
            state = after
        assert {key: bits for key, bits in store.bits_by_key().items() if bits} == state
    store.close()


# --- several programs ----------------------------------------------------------------------------------------

MARKING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from newstui.store.marks import MarksStore
store = MarksStore(Path(sys.argv[1]), lambda: datetime.now(UTC))
for number in range(40):
    store.change("tags", "tag", [1, 2], lambda before: before + sys.argv[2])
print(len(store.history(1000)))
"""


def test_programs_that_mark_at_once_lose_nothing(store: MarksStore):
    running = [
        subprocess.Popen([sys.executable, "-c", MARKING, str(store.path.parent), letter], stdout=subprocess.PIPE)
        for letter in "abc"
    ]
    for process in running:
        process.communicate(timeout=120)
        assert process.returncode == 0
    tags = store.marks([1])[1].tags[0]
    assert sorted(tags) == ["a"] * 40 + ["b"] * 40 + ["c"] * 40
    assert len(store.history(1000)) == 120


def test_what_another_program_marked_is_noticed(store: MarksStore):
    other = MarksStore(store.path.parent, clock)
    assert store.has_changed()
    read(store, 2)
    store.undo()
    assert not store.has_changed()
    read(other, 1)
    assert store.has_changed()
    assert not store.has_changed()
    assert store.bits_by_key() == {1: READ}
    other.close()


# --- damage --------------------------------------------------------------------------------------------------


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 2, len(data), 97):
        data[place] ^= 0x5A
    path.write_bytes(data)


@pytest.mark.parametrize("content", [b"", b"\0" * 8192, b"This is not a database.\n" * 400])
def test_a_file_that_is_no_store_is_kept_aside_and_the_newest_backup_used(store: MarksStore, content: bytes):
    read(store, 1, 2)
    store.close()
    store.path.write_bytes(content)
    again = MarksStore(store.path.parent, clock)
    assert again.bits_by_key() == {1: READ, 2: READ}
    assert again.notice is not None and "backup" in again.notice.reason
    assert Path(again.notice.path).read_bytes() == content
    again.close()


def test_a_damaged_store_is_kept_aside_and_the_newest_backup_used(store: MarksStore):
    store.change("note", "note", range(500), to("A long note. " * 20))
    store.close()
    damage(store.path)
    damaged = store.path.read_bytes()
    again = MarksStore(store.path.parent, clock)
    assert len(again.bits_by_key()) == 500
    assert again.notice is not None
    assert Path(again.notice.path).read_bytes() == damaged
    again.close()


def test_without_a_backup_the_marks_that_can_be_read_are_kept(store: MarksStore):
    store.change("note", "note", range(2000), to("A long note. " * 20))
    store.close()
    for backup in backups.listed(store.path):
        backup.unlink()
    data = bytearray(store.path.read_bytes())
    middle = len(data) // 8192 * 4096
    data[middle : middle + 4096] = b"\0" * 4096
    store.path.write_bytes(data)
    again = MarksStore(store.path.parent, clock)
    assert 100 < len(again.bits_by_key()) < 2000
    assert again.notice is not None and "could be read" in again.notice.reason
    again.close()


def test_a_store_of_a_later_version_is_not_touched(store: MarksStore):
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version=999")
    connection.close()
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="later version"):
        MarksStore(store.path.parent, clock)
    assert store.path.read_bytes() == before
    assert sorted(os.listdir(store.path.parent)) == ["marks.db", "marks.lock"]


def test_a_store_of_another_program_is_not_touched(tmp_path: Path):
    path = tmp_path / "marks.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photo(id INTEGER)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        MarksStore(tmp_path, clock)
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_said(tmp_path: Path):
    (tmp_path / "marks.db").mkdir()
    with pytest.raises(StoreError, match="folder"):
        MarksStore(tmp_path, clock)


def test_while_another_program_holds_it_locked_the_newest_backup_is_shown_and_marks_come_later(
    store: MarksStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("newstui.store.marks_file.OPENING_TIMEOUT_MILLISECONDS", 20)
    monkeypatch.setattr("newstui.store.marks_file.BUSY_TIMEOUT_MILLISECONDS", 20)
    read(store, 1)
    store.close()
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    again = MarksStore(store.path.parent, clock)
    assert again.bits_by_key() == {1: READ}
    assert again.notice is not None and "locked" in again.notice.reason
    assert not again.has_changed()
    with pytest.raises(StoreError):
        read(again, 2)
    holder.execute("ROLLBACK")
    holder.close()
    assert read(again, 2).count == 1
    assert again.notice is None
    again.close()


def test_a_store_that_was_locked_is_read_again_by_itself(store: MarksStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newstui.store.marks_file.AGAIN_SECONDS", 0)
    read(store, 1)
    read(store, 2)  # the backup was made before
    store.close()
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    again = MarksStore(store.path.parent, clock)
    assert again.bits_by_key() == {1: READ}
    holder.close()
    assert again.has_changed()
    assert again.notice is None
    assert again.bits_by_key() == {1: READ, 2: READ}
    again.close()


def test_only_the_first_read_waits_for_a_store_that_becomes_locked(store: MarksStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newstui.store.marks_file.AGAIN_SECONDS", 60)
    read(store, 1)
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    waited: list[str] = []
    connection = store.connection()
    connection.set_trace_callback(lambda sql: waited.append(sql) if "busy_timeout" in sql else None)
    with pytest.raises(StoreError):
        store.marks([1])
    waited.clear()
    with pytest.raises(StoreError):
        store.marks([1])
    assert waited[0] == "PRAGMA busy_timeout=0"
    holder.close()
    assert set(store.marks([1])) == {1}


def test_a_store_that_is_deleted_while_open_is_written_again_with_the_next_mark(store: MarksStore):
    read(store, 1)
    for path in [*backups.listed(store.path), backups.folder_of(store.path), *store.path.parent.glob("*")]:
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
    store.path.parent.rmdir()
    assert read(store, 2).count == 1
    assert {mark.key for mark in read_marks(store.path)} == {1, 2}


# --- backups -------------------------------------------------------------------------------------------------


def test_a_backup_is_made_each_day_and_seven_are_kept(tmp_path: Path):
    for day in range(10):
        store = MarksStore(tmp_path, lambda day=day: NOW + timedelta(days=day))
        read(store, day + 1)
        read(store, day + 2)
        store.close()
    names = [path.name for path in backups.listed(tmp_path / "marks.db")]
    assert names == [f"marks-2020-09-{day:02}.db" for day in range(6, 0, -1)] + ["marks-2020-08-31.db"]


def test_restoring_brings_back_the_marks_of_a_backup_and_keeps_a_copy_of_the_present(store: MarksStore):
    read(store, 1)
    (backup,) = store.backups()
    read(store, 2)
    kept = store.restore(backup.path)
    assert store.bits_by_key() == {1: READ}
    assert {mark.key for mark in read_marks(kept)} == {1, 2}
    assert [change.count for change in store.history(10)] == [1]


def test_a_backup_that_cannot_be_read_is_not_restored(store: MarksStore):
    read(store, 1)
    (backup,) = store.backups()
    backup.path.write_bytes(b"nothing")
    with pytest.raises(StoreError):
        store.restore(backup.path)
    assert store.bits_by_key() == {1: READ}


def test_a_backup_that_fails_does_not_cost_the_mark(store: MarksStore):
    backups.folder_of(store.path).write_text("a file where the folder should be")
    assert read(store, 1).count == 1


# --- versions ------------------------------------------------------------------------------------------------


def test_a_store_of_the_first_version_is_brought_up_to_date_with_all_its_marks(tmp_path: Path):
    path = tmp_path / "marks.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    marks_schema.STEPS[0](connection)
    connection.execute("INSERT INTO mark(key, url, read, tags) VALUES(7, 'https://daily.example/7', 1, 'space')")
    connection.execute(f"PRAGMA application_id={marks_schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version=1")
    connection.execute("COMMIT")
    connection.close()
    store = MarksStore(tmp_path, clock)
    assert store.marks([7]) == {7: Mark(7, "https://daily.example/7", read=True, tags=("space",))}
    assert store.connection().execute("PRAGMA user_version").fetchone() == (marks_schema.VERSION,)
    assert store.connection().execute("SELECT count(*) FROM follow").fetchone() == (0,)
    assert [path.name for path in backups.listed(path)] == ["marks-2020-08-28-before-migration.db"]
    store.close()


# --- joining -------------------------------------------------------------------------------------------------


def test_marks_from_elsewhere_are_added_and_take_nothing_away(store: MarksStore):
    read(store, 1)
    store.change("note", "note", [1], to("mine"))
    count = store.merge([Mark(1, "", starred=True, note="theirs", tags=("b",)), Mark(2, "u", read=True), Mark(3, "")])
    assert count == 2
    assert store.marks([1, 2, 3]) == {
        1: Mark(1, URLS[1], read=True, starred=True, tags=("b",), note="mine\ntheirs"),
        2: Mark(2, "u", read=True),
    }
    assert store.merge(list(store.iterate())) == 0


def test_marks_go_along_when_an_address_changes_unless_the_new_one_has_its_own(store: MarksStore):
    read(store, 1, 2)
    store.change("starred", "starred", [12], to(1))
    assert store.carry([(1, 11, "https://new.example/1"), (2, 12, ""), (9, 19, "")]) == 1
    assert store.marks([11])[11] == Mark(11, "https://new.example/1", read=True)
    assert store.bits_by_key()[12] == STARRED
