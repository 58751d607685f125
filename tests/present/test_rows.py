"""Rows of the list as text with roles: exact widths, states as signs, hits where they are."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newstui.model import Headline
from newstui.present.rows import (
    GUTTER_CELLS,
    ONE_LINE_FROM,
    RowLayout,
    RowState,
    Span,
    StoryFacts,
    article_row,
    break_line,
    fit_parts,
    split_hits,
)
from newstui.text import cell_width

NOW = 1_600_000_000


def a_headline(**fields: object) -> Headline:
    known: dict[str, object] = {
        "row": 1, "key": 1, "title": "A title", "provider": "Example Times", "published": NOW - 7_200, "quality": 60,
        "heat": 90, "coverage": 3, "read": False, "starred": False, "type": "article", "excerpt": "How it went.",
        "collection": "test",
    }  # fmt: skip
    return Headline(**(known | fields))  # type: ignore[arg-type]


def text_of(line: list[Span]) -> str:
    return "".join(span.text for span in line)


def row(headline: Headline, layout: RowLayout, **state: bool) -> list[str]:
    return [text_of(line) for line in article_row(headline, layout, RowState(**state), NOW, zone=UTC)]


def test_a_row_says_title_provider_age_coverage_quality_and_heat() -> None:
    first, second = row(a_headline(), RowLayout(50))
    assert first.startswith(" ●  A title")
    assert second.strip().startswith("Example Times")
    assert "+3" in second
    assert second.rstrip().endswith("2 h")
    assert "▃ ▅" in second


def test_a_provider_has_the_cells_of_what_is_not_known() -> None:
    layout = RowLayout(34)
    known = row(a_headline(provider="Enhancement Proposals"), layout)[1]
    alone = row(a_headline(provider="Enhancement Proposals", coverage=0), layout)[1]
    less = row(a_headline(provider="Enhancement Proposals", coverage=0, quality=None), layout)[1]
    assert "Enhancement …" in known
    assert len(alone.split("…")[0]) > len(known.split("…")[0])
    assert len(less.split("…")[0]) > len(alone.split("…")[0])
    assert known.rstrip().endswith(alone[-10:].strip()), "the columns stay where they are"
    assert "… ▃ " in alone


def test_a_wide_list_puts_a_row_on_one_line() -> None:
    (line,) = row(a_headline(), RowLayout(ONE_LINE_FROM))
    assert "A title" in line
    assert "Example Times" in line
    assert line.rstrip().endswith("2 h")


def test_states_are_signs() -> None:
    read = row(a_headline(read=True, starred=True), RowLayout(50))[0]
    assert read[:3] == "  ★"
    assert row(a_headline(new=True), RowLayout(50))[0][1] == "◆"
    assert row(a_headline(new=True, read=True), RowLayout(50))[0][1] == " "
    assert row(a_headline(read=True), RowLayout(50), kept=True)[0][1] == "·"
    assert row(a_headline(), RowLayout(50), pending=True)[0][1] == "◌"
    assert row(a_headline(), RowLayout(50), selected=True, cursor=True)[0][0] == "✓"
    assert row(a_headline(), RowLayout(50), cursor=True)[0][0] == "▌"


def test_tags_notes_kinds_and_damage_are_words_beside_the_provider() -> None:
    meta = row(a_headline(type="video", tags=("ai",), noted=True, removed=True, malformed=True), RowLayout(80))[1]
    for word in ("video", "#ai", "note", "removed", "damaged"):
        assert word in meta


def test_a_long_title_goes_on_on_a_second_line_of_a_narrow_list() -> None:
    title = "One two three four five six seven eight nine ten eleven twelve"
    first, second, third = row(a_headline(title=title), RowLayout(40, long_titles=True))
    assert f"{first[4:].rstrip()} {second[4:].rstrip()}".startswith("One two three four five six seven")
    assert "Example Times" in third


def test_a_short_title_leaves_its_second_line_to_the_excerpt() -> None:
    _, second, _ = row(a_headline(), RowLayout(40, long_titles=True))
    assert second.strip() == "How it went."


def test_a_story_says_how_many_providers_and_how_much_is_unread() -> None:
    story = StoryFacts(5, 4, 2, NOW - 5 * 86_400, NOW - 3_600, followed=True)
    lines = article_row(a_headline(), RowLayout(120), RowState(), NOW, zone=UTC, story=story)
    text = text_of(lines[0])
    assert "+4" in text
    assert text.rstrip().endswith("1 h"), "the age is that of the newest report"
    wide = text_of(article_row(a_headline(provider="X"), RowLayout(200), RowState(), NOW, zone=UTC, story=story)[0])
    assert "4 providers · followed · 2 unread" in wide


@pytest.mark.parametrize(
    ("width", "followed", "says"),
    [
        (60, False, "Example Times · 4 providers"), (36, False, "4 providers"), (31, False, "by 4"),
        (50, True, "4 providers · followed"), (40, True, "by 4 · followed"), (33, True, "followed"),
    ],
)  # fmt: skip
def test_where_room_is_short_a_story_says_how_many_tell_it_before_who(width: int, followed: bool, says: str) -> None:
    story = StoryFacts(5, 4, 5, NOW - 3_600, NOW - 3_600, followed)
    lines = article_row(a_headline(), RowLayout(width), RowState(), NOW, zone=UTC, story=story)
    assert text_of(lines[1]).partition("+4")[0].strip() == says


def test_a_story_of_long_ago_says_how_long_it_took() -> None:
    year = 365 * 86_400
    for length, says in ((5 * 3_600, "over 5 h"), (60 * 86_400, "since ")):
        story = StoryFacts(2, 1, 2, NOW - 3 * year - length, NOW - 3 * year)
        lines = article_row(a_headline(provider="X"), RowLayout(60), RowState(), NOW, zone=UTC, story=story)
        assert f"X · {says}" in text_of(lines[1])


def test_a_row_by_story_of_an_article_that_is_alone_keeps_what_its_record_gave() -> None:
    story = StoryFacts(1, 1, 1, NOW, NOW)
    lines = article_row(a_headline(coverage=6), RowLayout(60), RowState(), NOW, zone=UTC, story=story)
    assert "+6" in text_of(lines[1])


@pytest.mark.parametrize(
    ("quality", "bar"),
    [(None, " "), (0, "▁"), (39, "▁"), (40, "▂"), (60, "▃"), (75, "▅"), (90, "▇"), (10_000, "▇"), (-1, "·")],
)
def test_a_bar_rises_with_its_number(quality: int | None, bar: str) -> None:
    facts = row(a_headline(quality=quality, coverage=3, heat=10_000), RowLayout(60))[1].partition("+3 ")[2]
    assert facts.startswith(f"{bar} ▇")


def test_the_bars_of_what_was_read_are_muted() -> None:
    roles = {
        read: {
            span.role for line in article_row(a_headline(read=read), RowLayout(60), RowState(), NOW) for span in line
        }
        for read in (True, False)
    }
    assert {"quality", "heat"} <= roles[False]
    assert not {"quality", "heat"} & roles[True]


@pytest.mark.parametrize(("number", "facts"), [("quality", "+3  80 ▂"), ("heat", "+3 ▅  50"), ("date", "+3 ▅ ▂")])
def test_what_a_list_is_sorted_by_stands_as_a_number(number: str, facts: str) -> None:
    assert facts in row(a_headline(quality=80, coverage=3, heat=50), RowLayout(60, number=number))[1]


@pytest.mark.parametrize("value", [None, -1, 7, 100_000])
def test_a_column_of_numbers_is_as_wide_whatever_stands_in_it(value: int | None) -> None:
    line = row(a_headline(quality=value, coverage=3, heat=50), RowLayout(60, number="quality"))[1]
    assert line.index("▂") == row(a_headline(quality=80, heat=50), RowLayout(60, number="quality"))[1].index("▂")


def test_a_narrow_list_leaves_out_whole_words() -> None:
    lines = row(a_headline(provider="Example Times", type="download"), RowLayout(34))
    assert "download" in row(a_headline(provider="Example Times", type="download"), RowLayout(60))[1]
    assert "down" not in lines[1]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (40, "Example Times · video · removed · #ai"), (31, "Example Times · video · removed"),
        (30, "Example Times · removed"),
        (22, "Example Tim… · removed"), (10, "Example T…"), (0, ""),
    ],
)  # fmt: skip
def test_what_may_be_left_out_goes_before_anything_is_cut(cells: int, shown: str) -> None:
    parts = [("Example Times", False), ("video", True), ("removed", False), ("#ai", True)]
    assert fit_parts(parts, cells) == shown


def test_a_hit_in_the_rest_of_a_title_is_shown_rather_than_a_snippet_without_one() -> None:
    title = "A very long title that goes on and on until it names the asteroid"
    hits = [(title.index("asteroid"), len(title))]
    lines = article_row(
        a_headline(title=title), RowLayout(50, snippet=True), RowState(), NOW, hits=hits, snippet="Else."
    )
    assert [span.text for span in lines[1] if span.role == "hit"] == ["asteroid"]
    cut = article_row(
        a_headline(title=title), RowLayout(50, snippet=True), RowState(), NOW, hits=[(40, 52)], snippet="x y", snippet_hits=[(0, 1)]
    )  # fmt: skip
    assert not any("…" in span.text for span in cut[0] if span.role == "hit")


titles = st.text(
    st.sampled_from("ab é日本語👩‍🚀🇯🇵 ́​[]/")
    | st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co")),
    max_size=60,
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    titles, titles, titles, st.integers(1, 150), st.booleans(), st.booleans(),
    st.none() | st.integers(-(10**9), 10**10), st.none() | st.integers(-1, 5_000), st.integers(0, 10**6),
)  # fmt: skip
def test_every_line_of_a_row_is_exactly_as_wide_as_the_list(
    title: str, provider: str, excerpt: str, width: int, snippet: bool, long_titles: bool,
    published: int | None, quality: int | None, coverage: int,
) -> None:  # fmt: skip
    headline = a_headline(
        title=title or "x", provider=provider, excerpt=excerpt, published=published, quality=quality, coverage=coverage
    )
    layout = RowLayout(width, snippet, "age", long_titles)
    lines = article_row(headline, layout, RowState(), NOW, zone=UTC, snippet=excerpt, hits=[(0, 2)])
    assert len(lines) == layout.height
    for line in lines:
        assert sum(cell_width(span.text) for span in line) == width


@settings(derandomize=True, max_examples=200, deadline=None)
@example("00000000⺀", 9)
@given(titles, st.integers(1, 60))
def test_breaking_a_line_loses_nothing_but_a_blank(text: str, cells: int) -> None:
    first, rest = break_line(text, cells)
    assert text in (first + rest, f"{first} {rest}")
    assert cell_width(first) <= max(cells, 2)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_splitting_at_hits_keeps_the_text(text: str, pairs: list[tuple[int, int]]) -> None:
    hits: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if start < end and (not hits or start >= hits[-1][1]):
            hits.append((start, end))
    spans = split_hits(text, hits, "title")
    assert text_of(spans) == text
    shown = [span.text for span in spans if span.role == "hit"]
    assert shown == [text[start:end] for start, end in hits if start < len(text)]


def test_hits_are_where_they_were_found_in_both_lines_of_a_title() -> None:
    title = "Python and more words before Python again"
    lines = article_row(
        a_headline(title=title), RowLayout(34, long_titles=True), RowState(), NOW, zone=UTC, hits=[(0, 6), (29, 35)]
    )
    assert [span.text for line in lines for span in line if span.role == "hit"] == ["Python", "Python"]


def test_the_gutter_has_its_own_cells() -> None:
    assert row(a_headline(), RowLayout(50))[0].index("A title") == GUTTER_CELLS
