"""Bringing the coverage index up to date: read what is new, compare it, group it into stories, tell the list.

Every step is kept in small transactions, newest articles first, so that a pass can be cancelled, or cut off, at any
moment and the next one goes on from there. Memory holds the articles of a few weeks, not all of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from newstui.library.coverage_documents import (
    document_of,
    found_source,
    given_by_key,
    given_source,
    load_frequencies,
    new_document,
    save_frequencies,
)
from newstui.records import dataclass
from newstui.related import CUT, Document, Frequencies, Likeness, Neighbour, Window
from newstui.related.covering import Found, copies_among, pack_found
from newstui.related.document import pack_near, unpack_near
from newstui.related.grouping import WORTH_JUDGING, name_stories, regroup
from newstui.related.likeness import Judgement
from newstui.related.window import DAY, NEIGHBOURS, REACH_DAYS
from newstui.store.coverage import COMPARED, READ, CoverageStore, StoredDocument
from newstui.store.coverage_journal import Unread

REACH_SECONDS = REACH_DAYS * DAY
MEMBERS_JUDGED = 60
"""Members of a story that are judged as coverage of one article, those nearest in time."""

_TOLD_EVERY = 20_000
_READ_AT_ONCE, _COMPARED_AT_ONCE, _GROUPED_AT_ONCE, _TOLD_AT_ONCE = 500, 200, 2_000, 50_000
_COMPARED_AT_LEAST, _BATCH_SECONDS = 20, 5 * DAY
"""A batch is cut after so many seconds, unless it would be smaller than that."""
_A_FEW = 100
"""Articles of a batch that is not part of a big pass."""
_SAVE_FREQUENCIES_EVERY = 20_000
_UNCOUNTED = 200
"""So many new articles are counted again from their terms when a program starts, instead of keeping 2^20 counters."""
_JUDGEMENTS_KEPT = 300_000


@dataclass(frozen=True, slots=True)
class CoverageProgress:
    """Some of a pass is done, and kept."""

    done: int
    total: int
    """Articles of this phase."""
    phase: Literal["read", "compare", "group"]


def _close_in_time(batch: list[StoredDocument]) -> list[StoredDocument]:
    """Return the newest of a batch, without those so much older that the window would hold too much for all."""
    newest = batch[0].seconds if batch else None
    if newest is None:
        return batch
    return [
        one
        for place, one in enumerate(batch)
        if place < _COMPARED_AT_LEAST or (one.seconds is not None and one.seconds > newest - _BATCH_SECONDS)
    ]


def _stretches(moments: Iterable[int]) -> list[tuple[int, int]]:
    """Return the stretches of time within reach of these moments (seconds), none of which overlap."""
    stretches: list[tuple[int, int]] = []
    for moment in sorted(moments):
        earliest, latest = moment - REACH_SECONDS, moment + REACH_SECONDS
        if stretches and earliest <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], latest
        else:
            stretches.append((earliest, latest))
    return stretches


# --- the pass ------------------------------------------------------------------------------------------------


class CoveragePass:
    """Keeps the index up to date; holds the articles of the time it worked on last."""

    def __init__(self, store: CoverageStore) -> None:
        self._store = store
        self._frequencies = load_frequencies(store)
        self._window = Window(self._frequencies)
        self._likeness = Likeness(self._window)
        self._loaded: tuple[int, int] | None = None
        """The stretch of time (seconds) the window holds completely."""
        self._judgements: dict[tuple[int, int], Judgement] = {}
        self._uncounted = 0
        """Articles read since the frequencies were kept."""
        self._steps_told = 0
        """How often this run has written into the article cache."""

    def run(self, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[CoverageProgress]:
        """Do what is to be done; yields after each step that is kept. Raises StoreError."""
        if self._store.is_current():
            return
        version, self._steps_told = self._store.version(), 0
        for phase in (self._read, self._compare, self._group):
            yield from phase(is_cancelled)
            if is_cancelled():
                return
        self._tell()
        if version + self._steps_told == self._store.version():
            self._store.remember_current(version + self._steps_told)

    def _tell(self) -> None:
        """Write what is new into the article cache."""
        while self._store.tell(_TOLD_AT_ONCE):
            self._steps_told += 1

    # -- reading ------------------------------------------------------------------------------
    def _read(self, is_cancelled: Callable[[], bool]) -> Iterator[CoverageProgress]:
        if self._store.is_counting():
            self._count_again()
        unread = self._store.unread()
        self._forget_gone(unread)
        rows = self._store.rows_to_read(unread)
        rows.sort(reverse=True)
        unsaved = 0
        for start in range(0, len(rows), _READ_AT_ONCE):
            part = rows[start : start + _READ_AT_ONCE]
            unsaved += self._read_part(part)
            if unsaved >= _SAVE_FREQUENCIES_EVERY:
                save_frequencies(self._store, self._frequencies)
                unsaved = 0
            yield CoverageProgress(start + len(part), len(rows), "read")
            if is_cancelled():
                break
        else:
            self._store.all_read(unread)
        self._uncounted += unsaved
        if self._uncounted >= _UNCOUNTED or self._store.is_counting():
            save_frequencies(self._store, self._frequencies)
            self._uncounted = 0
        if rows:
            self._weigh_again()

    def _read_part(self, rows: Sequence[int]) -> int:
        store, frequencies = self._store, self._frequencies
        with store.change():
            raws = store.raw_articles(rows)
            documents = [new_document(raw) for raw in raws]
            changed = [known for one in documents if not one.is_same and (known := one.known) is not None]
            if changed:
                store.set_counting(under_way=True)
            store.put(documents)
            self._leave_lists(changed)
        for known in changed:
            frequencies.remove(array("I", known.terms), known.collection)
            self._window.discard(known.number)
        counted: dict[int, list[array[int]]] = {}
        for document in documents:
            if not document.is_same:
                counted.setdefault(document.collection, []).append(array("I", document.terms))
        for collection, terms in counted.items():
            frequencies.add_all(terms, collection)
        return len(raws)

    def _forget_gone(self, unread: Unread) -> None:
        gone = self._store.numbers_gone(unread)
        if not gone:
            return
        for start in range(0, len(gone), _READ_AT_ONCE):
            part = self._store.by_number(gone[start : start + _READ_AT_ONCE])
            for document in part:
                self._frequencies.remove(array("I", document.terms), document.collection)
                self._window.discard(document.number)
            self._store.forget_gone(document.key for document in part)
            with self._store.change():
                self._store.set_counting(under_way=True)
                self._store.remove([document.number for document in part])
                self._leave_lists(part)
        save_frequencies(self._store, self._frequencies)
        self._loaded = None  # stories of one were dissolved on disk
        self._weigh_again()

    def _leave_lists(self, gone: Sequence[StoredDocument]) -> None:
        """Take documents that are gone, or tell something else now, out of the lists of those they were near."""
        numbers = {one.number for one in gone}
        shorter: dict[int, list[Neighbour]] = {}
        for earliest, latest in _stretches(one.seconds for one in gone if one.seconds is not None):
            for number, blob in self._store.near_between(earliest, latest):
                if not numbers.isdisjoint(array("I", blob)[::2]):
                    shorter[number] = [one for one in unpack_near(blob) if one.number not in numbers]
        for number, near in shorter.items():
            if number in self._window.documents:
                self._window.documents[number].near = near
        self._store.set_near((pack_near(near), number) for number, near in shorter.items())

    def _count_again(self) -> None:
        """Count all terms anew: a pass was cut off between reading articles and keeping its counts."""
        fresh = Frequencies()
        for collection, terms in self._store.all_terms():
            fresh.add(array("I", terms), collection)
        self._frequencies = fresh
        self._window = Window(fresh)
        self._likeness = Likeness(self._window)
        self._loaded = None

    def _weigh_again(self) -> None:
        self._window.forget_weights()
        self._judgements.clear()

    # -- comparing ----------------------------------------------------------------------------
    def _compare(self, is_cancelled: Callable[[], bool]) -> Iterator[CoverageProgress]:
        total, done = self._store.count(READ), 0
        if self._loaded is not None:
            self._take(self._store.between(*self._loaded, unread=True))
        while total and not is_cancelled():
            batch = _close_in_time(self._store.to_do(READ, _COMPARED_AT_ONCE))
            if not batch:
                break
            self._reach(batch)
            changed: dict[int, Document] = {}
            for stored in batch:
                document = self._window.documents.get(stored.number)
                if document is None:
                    document = document_of(stored)
                    document.near = []
                else:
                    self._compare_one(document, changed)
                changed[document.number] = document
            with self._store.change():
                self._store.set_near((pack_near(one.near or ()), one.number) for one in changed.values())
            done += len(batch)
            yield CoverageProgress(min(done, total), total, "compare")

    def _compare_one(self, document: Document, changed: dict[int, Document]) -> None:
        """Find the nearest articles; those that were compared before take this one among their nearest."""
        near = document.near = self._window.nearest(document)
        for nearness, number in near:
            other = self._window.documents[number]
            if other.meet(Neighbour(nearness, document.number), NEIGHBOURS):
                changed[number] = other

    def _reach(self, batch: Sequence[StoredDocument]) -> None:
        """Hold all articles that these can be compared with."""
        dated = [one.seconds for one in batch if one.seconds is not None]
        if not dated:
            return
        earliest, latest = min(dated) - REACH_SECONDS, max(dated) + REACH_SECONDS
        loaded = self._loaded
        if loaded is None or loaded[0] > latest or loaded[1] < earliest:
            self._window.keep(1, 0)
            self._take(self._store.between(earliest, latest))
        else:
            if earliest < loaded[0]:
                self._take(self._store.between(earliest, loaded[0] - 1))
            if latest > loaded[1]:
                self._take(self._store.between(loaded[1] + 1, latest))
            earliest, latest = self._let_go(batch, (earliest, latest), loaded)
        self._loaded = earliest, latest

    def _let_go(
        self, batch: Sequence[StoredDocument], needed: tuple[int, int], loaded: tuple[int, int]
    ) -> tuple[int, int]:
        """Let go of what is not needed any more; return what is held then.

        After a few newcomers their neighbours are looked at again, which reaches farther, and the next ones come soon.
        """
        together = min(needed[0], loaded[0]), max(needed[1], loaded[1])
        if len(batch) <= _A_FEW and together[1] - together[0] <= needed[1] - needed[0] + 2 * REACH_SECONDS:
            return together
        self._window.keep(*needed)
        return needed

    def _take(self, stored: Iterable[StoredDocument]) -> None:
        for one in stored:
            if one.number not in self._window.documents:
                self._window.add(document_of(one))

    # -- grouping -----------------------------------------------------------------------------
    def _group(self, is_cancelled: Callable[[], bool]) -> Iterator[CoverageProgress]:
        total, done = self._store.count(COMPARED), 0
        while total and not is_cancelled():
            batch = self._store.to_do(COMPARED, _GROUPED_AT_ONCE)
            if not batch:
                break
            if len(self._judgements) > _JUDGEMENTS_KEPT:
                self._judgements.clear()
            self._reach(batch)
            self._group_batch(batch)
            done += len(batch)
            if done % _TOLD_EVERY < len(batch):
                self._tell()
            yield CoverageProgress(min(done, total), total, "group")

    def _group_batch(self, batch: Sequence[StoredDocument]) -> None:
        documents = [self._window.documents.get(one.number) or document_of(one) for one in batch]
        parts = self._parts_around(documents)
        concerned = {one.number: one for part in parts for one in part}
        partners = {
            one.number: linked
            for one in concerned.values()
            if one.given and (linked := {other.number for other in self._partners(one) if other.number in concerned})
        }
        pairs = {
            (min(one.number, other.number), max(one.number, other.number)): self._judge(one, other).probability
            for one in concerned.values()
            for other in (*self._neighbours(one), *(self._partners(one) if one.number in partners else ()))
            if other.number in concerned
        }
        grouped = regroup([[one.number for one in part] for part in parts], pairs, partners)
        groups = [[concerned[number] for number in numbers] for numbers in grouped]
        changed, absorbed = name_stories(groups, self._store.has_story)
        to_count = {one.number for one in (*documents, *changed)}
        counted = self._counted([group for group in groups if any(one.number in to_count for one in group)])
        with self._store.change():
            self._store.set_stories(((one.story, one.number) for one in changed), absorbed)
            self._store.set_coverage(counted)
            self._store.set_grouped(document.number for document in documents)

    def _parts_around(self, documents: Sequence[Document]) -> list[list[Document]]:
        """Return these documents, their neighbours and whole stories of both, as they are grouped now."""
        around = {document.number: document for document in documents}
        for document in documents:
            around.update((other.number, other) for other in self._neighbours(document))
            around.update((other.number, other) for other in self._partners(document))
        stories: dict[int, list[Document]] = {one.story: [] for one in around.values() if one.story}
        if stories:
            for one in self._window:
                if one.story in stories:
                    stories[one.story].append(one)
        alone = [[one] for one in around.values() if not one.story]
        return [*alone, *(members for members in stories.values() if members)]

    def _counted(self, groups: Sequence[Sequence[Document]]) -> list[tuple[int, bytes, int]]:
        """Return (coverage, found, number) of all documents of these stories."""
        everyone = [one for group in groups for one in group]
        items = self._store.given_items([one.key for one in everyone])
        listed = sorted({key for one in everyone if one.key in items for key in one.given})
        known = self._window.documents
        by_key = {one.key: known.get(one.number) or document_of(one) for one in self._store.by_key(listed)}
        counted = []
        for group in groups:
            for one in group:
                found = {other.number: (other, judgement) for other, judgement in self._found(one, group, by_key)}
                given = given_by_key(items.get(one.key, ()), one.key)
                copies = {other.key for other, judgement in found.values() if judgement.copy}
                sources = [given_source(key, item, key in copies) for key, item in given.items()]
                sources += [
                    found_source(other, judgement.copy)
                    for other, judgement in found.values()
                    if other.key not in given and (judgement.copy or judgement.probability >= CUT)
                ]
                kept = [
                    Found(number, judgement.probability, judgement.copy)
                    for number, (_, judgement) in sorted(found.items())
                ]
                counted.append((len(sources) - len(copies_among(sources)), pack_found(kept), one.number))
        return counted

    def _found(
        self, document: Document, members: Sequence[Document], by_key: Mapping[int, Document]
    ) -> Iterator[tuple[Document, Judgement]]:
        """Yield what covers the same event, and what the record lists, with what is thought of it."""
        others = {other.number: other for other in self._neighbours(document)}
        near_in_time = sorted(members, key=lambda one: (abs(one.seconds - document.seconds), one.number))
        others.update((one.number, one) for one in near_in_time[: MEMBERS_JUDGED + 1])
        others.pop(document.number, None)
        listed = [one for key in document.given if (one := by_key.get(key)) is not None]
        others.update((one.number, one) for one in listed if one.near and document.near)
        for other in others.values():
            judgement = self._judge(document, other)
            if judgement.copy or judgement.probability >= CUT or other.key in document.given:
                yield other, judgement

    def _neighbours(self, document: Document) -> list[Document]:
        """Return the nearest articles that are worth judging."""
        known = self._window.documents
        return [
            other
            for nearness, number in document.near or ()
            if nearness >= WORTH_JUDGING and (other := known.get(number)) is not None and other.is_compared
        ]

    def _partners(self, document: Document) -> list[Document]:
        """Return the articles that this one lists and that list it, if they can be judged."""
        if not document.given or not document.is_compared:
            return []
        return [other for other in self._window.partners(document) if other.is_compared]

    def _judge(self, one: Document, other: Document) -> Judgement:
        pair = (one.number, other.number) if one.number < other.number else (other.number, one.number)
        found = self._judgements.get(pair)
        if found is None:
            found = self._judgements[pair] = self._likeness.judge(one, other)
        return found
