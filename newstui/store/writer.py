"""Writing articles into the cache: tables, search index and columns together, in one transaction a batch.

What is to be written is decided in `library/plan.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from newstui.model import Problem
from newstui.store.cache_schema import CATEGORY, COLLECTION, FIRST_ROW, TOPIC, TYPE
from newstui.store.columns import CHUNK_BITS, Chunk, ColumnRow, load_chunk, load_version, raise_version, save_chunk
from newstui.store.packing import Packed, body_format_of, searchable


class Known(NamedTuple):
    """A stored article as far as deciding what changed needs it."""

    row: int
    key: int
    digest: int
    entry: str | None


_new_tuple = tuple.__new__
"""Makes a named tuple in half the time; as mypy cannot see, its values have to be whole and in order."""
_Codes = tuple[int, int, int, tuple[tuple[int, int], ...]]
"""Numbers of a provider, a type and a category, and (facet, number) of each value."""
_MOST_REMEMBERED = 5_000


class CacheWriter:
    """Writes on one connection, inside transactions the caller begins and ends with `begin` and `commit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._chunks: dict[int, Chunk] = {}
        """Chunks touched in this transaction, and those likely to be touched next."""
        self._dirty: set[int] = set()
        self._values: dict[tuple[int, str], int] = {}
        self._providers: dict[tuple[str, str], int] = {}
        self._codes: dict[tuple[tuple[str, str], str, str, tuple[str, ...]], _Codes] = {}
        """By provider, type, category and topics."""
        self._highest = self._lowest = 0
        self._has_stories = False
        self._seen_version = -1
        """State of the columns that the fields above belong to."""
        self._searches: list[tuple[int, str]] = []
        self._narrow: list[tuple[object, ...]] = []
        self._wide: list[tuple[object, ...]] = []
        self._labels: list[tuple[int, str, int]] = []
        """Rows of rec, body and label that are not written yet."""
        self._columns: dict[int, ColumnRow] = {}
        """By row: what is not in its chunk yet. A thousand feeds in one transaction are put there at once."""

    # -- transactions -------------------------------------------------------------------------
    def begin(self) -> bool:
        """Start a transaction; waits for another program that is writing.

        Returns whether somebody else wrote since the last one, or may have: always at the first.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        return self.join()

    def join(self) -> bool:
        """Take part in a transaction that the caller began; it must `flush` before it commits. Returns as `begin`."""
        is_strange = load_version(self._connection) != self._seen_version
        if is_strange:
            self._chunks.clear()
            self._values.clear()
            self._providers.clear()
            self._codes.clear()
            lowest, highest = self._connection.execute("SELECT min(row), max(row) FROM rec").fetchone()
            self._has_stories = self._connection.execute("SELECT 1 FROM story LIMIT 1").fetchone() is not None
            self._lowest = FIRST_ROW if lowest is None else min(lowest, FIRST_ROW)
            self._highest = FIRST_ROW - 1 if highest is None else max(highest, FIRST_ROW - 1)
        return is_strange

    def commit(self) -> None:
        """Write what belongs to the rows, then make all of it last."""
        self.flush()
        self._connection.execute("COMMIT")

    def flush(self) -> None:
        """Write what is waiting: rows, the search index and the columns."""
        self._write_rows()
        self._write_searches()
        self._put_columns()
        for number in self._dirty:
            save_chunk(self._connection, self._chunks[number])
        if self._dirty:
            raise_version(self._connection)
        self._dirty.clear()
        while len(self._chunks) > 2:
            self._chunks.pop(next(iter(self._chunks)))
        self._seen_version = load_version(self._connection)

    def roll_back(self) -> None:
        """Forget everything since `begin`."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._dirty.clear()
        self._searches.clear()
        for waiting in (self._narrow, self._wide, self._labels):
            waiting.clear()
        self._columns.clear()
        self._chunks.clear()
        self._seen_version = -1

    # -- files --------------------------------------------------------------------------------
    def put_file(self, collection: int, path: str, signature: int) -> int:
        """Remember that a file was read, and return its id."""
        found = self._connection.execute(
            "INSERT INTO file(collection, path, signature) VALUES(?,?,?)"
            " ON CONFLICT(collection, path) DO UPDATE SET signature=excluded.signature RETURNING id",
            (collection, path, signature),
        ).fetchone()
        return int(found[0])

    def add_files(self, collection: int, files: Sequence[tuple[str, int]]) -> list[int]:
        """Remember files, as (path, signature), of which none is known, and return their ids."""
        (first,) = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM file").fetchone()
        ids = list(range(first, first + len(files)))
        self._connection.executemany(
            "INSERT INTO file VALUES(?,?,?,?)",
            [(id, collection, path, signature) for id, (path, signature) in zip(ids, files, strict=True)],
        )
        return ids

    def known_articles(self, collection: int, path: str) -> list[Known]:
        """Return what is stored of a file."""
        self._write_rows()
        return [
            Known(*row)
            for row in self._connection.execute(
                "SELECT row, key, digest, entry FROM file JOIN rec ON rec.file=file.id JOIN body USING(row)"
                " WHERE file.collection=? AND path=? ORDER BY row DESC",
                (collection, path),
            )
        ]

    def known_by_key(self, collection: int, keys: Sequence[int]) -> list[Known]:
        """Return what is stored of a collection under these keys."""
        self._write_rows()
        found: list[Known] = []
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            found += [
                Known(*row)
                for row in self._connection.execute(
                    f"SELECT row, key, digest, entry FROM rec JOIN body USING(row) WHERE collection=? AND"
                    f" key IN ({','.join('?' * len(part))}) ORDER BY row DESC",
                    (collection, *part),
                )
            ]
        return found

    def places(self, collection: int) -> list[tuple[int, int, str | None]]:
        """Return (row, key, entry) of everything in a collection."""
        self._write_rows()
        return self._connection.execute(
            "SELECT row, key, entry FROM rec JOIN body USING(row) WHERE collection=?", (collection,)
        ).fetchall()

    def remove_files(self, collection: int, paths: Iterable[str]) -> int:
        """Forget files with their problems and articles; return how many articles went."""
        self._write_rows()
        removed = 0
        for path in paths:
            found = self._connection.execute(
                "SELECT id FROM file WHERE collection=? AND path=?", (collection, path)
            ).fetchone()
            self._connection.execute("DELETE FROM problem WHERE collection=? AND file=?", (collection, path))
            if found is None:
                continue
            rows = [row for (row,) in self._connection.execute("SELECT row FROM rec WHERE file=?", found)]
            self.remove_articles(rows)
            self._connection.execute("DELETE FROM file WHERE id=?", found)
            removed += len(rows)
        return removed

    # -- articles -----------------------------------------------------------------------------
    def add_articles(self, collection: int, added: Sequence[tuple[int, Packed]], *, older: bool) -> list[int]:
        """Store new articles, each with the id of its file, in the order given (newest first).

        `older` gives them rows below all others (the first read of a collection), else above.
        """
        if older:
            rows = list(range(self._lowest - 1, self._lowest - 1 - len(added), -1))
            self._lowest -= len(added)
        else:
            rows = list(range(self._highest + len(added), self._highest, -1))
            self._highest += len(added)
        self._insert(collection, rows, added)
        return rows

    def change_articles(self, collection: int, changed: Sequence[tuple[int, int, Packed]]) -> None:
        """Replace articles, given as (row, file id, new form)."""
        if not changed:
            return
        rows = [row for row, _, _ in changed]
        self._delete(rows)
        self._insert(collection, rows, [(file, packed) for _, file, packed in changed])

    def move_articles(self, moved: Sequence[tuple[int, int, str | None]]) -> None:
        """Give articles, named by row, another file and entry."""
        if not moved:
            return
        self._write_rows()
        self._connection.executemany("UPDATE rec SET file=? WHERE row=?", [(file, row) for row, file, _ in moved])
        self._connection.executemany("UPDATE body SET entry=? WHERE row=?", [(entry, row) for row, _, entry in moved])

    def remove_articles(self, rows: Sequence[int]) -> None:
        """Take articles out."""
        if not rows:
            return
        self._put_columns()
        self._delete(rows)
        for number in {row >> CHUNK_BITS for row in rows}:
            self._chunk(number).remove(rows)
            self._dirty.add(number)

    def _insert(self, collection: int, rows: Sequence[int], packed: Sequence[tuple[int, Packed]]) -> None:
        narrow, wide, columns, searches = self._narrow, self._wide, self._columns, self._searches
        for row, (file, article) in zip(rows, packed, strict=True):
            (
                key, entry, published, quality, heat, flags, provider_name, type_name, category_name, topics, labels,
                title, excerpt, body, url, extra, digest, search,
            ) = article  # fmt: skip
            shared = provider_name, type_name, category_name, topics
            codes = self._codes.get(shared) or self._find_codes(*shared)
            provider, type_, category, values = codes
            narrow.append(
                (row, key, file, collection, provider, published, quality, heat, flags, type_, category, digest)
            )
            wide.append((row, entry, title, excerpt, body, url, extra))
            if labels:
                self._labels += [(kind, name, row) for kind, name in labels]
            values += ((COLLECTION, collection),)
            columns[row] = _new_tuple(ColumnRow, (row, key, published, quality, heat, provider, flags, values))
            searches.append((row, search))

    def _find_codes(
        self, provider: tuple[str, str], type_name: str, category_name: str, topics: tuple[str, ...]
    ) -> _Codes:
        """Return the numbers of names that stand together in many articles, and remember them."""
        values = [(TOPIC, self._value(TOPIC, topic)) for topic in topics]
        type_, category = self._value(TYPE, type_name), self._value(CATEGORY, category_name)
        if type_name:
            values.append((TYPE, type_))
        if category_name:
            values.append((CATEGORY, category))
        codes = self._provider(provider), type_, category, tuple(values)
        if len(self._codes) >= _MOST_REMEMBERED:
            self._codes.clear()
        self._codes[provider, type_name, category_name, topics] = codes
        return codes

    def _delete(self, rows: Sequence[int]) -> None:
        """Take rows out of the tables and the search index; the columns are the caller's business."""
        self._write_rows()
        self._write_searches()
        for row in rows:
            title, excerpt, body, extra = self._connection.execute(
                "SELECT title, excerpt, body, extra FROM body WHERE row=?", (row,)
            ).fetchone()
            words = searchable(title, excerpt, body, body_format_of(extra))
            self._connection.execute("INSERT INTO search(search, rowid, text) VALUES('delete',?,?)", (row, words))
        numbers = [(row,) for row in rows]
        self._connection.executemany("DELETE FROM rec WHERE row=?", numbers)
        self._connection.executemany("DELETE FROM body WHERE row=?", numbers)
        self._connection.executemany("DELETE FROM label WHERE row=?", numbers)

    def _write_searches(self) -> None:
        """Index what is waiting, lowest row first: any other order makes FTS5 flush after every article."""
        if self._searches:
            self._searches.sort()
            self._connection.executemany("INSERT INTO search(rowid, text) VALUES(?,?)", self._searches)
            self._searches.clear()

    def _write_rows(self) -> None:
        """Write what is waiting to the tables: in one go, since every call gives the interpreter away for a while."""
        if not self._narrow:
            return
        self._narrow.sort()  # rows are all different, so nothing else is compared; rising rows fill the pages:
        self._wide.sort()  # falling ones left 900 of 2,350 bytes an article empty
        self._connection.executemany("INSERT INTO rec VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", self._narrow)
        self._connection.executemany("INSERT INTO body VALUES(?,?,?,?,?,?,?)", self._wide)
        if self._labels:
            self._connection.executemany("INSERT OR IGNORE INTO label VALUES(?,?,?)", self._labels)
        for waiting in (self._narrow, self._wide, self._labels):
            waiting.clear()

    def _put_columns(self) -> None:
        """Put what is waiting into its chunks."""
        by_chunk: dict[int, list[ColumnRow]] = {}
        for row, columns in self._columns.items():
            by_chunk.setdefault(row >> CHUNK_BITS, []).append(columns)
        for number, rows in by_chunk.items():
            self._chunk(number).put(rows, self._story_of)
            self._dirty.add(number)
        self._columns.clear()

    def _chunk(self, number: int) -> Chunk:
        chunk = self._chunks.get(number)
        if chunk is None:
            chunk = self._chunks[number] = load_chunk(self._connection, number)
        return chunk

    def _story_of(self, key: int) -> tuple[int, int]:
        if not self._has_stories:
            return 0, 0
        found = self._connection.execute("SELECT story, coverage FROM story WHERE key=?", (key,)).fetchone()
        return (found[0], found[1]) if found else (0, 0)

    def _value(self, facet: int, name: str) -> int:
        if not name:
            return 0
        code = self._values.get((facet, name))
        if code is None:
            self._connection.execute("INSERT OR IGNORE INTO value(facet, name) VALUES(?,?)", (facet, name))
            (code,) = self._connection.execute(
                "SELECT id FROM value WHERE facet=? AND name=?", (facet, name)
            ).fetchone()
            self._values[facet, name] = code
        return code

    def _provider(self, provider: tuple[str, str]) -> int:
        if provider == ("", ""):
            return 0
        code = self._providers.get(provider)
        if code is None:
            self._connection.execute("INSERT OR IGNORE INTO provider(name, domain) VALUES(?,?)", provider)
            (code,) = self._connection.execute("SELECT id FROM provider WHERE name=? AND domain=?", provider).fetchone()
            self._providers[provider] = code
        return code

    # -- problems -----------------------------------------------------------------------------
    def set_problems(self, collection: int, file: str, problems: Sequence[Problem]) -> None:
        """Replace what is known to be wrong with a file."""
        self._connection.execute("DELETE FROM problem WHERE collection=? AND file=?", (collection, file))
        self._connection.executemany(
            "INSERT INTO problem(collection, file, line, field, severity, reason) VALUES(?,?,?,?,?,?)",
            [(collection, file, p.line, p.field, p.severity, p.reason) for p in problems],
        )

    def replace_problems(self, collection: int, problems: Sequence[Problem]) -> None:
        """Replace everything that is known to be wrong with a collection."""
        self._connection.execute("DELETE FROM problem WHERE collection=?", (collection,))
        self._connection.executemany(
            "INSERT INTO problem(collection, file, line, field, severity, reason) VALUES(?,?,?,?,?,?)",
            [(collection, p.file, p.line, p.field, p.severity, p.reason) for p in problems],
        )
