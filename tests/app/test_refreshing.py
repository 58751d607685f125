"""Refreshing, what arrives meanwhile, collections that fail, adding one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from textual.widgets import Input

from newstui.app.refreshing import RefreshBoard
from newstui.config import load_settings
from newstui.errors import SourceError, StoreError
from newstui.library import Library, LibraryPaths
from newstui.library.events import (
    CollectionFailed,
    CollectionProgress,
    CollectionStarted,
    CollectionStored,
    RefreshEvent,
)
from newstui.model import Problem
from tests.app.driving import SETTINGS, five_articles, reading, starred, type_ahead
from tests.app.fake_library import FakeLibrary, FakeRecognition
from tests.builders import NOW, an_article
from tests.command_line import write_record


async def test_articles_that_arrive_wait_and_the_cursor_stays_where_it_is(tmp_path: Path) -> None:
    library = five_articles()

    def arrive() -> Iterator[RefreshEvent]:
        yield CollectionStarted("test", "site", None)
        library.add(*(an_article(title=f"Fresh {number}", days_old=0) for number in range(3)))
        yield CollectionStored("test", 3, 0, 0, 5, 0)

    library.refresh_events = arrive
    async with reading(library, tmp_path) as reader:
        await reader.do("move.down", "collections.refresh_all")
        assert reader.here == "Beta lands"
        assert len(reader.titles) == 5
        assert "3 new: press . to show" in reader.text()
        await reader.do("list.show_new")
        assert reader.here == "Beta lands"
        assert len(reader.titles) == 8
        assert "press . to show" not in reader.text()


async def test_a_slow_answer_does_not_take_back_what_the_cursor_did_meanwhile(tmp_path: Path) -> None:
    library = five_articles()
    may_answer = threading.Event()
    async with reading(library, tmp_path) as reader:
        find = library.find
        library.find = lambda *words, **more: may_answer.wait(60) and find(*words, **more)  # type: ignore[method-assign, assignment, return-value]
        reader.screen.results.find()
        type_ahead(reader, "jj")
        await reader.until(lambda: reader.app.turns.is_idle)
        may_answer.set()
        await reader.settle()
        assert reader.here == "Gamma lands"


async def test_the_row_under_the_cursor_stays_at_its_height_when_new_articles_are_shown(tmp_path: Path) -> None:
    library = FakeLibrary()
    library.add(*(an_article(title=f"Old {number:02}", days_old=10 + number) for number in range(50)))
    async with reading(library, tmp_path) as reader:
        await reader.press("3", "0", "j")
        rows = reader.screen.article_list
        height = rows.cursor * rows.row_height - rows.scroll_offset.y
        library.add(*(an_article(title=f"Fresh {number}", days_old=0) for number in range(7)))
        reader.screen.results.articles_changed()
        await reader.settle()
        await reader.do("list.show_new")
        assert reader.here == "Old 30"
        assert rows.cursor * rows.row_height - rows.scroll_offset.y == height


async def test_what_arrives_is_shown_at_once_where_a_query_had_found_nothing(tmp_path: Path) -> None:
    library = five_articles()
    async with reading(library, tmp_path) as reader:
        type_ahead(reader, "/fresh", "enter")
        await reader.settle()
        assert reader.titles == []
        library.add(an_article(title="Fresh", days_old=0))
        reader.screen.results.articles_changed()
        await reader.settle()
        assert reader.titles == ["Fresh"]


async def test_an_empty_list_fills_while_a_first_refresh_runs(tmp_path: Path) -> None:
    library = FakeLibrary()

    def arrive() -> Iterator[RefreshEvent]:
        library.add(an_article(title="First of all"))
        yield CollectionStored("test", 1, 0, 0, 0, 0)

    library.refresh_events = arrive
    settings = replace(SETTINGS, refresh=replace(SETTINGS.refresh, on_start=True))
    async with reading(library, tmp_path, settings=settings) as reader:
        assert reader.titles == ["First of all"]


async def test_rows_of_a_big_folder_are_there_to_be_read_before_all_of_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real library: what it has stored so far can be listed, opened and marked while it reads on."""
    monkeypatch.setattr("newstui.library.refresh.BATCH_ARTICLES", 20)
    for number in range(80):
        write_record(tmp_path / "news", f"Report {number}")
    may_go_on = threading.Event()
    paths = LibraryPaths(tmp_path / "data", tmp_path / "cache")
    library = Library.open(paths, locations=[str(tmp_path / "news")], clock=lambda: NOW)
    read_all = library.refresh

    def refresh(*names: Any, **how: Any) -> Iterator[RefreshEvent]:
        for event in read_all(*names, **how):
            yield event
            if isinstance(event, CollectionProgress) and event.phase == "read":
                assert may_go_on.wait(60)

    monkeypatch.setattr(library, "refresh", refresh)
    try:
        async with reading(library, tmp_path) as reader:  # type: ignore[arg-type]
            await reader.pilot.press("R")
            await reader.until(lambda: reader.titles)
            shown = len(reader.titles)
            assert 20 <= shown < 80
            assert reader.screen.refresher.board.is_running
            type_ahead(reader, "js", "enter")
            await reader.until(lambda: reader.text().count(reader.here) > 1)
            may_go_on.set()
            await reader.settle()
            await reader.do("go.back", "list.show_new")
            assert len(reader.titles) == 80
            current = reader.screen.article_list.current
            assert current is not None and current.headline.starred
    finally:
        may_go_on.set()
        library.close()


