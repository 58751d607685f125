"""Counting for the sidebar, in a worker: views, topics, providers and collections of the current query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from newstui.app.refreshing import RefreshBoard
from newstui.app.widgets.sidebar import Entry, SidebarContent
from newstui.errors import NewstuiError
from newstui.model import CollectionHealth, FacetCount, Topic
from newstui.query import Query
from newstui.query.edit import picked_values, without_field
from newstui.query.nodes import ValueField
from newstui.query.views import expand
from newstui.records import dataclass
from newstui.text import fold

if TYPE_CHECKING:
    from newstui.library import Library

FACETS: tuple[ValueField, ...] = ("topic", "provider", "category", "collection")
SHOWN: Mapping[ValueField, int] = {"topic": 24, "provider": 16, "category": 6}
"""Facet → how many of its values the sidebar shows; the rest are behind a line that opens the whole list."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sidebar needs to know about one result."""

    unread_by_view: Mapping[str, int]
    facets: Mapping[ValueField, Sequence[FacetCount]]
    """Values with their counts over the query without what it asks of the same facet, so that more can be picked."""
    health: Sequence[CollectionHealth]
    topics: Sequence[Topic]
    """As the sites describe them, in display order."""
    total: int
    """Articles in all collections together."""
    unread_in_list: int


def count(
    library: Library,
    query: Query,
    kept: Iterable[int],
    views: Mapping[str, str],
    saved: Mapping[str, str],
    is_cancelled: Callable[[], bool],
) -> Counts:
    """Count everything for one query as things are now: a result held for long knows nothing of later marks.

    Raises StoreError, and AbandonedError soon after `is_cancelled` says so.
    """
    listing = library.find(query, keep_rows=kept)
    listing.complete(is_cancelled)
    facets: dict[ValueField, Sequence[FacetCount]] = {}
    for field in FACETS:
        over = library.find(without_field(query, field)) if picked_values(query, field) else listing
        facets[field] = over.facets(field, is_cancelled=is_cancelled)
    unread_by_view: dict[str, int] = {}
    for name, text in views.items():
        try:
            of_view = library.find(expand(text, saved))
            of_view.complete(is_cancelled)
            unread_by_view[name] = of_view.unread()
        except NewstuiError:  # a view with a mistake has no number
            continue
    health = library.health()
    return Counts(
        unread_by_view, facets, health, library.topics(), sum(one.articles for one in health), listing.unread()
    )


def sidebar_content(
    counts: Counts, query: Query, view: str, views: Mapping[str, str], board: RefreshBoard
) -> SidebarContent:
    """Arrange counts as the sidebar shows them."""
    return SidebarContent(
        [Entry("view", name, counts.unread_by_view.get(name), picked=name == view) for name in views],
        (
            ("Topics", _topics(counts, query)),
            ("Providers", _values("provider", counts, query)),
            ("Categories", _values("category", counts, query) if len(counts.facets["category"]) > 1 else ()),
            ("Collections", _collections(counts, query, board)),
        ),
    )


def _topics(counts: Counts, query: Query) -> list[Entry]:
    """Return topics in the sites' order, each below its parent where that is shown too."""
    parents = {fold(topic.name): fold(topic.parent) for topic in counts.topics if topic.parent}
    entries = _values("topic", counts, query)
    shown = {fold(entry.value) for entry in entries}
    return [
        entry._replace(depth=1) if parents.get(fold(entry.value), "") in shown - {""} else entry for entry in entries
    ]


def _values(field: ValueField, counts: Counts, query: Query) -> list[Entry]:
    picked = {fold(value): value for value in picked_values(query, field)}
    found = counts.facets[field]
    entries: list[Entry] = []
    for place, one in enumerate(found):
        is_picked = picked.pop(fold(one.value), None) is not None
        if place < SHOWN.get(field, 24) or is_picked:
            entries.append(Entry(field, one.value, one.unread, one.count, is_picked))  # type: ignore[arg-type]
    entries += [Entry(field, value, 0, 0, True) for value in picked.values()]  # type: ignore[arg-type]
    if len(found) > len(entries):
        entries.append(Entry("more", field, None, len(found) - len(entries)))
    return entries


def _collections(counts: Counts, query: Query, board: RefreshBoard) -> list[Entry]:
    unread = {one.value: one.unread for one in counts.facets["collection"]}
    picked = {fold(value) for value in picked_values(query, "collection")}
    return [
        Entry(
            "collection",
            one.name,
            unread.get(one.name, 0),
            one.articles,
            fold(one.name) in picked,
            failure=board.failures.get(one.name, "" if one.name in board.progress else one.failure),
            progress=board.progress.get(one.name),
        )
        for one in counts.health
    ]
