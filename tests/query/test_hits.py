"""Hits are marked where they are, in the text as it is shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.query.hits import hit_spans, snippet, wanted_of
from newstui.query.parse import parse
from newstui.query.rank import has_rank, rank_points
from newstui.query.terms import SearchText, compile_term, term_in
from tests.query_strategies import PHRASES, TEXT_PIECES, TYPED_WORDS
from tests.strategies import odd_text


@pytest.mark.parametrize(
    ("query", "text", "hits"),
    [
        ("machin", "Machines and a machine.", ["Machines", "machine"]),
        ("zurich", "In Zürich, ZÜRICH", ["Zürich", "ZÜRICH"]),
        ('"machine learning"', "a Machine-Learning machine", ["Machine-Learning"]),
        ("本語", "日本語の本", ["本語"]),
        ("ひら", "日本ひらがな", ["ひら"]),
        ("c++", "C++ or c or C", ["C++"]),
        ("at&t", "at t, AT&T", ["AT&T"]),
        ("😀", "so 😀 so", ["😀"]),
        ("file", "the ﬁles", ["ﬁles"]),
        ("a -b (c OR d) topic:e", "a b c d e", ["a", "c", "d"]),
        ("/b+/", "abba", ["bb"]),
        ("/x*/", "abba", []),
        ("machine mach", "machine", ["machine"]),
        ("title:a", "a", []),
        ("मी", "हिन्दी मीडिया", ["मीडिया"]),
        ("topic:a is:read", "a", []),
    ],
)
def test_hits_are_found_in_a_text(query: str, text: str, hits: list[str]) -> None:
    assert [text[start:end] for start, end in hit_spans(text, parse(query))] == hits


def test_title_and_body_conditions_are_marked_in_their_part_only() -> None:
    query = parse("title:a body:b")
    assert hit_spans("a b", query, part="title") == [(0, 1)]
    assert hit_spans("a b", query, part="body") == [(2, 3)]


_texts = st.one_of(st.lists(st.sampled_from(TEXT_PIECES), max_size=8).map(" ".join), odd_text)
_typed = st.one_of(
    st.sampled_from(TYPED_WORDS),
    st.sampled_from([f'"{phrase}"' for phrase in PHRASES]),
    st.sampled_from(["日本 a", "mach c#"]),
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(_typed, _texts)
def test_a_text_has_hits_exactly_when_a_term_of_the_query_is_in_it(typed: str, text: str) -> None:
    query = parse(typed)
    spans = hit_spans(text, query)
    found = any(term_in(term, SearchText(text)) for term in wanted_of(query).terms)
    assert bool(spans) is found
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] < second[0] for first, second in pairwise(spans))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(_typed, _texts, _texts, st.integers(20, 100))
def test_a_snippet_is_one_short_line_with_its_hits_inside(typed: str, excerpt: str, body: str, width: int) -> None:
    found = snippet("Title", excerpt, body, parse(typed), width)
    assert len(found.text) <= width + 3
    assert "\n" not in found.text
    assert all(0 <= start <= end <= len(found.text) for start, end in found.spans)


def test_a_snippet_shows_the_first_hit_of_a_long_text() -> None:
    text = "one two three " * 50 + "needle in the hay"
    found = snippet("", text, "", parse("needle"), 60)
    assert found.text.startswith("… ")
    assert [found.text[start:end] for start, end in found.spans] == ["needle"]


def test_without_a_hit_a_snippet_is_the_start_of_the_excerpt() -> None:
    assert snippet("needle", "The excerpt.", "The body.", parse("needle"), 60).text == "The excerpt."
    assert snippet("", "", "The body.", parse(""), 60).text == "The body."


def test_the_better_a_title_fits_the_higher_it_ranks() -> None:
    wanted = wanted_of(parse("solar probe"))
    titles = ["Solar probe lands", "A solar probe", "Probe meets solar wind", "Probes of the solar", "Solar", "Nothing"]
    points = [rank_points(wanted, title) for title in titles]
    assert points == sorted(points, reverse=True)
    assert points[0] > points[2] > points[4] > points[5] == 0


def test_only_words_that_are_wanted_rank() -> None:
    assert has_rank(wanted_of(parse("a"))) and has_rank(wanted_of(parse("title:a OR topic:x")))
    assert not has_rank(wanted_of(parse("-a /b/ topic:c")))


def test_a_term_is_compiled_to_folded_words() -> None:
    assert compile_term(parse("Node.JS").where).tokens == ("node", "js")  # type: ignore[arg-type]
