"""How good ranking, cut and stories are on hand-judged articles; the figures are in docs/notes/related-coverage.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newstui.related import CUT
from tests.bench.judged import Judged, at_cut, on_given_groups, on_judged_pairs, ranked

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def judged(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    judged = Judged(shared / "corpora" / "related-dev.jsonl", tmp_path_factory.mktemp("judged"))
    yield judged
    judged.library.close()


def test_what_belongs_together_is_ranked_first(judged: Judged) -> None:
    recall, reciprocal_rank = ranked(judged)
    assert recall >= 0.97
    assert reciprocal_rank >= 0.97


def test_what_is_shown_is_mostly_right_and_nothing_is_shown_where_nothing_matches(judged: Judged) -> None:
    precision, recall, noisy = at_cut(judged, CUT)
    assert precision >= 0.85
    assert recall >= 0.8
    assert noisy == 0


def test_stories_agree_with_what_was_judged_and_given_and_none_swallows_a_site(judged: Judged) -> None:
    stories = judged.stories()
    assert on_judged_pairs(judged, stories).f1 >= 0.82
    assert on_given_groups(judged, stories).f1 >= 0.8
    assert max(map(len, stories)) < len(judged.items) / 100
