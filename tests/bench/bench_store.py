"""Opening a big cache, and marking many articles at once."""

from __future__ import annotations

import random
import shutil
import sqlite3
import statistics
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from newstui.identity import key_of
from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.model import Article, Image, Provider, RelatedItem, Subscription, Urls
from newstui.store.cache import ArticleCache
from newstui.store.packing import pack
from newstui.store.writer import CacheWriter
from tests.bench.data import Bench
from tests.bench.report import Row, interleaved

WORDS = [f"{first}{second}" for first in ("al", "be", "cor", "da", "el", "fin", "gra", "ho") for second in
         ("ba", "con", "do", "er", "lan", "mi", "nor", "pa", "ri", "sto")]  # fmt: skip
TOPICS = [f"Topic {number}" for number in range(44)]


def run(bench: Bench) -> list[Row]:
    scratch = bench.scratch("store")
    shutil.rmtree(scratch)
    paths = LibraryPaths(scratch / "data", scratch / "cache")
    fill(paths.cache / "cache.db", bench.records)
    return [*_opening(bench, paths), *_marking(bench, paths)]


def fill(path: Path, count: int) -> None:
    """Write a cache of invented articles, as a refresh would."""
    cache = ArticleCache(path)
    cache.arrange([Subscription("bench", "/bench")])
    connection = cache.open_writer()
    connection.execute("PRAGMA synchronous=off")
    writer = CacheWriter(connection)
    dice = random.Random(1)
    for start in range(0, count, 10_000):
        writer.begin()
        articles = [pack(_article(dice, number), f"{number}.md") for number in range(start, min(start + 10_000, count))]
        files = writer.add_files(1, [(f"{start + place}.md", 1) for place in range(len(articles))])
        writer.add_articles(1, list(zip(files, articles, strict=True)), older=True)
        connection.execute("UPDATE collection SET articles=articles+?, last_success=1", (len(articles),))
        writer.commit()
    cache.close()


def _article(dice: random.Random, number: int) -> Article:
    url = f"https://daily.example/{number}"
    return Article(
        key=key_of(url[8:]),
        path=f"{number}.md",
        title=" ".join(dice.choices(WORDS, k=9)),
        excerpt=" ".join(dice.choices(WORDS, k=32)),
        published=datetime(2026, 6, 1, tzinfo=UTC) - timedelta(minutes=number * 3 + dice.randrange(200)),
        urls=Urls(original=url, web=url),
        type="article",
        category="news",
        quality=dice.randrange(200),
        heat=dice.randrange(-1, 300),
        provider=Provider(f"Provider {int(dice.paretovariate(0.6)) % 5000}", None),
        topics=tuple({dice.choice(TOPICS), TOPICS[0]}),
        images=(Image(f"https://daily.example/{number}.jpg", 640, 480),),
        related=(RelatedItem("Other", None, None, f"https://daily.example/{number + 1}"),) if number % 3 == 0 else (),
    )


def _opening(bench: Bench, paths: LibraryPaths) -> list[Row]:
    settings = LibrarySettings(subscriptions=(Subscription("bench", "/bench"),))
    library = Library.open(paths, settings)
    rows = [headline.row for headline in library.first_page(60)]
    connection = sqlite3.connect(paths.cache / "cache.db")

    def look_up() -> None:
        for row in rows:
            connection.execute("SELECT * FROM rec JOIN body USING(row) WHERE row=?", (row,)).fetchone()

    def open_and_show() -> None:
        opened = Library.open(paths, settings)
        opened.first_page(60)
        opened.close()

    base, shown = interleaved([look_up, open_and_show], rounds=9)
    cache = ArticleCache(paths.cache / "cache.db")
    cache.load_catalog(None)
    start = time.perf_counter()
    cache.load_catalog(None)
    loaded = time.perf_counter() - start
    cache.close()
    connection.close()
    library.close()
    return [
        Row(f"open and first 60 of {bench.records:,}", "60 single-row look-ups", base * 1000, shown * 1000, "ms",
            "<= 10x and <= 10 ms", faster=False),
        Row(f"columns of {bench.records:,} into memory", "0.1 s a million", 100 * bench.records / 1e6, loaded * 1000,
            "ms", "", faster=False),
    ]  # fmt: skip


def _marking(bench: Bench, paths: LibraryPaths) -> list[Row]:
    """Time marking against writing the same keys, addresses and values, ready in memory, into a table of these three.

    Both tables have a rollback journal, ``synchronous=EXTRA`` and one transaction. What marking does beyond that is
    in its time: telling what really changes, looking up the addresses of articles that have no mark yet, the history
    that can undo it, and the columns of the list.
    """
    taken: dict[str, list[tuple[float, float]]] = {"never marked before": [], "marked before": []}
    for turn in range(7):
        here = LibraryPaths(paths.data / str(turn), paths.cache)
        library = Library.open(here, LibrarySettings(subscriptions=(Subscription("bench", "/bench"),)))
        library.load()
        rows = library.catalog.rowids[: min(10_000, bench.records - 1)]
        library.mark(library.catalog.rowids[-1:], "starred")  # today's backup
        keys_and_urls = list(library._cache.addresses(rows).values())
        bare = sqlite3.connect(here.data / "bare.db", isolation_level=None)
        bare.execute("PRAGMA journal_mode=truncate")
        bare.execute("PRAGMA synchronous=extra")
        bare.execute("CREATE TABLE mark(key INTEGER PRIMARY KEY, url TEXT, read INTEGER)")

        for name, read in (("never marked before", 1), ("marked before", 0)):
            upsert = partial(_upsert, bare, keys_and_urls, read)
            mark = partial(library.mark, rows, "read" if read else "unread")
            base, ours = interleaved([upsert, mark], rounds=1)
            taken[name].append((base, ours))
        bare.close()
        library.close()
    return [
        Row(f"mark {len(rows):,} {name}, durable", "bare upsert of the same rows", statistics.median(base) * 1000,
            statistics.median(ours) * 1000, "ms", "<= 2x", faster=False)
        for name, pairs in taken.items() for base, ours in [zip(*pairs, strict=True)]
    ]  # fmt: skip


def _upsert(connection: sqlite3.Connection, keys_and_urls: list[tuple[int, str]], read: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO mark VALUES(?,?,?) ON CONFLICT(key) DO UPDATE SET read=excluded.read",
        [(key, url, read) for key, url in keys_and_urls],
    )
    connection.execute("COMMIT")
