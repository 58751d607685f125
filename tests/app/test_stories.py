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
