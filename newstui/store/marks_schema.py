"""The tables of the marks store, version by version. Marks are precious: a step changes tables, never drops a mark.

To change the tables, add a function to `STEPS`; a store of an older version walks through all steps it lacks,
in one transaction, after a backup. A store of a later version is left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x6E_74_6D_6B
"""``ntmk``: newstui marks."""


def _first(connection: sqlite3.Connection) -> None:
    """Version 1: marks and their history."""
    connection.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID")
    connection.execute(
        "CREATE TABLE mark("
        " key INTEGER PRIMARY KEY, url TEXT NOT NULL, read INTEGER NOT NULL DEFAULT 0,"
        " starred INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',"
        " device INTEGER NOT NULL DEFAULT 0, counter INTEGER NOT NULL DEFAULT 0)"
    )
    connection.execute(
        "CREATE TABLE history("
        " number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, device INTEGER NOT NULL, label TEXT NOT NULL,"
        " count INTEGER NOT NULL, undone INTEGER NOT NULL DEFAULT 0, field TEXT NOT NULL, keys BLOB NOT NULL,"
        " before TEXT NOT NULL, after TEXT NOT NULL)"
    )
    connection.execute("INSERT INTO meta VALUES('device', abs(random()) >> 1)")


def _follow(connection: sqlite3.Connection) -> None:
    """Version 2: stories the reader follows."""
    connection.execute(
        "CREATE TABLE follow("
        " story INTEGER PRIMARY KEY, since INTEGER NOT NULL, seen INTEGER NOT NULL DEFAULT 0,"
        " quiet_until INTEGER NOT NULL DEFAULT 0)"
    )


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _follow)
"""``STEPS[n]`` leads from version n to n + 1."""
VERSION = len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the current version, in the caller's transaction."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in STEPS[version:]:
        step(connection)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
