"""The history of marks: every change with what was before and after, so that it can be undone and made again.

In transactions that `marks.py` begins; marks themselves are `mark_rows.py`.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from newstui.model import Change
from newstui.store.mark_rows import column_of

Field = Literal["read", "starred", "tags", "note"]

_UNDONE = 1
"""`history.undone` of a change that was taken back and can be made again."""
_LEFT_BEHIND = 2
"""The same of one that was taken back before something else was changed: it can never be made again."""
_EMPTY: dict[Field, Any] = {"read": 0, "starred": 0, "tags": "", "note": ""}
_CHANGE = "SELECT number, at, label, count, undone FROM history"


def newest(connection: sqlite3.Connection, limit: int) -> list[Change]:
    """Return the newest changes, newest first."""
    rows = connection.execute(f"{_CHANGE} ORDER BY number DESC LIMIT ?", (limit,)).fetchall()
    return list(map(_change, rows))


def keys_of(connection: sqlite3.Connection, number: int) -> list[int]:
    """Return the keys that a change concerned."""
    found = connection.execute("SELECT keys FROM history WHERE number=?", (number,)).fetchone()
    return list(array("q", found[0])) if found else []


def differing(
    connection: sqlite3.Connection, field: Field, keys: Sequence[int], update: Callable[[Any], Any]
) -> Iterator[tuple[int, Any, Any, bool]]:
    """Yield (key, before, after, has a mark) of every real change."""
    keys = list(dict.fromkeys(keys))
    empty = _EMPTY[field]
    now = column_of(connection, field, keys)
    for key in keys:
        before = now.get(key, empty)
        after = update(before)
        if after != before:
            yield key, before, after, key in now


def write(
    connection: sqlite3.Connection,
    field: Field,
    label: str,
    changed: Sequence[tuple[int, Any, Any, bool]],
    address_of: Callable[[Sequence[int]], Mapping[int, str]],
    at: datetime,
) -> Change:
    """Write changes that `differing` found, and an entry of the history that can undo them."""
    if not changed:
        return Change(0, at, label, 0)
    (device,) = connection.execute("SELECT value FROM meta WHERE name='device'").fetchone()
    connection.execute(f"UPDATE history SET undone={_LEFT_BEHIND} WHERE undone={_UNDONE}")
    number = connection.execute(
        "INSERT INTO history(at, device, label, count, field, keys, before, after) VALUES(?,?,?,?,?,?,?,?)",
        (
            int(at.timestamp()),
            device,
            label,
            len(changed),
            field,
            array("q", [key for key, _, _, _ in changed]).tobytes(),
            _shorten([before for _, before, _, _ in changed]),
            _shorten([after for _, _, after, _ in changed]),
        ),
    ).lastrowid
    assert number is not None
    connection.executemany(
        f"UPDATE mark SET {field}=?, device={device}, counter={number} WHERE key=?",
        [(after, key) for key, _, after, has_mark in changed if has_mark],
    )
    fresh = [(key, after) for key, _, after, has_mark in changed if not has_mark]
    if fresh:
        urls = address_of([key for key, _ in fresh])
        connection.executemany(
            f"INSERT INTO mark(key, url, {field}, device, counter) VALUES(?,?,?,{device},{number})",
            [(key, urls.get(key, ""), after) for key, after in fresh],
        )
    return Change(number, at, label, len(changed))


def undo(connection: sqlite3.Connection) -> Change | None:
    """Take back the newest change that is not undone; None when there is none."""
    return _turn(
        connection,
        "SELECT number, field, keys, before FROM history WHERE NOT undone ORDER BY number DESC LIMIT 1",
        undone=_UNDONE,
    )


def redo(connection: sqlite3.Connection) -> Change | None:
    """Make again the change that was undone last, unless something was changed since."""
    return _turn(
        connection,
        f"SELECT number, field, keys, after FROM history WHERE undone={_UNDONE} AND number >"
        " coalesce((SELECT max(number) FROM history WHERE NOT undone), 0) ORDER BY number LIMIT 1",
        undone=0,
    )


def _turn(connection: sqlite3.Connection, find: str, *, undone: int) -> Change | None:
    """Write the values of a change that `find` names into the marks, and note whether it is undone now."""
    found = connection.execute(find).fetchone()
    if found is None:
        return None
    number, field, blob, text = found
    keys = array("q", blob)
    values = _lengthen(text, len(keys))
    connection.executemany(
        f"UPDATE mark SET {field}=?, counter=max(counter, {number}) WHERE key=?",
        zip(values, keys, strict=True),
    )
    connection.execute("UPDATE history SET undone=? WHERE number=?", (undone, number))
    return _change(connection.execute(f"{_CHANGE} WHERE number=?", (number,)).fetchone())


def _change(row: Sequence[Any]) -> Change:
    number, at, label, count, undone = row
    return Change(number, datetime.fromtimestamp(at, UTC), label, count, bool(undone))


def _shorten(values: list[Any]) -> str:
    """Write values as JSON: one for all when they are equal, else a list."""
    return json.dumps(values[0] if all(value == values[0] for value in values) else values, ensure_ascii=False)


def _lengthen(text: str, count: int) -> list[Any]:
    value = json.loads(text)
    return value if isinstance(value, list) else [value] * count