async def test_a_failed_collection_says_why_and_is_marked_in_the_sidebar(tmp_path: Path) -> None:
    library = five_articles()
    library.failures["Dead feed"] = "the server said 404 Not Found"
    library.refresh_events = lambda: [CollectionFailed("Dead feed", "the server said 404 Not Found", "")]
    async with reading(library, tmp_path, size=(140, 40)) as reader:
        await reader.do("collections.refresh_all")
        assert reader.said == "Dead feed failed: the server said 404 Not Found"
        assert any("✗ Dead feed" in line for line in reader.lines())
        await reader.do("collections.problems")
        assert "failed: the server said 404 Not Found" in reader.text()


async def test_a_collection_that_failed_says_reason_last_success_and_next_try(tmp_path: Path) -> None:
    library = five_articles()
    library.failures["Dead feed"] = "no answer within 30 seconds"
    async with reading(library, tmp_path, size=(160, 30)) as reader:
        assert "✗ 1 failed · ! says why" in reader.lines()[-1]
        reader.screen.go_to_pane("sidebar")
        await reader.do("move.bottom")
        assert reader.said.startswith("Dead feed failed: no answer within 30 seconds · last read ")
        assert " · tried again in " in reader.said
        await reader.do("collections.problems")
        assert "last read" in reader.text() and "tried again in" in reader.text()


async def test_several_mistakes_in_the_configuration_can_all_be_seen(tmp_path: Path) -> None:
    mistakes = [
        f"config.toml line {number}: there is no setting 'x{number}' anywhere" + " at all" * 9 for number in (3, 5, 8)
    ]
    async with reading(five_articles(), tmp_path, size=(60, 30), greeting=mistakes) as reader:
        assert reader.said == "3 mistakes in the configuration · ! says which"
        await reader.do("collections.problems")
        seen = " ".join(line.strip(" │▌") for line in reader.lines())
        for number in (3, 5, 8):
            assert f"config.toml line {number}: there is no setting 'x{number}'" in seen
        assert seen.count("at all") == 27


async def test_refreshing_the_sample_says_that_nothing_will_come_of_it(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, is_sample=True) as reader:
        await reader.do("collections.refresh_all")
        assert reader.said == "The sample never changes · a adds your own collection"


async def test_problems_are_listed_with_file_and_reason(tmp_path: Path) -> None:
    library = five_articles()
    library.problem_list = [Problem("test", "_news/bad.md", 3, "title", "refused", "it is not text")]
    async with reading(library, tmp_path) as reader:
        await reader.do("collections.problems")
        assert "title: it is not text" in reader.text()
        assert "_news/bad.md:3" in reader.text()


async def test_a_refresh_can_be_stopped(tmp_path: Path) -> None:
    library = five_articles()
    go_on = threading.Event()
    told: list[str] = []

    def slow() -> Iterator[RefreshEvent]:
        yield CollectionStarted("test", "site", 100)
        go_on.wait(60)
        for number in range(100):
            told.append(str(number))
            yield CollectionProgress("test", number, 100, "read")

    library.refresh_events = slow
    async with reading(library, tmp_path) as reader:
        await reader.pilot.press("R")
        await reader.pilot.pause()
        await reader.pilot.press("ctrl+x")
        await reader.pilot.pause()
        assert "stopping" in reader.text()
        go_on.set()
        await reader.settle()
        assert len(told) <= 1
        assert not reader.screen.refresher.board.is_running


