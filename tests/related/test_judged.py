"""How good ranking, cut and stories are on hand-judged articles; the figures are in docs/notes/related-coverage.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from newstui.related import CUT
from tests.bench.bench_related import Judged, on_given_groups, on_judged_pairs, stories_of

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def judged(shared: Path) -> Judged:
    return Judged(shared / "corpora" / "related-dev.jsonl")


def test_what_belongs_together_is_ranked_first(judged: Judged) -> None:
    found, first = [], []
    for query in judged.queries:
        if right := judged.labels(query, "yes"):
            order = [other for _, other in judged.ranking(query)]
            found.append(len(right & set(order[:10])) / len(right))
            first.append(next((1 / rank for rank, other in enumerate(order, 1) if other in right), 0.0))
    assert sum(found) / len(found) >= 0.97
    assert sum(first) / len(first) >= 0.97


def test_what_is_shown_is_mostly_right_and_nothing_is_shown_where_nothing_matches(judged: Judged) -> None:
    right = wrong = possible = 0
    for query in judged.queries:
        yes, no = judged.labels(query, "yes"), judged.labels(query, "no")
        shown = {other for probability, other in judged.ranking(query) if probability >= CUT}
        right, wrong, possible = right + len(shown & yes), wrong + len(shown & no), possible + len(yes)
        if not yes:
            assert not shown
    assert right / (right + wrong) >= 0.85
    assert right / possible >= 0.8


def test_stories_agree_with_what_was_judged_and_given_and_none_swallows_a_site(judged: Judged) -> None:
    stories = stories_of(judged)
    assert on_judged_pairs(judged, stories).f1 >= 0.82
    assert on_given_groups(judged, stories).f1 >= 0.8
    assert max(map(len, stories)) < len(judged.items) / 100
