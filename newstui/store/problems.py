"""Telling what was lost while collections were read: every loss that is kept, those that are alike summed up."""

from __future__ import annotations

import re
import sqlite3

from newstui.model import Problem, Severity

_Kind = tuple[Severity, str, str]
"""Severity, field and `_kind_of_reason` of problems that are alike."""
_DIGITS = re.compile(r"[0-9][0-9,.]*")


def load_problems(connection: sqlite3.Connection, limit: int) -> list[Problem]:
    """Return every loss that is kept, by collection and file.

    Of a collection with more than `limit`, those of a kind that is most frequent become one line with their number.
    """
    found: list[Problem] = []
    counts = connection.execute(
        "SELECT collection.id, name, count(*) FROM problem JOIN collection ON collection.id=problem.collection"
        " GROUP BY collection.id ORDER BY collection.id"
    )
    for id, name, count in counts.fetchall():
        alike: dict[_Kind, tuple[int, str]] = {} if count <= limit else _kinds_to_sum_up(connection, id, count - limit)
        rows = connection.execute(
            "SELECT file, line, field, severity, reason FROM problem WHERE collection=? ORDER BY file, id", (id,)
        )
        for file, line, field, severity, reason in rows:
            kind = severity, field, _kind_of_reason(reason)
            if kind not in alike:
                found.append(Problem(name, file, line, field, severity, reason))
        for (severity, field, _), (number, reason) in alike.items():
            like = f"{reason} (and others like it)"
            found.append(Problem(name, f"{number:,} files", None, field, severity, like))
    return found


def _kinds_to_sum_up(connection: sqlite3.Connection, collection: int, too_many: int) -> dict[_Kind, tuple[int, str]]:
    """Return the most frequent kinds of problem, as many as take `too_many` away, with number and an example."""
    kinds: dict[_Kind, tuple[int, str]] = {}
    rows = connection.execute("SELECT severity, field, reason FROM problem WHERE collection=?", (collection,))
    for severity, field, reason in rows:
        kind = severity, field, _kind_of_reason(reason)
        kinds[kind] = kinds[kind][0] + 1 if kind in kinds else 1, reason
    chosen: dict[_Kind, tuple[int, str]] = {}
    for kind, (number, reason) in sorted(kinds.items(), key=lambda item: -item[1][0]):
        if too_many <= 0:
            break
        chosen[kind] = number, reason
        too_many -= number - 1
    return chosen


def _kind_of_reason(reason: str) -> str:
    """Return a reason without what differs from file to file: numbers, and what follows a colon."""
    return _DIGITS.sub("0", reason.partition(": ")[0] if reason.count(": ") > 0 else reason)
