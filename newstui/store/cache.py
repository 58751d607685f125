"""The articles of a cache: as rows for showing, by their keys and addresses, and what is known of their collections.

The file is `cache_file.py`, writing articles `writer.py`; the columns are `catalog.py`; marks are not here at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from newstui.model import Article, CollectionHealth, Headline, Subscription, Topic
from newstui.store import cache_schema
from newstui.store.cache_file import CacheFile
from newstui.store.catalog import Catalog, load_catalog, save_date_order
from newstui.store.collections import CollectionTable
from newstui.store.columns import load_version
from newstui.store.database import transaction
from newstui.store.packing import MALFORMED, REMOVED, StoredArticle, front_page_of, unpack

_AT_ONCE = 500
"""So many rows or keys are looked up by one statement."""
_MAPPED_BYTES = 1 << 28
"""How much of the file is mapped into memory while columns are read."""


class ArticleCache(CacheFile):
    """The articles of one set of collections."""

    # -- articles -----------------------------------------------------------------------------
    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        """Return what the list shows of these rows, in this order; rows that are gone are left out."""
        found: dict[int, Headline] = {}
        for row in self._each(f"{_HEADLINE} WHERE rec.row IN", rows):
            with self._taking_apart():
                headline = _headline(row)
            found[headline.row] = headline
        return [found[row] for row in rows if row in found]

    def newest(self, count: int) -> list[Headline]:
        """Return the newest articles, those without a date last."""
        order = f"{_HEADLINE} ORDER BY rec.published DESC, rec.row DESC LIMIT ?"
        with self._taking_apart():
            return [_headline(row) for row in self.reader().execute(order, (count,))]

    def articles(self, rows: Sequence[int]) -> dict[int, Article]:
        """Return whole articles by row; rows that are gone are left out."""
        found: dict[int, Article] = {}
        for row, *columns in self._each(f"{_ARTICLE} WHERE rec.row IN", rows):
            with self._taking_apart():
                found[row] = unpack(StoredArticle(*columns))
        return found

    def article(self, row: int) -> Article | None:
        return self.articles([row]).get(row)

    # -- identities ---------------------------------------------------------------------------
    def rows_of_keys(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Return the rows of each key that has any, newest first."""
        found: dict[int, list[int]] = {}
        for key, row in self._each("SELECT key, row FROM rec WHERE key IN", list(keys), "ORDER BY row DESC"):
            found.setdefault(key, []).append(row)
        return found

    def keys_between_unsigned(self, low: int, high: int, *, limit: int) -> list[int]:
        """Return different keys whose unsigned value lies from `low` to `high`, at most `limit`."""
        half, whole = 1 << 63, 1 << 64
        spans = [(low, min(high, half - 1))] if low < half else []
        if high >= half:
            spans.append((max(low, half) - whole, high - whole))
        select = "SELECT DISTINCT key FROM rec WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?"
        return [key for span in spans for (key,) in self.reader().execute(select, (*span, limit))][:limit]

    def rows_of_address(self, address: str) -> list[int]:
        """Return the rows that have exactly this among their addresses; reads every article."""
        if not address:
            return []
        found = self.reader().execute(
            "SELECT row, extra FROM body WHERE instr(extra, ?) ORDER BY row DESC",
            (json.dumps(address, ensure_ascii=False),),
        )
        return [row for row, extra in found if address in (json.loads(extra)[2:3] or [()])[0]]

    def addresses(self, rows: Sequence[int]) -> dict[int, tuple[int, str]]:
        """Return (key, best address) of each row."""
        found = self._each("SELECT row, key, url FROM rec JOIN body USING(row) WHERE row IN", rows)
        return {row: (key, url) for row, key, url in found}

    def urls(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the best address of each row. Many at once: as lists from SQLite, not as a tuple a row."""
        lists = "json_group_array(body.row), json_group_array(url)"
        (held, urls) = self.reader().execute(
            f"SELECT {lists} FROM json_each(?) AS wanted CROSS JOIN body ON body.row=wanted.value",
            (json.dumps(sorted(rows)),),
        ).fetchone()  # fmt: skip
        return dict(zip(json.loads(held), json.loads(urls), strict=True))

    def _each(self, select: str, wanted: Sequence[int], order: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield what a statement that ends in IN finds of each of these, some hundred at a time."""
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            yield from self.reader().execute(f"{select} ({','.join('?' * len(part))}) {order}", part)

    # -- collections --------------------------------------------------------------------------
    def arrange(self, wanted: Sequence[Subscription]) -> None:
        """Make the cache hold exactly these collections."""
        CollectionTable(self.reader()).arrange(wanted)

    def note_failure(self, name: str, reason: str, at: datetime) -> None:
        """Keep why a collection could not be refreshed."""
        connection = self.reader()
        with transaction(connection):
            CollectionTable(connection).fail_refresh(name, reason, at)

    def collections(self) -> list[CollectionHealth]:
        """Return how each collection does, in the order they were added; what is unread is not known here."""
        columns = (
            "name, location, articles, kind, last_success, last_attempt, next_try, failure, grouping, problems_dropped"
            " + (SELECT count(*) FROM problem WHERE problem.collection=collection.id)"
        )
        return [
            CollectionHealth(
                name, location, articles, 0, kind, _time(success), _time(attempt), _time(next_try), failure, lost, group
            )
            for name, location, articles, kind, success, attempt, next_try, failure, group, lost in
            self.reader().execute(f"SELECT {columns} FROM collection ORDER BY id")
        ]  # fmt: skip

    def topics(self) -> list[Topic]:
        """Return topics as sites describe them, in display order; of a name that two sites have, the first."""
        found: dict[str, Topic] = {}
        for position, name, parent, id, services in self.reader().execute(
            "SELECT position, name, parent, id, services FROM topic ORDER BY position, collection"
        ):
            found.setdefault(name, Topic(name, position, parent, id, _pairs(services)))
        return list(found.values())

    # -- columns ------------------------------------------------------------------------------
    def save_derived(self, connection: sqlite3.Connection, is_cancelled: Callable[[], bool]) -> None:
        """Keep what takes long to work out, after much was written: the order by date, where frequent words are.

        Raises StoreError.
        """
        from newstui.store.word_sets import save_word_sets

        with self._taking_apart():
            save_date_order(connection)
            save_word_sets(connection, is_cancelled)

    def columns_version(self) -> int:
        """Return a number that changes with every change of the columns."""
        return load_version(self.reader())

    def load_catalog(self, new_from: int | None) -> Catalog:
        """Read the columns; rows from `new_from` on count as new."""
        connection = self.reader()
        # Mapped, a million load a third faster; but pages that stay mapped count as our memory: 36 MB at 100,000.
        connection.execute(f"PRAGMA mmap_size={_MAPPED_BYTES}")
        try:
            with self._taking_apart():
                return load_catalog(connection, new_from)
        finally:
            connection.execute("PRAGMA mmap_size=0")

    # -- sessions -----------------------------------------------------------------------------
    def last_session_end(self) -> int | None:
        """Return the next row as it was when the newest session ended, or when it began if it never ended.

        None without a session; 0 when there was nothing to be seen in it.
        """
        found = self.reader().execute("SELECT next_row FROM session ORDER BY started DESC LIMIT 1").fetchone()
        return int(found[0]) if found else None

    def save_session(self, started: datetime) -> None:
        """Note that a reader has seen what there is now; only the newest sessions are kept."""
        with transaction(self.reader()) as connection:
            (highest,) = connection.execute("SELECT max(row) FROM rec").fetchone()
            seen = int(started.timestamp()), 0 if highest is None else max(highest + 1, cache_schema.FIRST_ROW)
            connection.execute("INSERT OR REPLACE INTO session VALUES(?,?)", seen)
            connection.execute(
                "DELETE FROM session WHERE started NOT IN (SELECT started FROM session ORDER BY started DESC LIMIT 5)"
            )


_HEADLINE = """
SELECT rec.row, rec.key, title, provider.name, provider.domain, published, quality, heat, coverage, value.name,
       excerpt, collection.name, flags, body.url
FROM rec JOIN body USING(row) JOIN collection ON collection.id=rec.collection
LEFT JOIN provider ON provider.id=rec.provider LEFT JOIN value ON value.id=rec.type
LEFT JOIN story ON story.key=rec.key
"""

_ARTICLE = """
SELECT rec.row, key, coalesce(entry, path), published, quality, heat, flags, provider.name, provider.domain,
       kind.name, category.name, title, excerpt, body, extra, collection.name
FROM rec JOIN body USING(row) JOIN file ON file.id=rec.file JOIN collection ON collection.id=rec.collection
LEFT JOIN provider ON provider.id=rec.provider LEFT JOIN value AS kind ON kind.id=rec.type
LEFT JOIN value AS category ON category.id=rec.category
"""


def _headline(row: tuple[object, ...]) -> Headline:
    number, key, title, name, domain, published, quality, heat, coverage, type_, excerpt, collection, flags, url = row
    assert isinstance(flags, int)
    return Headline(
        number,  # type: ignore[arg-type]
        key,  # type: ignore[arg-type]
        title or url or "(no title)",  # type: ignore[arg-type]
        name or domain or "",  # type: ignore[arg-type]
        published,  # type: ignore[arg-type]
        quality,  # type: ignore[arg-type]
        heat,  # type: ignore[arg-type]
        coverage or 0,  # type: ignore[arg-type]
        False,
        False,
        type_ or "",  # type: ignore[arg-type]
        excerpt or "",  # type: ignore[arg-type]
        collection,  # type: ignore[arg-type]
        front_page=front_page_of(flags),
        removed=bool(flags & REMOVED),
        malformed=bool(flags & MALFORMED),
    )


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, address) of each line."""
    return tuple((kind, address) for kind, _, address in (line.partition("\t") for line in text.splitlines()))


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