async def test_a_refresh_that_breaks_says_so_and_ends(tmp_path: Path) -> None:
    library = five_articles()

    def broken() -> Iterator[RefreshEvent]:
        yield CollectionStarted("test", "site", None)
        raise StoreError("the disk is full")

    library.refresh_events = broken
    async with reading(library, tmp_path) as reader:
        await reader.do("collections.refresh_all")
        assert reader.said == "the disk is full."
        assert not reader.screen.refresher.board.is_running


def test_progress_is_a_bar_and_a_name() -> None:
    board = RefreshBoard(is_running=True)
    board.take(CollectionStarted("News", "site", 100))
    board.take(CollectionProgress("News", 50, 100, "read"))
    assert board.line(100) == "↻ News ━━━━────"
    board.take(CollectionStored("News", 5, 1, 0, 94, 0))
    board.is_running = False
    assert board.line(100) == ""
    assert board.summary() == "5 new articles · 1 changed"


def test_a_download_is_a_bar_in_bytes_where_the_size_is_known() -> None:
    board = RefreshBoard(is_running=True)
    board.take(CollectionStarted("News", "", None))
    board.take(CollectionProgress("News", 12_000_000, None, "download"))
    assert board.line(100) == "↻ News 12.0 MB"
    board.take(CollectionProgress("News", 20_000_000, 40_000_000, "download"))
    assert board.line(100) == "↻ News ━━━━──── 20.0 MB of 40.0 MB"
    assert not board.has_arrivals
    board.take(CollectionProgress("News", 50, 100, "read"))
    assert board.line(100) == "↻ News ━━━━────"


def test_a_quiet_refresh_that_brought_nothing_says_nothing() -> None:
    assert RefreshBoard(quiet=True).summary() == ""
    assert RefreshBoard().summary() == "Nothing new"


async def test_a_location_is_recognised_while_it_is_typed_and_then_subscribed(tmp_path: Path) -> None:
    library = five_articles()
    library.known_locations["/news/ai"] = FakeRecognition("/news/ai", "site", "AI News", 192, 7)
    async with reading(library, tmp_path) as reader:
        await reader.do("collections.add")
        await reader.type("/news/a")
        for _ in range(1_000):
            await reader.pilot.pause(0.02)
            if "there is nothing" in reader.text():
                break
        assert "✗ there is nothing at this place" in reader.text()
        await reader.type("i")
        for _ in range(1_000):
            await reader.pilot.pause(0.02)
            if "AI News" in reader.text():
                break
        assert "✓ site: AI News, 192 records, 7 topics" in reader.text()
        await reader.press("enter")
        assert [one.name for one in library.subscribed] == ["AI News"]
    collections = load_settings(tmp_path / "config" / "config.toml").settings.collections
    assert [(one.name, one.location) for one in collections] == [("AI News", "/news/ai")]


async def test_looking_at_a_location_stops_at_the_next_key(tmp_path: Path) -> None:
    library = five_articles()
    was_stopped, has_begun = threading.Event(), threading.Event()

    def recognise(location: str, is_cancelled: Callable[[], bool]) -> FakeRecognition:
        if location == "/slow":
            has_begun.set()
            while not is_cancelled():
                sleep(0.001)
            was_stopped.set()
        return FakeRecognition(location, "folder", location, 12, is_whole=False)

    library.recognise = recognise  # type: ignore[method-assign, assignment]
    async with reading(library, tmp_path) as reader:
        await reader.do("collections.add")
        for letter in "/slow":
            await reader.pilot.press("slash" if letter == "/" else letter)
        await reader.until(has_begun.is_set)
        await reader.pilot.press("e")
        await reader.until(lambda: "more than 12 records" in reader.text())
        assert was_stopped.is_set()
        assert "✓ folder: /slowe" in reader.text()


