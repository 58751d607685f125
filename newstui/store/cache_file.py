"""The file of an article cache, which can be deleted at any time: where it lies, opening it, and keeping it healthy.

One for the subscriptions, and one for each set of locations that was named instead. What is in it is `cache.py`.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from newstui.errors import StoreError
from newstui.store import cache_schema
from newstui.store.database import Database, Watch, is_damage, make_private_file, make_private_folder, transaction
from newstui.text import clean_line

FILE_NAME = "cache.db"
FOLDER = "from"
"""Caches of locations that are not subscribed."""
UNUSED_DAYS = 30
"""A cache of named locations is deleted when it was not used for so long."""
_WORDS_AT_ONCE = 4 << 20
"""Bytes of words that the search index gathers before it writes them; with 1 MB it merges more: 4 µs an article."""
MOVED_ASIDE_KEPT = 2
"""Damaged caches kept for a look; older ones are deleted."""


class CacheFile:
    """One open cache; damaged, it is put aside, and an empty one begun."""

    def __init__(self, path: Path) -> None:
        """Open the cache, making or rebuilding the file where needed. Raises StoreError."""
        self.path = path
        self.moved_aside: Path | None = None
        """Where a damaged cache was put; None when it was in order."""
        self.damaged = False
        """Reading or writing has shown that the file cannot be used; `set_aside` begins another."""
        make_private_folder(path.parent)
        try:
            self._database = self._open()
        except (sqlite3.DatabaseError, StoreError, UnicodeError) as error:
            if not (self.damaged or _is_damage(error) or path.is_dir()):
                if isinstance(error, StoreError):
                    raise
                raise StoreError(f"the article cache cannot be opened: {error}", path=str(path)) from error
            self.set_aside()

    def _open(self) -> Database:
        try:
            fresh = not self.path.exists() or self.path.stat().st_size == 0
            if fresh:
                make_private_file(self.path)
        except OSError as error:
            raise StoreError(f"cannot write the article cache: {error.strerror}", path=str(self.path)) from error
        database = Database(self.path, _prepare, translate=self._translate)
        try:
            connection = database.connection()
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            if (application, version) == (cache_schema.APPLICATION_ID, cache_schema.USER_VERSION):
                connection.execute("SELECT 1 FROM rec LIMIT 1").fetchone()
                self._watch = Watch(database)
                return database
            if not fresh and (application, version) not in ((0, 0), *cache_schema.UPGRADED):
                raise sqlite3.DatabaseError("written by another version")
            _create(connection)
            self._watch = Watch(database)
        except BaseException:
            database.close()
            raise
        return database

    def _translate(self, error: sqlite3.DatabaseError) -> Exception:
        """Return what to raise for an error of SQLite, and remember damage."""
        if isinstance(error, sqlite3.ProgrammingError):
            return StoreError("the article cache was closed", path=str(self.path))
        if _is_damage(error) and not isinstance(error, sqlite3.IntegrityError):
            self.damaged = True
            return StoreError("the article cache is damaged; it is built again", path=str(self.path))
        return StoreError(f"the article cache could not be used: {clean_line(str(error))}", path=str(self.path))

    @contextmanager
    def _taking_apart(self) -> Iterator[None]:
        """Run a block that takes stored values apart; where that goes wrong the file is damaged. Raises StoreError.

        SQLite has no checksums: flipped bits inside a value are found only by what makes sense of it.
        """
        try:
            yield
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
            self.damaged = True
            raise StoreError("the article cache is damaged; it is built again", path=str(self.path)) from error

    def set_aside(self) -> None:
        """Rename a cache that cannot be used and begin an empty one."""
        if hasattr(self, "_database") and not self._database.close(interrupt=True):
            raise StoreError("the article cache is damaged, and still in use", path=str(self.path))
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        target = self.path.with_name(f"{self.path.name}.damaged-{moment}")
        try:
            os.replace(self.path, target)
            for ending in ("-wal", "-shm"):
                companion = self.path.with_name(self.path.name + ending)
                companion.unlink(missing_ok=True)
            for old in sorted(self.path.parent.glob(f"{self.path.name}.damaged-*"))[:-MOVED_ASIDE_KEPT]:
                old.unlink()
            self._database = self._open()
            self.damaged = False
        except (OSError, sqlite3.Error) as error:
            reason = f"the article cache is damaged and cannot be replaced: {error}"
            raise StoreError(reason, path=str(self.path)) from error
        self.moved_aside = target

    def files(self) -> list[Path]:
        """Return the cache and its log."""
        return [self.path, self.path.with_name(f"{self.path.name}-wal")]

    def close(self) -> None:
        """Let go of the file; what other threads still ask is refused."""
        self._database.close(interrupt=True)

    def delete(self) -> None:
        """Remove the file of a closed cache."""
        discard(self.path)

    def reader(self) -> sqlite3.Connection:
        """Return this thread's connection for reading."""
        return self._database.connection()

    def open_writer(self) -> sqlite3.Connection:
        """Return a connection of its own for a long write."""
        connection = self._database.open_another()
        connection.execute("PRAGMA cache_size=-32768")
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        return connection

    @staticmethod
    def hurry(connection: sqlite3.Connection) -> None:
        """Stop waiting for the disk, while a collection is read for the first time: all of it can be read again."""
        connection.execute("PRAGMA synchronous=off")
        connection.execute("INSERT INTO search(search, rank) VALUES('hashsize', ?)", (_WORDS_AT_ONCE,))

    @staticmethod
    def settle(connection: sqlite3.Connection) -> None:
        """Wait for the disk again, and bring what was written in a hurry to it."""
        connection.execute("PRAGMA synchronous=normal")
        connection.execute("PRAGMA wal_checkpoint")

    def has_changed(self) -> bool:
        """Say whether anything was written since the last call, by whatever program or thread; True at the first."""
        return self._watch.look()


