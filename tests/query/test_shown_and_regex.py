"""Bodies are searched as shown, and a pattern that could run for ever is not started."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.query.regex import check_regex, compile_regex
from newstui.query.shown import shown_text
from tests.strategies import odd_text


@pytest.mark.parametrize(
    ("body", "form", "shown"),
    [
        (None, "markdown", ""),
        ("a *b* __c__ `d` ~~e~~", "markdown", "a b c d e"),
        ("# Head\n> quote\n- item", "markdown", "Head\nquote\n- item"),
        ("[text](https://x.example) ![alt](i.png) [ref][1]\n[1]: https://x.example", "markdown", "text alt ref\n"),
        (r"\*kept\* 2 * 3 snake_case_name", "markdown", "*kept* 2 * 3 snake_case_name"),
        ("AT&amp;T <b>bold</b>er", "markdown", "AT&T bolder"),
        ("<p>a</p><p>b <i>c</i></p>", "html", "\na\n\nb c\n"),
        ("a<!-- x --><style>y</style>b", "html", "a\n\nb"),
        ("1 < 2 and 3 > 2", "html", "1 < 2 and 3 > 2"),
        ("*as* <is> &amp;", "text", "*as* <is> &amp;"),
    ],
)
def test_a_body_without_the_signs_of_its_format(body: str | None, form: str, shown: str) -> None:
    assert shown_text(body, form) == shown


@settings(derandomize=True, max_examples=200, deadline=None)
@given(odd_text, st.sampled_from(["markdown", "html", "text"]))
def test_any_body_can_be_shown(body: str, form: str) -> None:
    assert isinstance(shown_text(body, form), str)


@pytest.mark.parametrize("piece", ["[", "<", "*", "`", "\\", "![](", "<a ", "_a", "&", "<!--", "<script>"])
def test_hostile_bodies_cost_no_more_than_their_length(piece: str) -> None:
    shown_text(piece * 20_000, "markdown")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*",
        "(?:a+|b)*",
        "((a+))+",
        "(a{2,})+",
        r"(\w+\s?)*$",
        "(a+)+?",
        "(?:x(a+))*",
        "(a+){30}",
        "(a{1,50})+",
    ],
)
def test_a_repeat_inside_a_repeat_is_refused(pattern: str) -> None:
    mistake = check_regex(pattern)
    assert mistake is not None
    assert mistake.reason == "a repeat inside a repeat can run for ever"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "a+b+",
        "(ab)+",
        "(a|b)*c",
        r"\(a+\)+",
        "[(a+)]+",
        "(a+)?",
        "(a+)b+",
        "(a?)",
        r"(\d{4}-)?\d+",
        "[]+)]+",
        "a{2}",
        "{",
        "(a{2})+",
        "(a{20})+",
    ],
)
def test_plain_patterns_are_taken(pattern: str) -> None:
    assert check_regex(pattern) is None


@pytest.mark.parametrize("pattern", ["(", "[", "*a", "(?P<a", "a" * 1001])
def test_a_pattern_with_a_mistake_says_where(pattern: str) -> None:
    mistake = check_regex(pattern)
    assert mistake is not None and 0 <= mistake.position <= len(pattern)


@pytest.mark.parametrize(("pattern", "position"), [(".*.*.*.*.*x", 8), ("a.*b.+c.*d.{2,}e.*f", 16)])
def test_too_many_repeats_of_anything_are_refused(pattern: str, position: int) -> None:
    mistake = check_regex(pattern)
    assert mistake is not None
    assert (mistake.reason, mistake.position) == ("so many .* can run for ever", position)
    assert check_regex(pattern.replace(".", "[.]")) is None
    assert check_regex(pattern.replace(".", r"\.")) is None


def test_case_does_not_matter_to_a_pattern() -> None:
    assert compile_regex("abc").flags & re.IGNORECASE
