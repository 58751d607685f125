"""The history of marks: every change with what was before and after, so that it can be undone and made again.

In transactions that `marks.py` begins; marks themselves are `mark_rows.py`.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import compress, repeat
from operator import ne
from typing import Any, Literal, NamedTuple

from newstui.model import Change
from newstui.store.catalog import NOTED, READ, STARRED, TAGGED
from newstui.store.mark_rows import PART, lists_of, parts_of

Field = Literal["read", "starred", "tags", "note"]

_UNDONE = 1
"""`history.undone` of a change that was taken back and can be made again."""
_LEFT_BEHIND = 2
"""The same of one that was taken back before something else was changed: it can never be made again."""
_EMPTY: dict[Field, Any] = {"read": 0, "starred": 0, "tags": "", "note": ""}
_FLAGS: dict[Field, int] = {"read": READ, "starred": STARRED, "tags": TAGGED, "note": NOTED}
_CHANGE = "SELECT number, at, label, count, undone FROM history"


def newest(connection: sqlite3.Connection, limit: int) -> list[Change]:
    """Return the newest changes, newest first."""
    rows = connection.execute(f"{_CHANGE} ORDER BY number DESC LIMIT ?", (limit,)).fetchall()
    return list(map(_change, rows))


def keys_of(connection: sqlite3.Connection, number: int) -> list[int]:
    """Return the keys that a change concerned."""
    found = connection.execute("SELECT keys FROM history WHERE number=?", (number,)).fetchone()
    return list(array("q", found[0])) if found else []


class Difference(NamedTuple):
    """What a change of one field does to the marks of some articles; those it leaves alone are not in it."""

    keys: list[int]
    before: list[Any]
    """By place in `keys`."""
    after: list[Any]
    """By place in `keys`."""
    fresh: list[int]
    """The last of the keys: those that have no mark yet, rising; in this order they are written in half the time."""
    bits: dict[int, int]
    """The bits of the marks as they will be, by key."""


def differing(
    connection: sqlite3.Connection, field: Field, keys: Sequence[int], update: Callable[[Any], Any]
) -> Difference:
    """Compare the marks of some articles with what `update` makes of them; it is asked once for each value there is."""
    empty, flag = _EMPTY[field], _FLAGS[field]
    found = Difference([], [], [], [], {})
    known: set[int] = set()
    wanted = sorted(set(keys))
    for held, now, bits in lists_of(connection, field, wanted):
        after_by_now = {value: update(value) for value in set(now)}
        after = list(map(after_by_now.__getitem__, now))
        is_other = list(map(ne, after, now))
        changed = list(compress(held, is_other))
        found.keys.extend(changed)
        found.before.extend(compress(now, is_other))
        found.after.extend(compress(after, is_other))
        for key, now_bits, value in compress(zip(held, bits, after, strict=True), is_other):
            found.bits[key] = now_bits | flag if value else now_bits & ~flag
        known.update(held)
    after = update(empty)
    if after != empty:
        fresh = [key for key in wanted if key not in known]
        found.fresh.extend(fresh)
        found.keys.extend(fresh)
        found.before.extend([empty] * len(fresh))
        found.after.extend([after] * len(fresh))
        found.bits.update(dict.fromkeys(fresh, flag))
    return found


def write(
    connection: sqlite3.Connection,
    field: Field,
    label: str,
    changed: Difference,
    address_of: Callable[[Sequence[int]], Mapping[int, str]],
    at: datetime,
) -> Change:
    """Write what `differing` found, and one entry of the history that can undo it."""
    count = len(changed.keys)
    if not count:
        return Change(0, at, label, 0)
    (device,) = connection.execute("SELECT value FROM meta WHERE name='device'").fetchone()
    connection.execute(f"UPDATE history SET undone={_LEFT_BEHIND} WHERE undone={_UNDONE}")
    keys = array("q", changed.keys).tobytes()
    number = connection.execute(
        "INSERT INTO history(at, device, label, count, field, keys, before, after) VALUES(?,?,?,?,?,?,?,?)",
        (int(at.timestamp()), device, label, count, field, keys, _shorten(changed.before), _shorten(changed.after)),
    ).lastrowid
    assert number is not None
    if len(changed.fresh) < count:  # of those that are fresh there is nothing to update
        _set(connection, f"{field}=?, device={device}, counter={number}", changed.keys, changed.after)
    if changed.fresh:
        urls, after = address_of(changed.fresh), changed.after[count - len(changed.fresh) :]
        connection.executemany(
            f"INSERT INTO mark(key, url, {field}, device, counter) VALUES(?,?,?,{device},{number})",
            zip(changed.fresh, map(urls.get, changed.fresh, repeat("")), after, strict=True),
        )
    return Change(number, at, label, count)


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
    keys = array("q", blob).tolist()
    _set(connection, f"{field}=?, counter=max(counter, {number})", keys, _lengthen(text, len(keys)))
    connection.execute("UPDATE history SET undone=? WHERE number=?", (undone, number))
    return _change(connection.execute(f"{_CHANGE} WHERE number=?", (number,)).fetchone())


def _set(connection: sqlite3.Connection, assignment: str, keys: Sequence[int], values: Sequence[Any]) -> None:
    """Write values into marks that are there, one statement for all that get the same: half the time of one for each.

    Args:
        assignment: what follows SET; the value is its first parameter.
    """
    keys_by_value: dict[Any, list[int]] = {}
    if values.count(values[0]) == len(values):
        keys_by_value[values[0]] = list(keys)
    else:
        for key, value in zip(keys, values, strict=True):
            keys_by_value.setdefault(value, []).append(key)
    for value, same in keys_by_value.items():
        for part in parts_of(same):
            connection.execute(f"UPDATE mark SET {assignment} WHERE key IN {PART}", (value, part))


def _change(row: Sequence[Any]) -> Change:
    number, at, label, count, undone = row
    return Change(number, datetime.fromtimestamp(at, UTC), label, count, bool(undone))


def _shorten(values: list[Any]) -> str:
    """Write values as JSON: one for all when they are equal, else a list."""
    return json.dumps(values[0] if values.count(values[0]) == len(values) else values, ensure_ascii=False)


def _lengthen(text: str, count: int) -> list[Any]:
    value = json.loads(text)
    return value if isinstance(value, list) else [value] * count
