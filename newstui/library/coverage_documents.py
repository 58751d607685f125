"""Between what the coverage index keeps and what is compared: documents, lists, sources and frequencies.

Everything the index keeps of an article is made and read here; `coverage_pass.py` decides what is done with it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Literal

from newstui.formats import canonical_url
from newstui.identity import key_of
from newstui.model import RelatedItem
from newstui.query.shown import shown_text
from newstui.related import Document, Frequencies, terms_of
from newstui.related.covering import Source
from newstui.related.likeness import Text, text_of
from newstui.related.terms import glance_of, words_of
from newstui.store.coverage import EVERYWHERE, CoverageStore, NewDocument, RawArticle, StoredDocument

_FORMATS: dict[str, Literal["markdown", "html", "text"]] = {"h": "html", "t": "text"}


def document_of(stored: StoredDocument) -> Document:
    """Return a stored document as the comparison sees it."""
    document = Document(
        stored.number,
        stored.key,
        stored.seconds or 0,
        stored.collection,
        stored.provider,
        array("I", stored.terms),
        frozenset(array("q", stored.given)),
        stored.near,
    )
    document.story = stored.story
    return document


def given_by_key(items: Iterable[RelatedItem], own: int) -> dict[int, RelatedItem]:
    """Return what a record lists, by key (that of its title when it has no address), without the article itself."""
    given = {key_of(canonical_url(item.url) if item.url else f"title:{item.title}"): item for item in items}
    given.pop(own, None)
    return given


def given_source(key: int, item: RelatedItem, copy: bool) -> Source:
    """Return a listed article as the record tells of it: the same whether it is in a collection or not."""
    published = item.published.timestamp() if item.published else 0.0
    title, excerpt = item.title, item.excerpt
    return Source(key, published, copy, partial(_given_text, title, excerpt), partial(glance_of, title, excerpt))


def found_source(document: Document, copy: bool) -> Source:
    """Return an article that was found."""
    return Source(document.key, document.seconds, copy, partial(_found_text, document.terms.tobytes()))


@lru_cache(4_000)
def _given_text(title: str | None, excerpt: str | None) -> Text:
    """Return the words of a listed article; the lists of one story hold the same ones."""
    return Text(*words_of(title, excerpt))


@lru_cache(4_000)
def _found_text(terms: bytes) -> Text:
    return text_of(array("I", terms))


def new_document(raw: RawArticle) -> NewDocument:
    """Return an article of the cache as it is kept for comparing."""
    rest = json.loads(raw.extra)
    text = raw.excerpt
    if raw.body:
        text = f"{text or ''} {shown_text(raw.body, _FORMATS.get(rest[0], 'markdown'))}"
    related = rest[5] if len(rest) > 5 and rest[5] else ()
    given = array("q", sorted({key_of(canonical_url(item[3])) for item in related if item[3]} - {raw.key}))
    terms = terms_of(raw.title, text).tobytes()
    known = raw.known
    is_same = known is not None and (
        (known.seconds, known.collection, known.provider, known.terms, known.given)
        == (raw.published, raw.collection, raw.provider, terms, given.tobytes())
    )
    return NewDocument(
        raw.key, raw.digest, raw.published, raw.collection, raw.provider, terms, given.tobytes(), known, is_same
    )


def load_frequencies(store: CoverageStore) -> Frequencies:
    """Return how common terms are; counts of a collection are read when they are first asked for."""

    def load_local(collection: int) -> tuple[int, dict[int, int]]:
        found = store.load_frequencies(collection)
        if found is None:
            return 0, {}
        numbers = array("I", found[1])
        return found[0], dict(zip(numbers[::2], numbers[1::2], strict=True))

    frequencies = Frequencies(load_local)
    found = store.load_frequencies(EVERYWHERE)
    if found is not None:
        frequencies.total = found[0]
        frequencies.counts = array("I", found[1])
    for collection, terms in store.all_terms(store.counted()):
        frequencies.add(array("I", terms), collection)
    return frequencies


def save_frequencies(store: CoverageStore, frequencies: Frequencies) -> None:
    """Keep how common terms are, as far as it has changed."""
    counts = [(EVERYWHERE, frequencies.total, frequencies.counts.tobytes())]
    for collection in sorted(frequencies.changed):
        local = frequencies.local_counts[collection]
        blob = array("I", [part for pair in local.items() for part in pair]).tobytes()
        counts.append((collection, frequencies.local_totals[collection], blob))
    with store.change():
        store.save_frequencies(counts)
        store.set_counting(under_way=False)
    frequencies.changed.clear()
