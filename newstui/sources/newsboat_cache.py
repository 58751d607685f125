"""newsboat's ``cache.db``: which articles were read there. Only looked at, never written to.

Table ``rss_item`` of newsboat's schema (https://github.com/newsboat/newsboat, src/cache.cpp).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from newstui.errors import SourceError

SQLITE_BEGINNING = b"SQLite format 3\x00"
_MOST_ROWS = 2_000_000
_STEPS_BETWEEN_LOOKS = 1_000_000
_MOST_LOOKS = 2_000
"""A file from outside may hold a view that never ends; two thousand million steps are minutes of honest work."""


def read_newsboat_cache(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (address, guid) of what was read and not deleted. Raises SourceError."""
    looks = 0

    def count() -> int:
        nonlocal looks
        looks += 1
        return int(looks > _MOST_LOOKS)

    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise SourceError("the file cannot be opened", location=str(path)) from error
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.set_progress_handler(count, _STEPS_BETWEEN_LOOKS)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        query = "SELECT url, guid FROM rss_item WHERE unread = 0 AND deleted = 0 LIMIT ?"
        for url, guid in connection.execute(query, (_MOST_ROWS,)):
            yield str(url or ""), str(guid or "")
    except sqlite3.Error as error:
        raise SourceError("not a cache of newsboat, or damaged", location=str(path), temporary=False) from error
    finally:
        connection.close()
