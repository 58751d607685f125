"""Related coverage: how long the index takes to build, what an article and a newcomer cost.

How good it is says ``python -m tests.bench.judged FILE``.
"""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from newstui.library import Library, LibraryPaths
from newstui.related import Document, Frequencies, Likeness, Window, terms_of
from tests.bench.data import Bench
from tests.bench.report import Row, percentile

_ASKED = 300
"""Articles that are asked about."""


def run(bench: Bench) -> list[Row]:
    """Build the index for a generated collection, then ask and add."""
    folder = bench.scratch("related")
    shutil.rmtree(folder)
    library = Library.open(LibraryPaths(folder / "data", folder / "cache"), locations=[str(bench.collection())])
    try:
        return _rows(library, bench)
    finally:
        library.close()


def _rows(library: Library, bench: Bench) -> list[Row]:
    _cpu_seconds(lambda: list(library.refresh()))
    before = _peak_megabytes()
    building = _cpu_seconds(lambda: list(library.update_coverage()))
    grown = _peak_megabytes() - before
    rows = library.find("").rows()
    step = max(1, len(rows) // _ASKED)
    asked = [_milliseconds(library.coverage, row) for row in rows[::step]]
    sample = _newcomers(library, [article for row in rows[::step] if (article := library.article(row))])
    count = f"{bench.records:,}"
    return [
        Row(f"coverage index of {count}, CPU", "target", bench.records * 60e-5, building, "s", ">= 1x faster"),
        Row(f"memory for building it ({count})", "target", 150.0, grown, "MB", "<= 1x", faster=False),
        Row(f"coverage of an article among {count}, p95", "target", 20.0, percentile(asked, 0.95), "ms", ">= 1x faster"),
        Row(f"one article compared with {count} of a fortnight, p95", "target", 20.0, percentile(sample, 0.95), "ms",
            ">= 1x faster"),
    ]  # fmt: skip


def _newcomers(library: Library, articles: Sequence[Any]) -> list[float]:
    """Compare articles with all the others as if everything had happened within two weeks."""
    frequencies = Frequencies()
    window = Window(frequencies)
    listing = library.find("")
    total = len(listing)
    for start in range(0, total, 500):
        for place, headline in enumerate(listing.window(start, start + 500), start):
            document = Document(
                place, headline.key, place * 14 * 86_400 // total, 1, crc32(headline.provider.encode()),
                terms_of(headline.title, headline.excerpt),
            )  # fmt: skip
            frequencies.add(document.terms, 1)
            window.add(document)
    likeness = Likeness(window)
    taken = []
    for article in articles:
        newcomer = Document(total + 1, article.key, 7 * 86_400, 1, 0, terms_of(article.title, article.excerpt))
        begin = time.perf_counter()
        newcomer.near = window.nearest(newcomer)
        for _, number in newcomer.near:
            likeness.judge(newcomer, window.documents[number])
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def _milliseconds(function: Callable[[int], object], argument: int) -> float:
    begin = time.perf_counter()
    function(argument)
    return (time.perf_counter() - begin) * 1000


def _cpu_seconds(function: Callable[[], object]) -> float:
    begin = time.process_time()
    function()
    return time.process_time() - begin


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
