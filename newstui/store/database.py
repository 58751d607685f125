"""Opening SQLite files the same careful way everywhere: one connection a thread, errors translated.

What is kept in them is left to `cache.py` and `marks.py`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from newstui.errors import StoreError

BUSY_TIMEOUT_SECONDS = 5.0
"""How long to wait for another program that is writing. Four processes marking at once waited at most 1 s."""


Translate = Callable[[sqlite3.DatabaseError], Exception]
"""Turns an error of SQLite into the one to raise in its place."""


class GuardedCursor(sqlite3.Cursor):
    """A cursor whose errors are translated, also those that come up while rows are fetched."""

    def execute(self, *arguments: Any) -> GuardedCursor:
        try:
            super().execute(*arguments)
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error
        return self

    def executemany(self, *arguments: Any) -> GuardedCursor:
        try:
            super().executemany(*arguments)
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error
        return self

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def fetchmany(self, *arguments: Any) -> list[Any]:
        try:
            return super().fetchmany(*arguments)
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def _translated(self, error: sqlite3.DatabaseError) -> Exception:
        connection = self.connection
        assert isinstance(connection, GuardedConnection)
        return connection.translate(error)


class GuardedConnection(sqlite3.Connection):
    """A connection all of whose errors are translated by `translate`."""

    translate: Translate = staticmethod(lambda error: error)

    def cursor(self, *unused: Any) -> GuardedCursor:  # type: ignore[override]
        return super().cursor(GuardedCursor)

    def execute(self, *arguments: Any) -> GuardedCursor:
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> GuardedCursor:
        return self.cursor().executemany(*arguments)


class Database:
    """One SQLite file, with a connection for each thread that asks for one."""

    def __init__(
        self,
        path: Path,
        prepare: Callable[[sqlite3.Connection], None],
        *,
        read_only: bool = False,
        translate: Translate | None = None,
    ) -> None:
        self.path = path
        self._translate = translate
        """For the errors of its connections, once they are open; None leaves them as they are."""
        self._prepare = prepare
        """Sets the pragmas of a new connection."""
        self._read_only = read_only
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, opening it at the first call."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self.open_another()
        return connection

    def open_another(self) -> sqlite3.Connection:
        """Return a connection of its own; it is closed with the others."""
        if self._closed:
            raise StoreError("the store is closed", path=str(self.path))
        factory = sqlite3.Connection if self._translate is None else GuardedConnection
        connection = connect(self.path, read_only=self._read_only, factory=factory)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        if self._translate is not None:
            assert isinstance(connection, GuardedConnection)
            connection.translate = self._translate
        with self._lock:
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections of all threads."""
        self._closed = True
        with self._lock:
            opened, self._opened = self._opened, []
        for connection in opened:
            connection.close()
        self._local = threading.local()


class Watch:
    """Tells whether a file was changed by another connection since the last look. Safe in several threads.

    It looks through a connection of its own: SQLite's count of changes means something on one connection only.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._seen: int | None = None
        """Count at the last look; None before the first."""

    def look(self) -> bool:
        """Say whether something was written since the last look; at the first, True."""
        with self._lock:
            seen, self._seen = self._seen, self._count()
            return seen != self._seen

    @contextmanager
    def overlooking(self) -> Iterator[None]:
        """Run a block whose writes are not news. Nobody else may write meanwhile: the caller sees to that."""
        with self._lock:
            is_current = self._seen is not None and self._seen == self._count()
        yield
        if is_current:
            with self._lock:
                self._seen = self._count()

    def _count(self) -> int:
        if self._connection is None:
            self._connection = self._database.open_another()
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def connect(
    path: Path, *, read_only: bool = False, factory: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    """Open a file in autocommit mode (transactions are written out). Raises sqlite3.Error."""
    mode = "ro" if read_only else "rwc"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=factory,
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run a block inside ``BEGIN IMMEDIATE``; all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def make_private_folder(path: Path) -> None:
    """Create a folder only its owner may look into. Raises StoreError."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"cannot create the folder: {error.strerror or error}",
            path=str(path),
            hint="set NEWSTUI_DATA_DIR and NEWSTUI_CACHE_DIR to folders that can be written",
        ) from error


def make_private_file(path: Path) -> None:
    """Create an empty file with mode 0600 if there is none, so that SQLite does not make it readable to all."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
