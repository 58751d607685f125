"""Related coverage on hand-judged articles: how well the whole program ranks, cuts and groups them.

``python -m tests.bench.judged FILE`` reads a file of judged items (one JSON object a line: key, site, published, title,
excerpt, url, provider, related, judged{yes, no}, cluster), each site as a collection of its own, and prints what a
reader would be shown.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from newstui.formats import canonical_url
from newstui.identity import key_of
from newstui.library import Library, LibraryPaths
from newstui.related import CUT


class Judged:
    """A file of judged items, read and compared by the program as any others."""

    def __init__(self, path: Path, folder: Path) -> None:
        """Read the items; the folder is empty and will hold records, cache and index."""
        with path.open(encoding="utf-8") as lines:
            self.items: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
        self.number = {item["key"]: number for number, item in enumerate(self.items)}
        self.queries = [number for number, item in enumerate(self.items) if "judged" in item]
        sites = sorted({item["site"] for item in self.items})
        for site in sites:
            (folder / site).mkdir()
        for number, item in enumerate(self.items):
            file = folder / item["site"] / f"{item['published'][:10]}-{number:05}.md"
            file.write_text(_record(item), encoding="utf-8")
        self.library = Library.open(
            LibraryPaths(folder / "data", folder / "cache"), locations=[str(folder / site) for site in sites]
        )
        for _ in self.library.refresh():
            pass
        for _ in self.library.update_coverage():
            pass
        listing = self.library.find("")
        rows = listing.rows()
        self._numbers_by_key = {key_of(canonical_url(item["url"])): number for number, item in enumerate(self.items)}
        headlines = [one for start in range(0, len(rows), 500) for one in listing.window(start, start + 500)]
        self._row = {self._numbers_by_key[one.key]: row for one, row in zip(headlines, rows, strict=True)}

    def ranking(self, number: int) -> list[tuple[float, int]]:
        """Return (score, other) of what is told for an article, given or found, in the order it is told in."""
        told = self.library.coverage(self._row[number], 0.0)
        return [
            (one.score, other) for one in told if one.key and (other := self._numbers_by_key.get(one.key)) is not None
        ]

    def stories(self) -> list[list[int]]:
        """Return all articles in stories, those that are alone included."""
        number_of = {row: number for number, row in self._row.items()}
        stories: list[list[int]] = []
        told: set[int] = set()
        for number, row in self._row.items():
            if number not in told:
                story = self.library.story(row)
                stories.append([number_of[one] for one in story.rows] if story else [number])
                told.update(stories[-1])
        return stories

    def labels(self, number: int, label: str) -> set[int]:
        """Return the articles that were judged to be ("yes"), or not to be ("no"), about the same event."""
        return {self.number[key] for key in self.items[number]["judged"][label] if key in self.number}


def _record(item: dict[str, Any]) -> str:
    """Return an item as the record of a site."""
    provider = {"name": item["provider"], "domain": item.get("domain")}
    related = [
        {"title": one["title"], "excerpt": one.get("excerpt"), "publishedDateTime": one.get("published"),
         "webUrl": one.get("url"), "type": "article", "provider": {"name": one.get("provider")}}
        for one in item["related"]
    ]  # fmt: skip
    fields = {
        "category": "news", "title": item["title"], "excerpt": item["excerpt"], "publishedDateTime": item["published"],
        "webUrl": item["url"], "type": "article", "provider": provider, "related": related,
    }  # fmt: skip
    return "\n".join(["---", *(f"{name}: {json.dumps(value)}" for name, value in fields.items()), "---", ""])


class Cut(NamedTuple):
    """What is shown from a score on."""

    precision: float
    recall: float
    noisy: int
    """Queries without a match that show something all the same."""


def at_cut(judged: Judged, cut: float) -> Cut:
    """Compare what is shown with what was judged."""
    right = wrong = possible = noisy = 0
    for query in judged.queries:
        yes, no = judged.labels(query, "yes"), judged.labels(query, "no")
        shown = {other for score, other in judged.ranking(query) if score >= cut}
        right, wrong, possible = right + len(shown & yes), wrong + len(shown & no), possible + len(yes)
        noisy += bool(shown) and not yes
    return Cut(right / max(1, right + wrong), right / possible, noisy)


def ranked(judged: Judged) -> tuple[float, float]:
    """Return recall@10 and MRR: the means over the queries that have a match."""
    recalls, reciprocal = [], []
    for query in judged.queries:
        if right := judged.labels(query, "yes"):
            order = [other for _, other in judged.ranking(query)]
            recalls.append(len(right & set(order[:10])) / len(right))
            reciprocal.append(next((1 / rank for rank, other in enumerate(order, 1) if other in right), 0.0))
    return _mean(recalls), _mean(reciprocal)


class Agreement(NamedTuple):
    """How far groups agree with others."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def on_judged_pairs(judged: Judged, stories: Sequence[Sequence[int]]) -> Agreement:
    """Compare stories with the pairs that were judged by hand."""
    story = {member: name for name, members in enumerate(stories) for member in members}
    right, wrong = (
        [story[query] == story[other] for query in judged.queries for other in judged.labels(query, label)]
        for label in ("yes", "no")
    )
    return Agreement(sum(right) / max(1, sum(right) + sum(wrong)), sum(right) / max(1, len(right)))


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


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def print_quality(judged: Judged) -> None:
    """Print ranking, cut and stories; without judged items only what the file gives."""
    stories = judged.stories()
    several, largest = sum(len(members) > 1 for members in stories), max(map(len, stories))
    print(f"stories {several}, largest {largest} of {len(judged.items)} articles")
    _print_agreement("B-cubed of given groups", on_given_groups(judged, stories))
    if judged.queries:
        _print_agreement("judged pairs", on_judged_pairs(judged, stories))
        print("recall@10 {:.3f}  MRR {:.3f}".format(*ranked(judged)))
        for cut in (0.4, 0.5, 0.6, CUT, 0.8):
            precision, recall, noisy = at_cut(judged, cut)
            print(f"cut {cut:.2f}: precision {precision:.3f}  recall {recall:.3f}  shown where nothing matches {noisy}")


def _print_agreement(name: str, agreement: Agreement) -> None:
    print(f"{name}: precision {agreement.precision:.3f}  recall {agreement.recall:.3f}  F1 {agreement.f1:.3f}")


if __name__ == "__main__":
    with TemporaryDirectory() as temporary:
        print_quality(Judged(Path(sys.argv[1]), Path(temporary)))
