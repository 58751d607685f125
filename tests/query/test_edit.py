"""Picking adds to a query, picking again takes away, and the printed query says so."""

from __future__ import annotations

from hypothesis import given, settings

from newstui.query import print_query
from newstui.query.edit import both, has_value, picked_values, toggle, with_sort, without_field
from newstui.query.nodes import Query
from newstui.query.parse import parse
from tests.query_strategies import queries


def picked(text: str, *picks: tuple[str, str]) -> str:
    query = parse(text)
    for field, value in picks:
        query = toggle(query, field, value)  # type: ignore[arg-type]
    return print_query(query)


def test_picks_add_up() -> None:
    assert picked("", ("topic", "AI")) == "topic:AI"
    assert picked("solar", ("topic", "AI"), ("topic", "Machine Learning")) == 'solar topic:AI,"Machine Learning"'
    assert picked("topic:AI", ("provider", "The Verge")) == 'topic:AI provider:"The Verge"'


def test_picking_again_takes_away() -> None:
    assert picked("topic:AI", ("topic", "ai")) == ""
    assert picked('solar topic:AI,"Machine Learning"', ("topic", "AI")) == 'solar topic:"Machine Learning"'
    assert picked("topic:AI sort:heat", ("topic", "AI")) == "sort:heat"


def test_a_pick_narrows_the_whole_of_a_query_with_or() -> None:
    assert picked("a OR b", ("topic", "AI")) == "(a OR b) topic:AI"
    assert picked("-topic:AI", ("topic", "AI")) == "-topic:AI topic:AI"


def test_what_is_picked_can_be_asked() -> None:
    query = parse('topic:ai,"Power Apps" solar -topic:x (topic:y OR z)')
    assert has_value(query, "topic", "AI") and has_value(query, "topic", "power apps")
    assert not has_value(query, "topic", "x") and not has_value(query, "topic", "y")
    assert picked_values(query, "topic") == ("ai", "Power Apps")
    assert print_query(without_field(query, "topic")) == "solar -topic:x (topic:y OR z)"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(queries)
def test_picking_twice_changes_nothing_and_every_step_prints(query: Query) -> None:
    before = has_value(query, "type", "profile")
    once = toggle(query, "type", "profile")
    assert has_value(once, "type", "profile") is not before
    assert parse(print_query(once)) == once
    assert parse(print_query(toggle(once, "type", "profile"))) == query


def test_two_queries_together_keep_the_later_order() -> None:
    assert print_query(both(parse("a sort:heat"), parse("b OR c"))) == "a (b OR c) sort:heat"
    assert print_query(both(parse("a sort:heat"), parse("sort:date"))) == "a sort:date"
    assert print_query(with_sort(parse("a sort:heat"), "quality", reverse=True)) == "a sort:-quality"
