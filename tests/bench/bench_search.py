"""A word typed letter by letter: the first screenful, the count, the facets; against a plain FTS5 table.

Processor time, as in `bench_query.py`; everything is in the page cache.
"""

from __future__ import annotations

import sqlite3
import time
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from statistics import median

from newstui.library.find import Finder
from newstui.model import Headline
from newstui.query.match import Moment
from newstui.store.cache_schema import DDL
from newstui.store.catalog import Catalog
from newstui.store.columns import CHUNK_BITS
from newstui.store.select import Selector
from newstui.store.word_sets import save_word_sets
from newstui.text import fold, words
from tests.bench.data import Bench
from tests.bench.generated import NOW, columns, texts, vocabulary
from tests.bench.report import Row, percentile

_PLAIN = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rowid DESC LIMIT 60"


def run(bench: Bench) -> list[Row]:
    """Measure at the size asked for."""
    catalog = columns(bench.records)
    connection = _index(bench.scratch(f"search-{bench.records}") / "search.db", catalog)
    selector = Selector(catalog, lambda: connection)
    selector.warm()
    finder = Finder(selector, partial(_headlines, connection))
    moment = Moment(datetime.fromtimestamp(NOW, UTC), UTC)
    one_letter, longer, plain, counts, facets, long_facets = [], [], [], [], [], []
    finder.find("", moment).facets("provider")  # what is prepared by the first of all counts
    for typed in _keystrokes():
        terms = " AND ".join(f'"{word}"*' for word in typed.split())
        started = time.thread_time()
        connection.execute(_PLAIN, (terms,)).fetchall()
        plain.append(_since(started))
        listing = finder.find(typed, moment)
        started = time.thread_time()
        listing.prepare(60)
        listing.window(0, 60)
        (one_letter if len(typed) == 1 else longer).append(_since(started))
        started = time.thread_time()
        listing.complete()
        counts.append(_since(started))
        for facet in ("topic", "provider", "collection"):
            listing.facets(facet)
        facets.append(_since(started))
        if len(typed) > 2:
            long_facets.append(facets[-1])
    size, name = f"{bench.records:,}", "default FTS5 table, 60 newest"
    base, base_tail = median(plain), percentile(plain, 0.95)
    return [
        Row(f"keystroke to 60 ranked rows at {size}; median", name, base, median(longer + one_letter), "ms CPU", ""),
        Row(
            f"two letters and more at {size}; p95",
            name,
            base_tail,
            percentile(longer, 0.95),
            "ms CPU",
            "<= 16 ms / 50 ms",
        ),
        Row(f"one letter at {size}; p95", name, base_tail, percentile(one_letter, 0.95), "ms CPU", "<= 16 ms / 150 ms"),
        Row(f"count complete after that at {size}; p95", name, base_tail, percentile(counts, 0.95), "ms CPU", ""),
        Row(
            f"count and all facets after that at {size}; p95",
            name,
            base_tail,
            percentile(facets, 0.95),
            "ms CPU",
            "<= 50 ms / 150 ms",
        ),
        Row(
            f"the same of three letters and more at {size}; p95",
            name,
            base_tail,
            percentile(long_facets, 0.95),
            "ms CPU",
            "<= 50 ms / 150 ms",
        ),
    ]


def _keystrokes() -> list[str]:
    """Return words of different frequency letter by letter, and pairs of words."""
    chosen = [vocabulary()[rank] for rank in (0, 25, 250, 2500, 15_000)]
    typed = [word[:length] for word in chosen for length in range(1, len(word) + 1)]
    for first, second in ((5, 60), (40, 700), (300, 1200), (0, 9000)):
        typed += [f"{vocabulary()[first]} {vocabulary()[second][:length]}" for length in (2, 4)]
    return list(dict.fromkeys(typed))


def _since(started: float) -> float:
    return (time.thread_time() - started) * 1000


def _index(path: Path, catalog: Catalog) -> sqlite3.Connection:
    """Write texts and both indexes; kept for the next run."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA page_size=8192; PRAGMA synchronous=off; PRAGMA mmap_size=1000000000;")
    if connection.execute("PRAGMA user_version").fetchone()[0] != catalog.count:
        _fill(connection, catalog)
    save_word_sets(connection)
    return connection


def _fill(connection: sqlite3.Connection, catalog: Catalog) -> None:
    connection.executescript(
        "PRAGMA journal_mode=wal;"
        "CREATE TABLE body(row INTEGER PRIMARY KEY, title TEXT, excerpt TEXT, body TEXT, extra TEXT);"
        "CREATE TABLE chunk(number INTEGER PRIMARY KEY, count INTEGER, rows BLOB);"
        "CREATE VIRTUAL TABLE plain USING fts5(title, excerpt, content='');"
        + "".join(f"{statement};" for statement in DDL.split(";\n") if "word_set" in statement or "fts5" in statement)
    )
    connection.execute("BEGIN")
    for row, (title, excerpt) in zip(reversed(catalog.rowids), texts(catalog.count), strict=True):
        connection.execute("INSERT INTO body VALUES(?,?,?,NULL,'[\"m\"]')", (row, title, excerpt))
        connection.execute(
            "INSERT INTO search(rowid, text) VALUES(?,?)", (row, " ".join(words(fold(f"{title} {excerpt}"))))
        )
        connection.execute("INSERT INTO plain(rowid, title, excerpt) VALUES(?,?,?)", (row, title, excerpt))
    for chunk, rows in groupby(catalog.rowids, lambda row: row >> CHUNK_BITS):
        packed = array("q", rows)
        connection.execute("INSERT INTO chunk VALUES(?,?,?)", (chunk, len(packed), packed))
    connection.execute(f"PRAGMA user_version={catalog.count}")
    connection.execute("COMMIT")
    connection.execute("INSERT INTO search(search) VALUES('optimize')")
    connection.execute("INSERT INTO plain(plain) VALUES('optimize')")


def _headlines(connection: sqlite3.Connection, rows: Sequence[int]) -> list[Headline]:
    found = {
        row: Headline(row, row, title, "", None, None, None, 0, False, False, "", excerpt, "")
        for row, title, excerpt in connection.execute(
            f"SELECT row, title, excerpt FROM body WHERE row IN ({','.join('?' * len(rows))})", rows
        )
    }
    return [found[row] for row in rows]
