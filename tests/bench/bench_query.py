"""Changing the filter, the order and the facets: columns in memory against SQL over the same articles.

All of it runs in one thread on data in memory, so processor time is taken: other programs disturb that least.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from newstui.library.find import Finder
from newstui.library.listing import Listing
from newstui.query.match import Moment
from newstui.store.select import Selector
from tests.bench.data import Bench
from tests.bench.generated import NOW, columns, headlines_from, sql_rival
from tests.bench.report import Row, percentile

FILTERS = [
    "topic:\"Topic 3\"", "topic:\"Topic 3\" is:unread", "is:unread", "-is:read topic:\"Topic 9\",\"Topic 10\"", "",
    "topic:\"Topic 1\" type:article", "quality:>=100", "is:unread quality:>=60 type:article", "heat:>200", "after:30d",
    "after:400d before:90d is:unread", "is:starred", "has:image is:unread", "topic:\"Topic 30\" is:unread", "topic:\"Topic 43\"",
    "collection:one is:unread", "is:single-source is:unread", "coverage:>=3 topic:\"Topic 0\"", "topic:\"Topic 2\" OR type:video",
    "-topic:\"Topic 0\"",
]  # fmt: skip
PROVIDERS = [f'provider:"Provider {number}"' for number in (0, 1, 3, 10, 40, 200, 1000, 2500)]
SORTS = ["date", "-date", "quality", "heat", "coverage", "top", "-heat"]
_RIVAL = (
    "SELECT topic, count(*), sum(read IS NULL) FROM rec LEFT JOIN mark USING(key) WHERE {0} GROUP BY topic",
    "SELECT row FROM rec LEFT JOIN mark USING(key) WHERE {0} ORDER BY published DESC LIMIT 60",
)
_CONDITIONS = ["topic='Topic 3' AND read IS NULL", "read IS NULL", "quality>=100", "read IS NULL AND quality>=60"]


def run(bench: Bench) -> list[Row]:
    """Measure at the size asked for."""
    catalog = columns(bench.records)
    rival = sql_rival(bench.scratch(f"query-{bench.records}") / f"rival-{time.time_ns()}.db", catalog)
    selector = Selector(catalog, lambda: rival)
    start = time.thread_time()
    selector.warm()
    for by in ("date", "quality", "heat", "coverage"):
        catalog.order(by)  # type: ignore[arg-type]
    warmed = (time.thread_time() - start) * 1000
    finder = Finder(selector, lambda rows: headlines_from(rival, catalog, rows))
    moment = Moment(datetime.fromtimestamp(NOW, UTC), UTC)

    def open_list(query: str, sort: str = "date", facet: str = "topic") -> Listing:
        listing = finder.find(query, moment, sort=sort)
        listing.window(0, 60)
        len(listing)
        listing.facets(facet)
        return listing

    def rows_only(query: str, sort: str) -> None:
        listing = finder.find(query, moment, sort=sort)
        listing.window(0, 60)
        len(listing)

    def sql(condition: str) -> None:
        for statement in _RIVAL:
            rival.execute(statement.format(condition)).fetchall()

    sql_times = _times([lambda condition=condition: sql(condition) for condition in _CONDITIONS], 3)  # type: ignore[misc]
    open_list("is:unread")  # what is prepared by the first of all counts
    first = _times([lambda query=query: open_list(query) for query in FILTERS], 1)  # type: ignore[misc]
    filters = _times([lambda query=query: open_list(query) for query in FILTERS], 7)  # type: ignore[misc]
    providers = _times([lambda query=query: open_list(query) for query in PROVIDERS], 1)  # type: ignore[misc]
    sorts = _times(
        [lambda sort=sort, query=query: rows_only(query, sort) for sort in SORTS for query in ("", "is:unread", FILTERS[0])],  # type: ignore[misc]
        3,
    )  # fmt: skip
    facets = _times([lambda query=query: open_list(query, facet="provider") for query in FILTERS], 3)  # type: ignore[misc]
    end = _times([lambda query=query: _end(open_list(query)) for query in ("", "is:unread")], 3)  # type: ignore[misc]
    base, size = median(sql_times), f"{bench.records:,}"
    name = "SQL GROUP BY, marks joined"
    return [
        Row(
            f"filter change at {size}: count, topics, 60 rows; median", name, base, median(filters), "ms CPU", ">= 50x"
        ),
        Row(f"the same, p95 of {len(filters)}", name, base, percentile(filters, 0.95), "ms CPU", "<= 3 ms / 16 ms"),
        Row(
            "the same, each asked for the first time; p95",
            name,
            base,
            percentile(first, 0.95),
            "ms CPU",
            "<= 3 ms / 16 ms",
        ),
        Row(
            f"picking a provider the first time at {size}; p95",
            name,
            base,
            percentile(providers, 0.95),
            "ms CPU",
            "<= 50 ms",
        ),
        Row(f"changing the order at {size}, 60 rows; p95", name, base, percentile(sorts, 0.95), "ms CPU", "<= 50 ms"),
        Row(f"counts of all providers at {size}; p95", name, base, percentile(facets, 0.95), "ms CPU", "<= 150 ms"),
        Row(f"to the end of the list at {size}; worst", name, base, max(end), "ms CPU", ""),
        Row(f"preparing columns and orders at {size}, once, beside the screen", name, base, warmed, "ms CPU", ""),
    ]


def _end(listing: Listing) -> None:
    listing.window(len(listing) - 60, len(listing))


def _times(functions: list[Callable[[], object]], rounds: int) -> list[float]:
    """Return the median milliseconds of each, rounds through all of them, so that no two alike follow each other."""
    taken: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, times in zip(functions, taken, strict=True):
            start = time.thread_time()
            function()
            times.append((time.thread_time() - start) * 1000)
    return [median(times) for times in taken]
