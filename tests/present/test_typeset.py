"""Lines: never wider than asked for, nothing lost, broken where a reader expects it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.present.document import Block, Margin, Run
from newstui.present.markdown_document import read_markdown
from newstui.present.typeset import (
    Line,
    Span,
    blank_lines_before,
    break_lines,
    line_width,
    set_block,
    set_hits_apart,
    set_runs,
)


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def broken(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in break_lines(text, width)]


def lines_of(markdown: str, width: int) -> list[str]:
    document = read_markdown(markdown, "https://news.example/")
    document.read_all()
    return [text_of(line).rstrip() for block in document.blocks for line in set_block(block, width)]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 20, ["one two three"]),
        ("one\n\ntwo", 7, ["one", "", "two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("https://a.example/long/path/of/things", 20, ["https://a.example/", "long/path/of/things"]),
        ("grün blau", 5, ["grün", "blau"]),
        ("日本語の文。", 6, ["日本語", "の文。"]),
        ("日本「語」", 7, ["日本", "「語」"]),
        ("a 👩‍👩‍👧‍👦 b", 4, ["a 👩‍👩‍👧‍👦", "b"]),
        ("e\u0301e\u0301e\u0301 x", 3, ["e\u0301e\u0301e\u0301", "x"]),
        ("word\u00a0[12] next", 9, ["word\u00a0[12]", "next"]),
        ("", 5, [""]),
    ],
)
def test_lines_break_where_a_reader_expects_it(text, width, lines):
    assert broken(text, width) == lines


@given(st.text(st.sampled_from("ab é日本👍\u0301\n「」。-/ "), max_size=120), st.integers(2, 30))
@settings(max_examples=300, derandomize=True)
def test_no_line_is_too_wide_and_no_letter_is_lost(text, width):
    lines = set_runs((Run(text),), width)
    assert all(line_width(line) <= width for line in lines)
    assert "".join("".join(text_of(line) for line in lines).split()) == "".join(text.split())


@given(st.lists(st.tuples(st.text("ab ", min_size=1, max_size=12), st.integers(0, 3)), max_size=12), st.integers(1, 20))
@settings(max_examples=200, derandomize=True)
def test_every_letter_keeps_its_looks_over_line_breaks(parts, width):
    runs = tuple(Run(text, style) for text, style in parts)
    letters = [(letter, run.style) for run in runs for letter in run.text if letter != " "]
    set_letters = [
        (letter, span.style) for line in set_runs(runs, width) for span in line for letter in span.text if letter != " "
    ]
    assert set_letters == letters


BODY = """# A heading that is rather long for the width

Text with **bold**, `code`, a [link](https://a.example/x) and averyveryverylongwordwithoutblanks.

- item one is long enough to wrap
  - inner item, also long enough
    > quoted deep inside

| Name | What it is about | Number |
|---|---|---|
| Alpha | a long text that has to wrap somewhere | 12 |
| 日本 | short | 3 |

```
    indented = code  # with a long comment behind it that does not fit
```

***
"""


@pytest.mark.parametrize("width", range(1, 90, 4))
def test_a_whole_body_fits_every_width(width):
    document = read_markdown(BODY)
    document.read_all()
    for block in document.blocks:
        for line in set_block(block, width):
            assert line_width(line) <= max(width, 2), text_of(line)


def test_items_hang_behind_their_bullet():
    assert lines_of("- one two three\n  - four five six", 12) == ["• one two", "  three", "  ◦ four", "    five six"]


def test_a_narrow_table_stands_as_columns():
    assert lines_of("| A | Long head |\n|---|---|\n| 1 | x |\n| 22 | [y](https://a.example/) |", 40) == [
        "A   Long head", "──  ─────────", "1   x", "22  y [1]",
    ]  # fmt: skip


def test_columns_stand_as_the_table_says():
    assert lines_of("| a | num | mid |\n|---|---:|:-:|\n| x | 1 | y |\n| long | 1000 | z |", 40)[2:] == [
        "x        1   y",
        "long  1000   z",
    ]


def test_a_wide_table_is_stacked_with_its_labels():
    table = "| Name | Colour | Size | Weight | Price |\n|---|---|---|---|---|\n| Lamp | deep blue | large | 3 kg | 120 |\n| Chair | red | | 5 kg | 80 |"
    lines = lines_of(table, 24)
    assert lines[:6] == ["Name: Lamp", "Colour: deep blue", "Size: large", "Weight: 3 kg", "Price: 120", ""]
    assert "Size:" not in lines[6:]


def test_code_keeps_blanks_and_goes_on_behind_a_sign():
    lines = lines_of("```\n  a = 1\nabcdefghijkl\n```", 10)
    assert lines == ["   a = 1", " abcdefgh", "↪ijkl"]


def test_margins_give_way_where_there_is_no_room():
    margins = tuple(Margin("  ", "  ", "item") for _ in range(14))
    (line,) = set_block(Block("paragraph", (Run("text here"),), margins), 20)
    assert text_of(line).strip() == "text here"


def test_blank_lines_follow_the_rules():
    paragraph = Block("paragraph", (Run("a"),))
    heading = Block("heading", (Run("a"),), level=2)
    small = Block("heading", (Run("a"),), level=4)
    item = Block("paragraph", (Run("a"),), tight=True)
    quote = Block("paragraph", (Run("a"),), (Margin("▎ ", "▎ ", "quote"),))
    assert len(blank_lines_before(paragraph, None)) == 0
    assert len(blank_lines_before(paragraph, paragraph)) == 1
    assert len(blank_lines_before(heading, paragraph)) == 2
    assert len(blank_lines_before(small, paragraph)) == 1
    assert len(blank_lines_before(item, paragraph)) == 0
    assert text_of(blank_lines_before(quote, quote)[0]) == "▎ "
    assert text_of(blank_lines_before(quote, paragraph)[0]) == ""


def test_a_text_cut_after_some_lines_says_so():
    lines = set_runs((Run("one two three four five"),), 9, most_lines=2)
    assert [text_of(line) for line in lines] == ["one two", "three…"]
    assert line_width(set_runs((Run("abcdefgh ijklmnop q"),), 8, most_lines=2)[-1]) <= 8


def test_a_hit_is_set_apart_through_words_of_several_looks_and_ends_with_the_line():
    line = (Span("a "), Span("bold", style=1), Span(" word", link=2))
    assert set_hits_apart(line, [(0, 1), (4, 9), (10, 99)]) == (
        Span("a", "hit"), Span(" "), Span("bo", style=1), Span("ld", "hit", 1), Span(" wo", "hit", link=2),
        Span("r", link=2), Span("d", "hit", link=2),
    )  # fmt: skip
    assert set_hits_apart(line, []) == line
