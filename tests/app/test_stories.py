"""Stories on the screen and on the real library: a row each, opened, marked, followed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from newstui.app.app import ReaderApp
from newstui.config import Paths
from newstui.library import Library
from tests.app.driving import SETTINGS, Reader
from tests.library.coverage_world import World, rows_by_name


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A strike that three providers tell of, and sixty articles about nothing in particular."""
    world = World(tmp_path / "world")
    world.write_background()
    world.write_strike()
    return world


@asynccontextmanager
async def reading_stories(library: Library, folder: Path, *, size: tuple[int, int] = (140, 40)) -> AsyncIterator[Any]:
    """Run the reader with a row per story."""
    paths = Paths(folder / "config", folder / "data", folder / "cache")
    app = ReaderApp(library, SETTINGS, paths, clock=library._clock, zone=UTC)
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot, library)  # type: ignore[arg-type]
        await reader.settle()
        await reader.do("stories.toggle")
        yield reader


async def go_to(reader: Any, row: int) -> None:
    """Put the cursor on the row of an article or of its story."""
    rows = reader.screen.article_list
    position = rows.source.position_of(row)
    assert position is not None
    rows.go_to(position)
    await reader.settle()


async def test_a_followed_story_says_so_in_its_row_and_an_article_that_is_alone_too(
    world: World, tmp_path: Path
) -> None:
    with world.library() as library:
        rows = rows_by_name(library)
        async with reading_stories(library, tmp_path) as reader:
            assert "followed" not in reader.text()
            for name in ("strike0", "other3"):
                await go_to(reader, rows[name])
                await reader.do("story.follow")
                (line,) = [line for line in reader.lines() if "followed" in line]
                assert name == "strike0" or f"{name} · " in line
                await reader.do("story.follow")
                assert not [line for line in reader.lines()[:-1] if "followed" in line]


async def test_reading_on_comes_back_for_what_is_unread_in_a_story(world: World, tmp_path: Path) -> None:
    with world.library() as library:
        rows = rows_by_name(library)
        library.mark([row for name, row in rows.items() if name.startswith("other")], "read")
        async with reading_stories(library, tmp_path) as reader:
            opened = []
            await go_to(reader, rows["strike0"])
            await reader.do("article.open")
            for _ in range(3):
                opened.append(reader.screen.opened.row)
                await reader.do("read.next_unread")
            assert opened == [rows["strike1"], rows["strike0"], rows["strike2"]], "the head, then in the order of time"
            assert reader.said == "Everything is read"


async def test_the_next_unread_story_is_found_among_many_without_reading_their_rows(
    world: World, tmp_path: Path
) -> None:
    with world.library() as library:
        rows = rows_by_name(library)
        library.mark([row for name, row in rows.items() if name != "strike2"], "read")
        stories = library.stories(library.find(""))
        here = stories.position_of(rows["strike0"])
        assert here is not None
        stories._headlines = None  # type: ignore[assignment]
        assert stories.next_unread(-1) == stories.next_unread(len(stories), -1) == here
        assert stories.next_unread(here) is None and stories.next_unread(here, -1) is None


async def test_all_read_and_select_all_take_whole_stories(world: World, tmp_path: Path) -> None:
    with world.library() as library:
        rows = rows_by_name(library)
        strike = [rows[f"strike{number}"] for number in range(3)]
        async with reading_stories(library, tmp_path) as reader:
            await reader.do("query.edit")
            await reader.type("provider:strike1")
            await reader.press("enter")
            await reader.do("select.all")
            assert reader.screen.article_list.selection == set(strike)
            await reader.do("select.all", "view.mark_read")
            assert all(one.read for one in library.headlines(strike)), "or the row would still be unread"
            assert "3 articles" in reader.said
            await reader.do("marks.undo")
            assert not any(one.read for one in library.headlines(strike))
