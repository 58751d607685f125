"""Stories on the screen and on the real library: a row each, opened, marked, followed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from functools import cached_property
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import pytest

from newstui.app.app import ReaderApp
from newstui.config import Paths
from newstui.library import Library
from newstui.library.stories import StoryListing
from tests.app.driving import SETTINGS, Reader
from tests.library.coverage_world import STRIKE, World, rows_by_name


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
            assert "61 stories, 63 unread articles" in reader.text()
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


async def test_the_screen_never_waits_for_stories_to_be_gathered(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered_by: list[str] = []
    gather = StoryListing._members.func  # type: ignore[attr-defined]

    def note(stories: StoryListing) -> Any:
        gathered_by.append(current_thread().name)
        return gather(stories)

    watched = cached_property(note)
    watched.__set_name__(StoryListing, "_members")
    monkeypatch.setattr(StoryListing, "_members", watched)
    with world.library() as library:
        async with reading_stories(library, tmp_path) as reader:
            assert len(reader.titles) == 61
            assert gathered_by and main_thread().name not in gathered_by


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


async def open_strike(reader: Any, rows: dict[str, int]) -> None:
    await go_to(reader, rows["strike1"])
    await reader.do("article.open")


async def test_marks_go_to_the_source_the_cursor_is_on_and_show_there(world: World, tmp_path: Path) -> None:
    with world.library() as library:
        rows = rows_by_name(library)
        names = {row: name for name, row in rows.items()}

        def marked(sign: str) -> set[str]:
            return {names[one.row] for one in library.headlines(list(names)) if getattr(one, sign)}

        async with reading_stories(library, tmp_path) as reader:
            await open_strike(reader, rows)
            assert reader.text().count("● ") >= 2 and marked("read") == {"strike1"}
            await reader.do("coverage.next", "coverage.next", "article.toggle_read")
            assert marked("read") == {"strike1", "strike2"}
            dots = [one.read for one in reader.screen.opened.coverage]
            assert dots == [False, True], "what was marked shows in the story that is open"
            await reader.do("article.toggle_star", "article.toggle_read")
            assert (marked("starred"), marked("read")) == ({"strike2"}, {"strike1"})
            await reader.do("coverage.previous", "coverage.previous", "article.toggle_star")
            assert marked("starred") == {"strike1", "strike2"}, (
                "back from the first source, the article itself is meant"
            )
            await reader.do("coverage.next", "story.mark_read")
            assert marked("read") == {"strike0", "strike1", "strike2"}


async def test_a_source_in_no_collection_can_be_opened_and_copied_and_has_no_marks(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("newstui.app.actions.links.open_link", lambda url, app, browser="": opened.append(url) or "")
    world.write("lone", "Recipe of the day: soup of leeks and potatoes", "Warm and quick.", related=("afar",))
    with world.library() as library:
        rows = rows_by_name(library)
        async with reading_stories(library, tmp_path) as reader:
            await go_to(reader, rows["lone"])
            await reader.do("article.open", "coverage.next", "article.toggle_star")
            assert "in no collection" in reader.said
            assert not library.headlines([rows["lone"]])[0].starred
            await reader.do("link.open")
            assert opened and "afar.example" in opened[0]
            await reader.do("link.copy")
            assert reader.app.clipboard == opened[0]


async def test_a_source_that_scrolled_out_of_sight_is_not_meant(world: World, tmp_path: Path) -> None:
    with world.library() as library:
        rows = rows_by_name(library)
        async with reading_stories(library, tmp_path, size=(80, 12)) as reader:
            await open_strike(reader, rows)
            await reader.do("coverage.next", "coverage.next")
            assert reader.screen.targets() == (rows["strike2"],)
            await reader.do("move.top")
            assert reader.screen.targets() == (rows["strike1"],)


async def test_an_open_story_says_who_left_it_out_that_it_is_followed_and_what_is_listed_beside_it(
    world: World, tmp_path: Path
) -> None:
    world.write("strike1", *STRIKE[1], hours=5, quality=80, related=("other3",))
    world.write("silent", "Weather: windy, with showers in the evening", "Take a coat.", hours=4)
    with world.library() as library:
        rows = rows_by_name(library)
        async with reading_stories(library, tmp_path, size=(160, 60)) as reader:
            await open_strike(reader, rows)
            assert [one.row for one in reader.screen.opened.coverage] == [
                rows[n] for n in ("strike0", "strike2", "other3")
            ]
            text = reader.text()
            assert "Not covered by" in text and "Also listed by the record" in text
            assert "You follow this story" not in text
            await reader.do("story.follow")
            assert "You follow this story" in reader.text()


async def test_new_coverage_of_a_followed_story_names_the_story(world: World, tmp_path: Path) -> None:
    (world.records / "strike2.md").unlink()
    with world.library() as library:
        rows = rows_by_name(library)
        async with reading_stories(library, tmp_path) as reader:
            await go_to(reader, rows["strike0"])
            await reader.do("story.follow", "story.mark_read")
            assert reader.screen.article_list.current.headline.read
            world.write("strike2", *STRIKE[2], hours=10, quality=80)
            await reader.do("collections.refresh_all")
            assert f"new coverage of “{STRIKE[1][0]}”" in reader.said
            item = reader.screen.article_list.current
            assert len(item.all_rows) == 3 and not item.headline.read


async def test_a_search_shows_where_in_the_body_a_story_has_it(world: World, tmp_path: Path) -> None:
    record = world.records / "strike2.md"
    record.write_text(record.read_text() + "\nThe lighthouse keeper saw every one of the lorries.\n")
    with world.library() as library:
        async with reading_stories(library, tmp_path) as reader:
            await reader.do("query.edit")
            await reader.type("lighthouse")
            await reader.press("enter")
            assert reader.titles == [STRIKE[2][0]]
            assert any("The lighthouse keeper" in line[:70] for line in reader.lines()), reader.text()


async def test_new_coverage_joins_the_story_that_is_open_and_the_cursor_stays_on_its_source(
    world: World, tmp_path: Path
) -> None:
    (world.records / "strike0.md").unlink()
    with world.library() as library:
        rows = rows_by_name(library)
        async with reading_stories(library, tmp_path, size=(140, 24)) as reader:
            await open_strike(reader, rows)
            await reader.do("coverage.next")
            (line,) = [place for place, line in enumerate(reader.lines()) if "strike2  " in line]
            world.write("strike0", *STRIKE[0], hours=0, quality=50)  # before it
            await reader.do("collections.refresh_all")
            names = [one.provider.name for one in reader.screen.opened.coverage]
            assert names == ["strike0", "strike2"]
            chosen = reader.screen.article_view.chosen_coverage()
            assert chosen is not None and chosen.provider.name == "strike2"
            assert "strike2  " in reader.lines()[line]


async def test_on_a_row_reading_is_about_the_whole_story_and_everything_else_about_its_headline(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("newstui.app.actions.links.open_link", lambda url, app, browser="": opened.append(url) or "")
    with world.library() as library:
        rows = rows_by_name(library)
        strike = [rows[f"strike{number}"] for number in range(3)]

        def marked(sign: str) -> list[bool]:
            return [getattr(one, sign) for one in library.headlines(strike)]

        async with reading_stories(library, tmp_path) as reader:
            await go_to(reader, rows["strike0"])
            await reader.do("article.toggle_star", "link.copy")
            assert marked("starred") == [False, True, False], "the star of the row is that of its headline"
            assert reader.app.clipboard == "https://strike1.example/strike1"
            await reader.do("article.note")
            await reader.type("mine")
            await reader.press("enter")
            assert marked("noted") == [False, True, False]
            await reader.do("article.toggle_read")
            assert marked("read") == [True] * 3
            await reader.do("article.toggle_read", "link.open")
            assert opened == ["https://strike1.example/strike1"] and marked("read") == [False, True, False]
            await reader.do("select.toggle", "article.toggle_star", "select.all")
            assert marked("starred") == [True] * 3
