"""Completing offers fields, then values with their counts, quoted where they need to be."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from newstui.errors import QueryError
from newstui.query.complete import Candidate, complete
from newstui.query.parse import parse

VALUES = {
    "topic": [("AI", 12), ("Machine Learning", 7), ("Ethics", 3), ('say "x"', 1)],
    "provider": [("The Verge", 9), ("verge.example", 2)],
    "view": [("Morning", 0), ("Top", 0)],
}


def vocabulary(field: str) -> Iterable[tuple[str, int]]:
    return VALUES.get(field, [])


def offered(text: str) -> list[Candidate]:
    """Complete at the ``|`` in a text."""
    return complete(text.replace("|", ""), text.index("|"), vocabulary)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("to|", ["topic:"]),
        ("-to|", ["topic:"]),
        ("(to|", ["topic:"]),
        ("ai cat|", ["category:"]),
        ("topic:|", ["AI", "Machine Learning", "Ethics", 'say "x"']),
        ("topic:a|", ["AI", "Machine Learning", 'say "x"']),
        ("topic:mach|", ["Machine Learning"]),
        ("topic:learn|", ["Machine Learning"]),
        ('topic:"machine l|', ["Machine Learning"]),
        ("topic:AI,|", ["Machine Learning", "Ethics", 'say "x"']),
        ('topic:"Machine Learning",e|', ["Ethics"]),
        ("provider:verge|", ["verge.example", "The Verge"]),
        ("is:|", ["read", "unread", "starred", "new", "single-source", "followed", "tagged", "noted"]),
        ("is:un|", ["unread"]),
        ("has:i|", ["image"]),
        ("sort:-q|", ["-quality"]),
        ("after:t|", ["today", "yesterday"]),
        ("view:m|", ["Morning"]),
        ("title:a|", []),
        ("nofield:a|", []),
        ('"a phr|', []),
        ("/reg|", []),
        ("zzz|", []),
    ],
)
def test_candidates_begin_with_what_is_typed_then_hold_it(text: str, labels: list[str]) -> None:
    assert [candidate.label for candidate in offered(text)][: len(labels) + 3] == labels


def test_nothing_typed_offers_every_field_with_its_help() -> None:
    found = offered("a |")
    assert "topic:" in [candidate.label for candidate in found]
    assert all(candidate.help and candidate.count is None for candidate in found)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("to|", "topic:|"),
        ("a to| b", "a topic:| b"),
        ("a to|p b", "a topic:| b"),
        ("topic:mach|", 'topic:"Machine Learning"|'),
        ('topic:"mach| b', 'topic:"Machine Learning"| b'),
        ('topic:"mach|" b', 'topic:"Machine Learning"| b'),
        ("-topic:AI,e|", "-topic:AI,Ethics|"),
        ("(topic:say|)", '(topic:"say \\"x\\""|)'),
    ],
)
def test_a_candidate_is_the_whole_query_with_the_cursor_after_it(text: str, whole: str) -> None:
    candidate = offered(text)[0]
    assert candidate.text == whole.replace("|", "")
    assert candidate.column == whole.index("|")


def test_values_come_with_their_counts_and_what_a_shell_needs() -> None:
    candidate = offered("x topic:mach|")[0]
    assert (candidate.count, candidate.word) == (7, 'topic:"Machine Learning"')


def test_every_candidate_reads_as_a_query() -> None:
    for text in ("topic:|", "is:|", "has:|", "sort:|", "after:|", "quality:|", "provider:|"):
        for candidate in offered(text):
            try:
                parse(candidate.text)
            except QueryError as error:
                pytest.fail(f"{candidate.text}: {error.reason}")


def test_a_column_outside_the_text_is_moved_into_it() -> None:
    assert complete("to", 99, vocabulary)[0].text == "topic:"
    assert complete("to", -1, vocabulary)[0].column == len("topic:")
