"""The file of the marks: opened when it is our turn, put aside when damaged, never overwritten unread.

When a change returns, it is on disk: rollback journal with ``synchronous=EXTRA``, which lost nothing in 1,500
simulated power cuts where ``WAL`` with ``NORMAL`` lost the last mark in two thirds (docs/reliability.md).
What is read from it and changed in it is `marks.py`.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TypeVar, cast

from newstui.errors import StoreError
from newstui.model import Mark
from newstui.store import backups, marks_schema
from newstui.store.database import (
    CLOSING_SECONDS,
    Database,
    Watch,
    connect,
    is_busy,
    is_damage,
    make_private_folder,
    transaction,
)
from newstui.store.mark_rows import merge, salvage_marks, verify
from newstui.store.turns import Turns
from newstui.text import clean_line

FILE_NAME = "marks.db"
LOCK_NAME = "marks.lock"
OPENING_SECONDS = 1.0
"""How long opening waits for its turn, before it goes on with the newest backup."""
OPENING_TIMEOUT_MILLISECONDS = 400
"""The same for a program that takes no turns and holds the store locked."""
AGAIN_SECONDS = 2.0
"""How often a store that was locked is tried again; meanwhile nobody waits for it."""
BUSY_TIMEOUT_MILLISECONDS = 5_000
READING_SECONDS = 3.0
"""How long a read waits for its turn."""
READING_TIMEOUT_MILLISECONDS = 500
"""How long a read tries its luck among programs that write before it asks for a turn."""

Found = TypeVar("Found")


class MarksFile:
    """The store of the marks, as far as it can be opened. Several programs may use it at once."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """Open the store. Raises StoreError when it belongs to another program or a later version."""
        self.path = folder / FILE_NAME
        self.notice: StoreError | None = None
        """What a reader should be told: moved aside, read-only, locked. None when all is well."""
        self.read_only = False
        self._clock = clock
        self._database: Database | None = None
        self._watch: Watch | None = None
        self._stand_in: Mapping[int, Mark] = {}
        """Marks of the newest backup, shown while the store is locked by another program."""
        self._locked_until = 0.0
        """Until when nobody waits for a store that was found locked, as `time.monotonic` counts."""
        self._file: tuple[int, int] | None = None
        """Device and inode of the file that is open."""
        self._opening = RLock()
        self._turns = Turns(folder / LOCK_NAME)
        self._open()

    # -- opening ------------------------------------------------------------------------------
    def _open(self) -> None:
        try:
            make_private_folder(self.path.parent)
            if not os.path.lexists(self.path):
                with self._turns.turn(OPENING_SECONDS):
                    if not os.path.lexists(self.path):
                        self._create()
        except (StoreError, OSError, sqlite3.Error) as error:
            self._go_without(error)
            return
        if self.path.is_dir():
            raise StoreError(
                "a folder is in the place of the marks", path=str(self.path), hint="move it away; nothing was changed"
            )
        with self._turns.turn(OPENING_SECONDS) as is_ours:
            try:
                self._check_and_attach()
            except (sqlite3.Error, UnicodeError, OSError) as error:  # damage can get into the text of SQLite's errors
                if is_busy(error) or not is_ours:  # what another is at work on may only look damaged
                    self._stand_by()
                else:
                    self._survive(error)

    def _check_and_attach(self) -> None:
        """Open the file if it is ours, whole and not newer; bring it up to date. Raises sqlite3.Error."""
        status = self.path.stat()
        if status.st_size == 0:
            raise sqlite3.DatabaseError("the file is empty")
        writable = os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        database = Database(self.path, prepare, read_only=not writable)
        try:
            connection = database.connection()
            connection.execute(f"PRAGMA busy_timeout={OPENING_TIMEOUT_MILLISECONDS}")
            version = self._version_of(connection)
            verify(connection)
            if version < marks_schema.VERSION and writable:
                self._migrate(connection)
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
        except BaseException:
            database.close()
            raise
        self._database = database
        self._watch = Watch(database)
        self._file = status.st_dev, status.st_ino
        self.read_only = not writable
        self.notice = None
        if not writable:
            self.notice = StoreError("the marks can only be read, not changed", path=str(self.path))

    def _version_of(self, connection: sqlite3.Connection) -> int:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if application != marks_schema.APPLICATION_ID:
            raise StoreError(
                "the marks file belongs to another program",
                path=str(self.path),
                hint="move it away, or set NEWSTUI_DATA_DIR to another folder",
            )
        if version > marks_schema.VERSION:
            raise StoreError(
                f"the marks were written by a later version of newstui (format {version}, this one knows "
                f"{marks_schema.VERSION})",
                path=str(self.path),
                hint="install the later version; nothing was changed",
            )
        return version

    def _migrate(self, connection: sqlite3.Connection) -> None:
        backups.make(connection, self.path, self._clock(), label="before-migration")
        with transaction(connection):
            marks_schema.migrate(connection)

    def _create(self) -> None:
        """Make an empty store. Who comes meanwhile has no turn, and does not take it for one that lost everything."""
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            connection = connect(self.path)
            try:
                prepare(connection)
                with transaction(connection):
                    marks_schema.migrate(connection)
            finally:
                connection.close()
            backups.sync(self.path.parent)
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise

    def _stand_by(self) -> None:
        """Show the marks of the newest backup while another program has the store locked."""
        self._stand_in = self._stand_in or backups.read_newest(self.path)
        self._locked_until = time.monotonic() + AGAIN_SECONDS
        self.notice = StoreError(
            "another program holds the marks locked", path=str(self.path),
            hint="those of the newest backup are shown; what you mark is saved once the lock is gone",
        )  # fmt: skip

    def _survive(self, error: Exception) -> None:
        """Go on when the file could not be opened: put a damaged one aside, and read what can be read of it."""
        if not is_damage(error):
            raise StoreError(f"the marks cannot be opened: {clean_line(str(error))}", path=str(self.path)) from error
        why = clean_line(str(error), 100)
        try:
            aside = backups.set_aside(self.path, self._clock())
            restored = backups.restore_newest(self.path)
            saved = salvage_marks(aside)
            if restored is None:
                self._create()
            self._check_and_attach()
            if saved:  # also beside a backup: it lacks what was marked since
                with transaction(self.connection()) as connection:
                    merge(connection, saved)
        except (OSError, sqlite3.Error) as second:
            raise StoreError(
                f"the marks are damaged ({why}) and cannot be replaced: {second}", path=str(self.path)
            ) from second
        self.notice = StoreError(
            f"the marks were damaged ({why}); the damaged file is kept as {aside.name}, "
            + (f"the backup {restored.name} is used instead" if restored else "there was no backup")
            + f"; {len(saved):,} marks could be read from it",
            path=str(aside),
        )

    def _go_without(self, error: Exception) -> None:
        """Work without a file, so that everything can still be read."""
        self._database = None
        self.read_only = True
        reason = error.reason if isinstance(error, StoreError) else str(error)
        self.notice = StoreError(f"marks cannot be saved: {reason}", path=str(self.path))

    def files(self) -> list[Path]:
        """Return the store and its journal."""
        return [self.path, self.path.with_name(f"{FILE_NAME}-journal")]

    def close(self) -> None:
        """Let go of the file, after the change another thread is writing."""
        if self._database is not None:
            with self._turns.pause(CLOSING_SECONDS):
                self._database.close()

    def reopen(self) -> None:
        """Try again to open a store that was locked or read-only, or that is not where it was. Raises StoreError."""
        with self._opening:
            if self._database is not None and not self.read_only:
                if self._is_in_place():
                    return
                self._put_back()
            self.close()
            self._database, self.read_only = None, False
            self._open()

    def _is_in_place(self) -> bool:
        """Say whether the file that is open is still the one with the name of the store."""
        try:
            status = os.stat(self.path)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._file

    def _put_back(self) -> None:
        """Write the marks to their place again when their file was deleted while it was open."""
        if os.path.lexists(self.path):
            return
        with self._translating():
            make_private_folder(self.path.parent)
            backups.write_copy(self.connection(), self.path)

    def _ready_connection(self) -> sqlite3.Connection:
        """Return a connection that can write to the store in its place. Raises StoreError."""
        if self._database is None or self.read_only or not self._is_in_place():
            self.reopen()
        if self.read_only or self._database is None:
            raise cast("StoreError", self.notice)
        return self.connection()

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection. Raises StoreError when there is none to be had."""
        if self._database is None:
            assert self.notice is not None
            raise self.notice
        return self._database.connection()

    def has_changed(self) -> bool:
        """Say whether another program changed the marks since the last call; True at the first.

        A store that was locked is tried again; that it can be read now is a change.
        """
        if self._database is None and not self.read_only and time.monotonic() > self._locked_until:
            with suppress(StoreError):
                self.reopen()
            return self._database is not None
        if self._watch is None:
            return False
        try:
            return self._watch.look()
        except (StoreError, sqlite3.Error):
            return False

    # -- reading and writing ------------------------------------------------------------------
    def read(self, look: Callable[[sqlite3.Connection], Found]) -> Found:
        """Return what `look` finds. Raises StoreError.

        SQLite lets a reader in between two writers by chance only: four programs that marked without a pause kept
        one out for more than 5 s. So who finds no gap takes a turn. A store that is locked even then belongs to a
        program that takes none; who reads next does not wait for it.
        """
        with self._translating():
            connection = self.connection()
            is_patient = time.monotonic() > self._locked_until
            try:
                return self._look(connection, look, READING_TIMEOUT_MILLISECONDS if is_patient else 0)
            except sqlite3.OperationalError as error:
                if not is_busy(error) or not is_patient:
                    raise
            with self._turns.turn(READING_SECONDS):
                return self._look(connection, look, 2 * READING_TIMEOUT_MILLISECONDS)

    def _look(
        self, connection: sqlite3.Connection, look: Callable[[sqlite3.Connection], Found], milliseconds: int
    ) -> Found:
        try:
            connection.execute(f"PRAGMA busy_timeout={milliseconds}")
            found = look(connection)
        except sqlite3.OperationalError as error:
            if is_busy(error):
                self._locked_until = time.monotonic() + AGAIN_SECONDS
            raise
        finally:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
        self._locked_until = 0.0
        return found

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Run a block in a transaction when it is our turn; what it writes is no news to us. Raises StoreError."""
        with self._translating():
            connection = self._ready_connection()
            assert self._watch is not None
            with self._turns.turn(), self._watch.overlooking(), transaction(connection):
                yield connection

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """Turn SQLite's errors into ours at the door of this room."""
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeError) as error:
            reason = f"the marks could not be used: {clean_line(str(error))}"
            raise StoreError(reason, path=str(self.path)) from error


def prepare(connection: sqlite3.Connection) -> None:
    """Set the pragmas of a connection that writes marks."""
    connection.execute(f"PRAGMA busy_timeout={OPENING_TIMEOUT_MILLISECONDS}")
    connection.execute("PRAGMA trusted_schema=off")
    connection.execute("PRAGMA synchronous=extra")
    connection.execute("PRAGMA temp_store=memory")
    connection.execute("PRAGMA journal_mode=truncate")  # looks into the file
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