def cache_path(folder: Path, locations: Sequence[str]) -> Path:
    """Return the file for these locations; none means the subscriptions."""
    if not locations:
        return folder / FILE_NAME
    named = "\n".join(sorted(set(locations))).encode("utf-8", "surrogateescape")
    ending = f"-{os.getpid()}" if "-" in locations else ""
    return folder / FOLDER / f"{blake2b(named, digest_size=8).hexdigest()}{ending}.db"


def discard_unused(folder: Path, keep: Path) -> None:
    """Delete caches of named locations that were not used for a month, and note that `keep` is used now."""
    try:
        now = time.time()
        if keep.stat().st_mtime < now - 86_400:
            os.utime(keep)
        oldest = now - UNUSED_DAYS * 86_400
        for path in (folder / FOLDER).glob("*.db"):
            if path != keep and not path.name.endswith(".coverage.db") and path.stat().st_mtime < oldest:
                discard(path)
    except OSError:
        return


def discard(path: Path) -> None:
    """Delete a cache that is not open, with what lies beside it: its log and its index of coverage."""
    for beside in [*path.parent.glob(f"{path.stem}.coverage.db*"), *path.parent.glob(f"{path.name}*")]:
        beside.unlink(missing_ok=True)


def _prepare(connection: sqlite3.Connection) -> None:
    """Set the pragmas of a connection; the file's own (page size, auto vacuum) only work while it is empty."""
    connection.execute(f"PRAGMA page_size={cache_schema.PAGE_SIZE}")
    connection.execute("PRAGMA auto_vacuum=none")
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA synchronous=normal")
    connection.execute("PRAGMA secure_delete=off")
    connection.execute("PRAGMA trusted_schema=off")
    connection.execute("PRAGMA temp_store=memory")


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, or those that came later, unless another program has just done so."""
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            cache_schema.create(connection)
        elif version != cache_schema.USER_VERSION:
            cache_schema.upgrade(connection)


def _is_damage(error: Exception) -> bool:
    """Say whether to begin another cache: it can be read again, so where SQLite blames no file but its own, too."""
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return True
    return is_damage(error)