async def test_a_location_is_added_behind_what_the_reader_does_next(tmp_path: Path) -> None:
    library = five_articles()
    may_answer = threading.Event()
    found = {f"/news/{name}": FakeRecognition(f"/news/{name}", "site", name, 1, 0) for name in ("one", "two")}

    def recognise(location: str, is_cancelled: Callable[[], bool]) -> FakeRecognition:
        may_answer.wait(20)
        if location not in found:
            raise SourceError("there is nothing at this place", location=location)
        return found[location]

    library.recognise = recognise  # type: ignore[method-assign, assignment]
    async with reading(library, tmp_path) as reader:
        for location in found:
            type_ahead(reader, "a", location, "enter", "js")
        type_ahead(reader, "a", "/news/thre", "enter")
        await reader.until(lambda: reader.said.startswith("Looking at /news/thre"))
        assert starred(library) == ["Beta lands", "Gamma lands"]
        may_answer.set()
        await reader.settle()
        assert [one.name for one in library.subscribed] == ["one", "two"]
        type_ahead(reader, "a", "end", "e")
        await reader.settle()
        assert reader.app.screen.query_one("#location", Input).value == "/news/three", "it is offered for correction"
    assert [one.name for one in load_settings(tmp_path / "config" / "config.toml").settings.collections] == [
        "one",
        "two",
    ]


async def test_what_cannot_be_added_says_why(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        type_ahead(reader, "a", "/nowhere", "enter")
        await reader.settle()
        assert reader.said.startswith("Not added: /nowhere: there is nothing at this place")


async def test_what_is_added_while_a_refresh_runs_is_read_after_it(tmp_path: Path) -> None:
    library = five_articles()
    library.known_locations["/news/ai"] = FakeRecognition("/news/ai", "site", "AI News", 192, 7)
    go_on = threading.Event()
    asked: list[tuple[str, ...]] = []

    def slow() -> Iterator[RefreshEvent]:
        yield CollectionStarted("test", "site", 100)
        go_on.wait(20)

    def refresh(names: Sequence[str] = (), **how: Any) -> Iterator[RefreshEvent]:
        asked.append(tuple(names))
        return slow() if len(asked) == 1 else iter(())

    library.refresh = refresh  # type: ignore[method-assign, assignment]
    async with reading(library, tmp_path) as reader:
        type_ahead(reader, "R", "a", "/news/ai", "enter")
        await reader.until(lambda: library.subscribed)
        go_on.set()
        await reader.settle()
        assert asked == [(), ("AI News",)]


async def test_the_first_run_says_how_to_add_a_collection(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, is_sample=True) as reader:
        assert "This is a sample · a adds your own collection" in reader.text()


async def test_the_file_of_another_reader_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / ".newsboat").mkdir()
    (tmp_path / ".newsboat" / "urls").write_text("https://paper.example/feed.xml\n")
    async with reading(five_articles(), tmp_path, is_sample=True) as reader:
        said = "This is a sample · a adds your own collection · : then “import” takes over newsboat"
        assert reader.said == said
        await reader.do("app.palette")
        await reader.type("import")
        await reader.press("enter")
        assert str(tmp_path / ".newsboat" / "urls") in reader.app.screen.query_one(Input).value


async def test_without_a_collection_the_list_says_how_to_get_one(tmp_path: Path) -> None:
    async with reading(FakeLibrary(), tmp_path, size=(70, 20)) as reader:
        assert "No collection yet" in reader.text()
        assert "a adds a folder, a site, an archive or a feed" in reader.text()


async def test_mistakes_in_the_configuration_are_said_and_the_reader_opens(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, greeting=["config.toml line 3: no such theme."]) as reader:
        assert "config.toml line 3: no such theme." in reader.text()
        assert reader.here == "Alpha lands"


async def test_a_theme_that_does_not_exist_is_said(tmp_path: Path) -> None:
    settings = replace(SETTINGS, reader=replace(SETTINGS.reader, theme="drak"))
    async with reading(five_articles(), tmp_path, settings=settings) as reader:
        assert "there is no theme 'drak'" in reader.text()


async def test_next_unread_passes_over_what_a_result_held_too_long_takes_for_unread(tmp_path: Path) -> None:
    library = five_articles()
    library.marks[2].read = library.marks[3].read = True
    async with reading(library, tmp_path) as reader:
        source = reader.screen.article_list.source
        source.next_unread = lambda position, step: position + step if 0 <= position + step < 5 else None  # type: ignore[method-assign]
        await reader.do("read.next_unread")
        assert reader.here == "Delta lands"
