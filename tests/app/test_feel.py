"""How the reader feels: the mouse everywhere, sizes remembered, windows that change at any moment, nothing that jumps."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size
from textual.widget import Widget

from tests.app.driving import Reader, reading
from tests.app.fake_library import FakeLibrary
from tests.builders import an_article
from tests.terminal import Terminal


def many_articles(count: int = 200) -> FakeLibrary:
    library = FakeLibrary()
    body = "\n\n".join(f"Paragraph {number} of a long text." for number in range(120))
    library.add(*(an_article(title=f"Article {number:04}", days_old=number / 10, body=body) for number in range(count)))
    return library


async def _wheel(reader: Reader, widget: Widget, event: type[events.MouseEvent], x: int = 2, y: int = 2) -> None:
    """Turn the wheel over a widget, as a terminal says it."""
    at_x, at_y = widget.region.x + x, widget.region.y + y
    reader.app.screen._forward_event(event(None, at_x, at_y, 0, 0, 0, False, False, False, at_x, at_y))
    await reader.settle()


# -- the mouse ---
@pytest.mark.parametrize("pane", ["article_list", "article_view"])
async def test_the_wheel_scrolls_what_it_is_turned_over(tmp_path: Path, pane: str) -> None:
    async with reading(many_articles(), tmp_path, size=(120, 30)) as reader:
        widget: Widget = getattr(reader.screen, pane)
        before, focused = reader.here, reader.screen.focused
        for _ in range(3):
            await _wheel(reader, widget, events.MouseScrollDown)
        assert widget.scroll_offset.y >= 3
        await _wheel(reader, widget, events.MouseScrollUp)
        assert widget.scroll_offset.y >= 1
        assert (reader.here, reader.screen.focused) == (before, focused)  # looking moves nothing


async def test_the_wheel_scrolls_a_sidebar_that_is_longer_than_the_screen(tmp_path: Path) -> None:
    library = many_articles(0)
    library.add(*(an_article(title=f"On {number}", topics=(f"Topic {number:02}",), days_old=1) for number in range(30)))
    async with reading(library, tmp_path, size=(120, 15)) as reader:
        assert reader.screen.sidebar.count > reader.screen.sidebar.rows_in_view
        await _wheel(reader, reader.screen.sidebar, events.MouseScrollDown)
        assert reader.screen.sidebar.scroll_offset.y > 0


async def test_a_click_moves_the_cursor_and_a_double_click_opens(tmp_path: Path) -> None:
    async with reading(many_articles(), tmp_path, size=(120, 30)) as reader:
        rows = reader.screen.article_list
        at = (rows.region.x + 10, rows.region.y + 3 * rows.row_height)
        await reader.pilot.click(offset=at)
        await reader.settle()
        assert (reader.here, reader.screen.pane) == ("Article 0003", "list")
        await reader.pilot.click(offset=at, times=2)
        await reader.settle()
        assert reader.screen.pane == "article"
        assert reader.screen.opened.is_open


async def test_dragging_the_scroll_bar_goes_through_a_hundred_thousand_rows(tmp_path: Path) -> None:
    library = many_articles(3)
    async with reading(library, tmp_path, size=(120, 30)) as reader:
        rows = reader.screen.article_list
        few = rows.source

        class Long:
            """The three articles, over and over."""

            def __len__(self) -> int:
                return 120_000

            def items(self, start: int, stop: int) -> object:
                return [few.items(index % 3, index % 3 + 1)[0] for index in range(start, stop)]

            def __getattr__(self, name: str) -> object:
                return getattr(few, name)

        rows.show(Long(), at_top=True)  # type: ignore[arg-type]
        await reader.pilot.pause()
        bar = rows.vertical_scrollbar.region
        await reader.pilot.mouse_down(offset=(bar.x, bar.y))
        await reader.pilot.hover(offset=(bar.x, bar.y + bar.height // 2))
        await reader.pilot.pause()
        middle = rows.scroll_offset.y // rows.row_height
        assert 50_000 < middle < 70_000
        await reader.pilot.hover(offset=(bar.x, bar.bottom))
        await reader.pilot.mouse_up(offset=(bar.x, bar.bottom))
        await reader.pilot.pause()
        assert rows.scroll_offset.y == rows.max_scroll_y
        assert "Article" in reader.text()


async def test_a_screen_of_forty_by_twelve_is_worked_with_the_mouse(tmp_path: Path) -> None:
    async with reading(many_articles(), tmp_path, size=(40, 12)) as reader:
        rows = reader.screen.article_list
        await _wheel(reader, rows, events.MouseScrollDown)
        assert rows.scroll_offset.y > 0
        await reader.pilot.click(offset=(10, 3), times=2)
        await reader.settle()
        assert reader.screen.article_view.display
        top = reader.screen.article_view.scroll_offset.y
        await _wheel(reader, reader.screen.article_view, events.MouseScrollDown)
        assert reader.screen.article_view.scroll_offset.y > top


# -- what is remembered ---
async def test_panes_query_stories_and_place_come_back(tmp_path: Path) -> None:
    library = many_articles()
    async with reading(library, tmp_path, size=(120, 30)) as reader:
        for name, by in (("#list-divider", 9), ("#sidebar-divider", -6)):
            divider = reader.screen.query_one(name).region
            await reader.pilot.mouse_down(offset=(divider.x, 10))
            await reader.pilot.hover(offset=(divider.x + by, 10))
            await reader.pilot.mouse_up(offset=(divider.x + by, 10))
            await reader.settle()
        await reader.press("4", "0", "j")
        panes = [widget.region for widget in (reader.screen.sidebar, reader.screen.article_list)]
        here = reader.here
        reader.app.exit(0)
    async with reading(library, tmp_path, size=(120, 30)) as reader:
        assert [widget.region for widget in (reader.screen.sidebar, reader.screen.article_list)] == panes
        assert reader.here == here
        assert here in reader.text()


async def test_zoom_comes_back(tmp_path: Path) -> None:
    library = many_articles(5)
    async with reading(library, tmp_path, size=(120, 30)) as reader:
        await reader.do("pane.zoom")
        reader.app.exit(0)
    async with reading(library, tmp_path, size=(120, 30)) as reader:
        await reader.do("article.open")
        assert reader.screen.article_view.size.width >= 118


# -- windows that change ---
SIZES = ((100, 30), (60, 20), (40, 12), (20, 6), (79, 24), (80, 24), (119, 40), (120, 15))


@pytest.mark.parametrize("begin", ["", "topic.pick", "app.help", "app.palette", "article.open", "query.edit"])
async def test_a_window_may_be_split_at_any_moment(tmp_path: Path, begin: str) -> None:
    async with reading(many_articles(), tmp_path, size=(120, 30)) as reader:
        await reader.press("7", "j")
        if begin:
            await reader.do(begin)
        on_top, focused = reader.app.screen, reader.app.focused
        for number in range(40):  # faster than anything can be laid out
            size = Size(*SIZES[number % len(SIZES)])
            reader.app.post_message(events.Resize(size, size))
        for size in ((40, 12), (20, 6), (120, 30)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert all(len(line) <= size[0] for line in reader.lines())
        assert (reader.app.screen, reader.app.focused) == (on_top, focused)
        assert reader.here == "Article 0007"
        while reader.app.screen is not reader.screen:
            await reader.press("escape")
        assert re.search(r"▌.  Article 0007", reader.text())
        assert "Paragraph 0 of a long text" in reader.text()


@pytest.mark.screen
def test_a_storm_of_sizes_and_keys_ends_in_the_right_picture(tmp_path: Path) -> None:
    news = tmp_path / "_news"
    news.mkdir()
    for number in range(60):
        (news / f"{number}.md").write_text(
            f"---\ntitle: Number {number:02} of sixty\npublishedDateTime: 2024-01-01T10:{59 - number:02}:00Z\n"
            f"webUrl: https://news.example/{number}\n---\nA line of text.\n"
        )
    environment = {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    command = [sys.executable, "-m", "newstui", str(news)]
    with Terminal(command, columns=120, rows=30, environment=environment) as terminal:
        terminal.wait(r"(?s)60 articles.*A line of text.*\? help")
        for number in range(40):
            terminal.resize(*SIZES[number % len(SIZES)])
            terminal.keys("j" if number % 2 else "k")
            terminal.read(0.02)
        terminal.resize(120, 30)
        terminal.keys("G", "g", "g")
        terminal.wait(r"(?s)▌●.*Number 00 of sixty.*A line of text.*\? help")
        terminal.wait_until(lambda: _is_whole(terminal), "rows are missing or twice there")


def _is_whole(terminal: Terminal) -> bool:
    """Say whether the list shows its rows one below the other, from the first on, and the last line is the last."""
    rows = [int(found) for found in re.findall(r"● +Number (\d\d) of sixty", terminal.text)]
    return len(rows) >= 8 and rows == list(range(len(rows))) and "help" in terminal.text.splitlines()[-1]


# -- what arrives ---
async def test_nothing_jumps_when_articles_arrive(tmp_path: Path) -> None:
    library = many_articles()
    async with reading(library, tmp_path, size=(120, 30)) as reader:
        await reader.press("9", "0", "j")
        rows = reader.screen.article_list
        left, right = rows.region.x, rows.region.right
        before = [line[left:right] for line in reader.lines()[1:-1]]
        library.add(*(an_article(title=f"Fresh {number}", days_old=0) for number in range(12)))
        reader.screen.results.articles_changed()
        await reader.settle()
        assert "12 new" in reader.lines()[-1]
        assert [line[left:right] for line in reader.lines()[1:-1]] == before
        await reader.do("list.show_new")
        assert reader.here == "Article 0090"
        assert [line[left : right - 1] for line in reader.lines()[1:-1]] == [line[:-1] for line in before]
