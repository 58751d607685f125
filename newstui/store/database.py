"""Opening SQLite files the same careful way everywhere: one connection a thread, errors translated, closed safely.

What is kept in them is left to `cache.py` and `marks.py`, their health to `cache_file.py` and `marks_file.py`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from newstui.errors import StoreError

BUSY_TIMEOUT_SECONDS = 5.0
"""How long to wait for another program that is writing. Four processes marking at once waited at most 1 s."""
CLOSING_SECONDS = 5.0
"""How long closing waits for a statement of another thread."""
_CLOSING_PAUSE_SECONDS = 0.01
"""How long closing waits for one connection before it looks at the next."""

_ROWS_AT_ONCE = 256
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "SQLITE_ERROR", "SQLITE_FORMAT")
"""Names of errors that speak of the content of a file; a missing table is SQLITE_ERROR."""

Translate = Callable[[sqlite3.DatabaseError], Exception]
"""Turns an error of SQLite into the one to raise in its place."""


class GuardedCursor(sqlite3.Cursor):
    """A cursor whose errors are translated, and during whose calls the connection stays open."""

    def execute(self, *arguments: Any) -> GuardedCursor:
        with self._guard():
            super().execute(*arguments)
        return self

    def executemany(self, *arguments: Any) -> GuardedCursor:
        with self._guard():
            super().executemany(*arguments)
        return self

    def fetchone(self) -> Any:
        with self._guard():
            return super().fetchone()

    def fetchmany(self, *arguments: Any) -> list[Any]:
        with self._guard():
            return super().fetchmany(*arguments)

    def fetchall(self) -> list[Any]:
        with self._guard():
            return super().fetchall()

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        """Yield the rows; fetched many at once, since guarding each costs five times as much as the row."""
        while rows := self.fetchmany(_ROWS_AT_ONCE):
            yield from rows

    def __next__(self) -> Any:
        with self._guard():
            return super().__next__()

    def _guard(self) -> _Guard:
        connection = self.connection
        assert isinstance(connection, GuardedConnection)
        return connection.guard


class _Guard:
    """Held while SQLite works: closing waits for it. Turns errors into those of the connection."""

    __slots__ = ("is_closing", "lock", "translate")

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.translate: Translate | None = None
        """None leaves errors as they are."""
        self.is_closing = False
        """Nothing more may begin."""

    def __enter__(self) -> None:
        self.lock.acquire()
        if self.is_closing:
            self.lock.release()
            raise self._refusal()  # not from a local name: that circle would keep a statement of the caller open

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.lock.release()
        if self.translate is not None and isinstance(error, sqlite3.DatabaseError):
            raise self.translate(error) from error

    def _refusal(self) -> Exception:
        error = sqlite3.ProgrammingError("the database was closed")
        return error if self.translate is None else self.translate(error)


class GuardedConnection(sqlite3.Connection):
    """A connection that one thread uses and another may close.

    sqlite3 itself crashes when a connection is closed in the middle of a statement (Python 3.11: it asks the
    connection for its last row after the statement, without looking whether there is one still).
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.guard = _Guard()
        self.is_closed = False
        super().__init__(*arguments, **options)

    def cursor(self, *unused: Any) -> GuardedCursor:  # type: ignore[override]
        return super().cursor(GuardedCursor)

    def execute(self, *arguments: Any) -> GuardedCursor:
        with self.guard:
            return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> GuardedCursor:
        with self.guard:
            return self.cursor().executemany(*arguments)

    def close(self) -> None:
        """Close, after the statement that is running."""
        with self.guard.lock:
            super().close()
            self.is_closed = True

    def try_to_close(self, *, interrupt: bool) -> bool:
        """Close unless another thread is in the middle of a statement; say whether it is closed.

        Args:
            interrupt: let a statement that is running fail.
        """
        if not self.guard.lock.acquire(timeout=_CLOSING_PAUSE_SECONDS):
            if interrupt:  # only what is running: an interrupted connection keeps its WAL file when it is closed
                with suppress(sqlite3.ProgrammingError):
                    self.interrupt()
            return False
        try:
            self.close()
        finally:
            self.guard.lock.release()
        return True


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
        self._opened: list[tuple[threading.Thread | None, GuardedConnection]] = []
        """Each with the thread it belongs to; None for one that its user closes."""
        self._lock = threading.Lock()
        self._closed = False

    def connection(self) -> GuardedConnection:
        """Return this thread's connection, opening it at the first call."""
        connection: GuardedConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open(threading.current_thread())
        return connection

    def open_another(self) -> GuardedConnection:
        """Return a connection of its own; it is closed by who asked for it, else with the others."""
        return self._open(None)

    def _open(self, owner: threading.Thread | None) -> GuardedConnection:
        self._check_open()
        connection = connect(self.path, read_only=self._read_only)
        try:
            self._prepare(connection)
            connection.guard.translate = self._translate
            with self._lock:
                self._check_open()
                self._let_go()
                self._opened.append((owner, connection))
        except BaseException:
            connection.close()
            raise
        return connection

    def _let_go(self) -> None:
        """Close the connections of threads that have ended, and forget what is closed."""
        for owner, connection in self._opened:
            if owner is not None and not owner.is_alive():
                connection.close()
        self._opened = [(owner, connection) for owner, connection in self._opened if not connection.is_closed]

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed", path=str(self.path))

    def close(self, *, interrupt: bool = False) -> bool:
        """Close the connections of all threads, between two statements; what they ask then is refused.

        Returns whether all are closed: one that is in the middle of a statement for long is left to its thread.

        Args:
            interrupt: let statements that are running fail.
        """
        with self._lock:
            self._closed = True
            opened = [connection for _, connection in self._opened]
        self._local = threading.local()
        for connection in opened:
            connection.guard.is_closing = True
        deadline = time.monotonic() + CLOSING_SECONDS
        while opened and time.monotonic() < deadline:  # in turn: one may be waiting for what another has locked
            opened = [connection for connection in opened if not connection.try_to_close(interrupt=interrupt)]
        with self._lock:
            self._opened = [(None, connection) for connection in opened]
        return not opened


class Watch:
    """Tells whether a file was changed by another connection since the last look. Safe in several threads.

    It looks through a connection of its own: SQLite's count of changes means something on one connection only.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: GuardedConnection | None = None
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


def connect(path: Path, *, read_only: bool = False) -> GuardedConnection:
    """Open a file in autocommit mode (transactions are written out). Raises sqlite3.Error."""
    mode = "ro" if read_only else "rwc"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=GuardedConnection,
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run a block inside ``BEGIN IMMEDIATE``; all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.ProgrammingError, StoreError):  # it was closed meanwhile, which rolls back
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


def is_damage(error: Exception) -> bool:
    """Tell a file whose content cannot be used from a full disk, a lock or a missing permission."""
    if isinstance(error, UnicodeError):
        return True
    name = getattr(error, "sqlite_errorname", None)
    if name is None:  # Python's own errors; of a text that is no text it has none but this
        is_text = "decode to UTF-8" in str(error)
        return isinstance(error, sqlite3.DatabaseError) and (is_text or not isinstance(error, sqlite3.OperationalError))
    return str(name).startswith(_DAMAGE)


def is_busy(error: Exception) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


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
