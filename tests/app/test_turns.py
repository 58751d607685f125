"""Typing ahead: keys that come all at once do what they do when they come one by one."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from textual import events

from newstui.app.screens.help import HelpScreen
from newstui.app.screens.reports import HistoryScreen, ReportScreen
from tests.app.driving import five_articles, reading, starred, type_ahead


async def test_what_is_typed_after_a_pick_is_for_what_was_picked(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "t", "space", "enter", "js")
        await reader.settle()
        assert reader.screen.query_line.value == "topic:Space"
        assert starred(reader.library) == ["Delta lands"]


async def test_a_pick_of_what_is_not_known_yet_waits_and_so_do_the_keys_after_it(tmp_path: Path) -> None:
    library = five_articles()
    may_count = threading.Event()
    find = library.find

    def slow(query: Any, *rest: Any, **more: Any) -> Any:
        listing = find(query, *rest, **more)
        facets = listing.facets
        listing.facets = lambda *words, **how: may_count.wait(20) and facets(*words, **how)  # type: ignore[method-assign, assignment]
        return listing

    async with reading(library, tmp_path) as reader:
        library.find = slow  # type: ignore[method-assign]
        type_ahead(reader, "t", "space", "enter", "s")
        await reader.pilot.pause(0.1)
        assert not starred(library)
        may_count.set()
        await reader.settle()
        assert reader.screen.query_line.value == "topic:Space"
        assert starred(library) == ["Beta lands"]


async def test_escape_leaves_a_pick_that_waits(tmp_path: Path) -> None:
    library = five_articles()
    may_count = threading.Event()
    async with reading(library, tmp_path) as reader:
        find, library.find = library.find, lambda *words, **more: may_count.wait(20) and find(*words, **more)  # type: ignore[assignment, method-assign, func-returns-value]
        type_ahead(reader, "t", "space", "enter")
        await reader.pilot.pause(0.05)
        type_ahead(reader, "escape")
        await reader.until(lambda: reader.app.screen is reader.screen)
        may_count.set()
        library.find = find  # type: ignore[method-assign]
        await reader.settle()
        assert len(reader.titles) == 5


async def test_what_is_typed_after_a_query_is_for_its_answer(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "/", "gamma", "enter", "s")
        await reader.settle()
        assert reader.titles == ["Gamma lands"]
        assert starred(reader.library) == ["Gamma lands"]
        type_ahead(reader, "escape", "s", "/", "delta", "escape", "js")
        await reader.settle()
        assert len(reader.titles) == 5
        assert not reader.screen.query_line.value
        assert starred(reader.library) == ["Beta lands"], "escape stayed on Gamma, and the second one began anew"


async def test_a_slow_answer_does_not_let_a_mark_fall_on_what_was_shown_before(tmp_path: Path) -> None:
    library = five_articles()
    may_answer = threading.Event()
    async with reading(library, tmp_path) as reader:
        find, library.find = library.find, lambda *words, **more: may_answer.wait(20) and find(*words, **more)  # type: ignore[assignment, method-assign, func-returns-value]
        type_ahead(reader, "/", "epsilon", "enter", "A")
        await reader.pilot.pause(0.2)
        may_answer.set()
        await reader.settle()
        assert [library.articles[row].title for row, mark in library.marks.items() if mark.read] == ["Epsilon lands"]


@pytest.mark.parametrize("typed", ["/topic:sp", "/topic:ai -topic:sp"])
async def test_tab_completes_what_stands_in_the_line_and_nothing_shorter(tmp_path: Path, typed: str) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, typed[:-2])
        await reader.settle()
        assert reader.screen.suggestions.display
        type_ahead(reader, typed[-2:], "tab", "enter")
        await reader.settle()
        assert reader.screen.query_line.value.strip() == typed[1:].replace("topic:sp", "topic:Space")
        assert reader.screen.pane == "list"


async def test_tab_where_nothing_completes_the_line_leaves_it_alone(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "/topic:")
        await reader.settle()
        type_ahead(reader, "zz", "tab", "z")
        await reader.settle()
        assert reader.screen.query_line.value == "topic:zzz"


async def test_a_suggestion_that_was_reached_is_let_go_when_more_is_typed(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "/topic:")
        await reader.settle()
        type_ahead(reader, "down", "ai", "enter")
        await reader.settle()
        assert reader.screen.query_line.value == "topic:ai"
        assert reader.titles == ["Alpha lands", "Gamma lands", "Epsilon lands"]


async def test_keys_go_into_a_sheet_and_out_of_it_again(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "?", "jj", "escape", "js")
        await reader.settle()
        assert not isinstance(reader.app.screen, HelpScreen)
        assert starred(reader.library) == ["Beta lands"]
        type_ahead(reader, ":", "star the", "backspace", "e", "enter", "j")
        await reader.settle()
        assert starred(reader.library) == []
        assert reader.here == "Gamma lands"


async def test_reports_take_the_keys_that_follow_the_one_that_opens_them(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "s", "H", "jku", "q", "j")
        await reader.settle()
        assert starred(reader.library) == []
        assert reader.here == "Beta lands"
        type_ahead(reader, "H")
        await reader.settle()
        assert isinstance(reader.app.screen, HistoryScreen)
        assert "Alpha" in reader.text() or "starred" in reader.text()
        type_ahead(reader, "q", "!", "jjjj")
        await reader.settle()
        assert isinstance(reader.app.screen, ReportScreen)
        assert reader.here == "Beta lands"


async def test_pasted_text_keeps_its_place_among_the_keys(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "/")
        reader.app.post_message(events.Paste("gam"))
        type_ahead(reader, "ma", "enter", "s")
        await reader.settle()
        assert starred(reader.library) == ["Gamma lands"]
