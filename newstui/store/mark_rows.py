"""Marks as rows of a file: how they are written in columns, read back, joined, and got out of a damaged file.

Which file, and when it may be changed, is left to `marks_file.py`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from newstui.model import Mark
from newstui.store.catalog import NOTED, READ, STARRED, TAGGED
from newstui.store.database import connect, transaction

BITS = f"read*{READ} | starred*{STARRED} | (tags<>'')*{TAGGED} | (note<>'')*{NOTED}"
_AFTER_KEY = "url, read, starred, tags, note"
MARK = f"SELECT key, {_AFTER_KEY} FROM mark"
"""What `as_mark` takes."""
PART = "(SELECT value FROM json_each(?))"
"""The keys of a parameter that `parts_of` made."""
_LOOKED_UP = "FROM json_each(?) AS wanted CROSS JOIN mark ON mark.key=wanted.value"
"""The same for reading: 10,000 marks in a third of the time of looking each up."""
_KEYS_AT_ONCE = 50_000


def parts_of(keys: Sequence[int]) -> Iterator[str]:
    """Yield keys as parameters for SQL, rising, as the marks lie in their file: any number is a few statements."""
    rising = sorted(keys)
    for start in range(0, len(rising), _KEYS_AT_ONCE):
        yield json.dumps(rising[start : start + _KEYS_AT_ONCE])


def rows_of(connection: sqlite3.Connection, columns: str, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return (key, columns …) of those of the keys that have a mark."""
    found: list[tuple[Any, ...]] = []
    for part in parts_of(keys):
        found += connection.execute(f"SELECT mark.key, {columns} {_LOOKED_UP}", (part,)).fetchall()
    return found


def lists_of(
    connection: sqlite3.Connection, column: str, keys: Sequence[int]
) -> Iterator[tuple[list[int], list[Any], list[int]]]:
    """Yield (keys, values of a column, bits) of those of the keys that have a mark.

    A list as one value of SQLite takes a third of the time of a tuple a mark: nothing is made that Python's search
    for cycles would look at.
    """
    lists = f"json_group_array(mark.key), json_group_array({column}), json_group_array({BITS})"
    for part in parts_of(keys):
        held, values, bits = connection.execute(f"SELECT {lists} {_LOOKED_UP}", (part,)).fetchone()
        yield json.loads(held), json.loads(values), json.loads(bits)


def marks_of(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Mark]:
    """Return the marks of those keys that have one."""
    return {row[0]: as_mark(row) for row in rows_of(connection, _AFTER_KEY, keys)}


def bits_of(mark: Mark) -> int:
    """Return the mark as the catalog holds it."""
    return mark.read * READ | mark.starred * STARRED | bool(mark.tags) * TAGGED | bool(mark.note) * NOTED


def pack_tags(tags: Iterable[str]) -> str:
    """Return tags as stored: a line each."""
    return "\n".join(dict.fromkeys(tags))


def unpack_tags(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def as_mark(row: Sequence[Any]) -> Mark:
    key, url, read, starred, tags, note = row
    return Mark(key, url, bool(read), bool(starred), unpack_tags(tags), note)


def join(here: Mark, there: Mark) -> Mark:
    note = here.note
    if there.note and there.note not in here.note:
        note = f"{here.note}\n{there.note}".strip("\n")
    return Mark(
        here.key,
        here.url or there.url,
        here.read or there.read,
        here.starred or there.starred,
        tuple(dict.fromkeys(here.tags + there.tags)),
        note,
    )


def merge(connection: sqlite3.Connection, marks: Iterable[Mark]) -> int:
    """Add marks to what is there, as `join` does, in the caller's transaction; return how many differ now."""
    count = 0
    known = {row[0]: as_mark(row) for row in connection.execute(MARK)}
    for mark in marks:
        here = known.get(mark.key)
        joined = mark if here is None else join(here, mark)
        if joined == here or not bits_of(joined):
            continue
        connection.execute(
            "INSERT INTO mark(key, url, read, starred, tags, note) VALUES(?,?,?,?,?,?) ON CONFLICT(key)"
            " DO UPDATE SET read=excluded.read, starred=excluded.starred, tags=excluded.tags,"
            " note=excluded.note",
            (joined.key, joined.url, joined.read, joined.starred, pack_tags(joined.tags), joined.note),
        )
        known[mark.key] = joined
        count += 1
    return count


# --- files ---------------------------------------------------------------------------------------------------


def read_marks(path: Path) -> list[Mark]:
    """Return all marks of a store that is only looked at. Raises sqlite3.Error."""
    connection = connect(path, read_only=True)
    try:
        verify(connection)
        return [as_mark(row) for row in connection.execute(MARK)]
    finally:
        connection.close()


def salvage_marks(damaged: Path) -> list[Mark]:
    """Return whatever marks can still be read of a damaged file, from both ends towards the damage."""
    found: dict[int, Mark] = {}
    for order in ("", " ORDER BY key DESC"):
        try:
            connection = connect(damaged, read_only=True)
        except sqlite3.Error:
            break
        try:
            marks = connection.execute(MARK + order)
            while (row := marks.fetchone()) is not None:  # one by one: up to the damage nothing is lost
                if _is_mark(row):
                    found[row[0]] = as_mark(row)
        except (sqlite3.Error, UnicodeError):
            continue
        finally:
            connection.close()
    return list(found.values())


def _is_mark(row: Sequence[Any]) -> bool:
    key, url, read, starred, tags, note = row
    texts = all(isinstance(text, str) for text in (url, tags, note))
    return texts and isinstance(key, int) and read in (0, 1) and starred in (0, 1)


def copy_from(connection: sqlite3.Connection, backup: Path) -> None:
    """Replace all marks by those of a backup, which may be of an older version, in one transaction."""
    connection.execute("ATTACH ? AS backup", (f"{backup.absolute().as_uri()}?mode=ro",))
    try:
        with transaction(connection):
            for table in ("mark", "history", "follow"):
                known = [row[1] for row in connection.execute(f"PRAGMA backup.table_info({table})")]
                connection.execute(f"DELETE FROM main.{table}")
                if known:
                    names = ", ".join(known)
                    connection.execute(f"INSERT INTO main.{table}({names}) SELECT {names} FROM backup.{table}")
    finally:
        connection.execute("DETACH backup")


def verify(connection: sqlite3.Connection) -> None:
    """Read everything once. Raises sqlite3.DatabaseError when something cannot be read."""
    (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise sqlite3.DatabaseError(str(answer))
    for table in ("mark", "history", "meta"):
        for row in connection.execute(f"SELECT * FROM {table}"):
            if None in row:
                raise sqlite3.DatabaseError(f"a row of {table} is incomplete")
