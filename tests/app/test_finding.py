"""Finding: the query line, picking, views, sorting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newstui.config import load_settings
from newstui.config.settings import SavedView
from newstui.library.listing import AbandonedError
from newstui.model import FacetCount
from newstui.query import Query
from newstui.query.parse import parse
from tests.app.driving import SETTINGS, five_articles, reading
from tests.app.fake_library import FakeLibrary, FakeListing


async def test_the_list_follows_what_is_typed(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("gam")
        assert reader.titles == ["Gamma lands"]
        await reader.press("enter")
        assert reader.screen.pane == "list"
        assert reader.screen.results.query_text == "gam"


async def test_escape_clears_the_query(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("gamma")
        await reader.press("escape")
        assert len(reader.titles) == 5
        assert reader.screen.query_line.value == ""


async def test_escape_in_the_list_clears_the_query_too_and_stays_on_the_article(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("gamma")
        await reader.press("enter", "escape")
        assert len(reader.titles) == 5
        assert reader.here == "Gamma lands"


async def test_a_mistake_keeps_the_last_good_result_and_points_at_the_place(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("alpha")
        await reader.type(" (")
        assert reader.titles == ["Alpha lands"]
        lines = reader.lines()
        assert lines[0][lines[1].index("▲")] == "("
        await reader.press("escape")
        assert "▲" not in reader.text()


async def test_hits_have_a_line_with_the_place_where_the_text_shows_them(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("whole")
        assert len(reader.titles) == 5
        assert any("The whole of Alpha" in line[:44] for line in reader.lines())


async def test_values_complete_with_tab(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("topic:sp")
        assert reader.screen.suggestions.display
        await reader.press("tab")
        assert reader.screen.results.query_text.strip() == "topic:Space"
        assert reader.titles == ["Beta lands", "Delta lands"]


async def test_suggestions_are_reached_with_the_arrows_and_left_with_escape(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("topic:")
        await reader.press("down", "down", "enter")
        assert reader.screen.results.query_text.strip() in ("topic:AI", "topic:Space")
        assert reader.screen.query_line.has_focus


async def test_picking_adds_to_the_query_and_picking_again_takes_out(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("topic.pick")
        await reader.type("space")
        await reader.press("enter")
        assert reader.screen.query_line.value == "topic:Space"
        assert reader.titles == ["Beta lands", "Delta lands"]
        await reader.do("provider.pick")
        await reader.type("daily")
        await reader.press("enter")
        assert reader.titles == ["Delta lands"]
        assert reader.screen.query_line.value == 'topic:Space provider:"Daily Sample"'
        await reader.do("topic.pick")
        await reader.press("enter")
        assert reader.screen.query_line.value == 'provider:"Daily Sample"'


async def test_two_topics_mean_either(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        for name in ("ai", "space"):
            await reader.do("topic.pick")
            await reader.type(name)
            await reader.press("enter")
        assert reader.screen.query_line.value == "topic:AI,Space"
        assert len(reader.titles) == 5


async def test_the_sidebar_counts_what_is_unread_for_the_query(tmp_path: Path) -> None:
    library = five_articles()
    library.marks[1].read = True
    async with reading(library, tmp_path, size=(140, 40)) as reader:
        entries = {(entry.kind, entry.value): entry for entry in reader.screen.sidebar.entries}
        assert entries["view", "Unread"].unread == 4
        assert entries["topic", "AI"].unread == 2
        assert entries["provider", "Daily Sample"].unread == 2
        reader.screen.results.set_query("topic:Space")
        await reader.settle()
        entries = {(entry.kind, entry.value): entry for entry in reader.screen.sidebar.entries}
        assert entries["topic", "Space"].picked
        assert entries["topic", "AI"].unread == 2, "another topic can still be picked, and says what it would add"
        assert entries["provider", "Daily Sample"].unread == 1


async def test_counting_is_abandoned_by_the_next_letter_before_that_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = five_articles()
    begun, abandoned = threading.Event(), threading.Event()
    was_abandoned: list[bool] = []
    facets, find = FakeListing.facets, FakeLibrary.find

    def count_for_ever(
        listing: FakeListing, facet: str, limit: int | None = None, is_cancelled: Callable[[], bool] = lambda: False
    ) -> list[FacetCount]:
        if listing.query == parse("g"):
            begun.set()
            while not is_cancelled():
                time.sleep(0.001)
            abandoned.set()
            raise AbandonedError
        return facets(listing, facet, limit)

    def find_afterwards(library: FakeLibrary, query: Query, **how: Any) -> FakeListing:
        if query == parse("ga"):
            was_abandoned.append(abandoned.wait(30))
        return find(library, query, **how)

    monkeypatch.setattr(FakeListing, "facets", count_for_ever)
    monkeypatch.setattr(FakeLibrary, "find", find_afterwards)
    async with reading(library, tmp_path) as reader:
        await reader.do("query.edit")
        await reader.pilot.press("g")
        await reader.until(begun.is_set)
        await reader.pilot.press("a")
        await reader.settle()
        assert was_abandoned and all(was_abandoned)
        assert reader.titles == ["Gamma lands"]
        assert reader.screen.results.counts is not None
        assert [one.count for one in reader.screen.results.counts.facets["collection"]] == [1]


async def test_picking_in_the_sidebar_is_picking(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(140, 40)) as reader:
        line = next(n for n, text in enumerate(reader.lines()) if "Space" in text[:28])
        await reader.pilot.click(offset=(6, line))
        await reader.settle()
        assert reader.titles == ["Beta lands", "Delta lands"]
        await reader.pilot.click(offset=(6, line))
        await reader.settle()
        assert len(reader.titles) == 5


async def test_views_open_by_name_and_by_their_own_key(tmp_path: Path) -> None:
    from dataclasses import replace

    settings = replace(SETTINGS, views=(SavedView("Space only", "topic:Space", key="0"),))
    library = five_articles()
    library.marks[2].read = True
    async with reading(library, tmp_path, settings=settings) as reader:
        await reader.do("view.pick")
        await reader.type("unread")
        await reader.press("enter")
        assert reader.titles == ["Alpha lands", "Gamma lands", "Delta lands", "Epsilon lands"]
        await reader.press("0")
        assert reader.titles == ["Beta lands", "Delta lands"]
        assert reader.screen.results.view_name == "Space only"


async def test_a_query_is_saved_as_a_view(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        reader.screen.results.set_query("topic:AI sort:-date")
        await reader.settle()
        await reader.do("view.save")
        await reader.type("Machines")
        await reader.press("enter")
        assert reader.screen.results.view_name == "Machines"
    views = load_settings(tmp_path / "config" / "config.toml").settings.views
    assert views == (SavedView("Machines", "topic:AI sort:-date"),)


async def test_sorting_changes_the_order_and_turning_it_round_once_more(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("sort.pick")
        await reader.press("enter")
        assert reader.screen.query_line.value == "sort:date"
        await reader.do("sort.pick")
        await reader.press("enter")
        assert reader.screen.query_line.value == "sort:-date"
        assert reader.titles[0] == "Epsilon lands"


async def test_nothing_found_says_what_to_do(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("zzzz")
        assert "Nothing matches" in reader.text()
        assert "esc clears the query" in reader.text()
        await reader.press("escape")
        assert "Nothing matches" not in reader.text()


async def test_pasted_text_is_cleaned(tmp_path: Path) -> None:
    from textual import events

    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        reader.screen.query_line.post_message(events.Paste("al\x1b]52;c;x\x07pha\nmore"))
        await reader.settle()
        assert "\x1b" not in reader.screen.query_line.value
        assert "\x07" not in reader.screen.query_line.value


async def test_stories_are_one_row_each(tmp_path: Path) -> None:
    from tests.app.fake_library import FakeStory

    library = five_articles()
    library.stories_of = dict.fromkeys((1, 2), FakeStory("a-b", (2, 1), 1))
    async with reading(library, tmp_path) as reader:
        await reader.do("stories.toggle")
        assert len(reader.titles) == 4
        await reader.do("story.mark_read")
        assert library.marks[1].read
        assert library.marks[2].read
        await reader.do("stories.toggle")
        assert len(reader.titles) == 5


async def test_everything_is_in_the_palette_by_its_name(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("app.palette")
        await reader.type("topic: space")
        await reader.press("enter")
        assert reader.titles == ["Beta lands", "Delta lands"]
        await reader.do("app.palette")
        await reader.type("view: all")
        await reader.press("enter")
        assert len(reader.titles) == 5
        await reader.do("app.palette")
        await reader.type("star the")
        await reader.press("enter")
        assert library_stars(reader.library) == [1]


def library_stars(library: object) -> list[int]:
    return [row for row, mark in library.marks.items() if mark.starred]  # type: ignore[attr-defined]


async def test_what_makes_no_sense_says_why(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("list.show_new")
        assert reader.said == "Nothing new has arrived"
        await reader.do("collections.stop")
        assert reader.said == "Nothing is being refreshed"


async def test_what_is_typed_ahead_goes_where_it_was_meant_for(tmp_path: Path) -> None:
    from textual import events

    def keys(text: str) -> list[events.Key]:
        return [events.Key({"/": "slash", ":": "colon"}.get(letter, letter), letter) for letter in text]

    async with reading(five_articles(), tmp_path) as reader:
        for event in keys("/gamma"):
            reader.app.post_message(event)
        await reader.settle()
        assert reader.screen.query_line.value == "gamma"
        assert reader.titles == ["Gamma lands"]
        await reader.press("escape")
        for event in keys("tspace"):
            reader.app.post_message(event)
        await reader.settle()
        await reader.press("enter")
        assert reader.screen.query_line.value == "topic:Space"
        assert not any(mark.starred for mark in reader.library.marks.values())


async def test_the_top_order_says_why(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        reader.screen.results.set_query("sort:top")
        await reader.settle()
        await reader.do("coverage.reasons")
        assert reader.said.startswith("Top ")
        assert "quality" in reader.said
        assert "age" in reader.said


async def test_suggestions_that_vanish_while_they_are_painted_leave_nothing_to_paint(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("query.edit")
        await reader.type("t")
        suggestions = reader.screen.suggestions
        assert suggestions.display
        suggestions.show((), 0)
        suggestions.display = True
        assert suggestions.render_line(0).text.strip() == ""
