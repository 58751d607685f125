"""Sheets: what is leafed through, what has the focus, and what stays on a small screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style
from textual.widgets import Input

from newstui.app.screens.leafing import LeafSheet
from newstui.app.screens.reports import ReportLine, wrap_lines
from newstui.app.widgets.blank import keys_apart
from newstui.app.widgets.sidebar import Entry, entry_line
from newstui.app.widgets.status_line import Aside, aside_pieces
from tests.app.driving import five_articles, reading


@pytest.mark.parametrize("command", ["app.help", "marks.history", "collections.problems"])
async def test_the_same_keys_leaf_through_help_and_reports(tmp_path: Path, command: str) -> None:
    async with reading(five_articles(), tmp_path, size=(80, 24)) as reader:
        await reader.do(command)
        sheet = reader.app.screen
        assert isinstance(sheet, LeafSheet)
        for key in ("j", "space", "ctrl+d", "ctrl+u", "k", "G", "g"):
            await reader.press(key)
            assert reader.app.screen is sheet
        await reader.press("q")
        assert reader.app.screen is reader.screen


async def test_the_help_goes_to_its_end_and_back(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(80, 24)) as reader:
        await reader.do("app.help")
        first = reader.text()
        assert "Leave newstui at once" not in first
        await reader.press("G")
        assert "Leave newstui at once" in " ".join(reader.text().split())
        await reader.press("g")
        assert reader.text() == first


async def test_what_cannot_be_added_leaves_the_keys_on_the_smallest_screen(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(40, 12)) as reader:
        await reader.do("collections.add")
        await reader.type("/no/such/place/at/all/however/long/it/is")
        assert "esc closes" in reader.text()
        assert len(reader.app.screen.query(Input)) == 2


async def test_a_picker_of_values_says_what_its_numbers_are(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(80, 24)) as reader:
        await reader.do("topic.pick")
        title = next(line for line in reader.lines() if "Pick a topic" in line)
        row = next(line for line in reader.lines() if " / " in line and "unread" not in line and "│" in line)
        assert "unread / all" in title
        assert (
            title.index("all") + 3 == len(row[: row.rindex("/") + 1]) + len(row[row.rindex("/") + 1 :].split()[0]) + 1
        )


async def test_a_picker_says_when_nothing_fits_and_stays(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(80, 24)) as reader:
        await reader.do("sort.pick")
        await reader.type("qqq")
        assert "Nothing fits" in reader.text()
        await reader.press("enter")
        assert "Nothing fits" in reader.text()
        await reader.press("backspace", "backspace", "backspace")
        assert "Nothing fits" not in reader.text()
        assert "Newest first" in reader.text()


@pytest.mark.parametrize(
    ("room", "pieces"),
    [(40, ["✗ 1 failed · ", "!", " says why"]), (12, ["✗ 1 failed …"])],
)
def test_a_key_at_the_right_of_the_last_line_is_set_apart(room: int, pieces: list[str]) -> None:
    aside = Aside("✗ 1 failed · ", "!", " says why", "collections.problems")
    assert [piece.text for piece in aside_pieces(aside, room, Style(), Style(bold=True))] == pieces


async def test_a_click_on_what_failed_says_why(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(80, 24)) as reader:
        reader.screen.status.show(work=Aside("✗ 1 failed · ", "!", " says why", "collections.problems"))
        await reader.settle()
        await reader.pilot.click("#status", offset=(70, 0))
        await reader.settle()
        assert reader.app.screen is not reader.screen


async def test_an_empty_list_sets_its_keys_apart_and_leaves_the_article_blank(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(100, 24)) as reader:
        await reader.do("query.edit")
        await reader.type("zzz")
        assert "Nothing matches" in reader.text()
        assert "Nothing chosen" not in reader.text()


@pytest.mark.parametrize(
    ("hint", "pieces"),
    [
        ("a adds a folder", ["", "a", " adds a folder"]),
        ("press : then type", ["press ", ":", " then type"]),
        ("nothing to press", ["nothing to press"]),
    ],
)
def test_the_first_key_in_a_sentence_is_set_apart(hint: str, pieces: list[str]) -> None:
    assert [text for text, _ in keys_apart(hint, {"a", ":"})] == pieces


def test_a_long_name_in_the_sidebar_keeps_a_blank_before_its_count() -> None:
    line = "".join(span.text for span in entry_line(Entry("topic", "A very long name of a topic", 3, 3), 24))
    assert "… 3" in line


def test_a_report_breaks_between_facts_and_no_line_begins_with_a_dot() -> None:
    text = (
        "133 articles · refreshed just now · 289 problems · a reason of very many words that fits into no line at all"
    )
    for width in range(20, 90):
        rows = wrap_lines([ReportLine(f"  {text}")], width)
        assert " ".join(row.text.strip() for row in rows).replace(" · ", " ") == text.replace(" · ", " ")
        assert not any(row.text.lstrip().startswith("·") or row.text.rstrip().endswith("·") for row in rows)
    assert [row.text for row in wrap_lines([ReportLine("133 articles · refreshed just now")], 34)] == [
        "133 articles",
        "  refreshed just now",
    ]
