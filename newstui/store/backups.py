"""Daily copies of the marks, and putting files aside: a store that cannot be read is renamed, never replaced."""

from __future__ import annotations

import os
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from newstui.model import Mark
from newstui.records import dataclass
from newstui.store.mark_rows import read_marks

KEPT = 7
"""Daily backups kept; the newest survive."""
OTHERS_KEPT = 5
"""Copies kept that were made before a migration or a restore."""
_DAILY = re.compile(r"marks-\d{4}-\d\d-\d\d\.db")
FOLDER = "backups"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of the marks."""

    name: str
    """File name; tells the day, and why it was made when not by the calendar."""
    at: datetime
    """UTC; when it was written."""
    size_bytes: int
    path: Path


def describe(path: Path) -> Backup:
    """Return what is told of a backup. Raises OSError."""
    status = path.stat()
    return Backup(path.name, datetime.fromtimestamp(status.st_mtime, UTC), status.st_size, path)


def folder_of(store: Path) -> Path:
    """Return where the backups of a store lie."""
    return store.parent / FOLDER


def listed(store: Path) -> list[Path]:
    """Return the backups there are, newest first (by name: the clock may have been set back)."""
    return sorted(folder_of(store).glob("marks-*.db"), key=lambda path: (path.name[:16], path.name), reverse=True)


def make(connection: sqlite3.Connection, store: Path, at: datetime, *, label: str = "") -> Path:
    """Write a copy of the store, whole or not at all, and return where. Raises OSError, sqlite3.Error."""
    folder = folder_of(store)
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"marks-{at:%Y-%m-%d}{'-' + label if label else ''}.db"
    write_copy(connection, target)
    return target


def write_copy(connection: sqlite3.Connection, target: Path) -> None:
    """Write everything a connection sees to a file, whole or not at all. Raises OSError, sqlite3.Error."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection.execute("VACUUM INTO ?", (str(temporary),))
        sync(temporary)
        os.replace(temporary, target)
        sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def make_daily(connection: sqlite3.Connection, store: Path, at: datetime) -> Path | None:
    """Write today's backup unless there is one, and drop those beyond the newest seven."""
    if (folder_of(store) / f"marks-{at:%Y-%m-%d}.db").exists():
        return None
    made = make(connection, store, at)
    daily = [path for path in listed(store) if _DAILY.fullmatch(path.name)]
    for old in daily[KEPT:]:
        old.unlink(missing_ok=True)
    others = [path for path in listed(store) if not _DAILY.fullmatch(path.name)]
    for old in others[OTHERS_KEPT:]:
        old.unlink(missing_ok=True)
    return made


def publish(temporary: Path, target: Path) -> None:
    """Give a finished file its name, unless another program was faster."""
    sync(temporary)
    try:
        os.link(temporary, target)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not os.path.lexists(target):
            os.rename(temporary, target)
    sync(target.parent)


def set_aside(store: Path, at: datetime) -> Path:
    """Rename a damaged store and its journal, so that nothing of it is lost; return the new name."""
    aside = store.with_name(f"{store.name}.damaged-{at:%Y%m%d-%H%M%S}")
    number = 1
    while os.path.lexists(aside):
        number += 1
        aside = store.with_name(f"{store.name}.damaged-{at:%Y%m%d-%H%M%S}-{number}")
    for ending in ("-journal", "-wal", "-shm"):
        companion = store.with_name(store.name + ending)
        if companion.exists():
            os.rename(companion, aside.with_name(aside.name + ending))
    os.rename(store, aside)
    sync(store.parent)
    return aside


def restore_newest(store: Path) -> Path | None:
    """Copy the newest backup that can be read to the place of the store; return which it was."""
    for backup in listed(store):
        if _can_be_read(backup):
            put_in_place(backup, store)
            return backup
    return None


def put_in_place(backup: Path, store: Path) -> None:
    """Copy a backup to where the store belongs; there must be nothing there. Raises OSError."""
    temporary = store.with_name(f".{store.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(backup.read_bytes())
    try:
        publish(temporary, store)
    finally:
        temporary.unlink(missing_ok=True)


def read_newest(store: Path) -> dict[int, Mark]:
    """Return the marks of the newest backup that can be read; nothing when there is none."""
    for backup in listed(store):
        try:
            return {mark.key: mark for mark in read_marks(backup)}
        except (sqlite3.Error, UnicodeError):
            continue
    return {}


def _can_be_read(backup: Path) -> bool:
    try:
        read_marks(backup)
    except (sqlite3.Error, UnicodeError):
        return False
    return True


def sync(path: Path) -> None:
    """Make what was written, or renamed in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
