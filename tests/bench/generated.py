"""Articles by the million without a file: columns in memory, and what SQL would need to answer the same.

All words are made up from syllables; distributions follow what was counted over real collections.
"""

from __future__ import annotations

import random
import sqlite3
from array import array
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

from newstui.model import Headline
from newstui.store.cache_schema import FIRST_ROW
from newstui.store.catalog import HAS_BODY, HAS_IMAGE, HAS_RELATED, NO_NUMBER, READ, Catalog, ValueMasks
from newstui.store.columns import mask_from_positions

NOW = 1_700_000_000
TOPICS = [f"Topic {number}" for number in range(44)]
PROVIDERS = 3_000
_SYLLABLES = "ba be bi bo da de di do fa fe ka ke ko la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se si so ta te ti to va we za".split()  # fmt: skip  # noqa: SIM905
_VOCABULARY = 30_000


def columns(count: int, seed: int = 1) -> Catalog:
    """Return a catalog of so many articles, nearly in order of date, a tenth of them read."""
    chance = random.Random(seed)
    catalog = Catalog()
    catalog.version, catalog.count = 1, count
    catalog.rowids = array("q", range(FIRST_ROW - 1, FIRST_ROW - 1 - count, -1))
    catalog.keys = array("q", (hash((seed, number)) for number in range(count)))
    catalog.published = array("q", (NOW - number * 90 - chance.randrange(4000) for number in range(count)))
    catalog.quality = array("i", (_quality(chance) for _ in range(count)))
    catalog.heat = array("i", (_heat(chance) for _ in range(count)))
    catalog.coverage = array("H", (0 if chance.random() < 0.7 else chance.randrange(1, 30) for _ in range(count)))
    catalog.story = array("q", bytes(8 * count))
    weights = list(accumulate(1 / (rank + 2) for rank in range(PROVIDERS)))
    catalog.provider = array("I", (1 + bisect(weights, chance.random() * weights[-1]) for _ in range(count)))
    catalog.provider_names = ["", *(f"Provider {number}" for number in range(PROVIDERS + 1))]
    catalog.provider_domains = ["", *(f"p{number}.example" for number in range(PROVIDERS + 1))]
    catalog.flags = bytearray(
        chance.choice((HAS_IMAGE, HAS_IMAGE, 0)) | chance.choice((HAS_BODY, 0, 0)) | chance.choice((HAS_RELATED, 0, 0))
        for _ in range(count)
    )
    catalog.marks = bytearray(READ if chance.random() < 0.1 else 0 for _ in range(count))
    topic = [min(int(chance.expovariate(0.12)), len(TOPICS) - 1) for _ in range(count)]
    catalog.topics = _masks(topic, TOPICS)
    catalog.types = _masks([0 if chance.random() < 0.98 else 1 for _ in range(count)], ["article", "video"])
    catalog.categories = _masks([0 if chance.random() < 0.9 else 1 for _ in range(count)], ["news", "learning"])
    catalog.collections = _masks([number % 7 % 3 for number in range(count)], ["one", "two", "three"])
    return catalog


def _quality(chance: random.Random) -> int:
    return NO_NUMBER if chance.random() < 0.2 else int(chance.triangular(0, 213, 60))


def _heat(chance: random.Random) -> int:
    roll = chance.random()
    return NO_NUMBER if roll < 0.1 else -1 if roll < 0.4 else int(chance.lognormvariate(4.5, 0.8))


def _masks(codes: Sequence[int], names: Sequence[str]) -> ValueMasks:
    positions: dict[int, list[int]] = {}
    for position, code in enumerate(codes):
        positions.setdefault(code, []).append(position)
    dense, sparse = {}, {}
    for code, places in positions.items():
        if len(places) * 64 >= len(codes):
            dense[names[code]] = mask_from_positions(places)
        else:
            sparse[names[code]] = array("I", places)
    return ValueMasks(dense, sparse)


@cache
def vocabulary() -> list[str]:
    """Return made-up words, the most frequent first."""
    chance = random.Random("words")
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        found["".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4))))] = None
    return list(found)


def texts(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield title and excerpt of each article: about 340 characters together."""
    chance = random.Random(seed)
    words, weights = vocabulary(), list(accumulate(1 / (rank + 2) ** 0.9 for rank in range(_VOCABULARY)))
    pool = chance.choices(words, cum_weights=weights, k=300_000)
    for _ in range(count):
        start = chance.randrange(len(pool) - 70)
        middle, end = start + chance.randrange(7, 13), start + chance.randrange(45, 60)
        yield " ".join(pool[start:middle]).capitalize(), " ".join(pool[middle:end])


def sql_rival(path: Path, catalog: Catalog) -> sqlite3.Connection:
    """Return the same articles as ordinary tables with ordinary indexes, marks beside them."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=wal; PRAGMA synchronous=off; PRAGMA mmap_size=1000000000;"
        "CREATE TABLE rec(row INTEGER PRIMARY KEY, key INTEGER, published INTEGER, quality INTEGER, heat INTEGER,"
        " coverage INTEGER, provider INTEGER, topic TEXT, type TEXT);"
        "CREATE TABLE mark(key INTEGER PRIMARY KEY, read INTEGER);"
    )
    topic_of = _names_by_position(catalog.topics, catalog.count)
    type_of = _names_by_position(catalog.types, catalog.count)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO rec VALUES(?,?,?,?,?,?,?,?,?)",
        zip(
            catalog.rowids, catalog.keys, catalog.published, catalog.quality, catalog.heat, catalog.coverage,
            catalog.provider, topic_of, type_of, strict=True,
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO mark VALUES(?,1)",
        ((key,) for key, marks in zip(catalog.keys, catalog.marks, strict=True) if marks),
    )
    connection.execute("COMMIT")
    for column in ("published", "quality", "topic", "provider", "type"):
        connection.execute(f"CREATE INDEX by_{column} ON rec({column})")
    connection.execute("ANALYZE")
    return connection


def _names_by_position(masks: ValueMasks, count: int) -> list[str]:
    names = [""] * count
    for name, mask in masks.items():
        digits = bin(mask)[:1:-1]
        place = digits.find("1")
        while place >= 0:
            names[place] = name
            place = digits.find("1", place + 1)
    return names


def headlines_from(connection: sqlite3.Connection, catalog: Catalog, rows: Sequence[int]) -> list[Headline]:
    """Fetch rows of the list from the rival's table: as many columns as a real row has."""
    found = {
        row: Headline(row, key, topic, str(provider), published, quality, heat, coverage, False, False, type_, "", "")
        for row, key, published, quality, heat, coverage, provider, topic, type_ in connection.execute(
            f"SELECT * FROM rec WHERE row IN ({','.join('?' * len(rows))})", rows
        )
    }
    return [found[row] for row in rows]
