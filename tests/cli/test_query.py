"""The query language in a shell: what is found, what is wrong and where, what may have been meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Newstui


@pytest.mark.parametrize(
    ("query", "column"),
    [("topic:Space AND (", 16), ("tpoic:Space", 0), ("quality:>=many", 8), ("(comet", 0), ("is:raed", 3)],
)
def test_a_wrong_query_exits_2_with_a_caret_under_the_place(
    newstui: Newstui, folder: Path, query: str, column: int
) -> None:
    answer = newstui("list", query, "--from", str(folder))
    lines = answer.err.splitlines()
    assert (answer.code, answer.out) == (2, "")
    caret = next(place for place, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret].index("^") - lines[caret - 1].index(query) == column


def test_a_value_that_nothing_has_finds_nothing_and_names_the_nearest(newstui: Newstui, folder: Path) -> None:
    answer = newstui("list", 'topic:Boks provider:"Wekly"', "--from", str(folder), "--format", "json")
    assert (answer.code, json.loads(answer.out)) == (1, [])
    assert "did you mean topic:Books provider:Weekly?" in answer.err
    assert "did you mean" not in newstui("list", "topic:Cooking", "--from", str(folder)).err
    assert "did you mean topic:Books?" in newstui("facets", "topic:Boks", "--from", str(folder)).err


def test_coverage_is_not_said_before_anybody_looked_for_it(newstui: Newstui, folder: Path) -> None:
    where = ("--from", str(folder), "--format", "ndjson")
    assert {it["coverage"] for it in newstui("list", *where).objects} == {None}
    assert {it["coverage"] for it in newstui("list", "coverage:0", *where).objects} == {0}
    assert {it["coverage"] for it in newstui("list", *where).objects} == {0}


def test_everything_is_new_before_anybody_has_read(newstui: Newstui, folder: Path) -> None:
    assert len(newstui("list", "is:new", "--from", str(folder), "--format", "ndjson").objects) == 3
