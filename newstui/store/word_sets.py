"""Bit sets of the words that very many articles hold, kept beside the search index.

Walking the index through a million articles of one letter takes 0.25 s, reading what is kept here less than 2 ms
(2026-11-28). Only beginnings of words that at least one article in `SHARE` holds are kept: all others are as quickly
looked up. They are found in a sample, so no alphabet and no language is special.

A set belongs to one chunk of rows (`columns.py`), and is dropped when that chunk is written. Who asks looks up such
rows in the index (`search.py`); the sets are made anew here once there are many.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from newstui.store.columns import CHUNK_BITS, POSITIONS, pack_mask, unpack_mask
from newstui.store.database import transaction
from newstui.store.distances import FIRST, REACH, count_of, flags_of_distances
from newstui.store.packing import body_format_of, searchable
from newstui.store.select_columns import mask_of_flags
from newstui.text import fold, words

FEWEST_TO_KEEP_WORDS = 200_000
"""Fewer articles are walked through in less than 50 ms."""
FEWEST_TO_MAKE = 1 << CHUNK_BITS
"""Sets are made when at least so many articles have none; fewer are looked up in 6 ms."""
SHARE = 8
"""A word is kept when one article in so many holds it: others take at most 16 ms at a million."""
MOST_WORDS = 300
"""Sets kept, 125 KB each at a million articles: 2 % of the cache."""
SAMPLE = 2_000
"""Articles looked at to find the frequent words."""
ROWS_OF_CHUNK = 1 << CHUNK_BITS
_ALL_MADE = ""
"""Stands for an expression in chunks that have a set of every frequent word."""
_INSERT = "INSERT OR REPLACE INTO word_set(chunk, expression, form, positions) VALUES(?,?,?,?)"


def load_word_set(connection: sqlite3.Connection, expression: str) -> dict[int, int]:
    """Return chunk → bit set of the rows that match, of the chunks that have one; see `top_row`."""
    return {
        chunk: unpack_mask(form, blob)
        for chunk, form, blob in connection.execute(
            "SELECT chunk, form, positions FROM word_set WHERE expression=?", (expression,)
        )
    }


def top_row(chunk: int) -> int:
    """Return the highest row number of a chunk: bit 0 of its sets; bit n is n rows lower."""
    return (chunk + 1 << CHUNK_BITS) - 1


def save_word_sets(connection: sqlite3.Connection, is_cancelled: Callable[[], bool] = lambda: False) -> None:
    """Make the sets where many articles have none (20 s for a million without any, one short transaction a word)."""
    counts = dict(connection.execute("SELECT number, count FROM chunk").fetchall())
    if sum(counts.values()) < FEWEST_TO_KEEP_WORDS:
        return
    unmade = counts.keys() - load_word_set(connection, _ALL_MADE)
    if sum(map(counts.__getitem__, unmade)) < FEWEST_TO_MAKE:
        return
    frequent = _frequent(connection)
    for (expression,) in connection.execute("SELECT DISTINCT expression FROM word_set").fetchall():
        if expression not in (*frequent, _ALL_MADE):
            connection.execute("DELETE FROM word_set WHERE expression=?", (expression,))
    for expression in frequent:
        if is_cancelled():
            return
        with transaction(connection):
            _make(connection, expression)
    with transaction(connection):
        connection.executemany(_INSERT, [(chunk, _ALL_MADE, POSITIONS, b"") for chunk in unmade])


def _rows_by_chunk(connection: sqlite3.Connection) -> Mapping[int, Sequence[int]]:
    return {number: array("q", rows) for number, rows in connection.execute("SELECT number, rows FROM chunk")}


def _frequent(connection: sqlite3.Connection) -> list[str]:
    """Return the expressions of the beginnings of words that a sample shows in many articles, most frequent first."""
    rows_by_chunk = _rows_by_chunk(connection)
    step = max(1, sum(map(len, rows_by_chunk.values())) // SAMPLE)
    found: Counter[str] = Counter()
    looked_at = 0
    for rows in rows_by_chunk.values():
        for row in rows[step // 2 :: step]:
            texts = connection.execute("SELECT title, excerpt, body, extra FROM body WHERE row=?", (row,)).fetchone()
            if texts is not None:
                title, excerpt, body, extra = texts
                held = set(words(fold(searchable(title, excerpt, body, body_format_of(extra)))))
                found.update({word[:length] for word in held for length in range(1, len(word) + 1)})
                looked_at += 1
    return [f'"{word}"*' for word, count in found.most_common(MOST_WORDS) if count * SHARE >= looked_at]


def _make(connection: sqlite3.Connection, expression: str) -> None:
    """Keep what an expression matches in the chunks that have no set of it, in the caller's transaction."""
    missing = [
        chunk
        for (chunk,) in connection.execute(
            "SELECT number FROM chunk EXCEPT SELECT chunk FROM word_set WHERE expression=? ORDER BY 1 DESC",
            (expression,),
        )
    ]
    while missing:
        highest = missing[0]
        together = [chunk for chunk in missing if highest - chunk < REACH >> CHUNK_BITS]
        missing = missing[len(together) :]
        top, bottom = top_row(highest), together[-1] << CHUNK_BITS
        (distances,) = connection.execute(
            "SELECT json_group_array(?4 + ?1 - rowid) FROM search WHERE search MATCH ?2 AND rowid BETWEEN ?3 AND ?1",
            (top, expression, bottom, FIRST),
        ).fetchone()
        flags = flags_of_distances(distances, top - bottom + 1) if count_of(distances) else bytes(top - bottom + 1)
        for chunk in together:
            start = top - top_row(chunk)
            mask = mask_of_flags(flags[start : start + ROWS_OF_CHUNK])
            connection.execute(_INSERT, (chunk, expression, *pack_mask(mask)))
