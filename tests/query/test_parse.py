"""What is typed means what product words say, and a mistake says where it is and what was meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import QueryError
from newstui.query import print_query
from newstui.query.nodes import And, Between, Has, Is, Node, Not, OneOf, Or, Phrase, Query, Regex, Sort, When, Word
from newstui.query.parse import parse
from tests.query_strategies import queries
from tests.strategies import odd_text

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", None),
        ("  \t ", None),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a or b", And((A, Word("or"), B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("-a b", And((Not(A), B))),
        ("!a", Not(A)),
        ("NOT a b", And((Not(A), B))),
        ("--a", A),
        ("-(a OR b)", Not(Or((A, B)))),
        ("((a))", A),
        ("a(b)c", And((A, B, C))),
        ('"a b" c', And((Phrase("a b"), C))),
        ('-"a b"', Not(Phrase("a b"))),
        ('"a \\"b\\" \\\\"', Phrase('a "b" \\')),
        ("/a b/", Regex("a b")),
        (r"/a\/b\d/ c", And((Regex(r"a/b\d"), C))),
        ("(/a/)", Regex("a")),
        ("topic:AI", OneOf("topic", ("AI",))),
        ("TOPIC:AI", OneOf("topic", ("AI",))),
        ('topic:"Machine Learning",AI,AI', OneOf("topic", ("Machine Learning", "AI"))),
        ("-provider:x.example", Not(OneOf("provider", ("x.example",)))),
        ("title:a", Word("a", "title")),
        ('body:"a b"', Phrase("a b", "body")),
        ("title:a,b", Or((Word("a", "title"), Word("b", "title")))),
        ("url:/a/b", Word("/a/b", "url")),
        ('url:"a,b"', Word("a,b", "url")),
        ("quality:60", Between("quality", 60, 60)),
        ("quality:=60", Between("quality", 60, 60)),
        ("quality:>=60", Between("quality", 60, None)),
        ("quality:>60", Between("quality", 61, None)),
        ("heat:<=-1", Between("heat", None, -1)),
        ("heat:<0", Between("heat", None, -1)),
        ("coverage:2..5", Between("coverage", 2, 5)),
        ("quality:40..", Between("quality", 40, None)),
        ("quality:..70", Between("quality", None, 70)),
        ("quality:1,5..7", Or((Between("quality", 1, 1), Between("quality", 5, 7)))),
        ("after:2020-08-28", When("after", date(2020, 8, 28))),
        ("before:2020-08", When("before", date(2020, 8, 1), "month")),
        ("on:2020", When("on", date(2020, 1, 1), "year")),
        ("after:7d", When("after", None, age=(7, "d"))),
        ("on:Today", When("on", None, word="today")),
        ("is:unread", Is("unread")),
        ("is:read,starred", Or((Is("read"), Is("starred")))),
        ("has:note", Has("note")),
    ],
)
def test_text_means(text: str, meaning: Node | None) -> None:
    assert parse(text) == Query(meaning)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("c++", Word("c++")),
        ("AT&T", Word("AT&T")),
        ('"node.js"', Phrase("node.js")),
        ("- * & ! ... a", A),
        ('a "', A),
        ('""', None),
        ('"open', Phrase("open")),
        ('5"disk', Word('5"disk')),
        ("12:30", Word("12:30")),
        ("https://x.example/a", Word("https://x.example/a")),
        ("Breaking: a", And((Word("Breaking:"), A))),
        ("machine-learning", Word("machine-learning")),
        ("a / b", And((A, B))),
        ("//", None),
        ("a*", Word("a*")),
        ("日本", Word("日本")),
        ("😀", Word("😀")),
        ("a - b", And((A, B))),
        ("(-)", None),
    ],
)
def test_what_people_type_literally_is_no_mistake(text: str, meaning: Node | None) -> None:
    assert parse(text).where == meaning


def test_an_order_may_stand_anywhere_and_the_last_one_counts() -> None:
    assert parse("a sort:date b sort:-quality") == Query(And((A, B)), Sort("quality", reverse=True))
    assert parse("sort:top") == Query(None, Sort("top"))
    assert parse("a OR b sort:heat") == Query(Or((A, B)), Sort("heat"))


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("topc:AI", 0, "did you mean topic:?"),
        ("a foo-bar:x", 2, 'to look for it literally: "foo-bar:…"'),
        ("is:raed", 3, "did you mean is:read?"),
        ("has:imgae", 4, "did you mean has:image?"),
        ("sort:-qality", 6, "did you mean sort:quality?"),
        ("topic:", 6, ""),
        ("topic:AI,", 9, ""),
        ("quality:high", 8, ""),
        ("quality:70..40", 8, "40..70"),
        ("quality:..", 8, ""),
        ("after:2020-13", 6, ""),
        ("after:2020-02-30", 6, ""),
        ("before:soon", 7, ""),
        ("(a", 0, ""),
        ("a)", 1, ""),
        ("()", 1, ""),
        ("a OR", 4, ""),
        ("OR a", 0, ""),
        ("a OR OR b", 5, ""),
        ("a AND", 5, ""),
        ("NOT", 3, ""),
        ("-OR", 1, ""),
        ("/a", 0, 'to look for it literally: "/…"'),
        ("/[a/", 1, ""),
        ("a /(b+)+/", 7, "leave out the outer one"),
        ("view:none", 5, ""),
        ("sort:date,heat", 10, ""),
        ("(" * 100 + "a" + ")" * 100, 60, ""),
        ("a" * 10_001, 10_000, ""),
    ],
)
def test_a_mistake_names_its_column_and_the_nearest_word(text: str, column: int, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.column, caught.value.hint) == (column, hint)
    assert caught.value.text == text
    assert caught.value.expected
    assert caught.value.reason


def test_a_view_is_what_it_was_saved_as() -> None:
    views = {"Mine": "topic:AI OR b sort:heat", "Inner": "view:mine a"}
    assert parse("view:mine c", views) == Query(And((Or((OneOf("topic", ("AI",)), B)), C)), Sort("heat"))
    assert parse("view:Inner sort:date", views).sort == Sort("date")
    assert parse("-view:mine", views).where == Not(Or((OneOf("topic", ("AI",)), B)))


def test_views_that_lead_in_a_circle_or_hold_a_mistake_say_so() -> None:
    views = {"One": "view:Two", "Two": "view:One", "Bad": "is:raed"}
    with pytest.raises(QueryError, match="leads back to itself"):
        parse("view:One", views)
    with pytest.raises(QueryError, match="the view Bad has a mistake") as caught:
        parse("a view:bad", views)
    assert caught.value.column == 7
    with pytest.raises(QueryError) as caught:
        parse("view:Bda", views)
    assert caught.value.hint == "did you mean Bad?"


@settings(derandomize=True, max_examples=300, deadline=None)
@given(queries)
def test_a_printed_query_reads_back_as_itself(query: Query) -> None:
    assert parse(print_query(query)) == query


SYNTAX = (
    "a", "b", "OR", "AND", "NOT", "(", ")", "-", "!", '"', "/", "\\", "topic:", "is:read", "sort:-date", "quality:1..2",
    ",", ".", ":", "title:", "url:", "日", "c++", '\\"', "/x/", "after:7d", "view:v", " ", "  ",
)  # fmt: skip
_syntax = st.lists(st.sampled_from(SYNTAX), max_size=12).map("".join)


@settings(derandomize=True, max_examples=600, deadline=None)
@given(st.one_of(_syntax, odd_text))
def test_any_text_is_a_query_or_a_query_error_and_printing_it_changes_nothing(text: str) -> None:
    try:
        query = parse(text, {"v": "a OR -b"})
    except QueryError as error:
        column = error.column
        assert column in range(len(text) + 1)
        return
    assert parse(print_query(query)) == query
