"""Full text: which articles hold a word, and the texts themselves where the index of words cannot decide.

The index (FTS5, `cache_schema.py`) holds the words of `text.words(text.fold(…))` of title, excerpt and shown body,
without places. So it decides single words; phrases, signs, patterns and addresses are looked up in the text.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import neg
from threading import Lock
from typing import Literal, cast

from newstui.errors import StoreError
from newstui.model import Article, Urls
from newstui.query.match import Subject
from newstui.query.terms import Term
from newstui.store.catalog import Catalog
from newstui.store.columns import CHUNK_BITS
from newstui.store.distances import FIRST, REACH, count_of, flags_of_distances, last_distance
from newstui.store.packing import AUTHOR, RECORD_TAG, body_format_of
from newstui.store.select_columns import BLOCK, flags_of, mask_of_flags, mask_of_many
from newstui.store.word_sets import load_word_set, top_row

IsCancelled = Callable[[], bool]

PROBE = BLOCK + 1
"""Hits fetched by the first look at a word: all there are of most words, else at least those of the first block."""
BATCH = 400
"""Texts read at once."""
KEPT_POSTINGS = 48
"""Words whose articles are remembered while typing goes on (125 KB each at a million articles)."""
MOST_MISSING = 2 << CHUNK_BITS
"""Articles that are looked up because nothing is kept of them yet (12 ms); with more the index is walked as ever."""
_STEPS_BETWEEN_CHECKS = 20_000
"""Steps of SQLite's machine, about 1 ms, between two looks at whether the answer is still wanted."""


class AbandonedError(Exception):
    """The answer is not wanted any more: something newer was asked."""


