"""What the comparison of articles has found, in a file of its own beside the article cache; it can be deleted.

    document   one row an article: its terms, its nearest articles, its story
    frequency  how many articles have a term, over everything (collection 0) and by collection

Blobs are made and read in `library/`; here they are only kept. The story and the coverage of each article are also
written into the article cache, where the list finds them.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from newstui.model import RelatedItem
from newstui.store.columns import load_version, write_stories
from newstui.store.coverage_file import CoverageFile
from newstui.store.coverage_journal import Unread, open_journal, shorten_journal
from newstui.store.database import transaction
from newstui.store.packing import HAS_RELATED, related_of

READ, COMPARED, GROUPED, TOLD = range(4)
"""How far an article has come; one whose neighbours changed goes back to COMPARED."""

EVERYWHERE = 0
"""Stands for all collections together in `frequency`; ids of collections begin at 1."""

_TEXT_LIMIT = 4_000
"""Characters of a body that are read when there is no excerpt to speak of."""

_TELL_AGAIN = "state=CASE state WHEN 3 THEN 2 ELSE state END"

_DOCUMENT = "SELECT number, key, seconds, collection, provider, story, terms, given, near, found FROM document"


class StoredDocument(NamedTuple):
    """One article as kept here."""

    number: int
    key: int
    seconds: int | None
    collection: int
    provider: int
    story: int
    terms: bytes
    given: bytes
    near: bytes | None
    found: bytes | None
    """See `related/covering.py`; None when it was not grouped yet."""


class NewDocument(NamedTuple):
    """One article as it is first put here."""

    key: int
    digest: int
    seconds: int | None
    collection: int
    provider: int
    terms: bytes
    given: bytes
    known: StoredDocument | None
    """What is kept of it already."""
    is_same: bool
    """Whether nothing the comparison looks at differs from what is kept: only the digest is new."""


class RawArticle(NamedTuple):
    """What the comparison needs of an article in the cache."""

    row: int
    key: int
    digest: int
    published: int | None
    collection: int
    provider: int
    title: str | None
    excerpt: str | None
    body: str
    """The beginning of the body when there is no excerpt to speak of."""
    extra: str
    known: StoredDocument | None
    """What is kept of it already."""


class CoverageStore(CoverageFile):
    """The coverage index of one article cache."""

    # -- what is to be done -------------------------------------------------------------------
    def version(self) -> int:
        """Return a number that changes with the articles (and with what `tell` writes)."""
        return load_version(self._cache.reader())

    def is_current(self) -> bool:
        """Say whether the articles are those of the last complete pass."""
        return self._fact("seen") == self.version() != 0

    def remember_current(self, version: int) -> None:
        """Note that everything is done for the articles of this version."""
        with self._errors() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES('seen', ?)", (version,))

    def unread(self) -> Unread:
        """Say where to look for articles that are new, changed or gone; from now on the cache keeps a list of them."""
        with self._errors():
            journal, last = open_journal(self._cache, self._fact("journal"))
        return Unread(journal, last, everything=journal != self._fact("journal"))

    def rows_to_read(self, unread: Unread) -> list[int]:
        """Return the rows of articles that are new or changed since they were read here; one row a key."""
        with self._errors() as connection:
            return [
                row
                for row, _ in connection.execute(
                    "SELECT max(row), rec.digest AS now FROM cache.rec"
                    f" LEFT JOIN document ON document.key=rec.key WHERE {unread.condition('rec.key')} GROUP BY rec.key"
                    " HAVING document.digest IS NULL OR document.digest<>now"
                )
            ]

    def numbers_gone(self, unread: Unread) -> list[int]:
        """Return the documents whose article is in no collection any more, oldest first."""
        with self._errors() as connection:
            gone = connection.execute(
                f"SELECT coalesce(seconds, 0), number FROM document WHERE {unread.condition('key')}"
                " AND NOT EXISTS(SELECT 1 FROM cache.rec WHERE rec.key=document.key)"
            ).fetchall()
        return [number for _, number in sorted(gone)]

    def all_read(self, unread: Unread) -> None:
        """Note that everything that was to be read has been."""
        with self._errors() as connection:
            if unread.last:
                shorten_journal(self._cache, unread.last)
            if unread.everything:
                connection.execute("INSERT OR REPLACE INTO meta VALUES('journal', ?)", (unread.journal,))

    def count(self, state: int) -> int:
        """Return how many documents are in a state (not TOLD)."""
        with self._errors() as connection:
            return int(
                connection.execute("SELECT count(*) FROM document WHERE state=? AND state<3", (state,)).fetchone()[0]
            )

    # -- reading ------------------------------------------------------------------------------
    def raw_articles(self, rows: Sequence[int]) -> list[RawArticle]:
        """Return what the comparison needs of these rows."""
        with self._errors() as connection:
            found = [
                RawArticle._make((*columns, None))
                for columns in connection.execute(
                    "SELECT rec.row, rec.key, rec.digest, published, collection, provider, title, excerpt, CASE WHEN"
                    f" length(coalesce(excerpt, ''))<80 THEN substr(coalesce(body, ''), 1, {_TEXT_LIMIT}) ELSE '' END,"
                    f" extra FROM cache.rec JOIN cache.body USING(row) WHERE row IN ({_marks(rows)})",
                    rows,
                )
            ]
            known = {one.key: one for one in self.by_key([raw.key for raw in found])}
            return [raw._replace(known=known.get(raw.key)) for raw in found]

    def by_key(self, keys: Sequence[int]) -> list[StoredDocument]:
        """Return the documents of these keys, in no order."""
        return self._select("key", keys)

    def by_number(self, numbers: Sequence[int]) -> list[StoredDocument]:
        """Return the documents with these numbers, in no order."""
        return self._select("number", numbers)

    def members(self, story: int) -> list[StoredDocument]:
        """Return the documents of a story, oldest first."""
        with self._errors() as connection:
            return [
                StoredDocument(*row)
                for row in connection.execute(f"{_DOCUMENT} WHERE story=? AND story<>0 ORDER BY seconds, key", (story,))
            ]

    def has_story(self, story: int) -> bool:
        """Say whether any document belongs to this story."""
        with self._errors() as connection:
            return (
                connection.execute("SELECT 1 FROM document WHERE story=? AND story<>0", (story,)).fetchone() is not None
            )

    def given_items(self, keys: Sequence[int]) -> dict[int, tuple[RelatedItem, ...]]:
        """Return what records list as related, by the key of the article, from the row that was read here."""
        items: dict[int, tuple[RelatedItem, ...]] = {}
        with self._errors() as connection:
            for start in range(0, len(keys), 500):
                part = keys[start : start + 500]
                for key, extra in connection.execute(
                    "SELECT key, extra FROM cache.rec JOIN cache.body USING(row)"
                    f" WHERE key IN ({_marks(part)}) AND flags & {HAS_RELATED} ORDER BY row",
                    part,
                ):
                    items[key] = related_of(extra)
        return items

    def between(self, earliest: int, latest: int, *, unread: bool = False) -> list[StoredDocument]:
        """Return the documents of a stretch of time, both ends included; with `unread`, those not compared yet."""
        condition = " AND state=0 AND state<3" if unread else ""  # so the index of what is to do can be used
        with self._errors() as connection:
            rows = connection.execute(f"{_DOCUMENT} WHERE seconds BETWEEN ? AND ?{condition}", (earliest, latest))
            return [StoredDocument(*row) for row in rows]

    def near_between(self, earliest: int, latest: int) -> Iterator[tuple[int, bytes]]:
        """Yield (number, nearest articles) of the documents of a stretch of time, both ends included."""
        with self._errors() as connection:
            yield from connection.execute(
                "SELECT number, near FROM document WHERE seconds BETWEEN ? AND ? AND near IS NOT NULL",
                (earliest, latest),
            )

    def to_do(self, state: int, limit: int) -> list[StoredDocument]:
        """Return the newest documents in a state; those without a date are compared with nothing and come last."""
        with self._errors() as connection:
            rows = connection.execute(
                f"{_DOCUMENT} WHERE state=? AND state<3 ORDER BY seconds DESC LIMIT ?", (state, limit)
            )
            return [StoredDocument(*row) for row in rows]

    def all_terms(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield (collection, terms) of every document with a number higher than this."""
        with self._errors() as connection:
            yield from connection.execute("SELECT collection, terms FROM document WHERE number>?", (after,))

    def providers_active(self, earliest: int, latest: int, collections: Sequence[int]) -> list[tuple[int, int]]:
        """Return (provider, articles) in a stretch of time and these collections, the busiest first."""
        with self._errors() as connection:
            return connection.execute(
                "SELECT provider, count(*) FROM document WHERE seconds BETWEEN ? AND ? AND provider<>0"
                f" AND collection IN ({_marks(collections)}) GROUP BY provider ORDER BY 2 DESC, 1",
                (earliest, latest, *collections),
            ).fetchall()

    def provider_names(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the name (else the domain) of providers."""
        with self._errors() as connection:
            return {
                id: name or domain
                for id, name, domain in connection.execute(
                    f"SELECT id, name, domain FROM cache.provider WHERE id IN ({_marks(ids)})", ids
                )
            }

    def _select(self, column: str, values: Sequence[int]) -> list[StoredDocument]:
        found: list[StoredDocument] = []
        with self._errors() as connection:
            for start in range(0, len(values), 500):
                part = values[start : start + 500]
                found += [
                    StoredDocument(*row)
                    for row in connection.execute(f"{_DOCUMENT} WHERE {column} IN ({_marks(part)})", part)
                ]
        return found

    # -- writing: inside `change` -------------------------------------------------------------
    def put(self, documents: Sequence[NewDocument]) -> None:
        """Keep new documents, and old ones whose text changed; both are to be compared (again)."""
        with self._errors() as connection:
            changed = [known for one in documents if not one.is_same and (known := one.known) is not None]
            self._look_again(connection, [known.number for known in changed])
            connection.executemany(
                "UPDATE document SET digest=? WHERE key=?", ((one.digest, one.key) for one in documents if one.is_same)
            )
            connection.executemany(
                "INSERT INTO document(key, digest, seconds, collection, provider, terms, given, state)"
                " VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(key) DO UPDATE SET digest=excluded.digest,"
                " seconds=excluded.seconds, collection=excluded.collection, provider=excluded.provider,"
                " terms=excluded.terms, given=excluded.given, state=excluded.state, near=NULL, found=NULL, story=0",
                (
                    (one.key, one.digest, one.seconds, one.collection, one.provider, one.terms, one.given, READ)
                    for one in documents
                    if not one.is_same
                ),
            )

    def set_near(self, near: Iterable[tuple[bytes, int]]) -> None:
        """Keep (nearest articles, number) of documents; they are to be grouped (again)."""
        with self._errors() as connection:
            connection.executemany("UPDATE document SET near=?, state=1 WHERE number=?", near)

    def set_stories(self, stories: Iterable[tuple[int, int]], absorbed: Iterable[tuple[int, int]]) -> None:
        """Keep (story, number) of documents and (story, story it was)."""
        with self._errors() as connection:
            connection.executemany(f"UPDATE document SET story=?, {_TELL_AGAIN} WHERE story=? AND story<>0", absorbed)
            connection.executemany(f"UPDATE document SET story=?, {_TELL_AGAIN} WHERE number=?", stories)

    def set_coverage(self, found: Iterable[tuple[int, bytes, int]]) -> None:
        """Keep (coverage, found, number) of documents."""
        with self._errors() as connection:
            connection.executemany(
                "UPDATE document SET state=CASE WHEN state=3 AND coverage<>?1 THEN 2 ELSE state END,"
                " coverage=?1, found=?2 WHERE number=?3",
                found,
            )

    def set_grouped(self, numbers: Iterable[int]) -> None:
        """Note that documents have been grouped."""
        with self._errors() as connection:
            connection.executemany("UPDATE document SET state=2 WHERE number=?", ((number,) for number in numbers))

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; those in a story with them are grouped again, and a story of one is none."""
        with self._errors() as connection:
            for start in range(0, len(numbers), 500):
                part = numbers[start : start + 500]
                stories = [
                    story
                    for (story,) in connection.execute(
                        f"SELECT DISTINCT story FROM document WHERE number IN ({_marks(part)}) AND story<>0", part
                    )
                ]
                self._look_again(connection, part)
                connection.execute(f"DELETE FROM document WHERE number IN ({_marks(part)})", part)
                connection.execute(
                    f"UPDATE document SET story=0, state=min(state, 2) WHERE story<>0 AND story IN ({_marks(stories)})"
                    " AND (SELECT count(*) FROM document AS other"
                    " WHERE other.story=document.story AND other.story<>0)=1",
                    stories,
                )

    @staticmethod
    def _look_again(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        """Let what is in a story with these documents be grouped again."""
        for start in range(0, len(numbers), 500):
            part = numbers[start : start + 500]
            connection.execute(
                "UPDATE document SET state=1 WHERE state>1 AND story<>0 AND story IN"
                f" (SELECT story FROM document WHERE number IN ({_marks(part)}))",
                part,
            )

    def forget_gone(self, keys: Iterable[int]) -> None:
        """Take the stories of articles that are gone out of the article cache."""
        with self._errors(), self._writer() as writer:
            writer.executemany(
                "DELETE FROM story WHERE key=? AND NOT EXISTS(SELECT 1 FROM rec WHERE rec.key=story.key)",
                ((key,) for key in keys),
            )

    @contextmanager
    def _writer(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to the article cache, in one transaction."""
        writer = self._cache.open_writer()
        try:
            with transaction(writer):
                yield writer
        finally:
            writer.close()

    def tell(self, limit: int) -> int:
        """Write stories and coverage that are new into the article cache; return how many."""
        with self._errors() as connection:
            rows = connection.execute(
                "SELECT number, key, story, coverage FROM document WHERE state=2 AND state<3 LIMIT ?", (limit,)
            ).fetchall()
            if not rows:
                return 0
            told = {key: (story, min(count, 0xFFFF)) for _, key, story, count in rows}
            with self._writer() as writer:
                writer.executemany(
                    "INSERT OR REPLACE INTO story VALUES(?,?,?)", [(key, *facts) for key, facts in told.items()]
                )
                write_stories(writer, told)
            with transaction(connection):
                connection.executemany("UPDATE document SET state=3 WHERE number=?", ((row[0],) for row in rows))
            return len(rows)

    # -- frequencies --------------------------------------------------------------------------
    def load_frequencies(self, collection: int) -> tuple[int, bytes] | None:
        """Return (documents, counts) of a collection, or of `EVERYWHERE`; None when nothing is kept."""
        with self._errors() as connection:
            found = connection.execute(
                "SELECT total, counts FROM frequency WHERE collection=?", (collection,)
            ).fetchone()
        return None if found is None else (found[0], zlib.decompress(found[1]))

    def save_frequencies(self, counts: Iterable[tuple[int, int, bytes]]) -> None:
        """Keep (collection, documents, counts) of all documents there are now."""
        with self._errors() as connection:
            connection.execute("INSERT OR REPLACE INTO meta SELECT 'counted', coalesce(max(number), 0) FROM document")
            connection.executemany(
                "INSERT OR REPLACE INTO frequency VALUES(?,?,?)",
                ((collection, total, zlib.compress(blob, 1)) for collection, total, blob in counts),
            )

    def set_counting(self, *, under_way: bool) -> None:
        """Note that the frequencies on disk count what has changed or is gone, or that they are right."""
        with self._errors() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES('counting', ?)", (int(under_way),))

    def counted(self) -> int:
        """Return the highest number of a document that the frequencies kept count; later ones only add to them."""
        return self._fact("counted")

    def is_counting(self) -> bool:
        """Say whether a pass ended before its frequencies were kept."""
        return self._fact("counting") != 0


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
