"""The screen on the real library and the sample collection: what a first evening looks like, and the next day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newstui.app.app import ReaderApp
from newstui.config import Paths, Settings
from newstui.config.settings import ReaderSettings
from newstui.library import Library, LibraryPaths
from tests.app.driving import Reader

EVENING = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)


def open_reader(sample_feed: Path, folder: Path) -> tuple[ReaderApp, Library]:
    paths = Paths(folder / "config", folder / "data", folder / "cache")
    library = Library.open(
        LibraryPaths(paths.data, paths.cache), locations=[str(sample_feed)], clock=lambda: EVENING, zone=UTC
    )
    settings = Settings(reader=ReaderSettings(reduced_motion=True))
    return ReaderApp(library, settings, paths, is_sample=True, clock=lambda: EVENING, zone=UTC), library


async def wait_for(reader: Reader, what: str) -> None:
    for _ in range(300):
        await reader.settle()
        if what in reader.text():
            return
        await reader.pilot.pause(0.02)
    raise AssertionError(f"{what!r} does not show:\n{reader.text()}")


async def test_an_evening_with_the_sample_is_remembered_the_next_day(
    tmp_path: Path, sample_feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("newstui.app.actions.links.open_link", lambda url, app, browser="": opened.append(url) or "")
    app, library = open_reader(sample_feed, tmp_path)
    async with app.run_test(size=(140, 40)) as pilot:
        reader: Any = Reader(app, pilot, library)  # type: ignore[arg-type]
        await wait_for(reader, "unread")
        total = len(reader.titles)
        assert total >= 60, "the list fills by itself on the first run"

        await reader.do("topic.pick")
        await reader.type("space")
        await reader.press("enter")
        assert 0 < len(reader.titles) < total
        for _ in reader.titles:
            if reader.screen.article_list.current.headline.coverage:
                break
            await reader.do("move.down")
        await reader.do("article.open")
        first = reader.screen.opened.row
        assert reader.screen.opened.coverage
        await reader.do("coverage.next")
        await reader.press("enter")
        second = reader.screen.opened.row
        assert second != first
        await reader.do("article.toggle_star", "link.open")
        starred = library.headline(second)
        assert starred is not None
        assert starred.starred
        assert starred.read
        article = library.article(second)
        assert article is not None
        assert opened == [article.urls.best]
        key = starred.key
        await reader.do("go.back", "go.back", "go.back")
        assert len(reader.titles) == total
        await pilot.press("ctrl+q")
        await pilot.pause()
    library.close()

    app, library = open_reader(sample_feed, tmp_path)
    async with app.run_test(size=(140, 40)) as pilot:
        reader = Reader(app, pilot, library)  # type: ignore[arg-type]
        await reader.settle()
        await reader.do("view.pick")
        await reader.type("starred")
        await reader.press("enter")
        item = reader.screen.article_list.current
        assert (item.headline.key, item.headline.read, item.headline.starred) == (key, True, True)
        await reader.do("marks.undo", "marks.undo")
        library_mark = library.headline(item.headline.row)
        assert library_mark is not None
        assert not library_mark.starred, "what was done yesterday can be taken back today"
    library.close()


async def test_rows_per_story_and_the_whole_story_read(tmp_path: Path, sample_feed: Path) -> None:
    app, library = open_reader(sample_feed, tmp_path)
    async with app.run_test(size=(140, 40)) as pilot:
        reader: Any = Reader(app, pilot, library)  # type: ignore[arg-type]
        await wait_for(reader, "unread")
        articles = len(reader.titles)
        await reader.do("stories.toggle")
        assert len(reader.titles) < articles
        rows = reader.screen.article_list
        for _ in reader.titles:
            if len(rows.current.all_rows) > 1:
                break
            await reader.do("move.down")
        story = rows.current.all_rows
        await reader.do("story.mark_read")
        assert all(one.read for one in library.headlines(story))
        assert rows.current.headline.read
        await reader.do("marks.undo")
        assert not any(one.read for one in library.headlines(story))
    library.close()
