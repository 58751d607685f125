"""Marks: one, many, taken back, and what happens when they cannot be saved."""

from __future__ import annotations

from pathlib import Path

from newstui.app import saving
from tests.app.driving import five_articles, reading
from tests.app.fake_library import FakeLibrary


def reads(library: FakeLibrary) -> list[int]:
    return [row for row, mark in library.marks.items() if mark.read]


async def test_read_and_star_toggle(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("article.toggle_read", "article.toggle_star")
        assert reader.library.marks[1].read
        assert reader.library.marks[1].starred
        assert "★" in reader.lines()[1]
        await reader.do("article.toggle_read", "article.toggle_star")
        assert not reader.library.marks[1].read
        assert not reader.library.marks[1].starred


async def test_a_number_marks_so_many_rows_and_moves_behind_them(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.press("3", "m")
        assert reads(reader.library) == [1, 2, 3]
        assert reader.here == "Delta lands"


async def test_a_selection_is_acted_on_as_one_and_taken_back_as_one(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("select.toggle", "select.toggle", "article.toggle_star")
        assert [row for row, mark in reader.library.marks.items() if mark.starred] == [1, 2]
        await reader.do("marks.undo")
        assert not any(mark.starred for mark in reader.library.marks.values())
        await reader.press("escape")
        assert not reader.screen.article_list.selection


async def test_marking_all_says_how_many_and_offers_the_way_back(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        reader.screen.results.set_query("topic:Space")
        await reader.settle()
        await reader.do("view.mark_read")
        assert reads(reader.library) == [2, 4]
        assert reader.said == "2 articles marked read · u takes it back"
        await reader.do("marks.undo")
        assert reads(reader.library) == []
        await reader.do("marks.redo")
        assert reads(reader.library) == [2, 4]


async def test_tags_are_added_and_taken_away(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path, size=(170, 30)) as reader:
        await reader.do("article.tags")
        await reader.type("later work")
        await reader.press("enter")
        assert reader.library.marks[1].tags == ("later", "work")
        assert "#later" in reader.text()
        await reader.do("article.tags")
        await reader.press("end")
        for _ in range(5):
            await reader.press("backspace")
        await reader.press("enter")
        assert reader.library.marks[1].tags == ("later",)


async def test_a_note_is_kept(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("article.note")
        await reader.type("read again")
        await reader.press("enter")
        assert reader.library.marks[1].note == "read again"
        await reader.do("article.note")
        await reader.press("escape")
        assert reader.library.marks[1].note == "read again"


async def test_history_shows_changes_and_takes_them_back(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("article.toggle_read", "marks.history")
        assert "1 article marked read" in reader.text()
        await reader.press("u")
        assert not reader.library.marks[1].read
        assert "(taken back)" in reader.text()


async def test_a_mark_that_cannot_be_saved_stays_pending_and_is_saved_once_it_can(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        reader.screen.saver.retry_seconds = 0.01
        reader.library.disk_full = True
        await reader.pilot.press("m")
        await reader.until(lambda: reader.said)
        assert reader.said.startswith("Not saved yet, trying again: the disk is full")
        assert "◌" in reader.text()
        assert not reader.library.marks[1].read
        reader.library.disk_full = False
        await reader.settle()
        assert reader.library.marks[1].read
        assert "◌" not in reader.text()


async def test_marks_made_in_quick_succession_are_saved_in_their_order(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.pilot.press("m", "j", "s", "j", "m")
        await reader.settle()
        assert [change.label for change in reversed(reader.library.history())] == ["read", "starred", "read"]
        assert reads(reader.library) == [1, 3]


def test_a_retry_comes_soon_enough() -> None:
    assert saving.RETRY_SECONDS <= 5


async def test_clicking_the_dot_and_the_star_marks(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.pilot.click(offset=(1, 1))
        await reader.settle()
        assert reader.library.marks[1].read
        await reader.pilot.click(offset=(2, 1))
        await reader.settle()
        assert reader.library.marks[1].starred
