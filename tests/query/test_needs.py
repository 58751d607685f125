"""Which queries depend on found coverage."""

from __future__ import annotations

import pytest

from newstui.query.needs import needs_coverage
from newstui.query.parse import parse


@pytest.mark.parametrize(
    "text", ["coverage:>=2", "rust (-is:single-source OR a)", "has:related", "sort:-coverage", "is:followed"]
)
def test_a_query_that_counts_the_others_needs_them(text: str) -> None:
    assert needs_coverage(parse(text))


@pytest.mark.parametrize("text", ["", "coverage", '"single-source"', "quality:>=2 sort:heat", "-is:read has:image"])
def test_any_other_query_does_not(text: str) -> None:
    assert not needs_coverage(parse(text))
