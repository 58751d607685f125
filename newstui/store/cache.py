"""The article cache: one SQLite file that can be deleted at any time. Reading it, and keeping it healthy.

Writing articles is `writer.py`; the columns are `catalog.py`; marks are not here at all (`marks.py`).
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from newstui.errors import StoreError
from newstui.model import Article, Headline, Problem, Severity, Subscription, Topic
from newstui.records import dataclass
from newstui.store import cache_schema
from newstui.store.cache_files import discard
from newstui.store.catalog import Catalog, load_catalog, save_date_order
from newstui.store.collections import CollectionTable
from newstui.store.columns import load_version
from newstui.store.database import Database, Watch, make_private_file, make_private_folder, transaction
from newstui.store.packing import MALFORMED, REMOVED, StoredArticle, front_page_of, unpack
from newstui.text import clean_line

_Kind = tuple[Severity, str, str]
"""Severity, field and `kind_of_reason` of problems that are alike."""
_DIGITS = re.compile(r"[0-9][0-9,.]*")
_MAPPED_BYTES = 1 << 28
"""How much of the file is mapped into memory while columns are read."""
_WORDS_AT_ONCE = 4 << 20
"""Bytes of words that the search index gathers before it writes them; with 1 MB it merges more: 4 µs an article."""
MOVED_ASIDE_KEPT = 2
"""Damaged caches kept for a look; older ones are deleted."""


@dataclass(frozen=True, slots=True)
class CollectionState:
    """What the cache knows of one collection."""

    id: int
    name: str
    location: str
    kind: str
    group: str
    last_success: datetime | None
    last_attempt: datetime | None
    next_try: datetime | None
    failure: str
    articles: int
    problems: int
    """How many losses were noticed, those beyond the limit included."""


class ArticleCache:
    """The articles of one set of collections."""

    def __init__(self, path: Path) -> None:
        """Open the cache, making or rebuilding the file where needed. Raises StoreError."""
        self.path = path
        self.moved_aside: Path | None = None
        """Where a damaged cache was put; None when it was in order."""
        self.damaged = False
        """Reading or writing has shown that the file cannot be used; `set_aside` begins another."""
        make_private_folder(path.parent)
        try:
            self._database = self._open()
        except (sqlite3.DatabaseError, StoreError, UnicodeError) as error:
            if not (self.damaged or _is_damage(error) or path.is_dir()):
                if isinstance(error, StoreError):
                    raise
                raise StoreError(f"the article cache cannot be opened: {error}", path=str(path)) from error
            self.set_aside()

    def _open(self) -> Database:
        try:
            fresh = not self.path.exists() or self.path.stat().st_size == 0
            if fresh:
                make_private_file(self.path)
        except OSError as error:
            raise StoreError(f"cannot write the article cache: {error.strerror}", path=str(self.path)) from error
        database = Database(self.path, _prepare, translate=self._translate)
        try:
            connection = database.connection()
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            if (application, version) == (cache_schema.APPLICATION_ID, cache_schema.USER_VERSION):
                connection.execute("SELECT 1 FROM rec LIMIT 1").fetchone()
                self._watch = Watch(database)
                return database
            if not fresh and (application, version) not in ((0, 0), *cache_schema.UPGRADED):
                raise sqlite3.DatabaseError("written by another version")
            _create(connection)
            self._watch = Watch(database)
        except BaseException:
            database.close()
            raise
        return database

    def _translate(self, error: sqlite3.DatabaseError) -> Exception:
        """Return what to raise for an error of SQLite, and remember damage."""
        if isinstance(error, sqlite3.ProgrammingError):
            return StoreError("the article cache was closed", path=str(self.path))
        if _is_damage(error) and not isinstance(error, sqlite3.IntegrityError):
            self.damaged = True
            return StoreError("the article cache is damaged; it is built again", path=str(self.path))
        return StoreError(f"the article cache could not be used: {clean_line(str(error))}", path=str(self.path))

    @contextmanager
    def _taking_apart(self) -> Iterator[None]:
        """Run a block that takes stored values apart; where that goes wrong the file is damaged. Raises StoreError.

        SQLite has no checksums: flipped bits inside a value are found only by what makes sense of it.
        """
        try:
            yield
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
            self.damaged = True
            raise StoreError("the article cache is damaged; it is built again", path=str(self.path)) from error

    def set_aside(self) -> None:
        """Rename a cache that cannot be used and begin an empty one."""
        if hasattr(self, "_database") and not self._database.close(interrupt=True):
            raise StoreError("the article cache is damaged, and still in use", path=str(self.path))
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        target = self.path.with_name(f"{self.path.name}.damaged-{moment}")
        try:
            os.replace(self.path, target)
            for ending in ("-wal", "-shm"):
                companion = self.path.with_name(self.path.name + ending)
                companion.unlink(missing_ok=True)
            for old in sorted(self.path.parent.glob(f"{self.path.name}.damaged-*"))[:-MOVED_ASIDE_KEPT]:
                old.unlink()
            self._database = self._open()
            self.damaged = False
        except (OSError, sqlite3.Error) as error:
            reason = f"the article cache is damaged and cannot be replaced: {error}"
            raise StoreError(reason, path=str(self.path)) from error
        self.moved_aside = target

    def files(self) -> list[Path]:
        """Return the cache and its log."""
        return [self.path, self.path.with_name(f"{self.path.name}-wal")]

    def close(self) -> None:
        """Let go of the file; what other threads still ask is refused."""
        self._database.close(interrupt=True)

    def delete(self) -> None:
        """Remove the file of a closed cache."""
        discard(self.path)

    def reader(self) -> sqlite3.Connection:
        """Return this thread's connection for reading."""
        return self._database.connection()

    def open_writer(self) -> sqlite3.Connection:
        """Return a connection of its own for a long write."""
        connection = self._database.open_another()
        connection.execute("PRAGMA cache_size=-32768")
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        return connection

    @staticmethod
    def hurry(connection: sqlite3.Connection) -> None:
        """Stop waiting for the disk, while a collection is read for the first time: all of it can be read again."""
        connection.execute("PRAGMA synchronous=off")
        connection.execute("INSERT INTO search(search, rank) VALUES('hashsize', ?)", (_WORDS_AT_ONCE,))

    @staticmethod
    def settle(connection: sqlite3.Connection) -> None:
        """Wait for the disk again, and bring what was written in a hurry to it."""
        connection.execute("PRAGMA synchronous=normal")
        connection.execute("PRAGMA wal_checkpoint")

    def has_changed(self) -> bool:
        """Say whether anything was written since the last call, by whatever program or thread; True at the first."""
        return self._watch.look()

    # -- articles -----------------------------------------------------------------------------
    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        """Return what the list shows of these rows, in this order; rows that are gone are left out."""
        found: dict[int, Headline] = {}
        reader = self.reader()
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            for row in reader.execute(f"{_HEADLINE} WHERE rec.row IN ({','.join('?' * len(part))})", part):
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
        reader = self.reader()
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            for row, *columns in reader.execute(f"{_ARTICLE} WHERE rec.row IN ({','.join('?' * len(part))})", part):
                with self._taking_apart():
                    found[row] = unpack(StoredArticle(*columns))
        return found

    def article(self, row: int) -> Article | None:
        return self.articles([row]).get(row)

    def count(self) -> int:
        return int(self.reader().execute("SELECT coalesce(sum(articles), 0) FROM collection").fetchone()[0])

    # -- identities ---------------------------------------------------------------------------
    def rows_of_keys(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Return the rows of each key that has any, newest first."""
        wanted = list(keys)
        found: dict[int, list[int]] = {}
        reader = self.reader()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            for key, row in reader.execute(
                f"SELECT key, row FROM rec WHERE key IN ({','.join('?' * len(part))}) ORDER BY row DESC", part
            ):
                found.setdefault(key, []).append(row)
        return found

    def keys_between_unsigned(self, low: int, high: int, *, limit: int) -> list[int]:
        """Return different keys whose unsigned value lies from `low` to `high`, at most `limit`."""
        half, whole = 1 << 63, 1 << 64
        found: list[int] = []
        if low < half:
            found += self.keys_between(low, min(high, half - 1), limit)
        if high >= half:
            found += self.keys_between(max(low, half) - whole, high - whole, limit)
        return found[:limit]

    def rows_of_address(self, address: str) -> list[int]:
        """Return the rows that have exactly this among their addresses; reads every article."""
        if not address:
            return []
        found = self.reader().execute(
            "SELECT row, extra FROM body WHERE instr(extra, ?) ORDER BY row DESC",
            (json.dumps(address, ensure_ascii=False),),
        )
        return [row for row, extra in found if address in (json.loads(extra)[2:3] or [()])[0]]

    def keys_between(self, low: int, high: int, limit: int) -> list[int]:
        """Return different keys from `low` to `high` (both signed 64-bit and included)."""
        return [
            key
            for (key,) in self.reader().execute(
                "SELECT DISTINCT key FROM rec WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?", (low, high, limit)
            )
        ]

    def addresses(self, rows: Sequence[int]) -> dict[int, tuple[int, str]]:
        """Return (key, best address) of each row."""
        found: dict[int, tuple[int, str]] = {}
        reader = self.reader()
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            for row, key, url in reader.execute(
                f"SELECT row, key, url FROM rec JOIN body USING(row) WHERE row IN ({','.join('?' * len(part))})", part
            ):
                found[row] = key, url
        return found

    def urls(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the best address of each row. Many at once: as lists from SQLite, not as a tuple a row."""
        lists = "json_group_array(body.row), json_group_array(url)"
        (held, urls) = self.reader().execute(
            f"SELECT {lists} FROM json_each(?) AS wanted CROSS JOIN body ON body.row=wanted.value",
            (json.dumps(sorted(rows)),),
        ).fetchone()  # fmt: skip
        return dict(zip(json.loads(held), json.loads(urls), strict=True))

    def iterate_stamps(self) -> Iterator[tuple[int, int, int]]:
        """Yield (row, key, digest) of every article; an equal digest means nothing of it changed."""
        yield from self.reader().execute("SELECT row, key, digest FROM rec")

    # -- collections --------------------------------------------------------------------------
    def arrange(self, wanted: Sequence[Subscription]) -> None:
        """Make the cache hold exactly these collections."""
        CollectionTable(self.reader()).arrange(wanted)

    def note_failure(self, name: str, reason: str, at: datetime) -> None:
        """Keep why a collection could not be refreshed."""
        connection = self.reader()
        with transaction(connection):
            CollectionTable(connection).fail_refresh(name, reason, at)

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
    def next_row(self) -> int:
        """Return the row that the next article to arrive will have."""
        (highest,) = self.reader().execute("SELECT max(row) FROM rec").fetchone()
        return cache_schema.FIRST_ROW if highest is None else max(int(highest) + 1, cache_schema.FIRST_ROW)

    def last_session_end(self) -> int | None:
        """Return the next row as it was when the newest session ended, or when it began if it never ended.

        None without a session; 0 when there was nothing to be seen in it.
        """
        found = self.reader().execute("SELECT next_row FROM session ORDER BY started DESC LIMIT 1").fetchone()
        return int(found[0]) if found else None

    def save_session(self, started: datetime) -> None:
        """Note that a reader has seen what there is now; only the newest sessions are kept."""
        with transaction(self.reader()) as connection:
            is_empty = connection.execute("SELECT 1 FROM rec LIMIT 1").fetchone() is None
            seen = int(started.timestamp()), 0 if is_empty else self.next_row()
            connection.execute("INSERT OR REPLACE INTO session VALUES(?,?)", seen)
            connection.execute(
                "DELETE FROM session WHERE started NOT IN (SELECT started FROM session ORDER BY started DESC LIMIT 5)"
            )

    def collections(self) -> list[CollectionState]:
        """Return all collections in the order they were added."""
        return [
            CollectionState(
                id, name, location, kind, group,
                _time(success), _time(attempt), _time(next_try), failure, count, problems,
            )
            for id, name, location, kind, group, success, attempt, next_try, failure, count, problems in
            self.reader().execute(
                "SELECT id, name, location, kind, grouping, last_success, last_attempt, next_try, failure, articles,"
                " problems_dropped + (SELECT count(*) FROM problem WHERE problem.collection=collection.id)"
                " FROM collection ORDER BY id"
            )
        ]  # fmt: skip

    def problems(self, limit: int) -> list[Problem]:
        """Return every loss that is kept, by collection and file.

        Of a collection with more than `limit`, those of a kind that is most frequent become one line with their number.
        """
        found: list[Problem] = []
        counts = self.reader().execute(
            "SELECT collection.id, name, count(*) FROM problem JOIN collection ON collection.id=problem.collection"
            " GROUP BY collection.id ORDER BY collection.id"
        )
        for id, name, count in counts.fetchall():
            alike: dict[_Kind, tuple[int, str]] = {} if count <= limit else self._kinds_to_sum_up(id, count - limit)
            rows = self.reader().execute(
                "SELECT file, line, field, severity, reason FROM problem WHERE collection=? ORDER BY file, id", (id,)
            )
            for file, line, field, severity, reason in rows:
                kind = severity, field, kind_of_reason(reason)
                if kind not in alike:
                    found.append(Problem(name, file, line, field, severity, reason))
            for (severity, field, _), (number, reason) in alike.items():
                like = f"{reason} (and others like it)"
                found.append(Problem(name, f"{number:,} files", None, field, severity, like))
        return found

    def _kinds_to_sum_up(self, collection: int, too_many: int) -> dict[_Kind, tuple[int, str]]:
        """Return the most frequent kinds of problem, as many as take `too_many` away, with number and an example."""
        kinds: dict[_Kind, tuple[int, str]] = {}
        rows = self.reader().execute("SELECT severity, field, reason FROM problem WHERE collection=?", (collection,))
        for severity, field, reason in rows:
            kind = severity, field, kind_of_reason(reason)
            kinds[kind] = kinds[kind][0] + 1 if kind in kinds else 1, reason
        chosen: dict[_Kind, tuple[int, str]] = {}
        for kind, (number, reason) in sorted(kinds.items(), key=lambda item: -item[1][0]):
            if too_many <= 0:
                break
            chosen[kind] = number, reason
            too_many -= number - 1
        return chosen

    def topics(self) -> list[Topic]:
        """Return topics as sites describe them, in display order; of a name that two sites have, the first."""
        found: dict[str, Topic] = {}
        for position, name, parent, id, services in self.reader().execute(
            "SELECT position, name, parent, id, services FROM topic ORDER BY position, collection"
        ):
            found.setdefault(name, Topic(name, position, parent, id, _pairs(services)))
        return list(found.values())


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


def kind_of_reason(reason: str) -> str:
    """Return a reason without what differs from file to file: numbers, and what follows a colon."""
    return _DIGITS.sub("0", reason.partition(": ")[0] if reason.count(": ") > 0 else reason)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, address) of each line."""
    return tuple((kind, address) for kind, _, address in (line.partition("\t") for line in text.splitlines()))


def _prepare(connection: sqlite3.Connection) -> None:
    """Set the pragmas of a connection; the file's own (page size, auto vacuum) only work while it is empty."""
    connection.execute(f"PRAGMA page_size={cache_schema.PAGE_SIZE}")
    connection.execute("PRAGMA auto_vacuum=none")
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA synchronous=normal")
    connection.execute("PRAGMA secure_delete=off")
    connection.execute("PRAGMA trusted_schema=off")
    connection.execute("PRAGMA temp_store=memory")


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, or those that came later, unless another program has just done so."""
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            cache_schema.create(connection)
        elif version != cache_schema.USER_VERSION:
            cache_schema.upgrade(connection)


def _is_damage(error: Exception) -> bool:
    """Tell a file that cannot be used from a full disk, a lock or a missing permission."""
    if not isinstance(error, sqlite3.OperationalError):
        return isinstance(error, (sqlite3.DatabaseError, UnicodeError))
    name = str(getattr(error, "sqlite_errorname", ""))
    if not name:
        return "decode to UTF-8" in str(error)  # what Python says of a text SQLite gives it; it has no other sign
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "SQLITE_ERROR"))


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
