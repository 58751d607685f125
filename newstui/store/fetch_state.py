"""What is remembered between two fetches of a remote collection, so that the next one is polite and cheap.

Kept in the cache: losing it costs one full fetch. When to try again is decided in `library/remote_schedule.py`.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from datetime import UTC, datetime

from newstui.records import dataclass

DDL = """
CREATE TABLE IF NOT EXISTS fetch_state(
    location TEXT PRIMARY KEY, kind TEXT NOT NULL, address TEXT NOT NULL, title TEXT NOT NULL,
    failures INTEGER NOT NULL, failure TEXT NOT NULL, last_success INTEGER, last_attempt INTEGER,
    next_try INTEGER, not_before INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fetch_page(
    location TEXT NOT NULL, number INTEGER NOT NULL, url TEXT NOT NULL, etag TEXT NOT NULL,
    last_modified TEXT NOT NULL, digest INTEGER NOT NULL, next_url TEXT NOT NULL, keys BLOB NOT NULL,
    PRIMARY KEY(location, number)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class PageState:
    """What one address answered last time."""

    url: str
    etag: str = ""
    """As received, quotes and all; empty when the server gave none (RFC 9110 §8.8.3)."""
    last_modified: str = ""
    """As received; empty when the server gave none (RFC 9110 §8.8.2)."""
    digest: int = 0
    """64 bits over the body, so that an unchanged answer without validators is not parsed either."""
    next_url: str = ""
    """Address of the page that follows; empty on the last page and for everything that is not paged."""
    keys: tuple[int, ...] = ()
    """Articles of the page (`place_of` in `library/`), so that those of an unchanged page still count as present.
    Empty for feeds."""


@dataclass(frozen=True, slots=True)
class FetchState:
    """How fetching a remote collection went, and what was learnt."""

    location: str
    """As subscribed, without user name and password."""
    kind: str = ""
    """What it was recognised as: api, rss, atom, rdf, jsonfeed, archive, record; empty while unknown."""
    address: str = ""
    """Where it is really fetched, after permanent redirects and after a page named its feed; empty: the location."""
    title: str = ""
    """What the collection calls itself; empty when it does not say."""
    failures: int = 0
    """How many refreshes failed in a row."""
    failure: str = ""
    """Why the last refresh failed, clean and without secrets; empty when it did not."""
    last_success: datetime | None = None
    """UTC."""
    last_attempt: datetime | None = None
    """UTC."""
    next_try: datetime | None = None
    """UTC. None before the first attempt, and when trying again by itself makes no sense (gone for good)."""
    not_before: datetime | None = None
    """UTC; the server itself asked to be left alone until then (Retry-After). None when it did not."""
    pages: tuple[PageState, ...] = ()
    """In the order they follow each other; one for a feed."""


def load(connection: sqlite3.Connection, location: str) -> FetchState:
    """Return what is known of a location; a blank state when nothing is."""
    row = connection.execute("SELECT * FROM fetch_state WHERE location = ?", (location,)).fetchone()
    return _state(connection, row) if row else FetchState(location)


def load_all(connection: sqlite3.Connection) -> dict[str, FetchState]:
    """Return every state by location."""
    rows = connection.execute("SELECT * FROM fetch_state").fetchall()
    return {row[0]: _state(connection, row) for row in rows}


def save(connection: sqlite3.Connection, state: FetchState) -> None:
    """Write one state; the caller's transaction decides when it counts."""
    connection.execute(
        "INSERT OR REPLACE INTO fetch_state VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            state.location, state.kind, state.address, state.title, state.failures, state.failure,
            _seconds(state.last_success), _seconds(state.last_attempt), _seconds(state.next_try),
            _seconds(state.not_before),
        ),
    )  # fmt: skip
    connection.execute("DELETE FROM fetch_page WHERE location = ?", (state.location,))
    connection.executemany("INSERT INTO fetch_page VALUES (?,?,?,?,?,?,?,?)", _page_rows(state))


def forget(connection: sqlite3.Connection, location: str) -> None:
    """Drop what is known of a location, so that the next fetch brings everything."""
    connection.execute("DELETE FROM fetch_page WHERE location = ?", (location,))
    connection.execute("DELETE FROM fetch_state WHERE location = ?", (location,))


def _state(connection: sqlite3.Connection, row: tuple[object, ...]) -> FetchState:
    location, kind, address, title, failures, failure, success, attempt, next_try, not_before = row
    pages = connection.execute(
        "SELECT url, etag, last_modified, digest, next_url, keys FROM fetch_page WHERE location = ? ORDER BY number",
        (location,),
    )
    return FetchState(
        str(location), str(kind), str(address), str(title), int(str(failures)), str(failure),
        _time(success), _time(attempt), _time(next_try), _time(not_before),
        tuple(PageState(u, e, m, d, n, _keys(k)) for u, e, m, d, n, k in pages),
    )  # fmt: skip


def _page_rows(state: FetchState) -> Iterable[tuple[object, ...]]:
    for number, page in enumerate(state.pages):
        yield (
            state.location, number, page.url, page.etag, page.last_modified, page.digest, page.next_url,
            array("q", page.keys).tobytes(),
        )  # fmt: skip


def _keys(blob: bytes) -> tuple[int, ...]:
    keys = array("q")
    keys.frombytes(blob[: len(blob) // 8 * 8])
    return tuple(keys)


def _seconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp())


def _time(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
