"""The stories a reader follows, kept with the marks: they are the reader's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from newstui.errors import StoreError
from newstui.store.database import transaction
from newstui.store.marks import MarksStore


class Follow(NamedTuple):
    """One story that is followed."""

    story: int
    """Key of the article that founded it."""
    since: int
    """Seconds since 1970-01-01 UTC, like the others."""
    seen: int
    """How many articles it had when it was last looked at."""
    quiet_until: int
    """When it is let go unless something new comes."""


class FollowStore:
    """Which stories are followed."""

    def __init__(self, marks: MarksStore) -> None:
        self._marks = marks
        self._known: frozenset[int] = frozenset()

    def stories(self) -> frozenset[int]:
        """Return all followed stories; while another program has the store locked, those known last."""
        with suppress(StoreError):
            self._known = frozenset(follow.story for follow in self.all())
        return self._known

    def all(self) -> list[Follow]:
        """Return all followed stories. Raises StoreError."""
        rows = self._marks.read(lambda db: db.execute("SELECT story, since, seen, quiet_until FROM follow").fetchall())
        return [Follow(*row) for row in rows]

    def put(self, follow: Follow) -> None:
        """Follow a story, or note what is new of it. Raises StoreError."""
        with self._errors() as connection, transaction(connection):
            connection.execute("INSERT OR REPLACE INTO follow VALUES(?,?,?,?)", follow)

    def remove(self, story: int) -> bool:
        """Follow a story no longer; say whether it was followed. Raises StoreError."""
        with self._errors() as connection, transaction(connection):
            return connection.execute("DELETE FROM follow WHERE story=?", (story,)).rowcount > 0

    @contextmanager
    def _errors(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._marks.connection()
        except sqlite3.Error as error:
            raise StoreError(f"the followed stories could not be used: {error}", path=str(self._marks.path)) from error