class Postings:
    """Which articles one expression of words matches, as far as it was asked."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.mask = 0
        """Positions known to match."""
        self.known = 0
        """Positions 0 … known-1 are decided."""
        self.blocks: set[int] = set()
        """Blocks beyond `known` that are decided too."""
        self._lock = Lock()

    def add(self, mask: int, *, known: int = 0, block: int | None = None) -> None:
        """Remember hits. Other threads may do the same."""
        with self._lock:
            self.mask |= mask
            self.known = max(self.known, known)
            if block is not None:
                self.blocks.add(block)


class TextIndex:
    """The search index of one cache file, seen through one catalog."""

    def __init__(self, catalog: Catalog, reader: Callable[[], sqlite3.Connection]) -> None:
        self._catalog = catalog
        self._reader = reader
        """Gives the connection of the thread that asks."""
        self._postings: OrderedDict[str, Postings] = OrderedDict()
        self._lock = Lock()

    # -- words --------------------------------------------------------------------------------
    def words(self, expression: str, block: int | None, is_cancelled: IsCancelled) -> int:
        """Return the positions an expression matches: of one block of positions, or (None) of all."""
        postings = self._remembered(expression)
        count = self._catalog.count
        if not postings.known and not self._take_kept(postings, is_cancelled):
            self._probe(postings, is_cancelled)
        if block is None:
            while (start := postings.known) < count:
                end = self._reached_from(start)
                postings.add(self._fetch(expression, start, end, is_cancelled), known=end)
            return postings.mask
        start, end = block * BLOCK, min((block + 1) * BLOCK, count)
        if end > postings.known and block not in postings.blocks:
            postings.add(self._fetch(expression, start, end, is_cancelled), block=block)
        return postings.mask

    def is_known(self, expression: str) -> bool:
        """Say whether all that an expression matches is remembered."""
        postings = self._postings.get(expression)
        return postings is not None and postings.known >= self._catalog.count

    def is_at_hand(self, expression: str, is_cancelled: IsCancelled) -> bool:
        """Say whether all that an expression matches is remembered, or kept with the index as a frequent word."""
        if self.is_known(expression):
            return True
        postings = self._remembered(expression)
        return not postings.known and self._take_kept(postings, is_cancelled)

    def _remembered(self, expression: str) -> Postings:
        with self._lock:
            found = self._postings.setdefault(expression, Postings(expression))
            self._postings.move_to_end(expression)
            while len(self._postings) > KEPT_POSTINGS:
                self._postings.popitem(last=False)
        return found

    def _take_kept(self, postings: Postings, is_cancelled: IsCancelled) -> bool:
        """Take what is kept of a frequent word, and look up the few articles of which it is not; say whether it is."""
        kept = load_word_set(self._reader(), postings.expression)
        if not kept:
            return False
        missing = [(start, end) for chunk, start, end in self._chunks if chunk not in kept]
        if sum(end - start for start, end in missing) > MOST_MISSING:
            return False
        mask = 0
        for chunk, start, end in self._chunks:
            if bits := kept.get(chunk):
                mask |= self._of_chunk(bits, chunk, start, end) << start
        for start, end in missing:
            mask |= self._fetch(postings.expression, start, end, is_cancelled)
        postings.add(mask, known=self._catalog.count)
        return True

    @cached_property
    def _chunks(self) -> list[tuple[int, int, int]]:
        """Each chunk of rows with the positions it begins and ends at."""
        rowids, count, found, start = self._catalog.rowids, self._catalog.count, [], 0
        while start < count:
            chunk = rowids[start] >> CHUNK_BITS
            end = bisect_right(rowids, -(chunk << CHUNK_BITS), start, key=neg)
            found.append((chunk, start, end))
            start = end
        return found

    def _of_chunk(self, bits: int, chunk: int, start: int, end: int) -> int:
        """Turn a chunk's bit set by row into one of its positions, the first of which is `start`."""
        rowids = self._catalog.rowids
        shifted = bits >> top_row(chunk) - rowids[start]
        if rowids[start] - rowids[end - 1] == end - 1 - start:
            return shifted & (1 << end - start) - 1
        return mask_of_flags(self._without_gaps(flags_of(shifted, rowids[start] - rowids[end - 1] + 1), start, end))

    def _probe(self, postings: Postings, is_cancelled: IsCancelled) -> None:
        """Fetch the first hits; when these are all, everything within reach is decided at once."""
        rowids = self._catalog.rowids
        if not rowids:
            return
        end = self._reached_from(0)
        found = self._distances(
            "SELECT json_group_array(?5 + ?1 - rowid) FROM (SELECT rowid FROM search WHERE search MATCH ?2"
            " AND rowid BETWEEN ?3 AND ?1 ORDER BY rowid DESC LIMIT ?4)",
            (rowids[0], postings.expression, rowids[end - 1], PROBE, FIRST),
            is_cancelled,
        )
        if count_of(found) == PROBE:
            end = bisect_left(rowids, last_distance(found) - rowids[0], 0, end, key=neg)
        postings.add(self._mask(found, 0, end), known=end)

    def _fetch(self, expression: str, start: int, end: int, is_cancelled: IsCancelled) -> int:
        """Return the hits among positions start … end-1, which have to be within reach of one statement."""
        return self._select("rowid", "search WHERE search MATCH ?4", expression, start, end, is_cancelled)

    def _select(self, row: str, source: str, value: str, start: int, end: int, is_cancelled: IsCancelled) -> int:
        """Return the positions among start … end-1 that a part of a statement selects, `?4` in it being the value."""
        if start >= end:
            return 0
        rowids = self._catalog.rowids
        found = self._distances(
            f"SELECT json_group_array(?5 + ?1 - {row}) FROM {source} AND {row} BETWEEN ?2 AND ?3",
            (rowids[start], rowids[end - 1], rowids[start], value, FIRST),
            is_cancelled,
        )
        return self._mask(found, start, end)

    def _reached_from(self, start: int) -> int:
        """Return the end of the positions that one statement reaches from a position on."""
        rowids = self._catalog.rowids
        return bisect_right(rowids, REACH - 1 - rowids[start], start, key=neg)

    def _distances(self, statement: str, values: tuple[object, ...], is_cancelled: IsCancelled) -> str:
        """Run a statement that gives one JSON array of `FIRST` and distances from a row (see `distances.py`)."""
        connection = self._reader()
        is_stopped = False

        def look_up() -> bool:
            nonlocal is_stopped
            is_stopped = is_cancelled()
            return is_stopped

        connection.set_progress_handler(look_up, _STEPS_BETWEEN_CHECKS)
        try:
            text: str = connection.execute(statement, values).fetchone()[0]
        except (sqlite3.OperationalError, StoreError) as error:
            if is_stopped:
                raise AbandonedError from error
            raise
        finally:
            connection.set_progress_handler(None, 0)
        if is_cancelled():
            raise AbandonedError
        return text

    def _mask(self, distances: str, start: int, end: int) -> int:
        """Turn distances from the row at position `start` into a bit set of positions start … end-1.

        Rows that the catalog does not know (yet), and those outside the positions, are left out.
        """
        if not count_of(distances):
            return 0
        rowids = self._catalog.rowids
        flags = flags_of_distances(distances, rowids[start] - rowids[end - 1] + 1)
        return mask_of_flags(self._without_gaps(flags, start, end)) << start

    def _without_gaps(self, by_distance: bytes, start: int, end: int) -> bytes:
        """Return what was collected by distance from a row, by distance from its position instead."""
        rowids, first = self._catalog.rowids, bisect_right(self._stretches, start) - 1
        parts = []
        for stretch in range(first, len(self._stretches)):
            begin = max(start, self._stretches[stretch])
            stop = min(end, self._stretches[stretch + 1] if stretch + 1 < len(self._stretches) else end)
            if begin >= stop:
                break
            distance = rowids[start] - rowids[begin]
            parts.append(by_distance[distance : distance + stop - begin])
        return b"".join(parts)

    @cached_property
    def _stretches(self) -> list[int]:
        """The positions at which row numbers without a gap begin: 0 alone as long as nothing was taken out."""
        rowids, count = self._catalog.rowids, self._catalog.count
        found, start = [], 0
        while start < count:
            found.append(start)
            reach = rowids[start] + start  # the same for all of a stretch, and less for all that follow
            start = bisect_right(range(count), -reach, start, key=lambda place: -rowids[place] - place)
        return found

    # -- texts --------------------------------------------------------------------------------
    def subjects(
        self, positions: Sequence[int], is_cancelled: IsCancelled, *, addresses: bool = False
    ) -> Iterator[tuple[int, Subject]]:
        """Yield articles with their texts, and their addresses if asked for; the rest of them is empty."""
        rowids = self._catalog.rowids
        for start in range(0, len(positions), BATCH):
            if is_cancelled():
                raise AbandonedError
            by_row = {rowids[position]: position for position in positions[start : start + BATCH]}
            for row, title, excerpt, body, extra in self._reader().execute(
                f"SELECT row, title, excerpt, body, extra FROM body WHERE row IN ({','.join('?' * len(by_row))})",
                tuple(by_row),
            ):
                article = Article(
                    0, "", title, excerpt, body, _format(extra), urls=_urls(extra) if addresses else Urls()
                )
                yield by_row[row], Subject(article)

    def titles(self, positions: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield position and title; empty for none."""
        rowids = self._catalog.rowids
        for start in range(0, len(positions), BATCH):
            by_row = {rowids[position]: position for position in positions[start : start + BATCH]}
            for row, title in self._reader().execute(
                f"SELECT row, title FROM body WHERE row IN ({','.join('?' * len(by_row))})", tuple(by_row)
            ):
                yield by_row[row], title or ""

    def labels(self, kind: int, names: Sequence[str]) -> int:
        """Return the positions of articles with one of these authors or tags (folded)."""
        rowids = self._catalog.rowids
        if not rowids:
            return 0
        found = self._reader().execute(
            f"SELECT row FROM label WHERE kind=? AND name IN ({','.join('?' * len(names))}) AND row BETWEEN ? AND ?",
            (kind, *names, rowids[-1], rowids[0]),
        )
        places = (self._catalog.position_of(row) for (row,) in found)
        return mask_of_many((place for place in places if place is not None), self._catalog.count)

    def label_counts(self, name: str) -> list[tuple[str, int]]:
        """Return every author or tag of records (folded) with how many articles have it."""
        kind = AUTHOR if name == "author" else RECORD_TAG
        return self._reader().execute("SELECT name, count(*) FROM label WHERE kind=? GROUP BY name", (kind,)).fetchall()

    def addresses(self, piece: str, block: int | None, is_cancelled: IsCancelled) -> int:
        """Return positions that may hold a piece of an address: all that do, and some that do not.

        `piece` has its Latin letters in lower case, and nothing that JSON escapes.
        """
        start, end = (0, self._catalog.count) if block is None else (block * BLOCK, (block + 1) * BLOCK)
        end, found = min(end, self._catalog.count), 0
        while start < end:
            stop = min(end, self._reached_from(start))
            found |= self._select("row", "body WHERE instr(lower(extra), ?4)", piece, start, stop, is_cancelled)
            start = stop
        return found


def match_expression(term: Term) -> str:
    """Return the FTS5 expression of the articles that can hold a term; empty when words cannot tell."""
    parts = [f'"{token}"' for token in term.tokens]
    ends_whole = term.whole or (term.literal and not term.literal.endswith(term.tokens[-1:]))
    if parts and not ends_whole:
        parts[-1] += "*"
    return " AND ".join(parts)


def _format(extra: str) -> Literal["markdown", "html", "text"]:
    return cast('Literal["markdown", "html", "text"]', body_format_of(extra))


def _urls(extra: str) -> Urls:
    """Return the addresses out of packed extras."""
    rest = json.loads(extra)
    return Urls(*rest[2]) if len(rest) > 2 and rest[2] else Urls()
