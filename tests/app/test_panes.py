"""Panes at every width, dragging, resizing, odd sizes, no colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from newstui.app.arrangement import arrange
from newstui.app.memory import Memory, load_memory, save_memory
from tests.app.driving import KEYS, five_articles, reading
from tests.app.fake_library import FakeLibrary
from tests.builders import an_article


async def test_a_wide_screen_shows_sidebar_list_and_article(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(120, 30)) as reader:
        screen = reader.screen
        assert (screen.sidebar.display, screen.article_list.display, screen.article_view.display) == (True, True, True)
        await reader.do("sidebar.toggle")
        assert not screen.sidebar.display


async def test_a_medium_screen_shows_the_sidebar_over_the_list_while_it_is_used(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(100, 30)) as reader:
        assert not reader.screen.sidebar.display
        await reader.do("sidebar.toggle")
        assert reader.screen.sidebar.display
        assert reader.screen.sidebar.has_focus
        assert reader.screen.article_view.display
        await reader.do("go.back")
        assert not reader.screen.sidebar.display


async def test_a_narrow_screen_shows_one_pane_at_a_time(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(60, 20)) as reader:
        screen = reader.screen

        def shown() -> list[bool]:
            return [screen.sidebar.display, screen.query_one("#list-pane").display, screen.article_view.display]

        assert shown() == [False, True, False]
        await reader.do("article.open")
        assert shown() == [False, False, True]
        await reader.do("go.back", "sidebar.toggle")
        assert shown() == [True, False, False]
        assert screen.sidebar.size.width == 60


async def test_zoom_gives_the_article_the_whole_screen_and_takes_it_back(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(120, 30)) as reader:
        await reader.do("pane.zoom")
        assert reader.screen.article_view.size.width >= 118
        await reader.do("pane.zoom")
        assert reader.screen.article_view.size.width < 90


async def test_tab_goes_round_the_panes(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(120, 30)) as reader:
        seen = []
        for _ in range(3):
            await reader.do("pane.next")
            seen.append(reader.screen.pane)
        assert seen == ["article", "sidebar", "list"]
        await reader.do("pane.previous")
        assert reader.screen.pane == "sidebar"


async def test_dragging_a_divider_changes_the_panes(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(120, 30)) as reader:
        divider = reader.screen.query_one("#list-divider")
        before = reader.screen.article_list.size.width
        x = divider.region.x
        await reader.pilot.mouse_down(offset=(x, 10))
        await reader.pilot.hover(offset=(x + 8, 10))
        await reader.pilot.mouse_up(offset=(x + 8, 10))
        await reader.settle()
        assert reader.screen.article_list.size.width == before + 8


@pytest.mark.parametrize("size", [(10, 3), (1, 1), (12, 4), (40, 12), (79, 24), (80, 24), (119, 30), (300, 90)])
async def test_every_size_works_and_every_command_can_be_pressed(tmp_path: Path, size: tuple[int, int]) -> None:
    async with reading(five_articles(), tmp_path, size=size) as reader:
        for command in ("move.down", "article.open", "go.back", "pane.next", "pane.zoom", "pane.zoom", "app.help"):
            await reader.do(command)
        await reader.press("escape")
        for line in reader.lines():
            assert len(line) <= size[0]


async def test_resizing_keeps_the_article_under_the_cursor_in_view(tmp_path: Path) -> None:
    library = FakeLibrary()
    library.add(*(an_article(title=f"Article {number:03}", days_old=number) for number in range(200)))
    async with reading(library, tmp_path, size=(140, 40)) as reader:
        await reader.press("1", "0", "0", "j")
        for size in ((100, 30), (60, 20), (40, 12), (20, 5), (140, 40)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert reader.here == "Article 100"
        assert "Article 100" in reader.text()


async def test_the_list_takes_the_same_memory_at_any_length(tmp_path: Path) -> None:
    library = FakeLibrary()
    library.add(*(an_article(title=f"Article {number:04}", days_old=number / 100) for number in range(3_000)))
    async with reading(library, tmp_path) as reader:
        rows = reader.screen.article_list
        for _ in range(30):
            await reader.pilot.press("pagedown")
        await reader.settle()
        await reader.do("move.bottom")
        assert reader.here == "Article 2999"
        assert len(rows._strips) <= 512
        assert len(rows._items) <= 300


async def test_wide_characters_and_emoji_do_not_shift_the_columns(tmp_path: Path) -> None:
    library = FakeLibrary()
    library.add(
        an_article(title="日本の宇宙機が月に着陸した、とても長い見出しです" * 3, days_old=1),
        an_article(title="👩‍🚀 astronauts 🇯🇵 é̂ and more " * 4, days_old=2),
        an_article(title="plain", days_old=3),
    )
    async with reading(library, tmp_path, size=(100, 30)) as reader:
        from rich.cells import cell_len

        rows = reader.screen.article_list
        for index in range(3):
            for line in rows.row_lines(index):
                assert sum(cell_len(span.text) for span in line) == rows.row_width


async def test_states_can_be_told_apart_without_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    library = five_articles()
    library.marks[2].read = library.marks[3].starred = True
    async with reading(library, tmp_path) as reader:
        assert reader.app.theme == "terminal"
        for strip in reader.screen._compositor.render_strips(reader.screen.size):
            for filtering in reader.app._filters:
                strip = strip.apply_filter(filtering, reader.screen.background_colors[1])
            for segment in strip:
                assert segment.style is None or segment.style.color is None or segment.style.color.is_default
        await reader.do("move.down", "select.toggle")
        text = reader.lines()
        row = {title: next(line for line in text if title in line[:40]) for title in ("Alpha", "Beta", "Gamma")}
        assert row["Alpha"][1] == "●"
        assert row["Beta"][0] == "✓"
        assert row["Beta"][1] == " "
        assert row["Gamma"][2] == "★"
        assert row["Gamma"][0] == "▌"


async def test_the_mouse_wheel_scrolls_and_a_double_click_opens(tmp_path: Path) -> None:
    library = FakeLibrary()
    library.add(*(an_article(title=f"Article {number:03}", days_old=number) for number in range(100)))
    async with reading(library, tmp_path, size=(100, 30)) as reader:
        rows = reader.screen.article_list
        rows.scroll_relative(y=12, animate=False)
        await reader.settle()
        assert rows.scroll_offset.y == 12
        await reader.pilot.click(offset=(10, 2), times=2)
        await reader.settle()
        assert reader.screen.pane == "article"
        assert sum(mark.read for mark in library.marks.values()) == 1


def test_no_arrangement_leaves_less_than_there_is() -> None:
    for columns in range(1, 260):
        for pane in ("list", "article", "sidebar"):
            for sidebar in (True, False):
                for share in (0.15, 0.42, 0.85):
                    now = arrange(columns, pane, sidebar=sidebar, zoomed=False, sidebar_cells=28, list_share=share)  # type: ignore[arg-type]
                    beside = now.sidebar_cells + 1 if now.sidebar == "beside" else 0
                    if now.article and now.list_cells:
                        assert columns - beside - 1 - now.list_cells >= 30
                    assert now.article or now.list_cells or now.sidebar == "alone"


def test_memory_that_cannot_be_used_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "screen.json"
    for text in ("", "{", "[]", '{"list_share": "wide", "view": 3}', '{"list_share": NaN}', "\x00"):
        file.write_text(text)
        assert load_memory(file) == Memory()


def test_memory_comes_back(tmp_path: Path) -> None:
    memory = Memory(view="Top", query="sort:top", list_share=0.5, stories=True, article="abc")
    save_memory(tmp_path / "deep" / "screen.json", memory)
    assert load_memory(tmp_path / "deep" / "screen.json") == memory


def test_the_keys_of_these_tests_come_from_the_table() -> None:
    assert KEYS["article.toggle_read"] == "m"


async def test_a_scrolled_list_begins_with_a_whole_row(tmp_path: Path) -> None:
    library = FakeLibrary()
    library.add(*(an_article(title=f"Article {number:03}", days_old=number) for number in range(40)))
    async with reading(library, tmp_path, size=(60, 19)) as reader:
        rows = reader.screen.article_list
        assert rows.scrollable_content_region.height % rows.row_height, "a part of a row is in view"
        for _ in range(12):
            await reader.do("move.down")
            assert rows.scroll_offset.y % rows.row_height == 0
        assert rows.scroll_offset.y > 0
        await reader.do("move.bottom")
        assert "Article 039" in reader.text()
        assert rows.scroll_offset.y % rows.row_height == 0
        await reader.pilot.resize_terminal(60, 24)
        await reader.settle()
        assert "Article 039" in reader.text()
        assert rows.scroll_offset.y % rows.row_height == 0
