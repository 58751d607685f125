"""Opening a big cache, and marking many articles at once."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newstui.identity import key_of
from newstui.library import Library, LibraryPaths
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
    from newstui.library import LibrarySettings

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
    from newstui.library import LibrarySettings

    settings = LibrarySettings(subscriptions=(Subscription("bench", "/bench"),))
    library = Library.open(paths, settings)
    library.load()
    count = min(10_000, bench.records)
    rows = list(library.catalog.rowids[:count])
    urls = dict(library._cache.addresses(rows).values())
    bare = sqlite3.connect(paths.data / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode=truncate")
    bare.execute("PRAGMA synchronous=extra")
    bare.execute("CREATE TABLE mark(key INTEGER PRIMARY KEY, url TEXT, read INTEGER)")
    library.mark(rows[:1], "starred")  # today's backup
    turn = [0]

    def upsert() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(
            "INSERT INTO mark VALUES(?,?,?) ON CONFLICT(key) DO UPDATE SET read=excluded.read",
            [(key, url, turn[0]) for key, url in urls.items()],
        )
        bare.execute("COMMIT")

    def mark() -> None:
        turn[0] = 1 - turn[0]
        library.mark(rows, "read" if turn[0] else "unread")

    base, ours = interleaved([upsert, mark], rounds=7)
    bare.close()
    library.close()
    return [Row(f"mark {count:,} read, durable", "bare upsert of the same rows", base * 1000, ours * 1000, "ms",
                "<= 2x", faster=False)]  # fmt: skip
