"""What the reader did: read, starred, tags, notes. Precious, and apart from the articles.

The file they are in is `marks_file.py`, backups are `backups.py`, what can be undone `history.py`; lines of text in
and out are `exchange.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from newstui.errors import StoreError
from newstui.model import Change, Mark
from newstui.store import backups, history
from newstui.store.history import Field
from newstui.store.mark_rows import (
    BITS,
    MARK,
    as_mark,
    bits_of,
    copy_from,
    marks_of,
    merge,
    read_marks,
    rows_of,
    unpack_tags,
)
from newstui.store.marks_file import MarksFile
from newstui.text import clean_line


class MarksStore(MarksFile):
    """The marks of one reader on this machine."""

    _backed_up: date | None = None
    """Day of the newest backup this program made or found."""

    # -- reading ------------------------------------------------------------------------------
    def bits_by_key(self) -> dict[int, int]:
        """Return `READ | STARRED | TAGGED | NOTED` of every key that has any."""
        if self._database is None:
            return {mark.key: bits_of(mark) for mark in self._stand_in.values()}
        return self.read(lambda db: dict(db.execute(f"SELECT key, {BITS} AS bits FROM mark WHERE bits").fetchall()))

    def bits(self, keys: Sequence[int]) -> dict[int, int]:
        """Return the bits of each of these keys; 0 for those without a mark."""
        if self._database is None:
            return {key: bits_of(self._stand_in[key]) if key in self._stand_in else 0 for key in keys}
        return dict.fromkeys(keys, 0) | dict(self.read(lambda db: rows_of(db, BITS, keys)))

    def tags(self) -> dict[int, tuple[str, ...]]:
        """Return the reader's tags of every key that has any."""
        if self._database is None:
            return {mark.key: mark.tags for mark in self._stand_in.values() if mark.tags}
        found = self.read(lambda db: db.execute("SELECT key, tags FROM mark WHERE tags<>''").fetchall())
        return {key: unpack_tags(tags) for key, tags in found}

    def marks(self, keys: Iterable[int]) -> dict[int, Mark]:
        """Return the marks of those keys that have one."""
        wanted = list(keys)
        if self._database is None:
            return {key: self._stand_in[key] for key in wanted if key in self._stand_in}
        return self.read(lambda db: marks_of(db, wanted))

    def iterate(self) -> Iterator[Mark]:
        """Yield every mark by key."""
        if self._database is None:
            yield from self._stand_in.values()
            return
        # All at once: a reader that is not done keeps every writer waiting.
        yield from map(as_mark, self.read(lambda db: db.execute(f"{MARK} ORDER BY key").fetchall()))

    # -- changing -----------------------------------------------------------------------------
    def change(
        self,
        field: Field,
        label: str,
        keys: Sequence[int],
        update: Callable[[Any], Any],
        address_of: Callable[[Sequence[int]], Mapping[int, str]] = lambda keys: {},
        show: Callable[[Mapping[int, int]], object] = lambda bits: None,
        *,
        dry_run: bool = False,
    ) -> Change:
        """Change one field of the marks of some articles; on disk afterwards. Raises StoreError.

        Only real changes are counted and remembered.

        Args:
            update: gives the new value for an old one.
            address_of: gives the addresses to keep beside marks that are new.
            show: is told what is on disk now, as the bits of the marks that changed, by key.
        """
        if dry_run:
            changed = self.read(lambda db: history.differing(db, field, keys, update))
            return Change(0, self._clock(), label, len(changed.keys))
        with self._writing() as connection:
            changed = history.differing(connection, field, keys, update)
            change = history.write(connection, field, label, changed, address_of, self._clock())
        show(changed.bits)
        self._back_up_daily()
        return change

    def _back_up_daily(self) -> None:
        """Make the first change of a day be followed by a backup; that one fails costs nothing but the backup."""
        today = self._clock().date()
        if today == self._backed_up:
            return
        self._backed_up = today
        try:
            backups.make_daily(self.connection(), self.path, self._clock())
        except (OSError, sqlite3.Error) as error:
            reason = f"the daily backup of the marks failed: {clean_line(str(error))}"
            self.notice = StoreError(reason, path=str(backups.folder_of(self.path)))

    def backups(self) -> list[backups.Backup]:
        """Return the backups there are, newest first."""
        with self._translating():
            return [backups.describe(path) for path in backups.listed(self.path)]

    def restore(self, backup: Path) -> Path:
        """Put the content of a backup in the place of all marks; return where what was there is kept.

        Other programs go on with the restored marks: the file stays, its content is replaced in one transaction.
        """
        with self._translating():
            read_marks(backup)  # raises when it cannot be read
            connection = self._ready_connection()
            kept = backups.make(connection, self.path, self._clock(), label="before-restore")
            with self._turns.turn():
                copy_from(connection, backup)
        return kept

    # -- history ------------------------------------------------------------------------------
    def history(self, limit: int) -> list[Change]:
        """Return the newest changes, newest first."""
        return [] if self._database is None else self.read(lambda db: history.newest(db, limit))

    def keys_of(self, number: int) -> list[int]:
        """Return the keys that a change of the history concerned."""
        return self.read(lambda db: history.keys_of(db, number))

    def undo(self) -> Change | None:
        """Take back the newest change that is not undone; None when there is none. Raises StoreError."""
        with self._writing() as connection:
            return history.undo(connection)

    def redo(self) -> Change | None:
        """Make again the change that was undone last, unless something was changed since. Raises StoreError."""
        with self._writing() as connection:
            return history.redo(connection)

    # -- whole marks --------------------------------------------------------------------------
    def carry(self, moves: Iterable[tuple[int, int, str]]) -> int:
        """Copy marks to the new key of an article whose address changed, given as (old key, new key, new address)."""
        copied = 0
        with self._writing() as connection:
            for old, new, url in moves:
                copied += connection.execute(
                    "INSERT OR IGNORE INTO mark SELECT ?, ?, read, starred, tags, note, device, counter"
                    " FROM mark WHERE key=?",
                    (new, url, old),
                ).rowcount
        return copied

    def merge(self, marks: Iterable[Mark]) -> int:
        """Add marks that come from elsewhere to what is here; nothing is taken away. Returns how many differ now.

        Read and starred are joined with *or*, tags united; a note is taken where there is none, else appended.
        """
        with self._writing() as connection:
            return merge(connection, marks)
