"""The file of a coverage index, beside the article cache it belongs to: opening it, and beginning anew.

What is in it is `coverage.py`.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from newstui.errors import StoreError
from newstui.store.cache import ArticleCache
from newstui.store.database import Database, make_private_file, transaction

log = logging.getLogger(__name__)

APPLICATION_ID = 0x6E_74_63_6F
"""``ntco``: a newstui coverage index."""
VERSION = 4
"""Rises with every change to the tables, to the terms of an article or to what counts as the same event."""

_DDL = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE document(
    number INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL UNIQUE, digest INTEGER NOT NULL, seconds INTEGER,
    collection INTEGER NOT NULL, provider INTEGER NOT NULL, state INTEGER NOT NULL, story INTEGER NOT NULL DEFAULT 0,
    coverage INTEGER NOT NULL DEFAULT 0, terms BLOB NOT NULL, given BLOB NOT NULL, near BLOB, found BLOB
);
CREATE INDEX document_by_time ON document(seconds);
CREATE INDEX document_by_story ON document(story) WHERE story<>0;
CREATE INDEX document_to_do ON document(state, seconds) WHERE state<3;
CREATE TABLE frequency(collection INTEGER PRIMARY KEY, total INTEGER NOT NULL, counts BLOB NOT NULL);
"""

_IS_OF_ANOTHER_CACHE = """
SELECT 1 WHERE EXISTS(SELECT 1 FROM document WHERE state=3) AND NOT EXISTS(SELECT 1 FROM cache.story)
"""
"""Numbers of collections and providers mean something else in a cache that was built again."""


class CoverageFile:
    """One open index; one that cannot be used is replaced by an empty one."""

    def __init__(self, cache: ArticleCache) -> None:
        """Open the index, or make an empty one where there is none that can be used. Raises StoreError."""
        self._cache = cache
        self.changes = 0
        """How often this object has changed something."""
        self.path = cache.path.with_name(f"{cache.path.stem}.coverage.db")
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            log.warning("the coverage index cannot be used and is built again: %s", error)
            self._start_again()

    def _open(self) -> Database:
        if not self.path.exists():
            make_private_file(self.path)
        database = Database(self.path, self._prepare)
        try:
            connection = database.connection()
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                with transaction(connection):
                    for statement in _DDL.split(";\n"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version={VERSION}")
            found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if found != [APPLICATION_ID, VERSION]:
                raise sqlite3.DatabaseError("written by another version")
            if connection.execute(_IS_OF_ANOTHER_CACHE).fetchone() is not None:
                raise sqlite3.DatabaseError("the article cache was built again")
        except BaseException:
            database.close()
            raise
        return database

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA auto_vacuum=none")
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute("PRAGMA synchronous=normal")
        connection.execute("PRAGMA secure_delete=off")
        connection.execute("PRAGMA trusted_schema=off")
        connection.execute("ATTACH ? AS cache", (f"{self._cache.path.absolute().as_uri()}?mode=ro",))

    def _start_again(self) -> None:
        """Replace the file by an empty one."""
        try:
            for ending in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            self._database = self._open()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"the coverage index cannot be written: {error}", path=str(self.path)) from error

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def _errors(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection; what SQLite says becomes a StoreError."""
        try:
            yield self._database.connection()
        except sqlite3.Error as error:
            raise StoreError(f"the coverage index cannot be used: {error}", path=str(self.path)) from error

    @contextmanager
    def change(self) -> Iterator[None]:
        """Run a block in one transaction: all of it is kept, or nothing."""
        with self._errors() as connection, transaction(connection):
            yield
            connection.execute("INSERT INTO meta VALUES('generation', 1) ON CONFLICT(name) DO UPDATE SET value=value+1")
            self.changes += 1

    def generation(self) -> int:
        """Return a number that rises with every change, by this or another program."""
        return self._fact("generation")

    def _fact(self, name: str) -> int:
        """Return a number kept under a name; 0 when there is none."""
        with self._errors() as connection:
            found = connection.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return int(found[0]) if found else 0
