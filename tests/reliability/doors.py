"""Every door through which newstui writes, made to fail once: SQLite's statements, sync, rename, create."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ERRORS = {
    errno.ENOSPC: ("SQLITE_FULL", "database or disk is full"),
    errno.EIO: ("SQLITE_IOERR_WRITE", "disk I/O error"),
    errno.EROFS: ("SQLITE_READONLY", "attempt to write a readonly database"),
    errno.EACCES: ("SQLITE_CANTOPEN", "unable to open database file"),
}
"""Error numbers of the system, and what SQLite makes of them."""

_WRITES = ("BEGIN IMMEDIATE", "COMMIT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "VACUUM", "REPLACE")
_SYSTEM = ("fsync", "replace", "rename", "link", "mkdir")


class Doors:
    """Counts what passes, and lets one fail."""

    def __init__(self) -> None:
        self.passed = 0
        self.counted = 0
        """How many passed between the last `arm` and `disarm`."""
        self.names: list[str] = []
        """What passed since the last `arm`."""
        self._failing: int | None = None
        """Number of the door that fails; None lets all pass."""
        self._for_good = False
        self._number = errno.ENOSPC

    def arm(self, failing: int | None, number: int = errno.ENOSPC, *, for_good: bool = False) -> None:
        """Let the door of that number fail from now on, once or from then on for good."""
        self.passed, self.names, self._failing, self._number, self._for_good = 0, [], failing, number, for_good

    def disarm(self) -> None:
        """Let everything pass, and remember how many doors there were."""
        self.counted = self.passed
        self.arm(None)

    def _fails(self, name: str) -> bool:
        self.names.append(name)
        self.passed += 1
        if self._failing is None:
            return False
        place = self.passed - 1
        return place >= self._failing if self._for_good else place == self._failing

    def statement(self, sql: str) -> None:
        """Pass a statement; raises sqlite3.OperationalError when it is its turn to fail."""
        if sql.lstrip().upper().startswith(_WRITES) and self._fails(sql.split("(")[0][:40]):
            name, words = ERRORS[self._number]
            error = sqlite3.OperationalError(words)
            error.sqlite_errorname = name
            raise error

    def call(self, name: str, *arguments: Any) -> None:
        """Pass a call of the system; raises OSError when it is its turn to fail."""
        if self._fails(name):
            raise OSError(self._number, os.strerror(self._number), str(arguments[0]) if arguments else None)


def _failing_kind(kind: type[sqlite3.Connection], doors: Doors) -> type[sqlite3.Connection]:
    """Return a kind of connection whose writes pass the doors."""

    class Failing(kind):  # type: ignore[misc, valid-type]
        def _pass(self, sql: str) -> None:
            try:
                doors.statement(sql)
            except sqlite3.DatabaseError as error:
                translate = self.guard.translate
                raise (error if translate is None else translate(error)) from error

        def execute(self, sql: str, *arguments: Any) -> Any:
            self._pass(sql)
            return super().execute(sql, *arguments)

        def executemany(self, sql: str, *arguments: Any) -> Any:
            self._pass(sql)
            return super().executemany(sql, *arguments)

    return Failing


@contextmanager
def patched_doors() -> Iterator[Doors]:
    """Put our doors in the place of the system's."""
    doors = Doors()
    with pytest.MonkeyPatch.context() as patch:
        connect = sqlite3.connect

        def failing_connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
            options["factory"] = _failing_kind(options.get("factory", sqlite3.Connection), doors)
            return connect(*arguments, **options)

        patch.setattr(sqlite3, "connect", failing_connect)
        for name in _SYSTEM:
            patch.setattr(os, name, _guarded(name, getattr(os, name), doors))
        patch.setattr(tempfile, "mkstemp", _guarded("mkstemp", tempfile.mkstemp, doors))
        opened = os.open

        def failing_open(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
            if flags & os.O_CREAT and not str(path).endswith(".lock"):
                doors.call("create", path)
            return opened(path, flags, *arguments, **options)

        patch.setattr(os, "open", failing_open)
        yield doors


def _guarded(name: str, original: Callable[..., Any], doors: Doors) -> Callable[..., Any]:
    def guarded(*arguments: Any, **options: Any) -> Any:
        doors.call(name, *arguments)
        return original(*arguments, **options)

    return guarded
