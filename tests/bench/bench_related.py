"""Related coverage: how long the index takes to build, what an article and a newcomer cost; and how good it is.

``python -m tests.bench related --records 100000`` measures time; ``python -m tests.bench.bench_related judged.jsonl``
prints ranking, cut and stories on a file of judged items (one JSON object a line: key, site, published, title,
excerpt, url, provider, related, judged{yes, no}).
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from newstui.library import Library, LibraryPaths
from newstui.related import CUT, Document, Frequencies, Likeness, Window, terms_of
from newstui.related.grouping import WORTH_JUDGING, regroup
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


# --- quality -------------------------------------------------------------------------------------------------


class Judged:
    """A file of judged items, compared with each other."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8") as lines:
            self.items: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
        self.number = {item["key"]: number for number, item in enumerate(self.items)}
        frequencies = Frequencies()
        self.window = Window(frequencies)
        numbers_by_url = {item["url"]: number for number, item in enumerate(self.items)}
        for number, item in enumerate(self.items):
            given = {numbers_by_url[url] for one in item["related"] if (url := one.get("url")) in numbers_by_url}
            document = Document(
                number, number, int(datetime.fromisoformat(item["published"]).timestamp()), crc32(item["site"].encode()),
                crc32((item["provider"] or "").encode()), terms_of(item["title"], item["excerpt"]), frozenset(given),
            )  # fmt: skip
            frequencies.add(document.terms, document.collection)
            self.window.add(document)
        self.documents = self.window.documents
        for document in self.window:
            document.near = self.window.nearest(document)
        self.likeness = Likeness(self.window)
        self.queries = [number for number, item in enumerate(self.items) if "judged" in item]

    def ranking(self, number: int) -> list[tuple[float, int]]:
        """Return (probability, other), most probable first."""
        document = self.documents[number]
        others = [self.documents[other] for _, other in document.near or ()]
        return sorted(
            ((self.likeness.judge(document, other).probability, other.number) for other in others), reverse=True
        )

    def partners(self) -> dict[int, set[int]]:
        """Return those that list each other."""
        documents = self.documents
        listing = {
            number: {other for other in one.given if number in documents[other].given}
            for number, one in documents.items()
        }
        return {number: others - {number} for number, others in listing.items() if others - {number}}

    def labels(self, number: int, label: str) -> set[int]:
        return {self.number[key] for key in self.items[number]["judged"][label] if key in self.number}


def print_quality(path: Path) -> None:
    """Print ranking, cut and stories on judged items."""
    judged = Judged(path)
    recalls, reciprocal = [], []
    for query in judged.queries:
        if right := judged.labels(query, "yes"):
            order = [other for _, other in judged.ranking(query)]
            recalls.append(len(right & set(order[:10])) / len(right))
            reciprocal.append(next((1 / rank for rank, other in enumerate(order, 1) if other in right), 0.0))
    print(f"recall@10 {_mean(recalls):.3f}  MRR {_mean(reciprocal):.3f}  ({len(recalls)} queries with a match)")
    for cut in (0.4, 0.5, 0.6, CUT, 0.8):
        _print_cut(judged, cut)
    _print_stories(judged)


def _print_cut(judged: Judged, cut: float) -> None:
    right = wrong = all_right = noisy = 0
    for query in judged.queries:
        shown = {other for probability, other in judged.ranking(query) if probability >= cut}
        yes, no = judged.labels(query, "yes"), judged.labels(query, "no")
        right, wrong, all_right = right + len(shown & yes), wrong + len(shown & no), all_right + len(yes)
        noisy += bool(shown) and not yes
    empty = sum(not judged.labels(query, "yes") for query in judged.queries)
    print(
        f"cut {cut:.2f}: precision {right / max(1, right + wrong):.3f}  recall {right / all_right:.3f}  "
        f"something shown where nothing matches {noisy}/{empty}"
    )


class Agreement(NamedTuple):
    """How far groups agree with others."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def stories_of(judged: Judged) -> list[list[int]]:
    """Group all items anew, with what was judged of near ones and of those that list each other."""
    documents, partners = judged.documents, judged.partners()
    near = {
        (min(one.number, number), max(one.number, number))
        for one in judged.window
        for nearness, number in one.near or ()
        if nearness >= WORTH_JUDGING
    }
    listed = {(min(one, other), max(one, other)) for one, others in partners.items() for other in others}
    pairs = {
        (one, other): judged.likeness.judge(documents[one], documents[other]).probability
        for one, other in near | listed
    }
    return regroup([[number] for number in documents], pairs, partners)


def on_judged_pairs(judged: Judged, stories: Sequence[Sequence[int]]) -> Agreement:
    """Compare stories with the pairs that were judged by hand."""
    story = {member: name for name, members in enumerate(stories) for member in members}
    right, wrong = (
        [story[query] == story[other] for query in judged.queries for other in judged.labels(query, label)]
        for label in ("yes", "no")
    )
    return Agreement(sum(right) / max(1, sum(right) + sum(wrong)), sum(right) / len(right))


def on_given_groups(judged: Judged, stories: Sequence[Sequence[int]]) -> Agreement:
    """Compare stories with the groups that the file gives (`cluster`): B-cubed over items in groups of two and more."""
    story = {member: name for name, members in enumerate(stories) for member in members}
    group = {number: item.get("cluster", number) for number, item in enumerate(judged.items)}
    given, both = Counter(group.values()), Counter((group[number], story[number]) for number in group)
    grouped = [number for number in group if given[group[number]] > 1]
    return Agreement(
        _mean([both[group[number], story[number]] / len(stories[story[number]]) for number in grouped]),
        _mean([both[group[number], story[number]] / given[group[number]] for number in grouped]),
    )


def _print_stories(judged: Judged) -> None:
    stories = stories_of(judged)
    print(
        f"stories {sum(len(members) > 1 for members in stories)}, largest {max(map(len, stories))} of"
        f" {len(judged.items)}"
    )
    for name, agreement in (
        ("judged pairs", on_judged_pairs(judged, stories)), ("B-cubed of given groups", on_given_groups(judged, stories)),
    ):  # fmt: skip
        print(f"{name}: precision {agreement.precision:.3f}  recall {agreement.recall:.3f}  F1 {agreement.f1:.3f}")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


if __name__ == "__main__":
    print_quality(Path(sys.argv[1]))
