"""What a key changes is painted in the same turn, exactly as Textual would have painted it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newstui.app.painting import LinesUpdate
from tests.app.driving import Reader, five_articles, reading
from tests.app.fake_library import FakeLibrary
from tests.builders import an_article


def many_articles(count: int = 300) -> FakeLibrary:
    library = FakeLibrary()
    library.add(*(an_article(title=f"Article {number:03}", days_old=number) for number in range(count)))
    return library


class Shown:
    """What a terminal shows of the reader: whole frames by Textual's compositor, lines painted over them since."""

    def __init__(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reader = reader
        self.painted = 0
        """Lines painted at once."""
        self.lines = self.composed
        display = reader.app._display

        def displayed(screen: Any, update: Any) -> None:
            if isinstance(update, LinesUpdate):
                for x, y, strip in update.lines:
                    line = self.lines[y]
                    self.lines[y] = [*line[:x], *_cells(strip), *line[x + strip.cell_length :]]
                    self.painted += 1
            display(screen, update)

        monkeypatch.setattr(reader.app, "_display", displayed)

    @property
    def composed(self) -> list[list[tuple[str, str]]]:
        """What Textual makes of the screen as it is now."""
        screen = self.reader.app.screen
        return [_cells(strip) for strip in screen._compositor.render_strips(screen.size)]


def _cells(strip: Any) -> list[tuple[str, str]]:
    """Return a line cell by cell: letter and look."""
    return [(letter, str(segment.style)) for segment in strip for letter in segment.text]


@pytest.mark.parametrize("keys", [("j",), ("j",) * 12, ("pagedown",), ("G",), ("G", "g g"), ("ctrl+d", "ctrl+u")])
async def test_the_list_is_painted_in_the_turn_of_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    async with reading(many_articles(), tmp_path, size=(120, 30)) as reader:
        shown = Shown(reader, monkeypatch)
        rows = reader.screen.article_list
        left, right = rows.region.x, rows.region.right
        for key in keys:
            for part in key.split(" "):
                await reader.pilot.press(part)
        now = [line[left:right] for line in shown.composed]
        assert shown.painted
        assert [line[left:right] for line in shown.lines] == now


async def test_only_the_rows_that_change_are_painted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(many_articles(), tmp_path, size=(120, 30)) as reader:
        shown = Shown(reader, monkeypatch)
        await reader.pilot.press("j")
        assert shown.painted == 2 * reader.screen.article_list.row_height


async def test_what_lies_over_the_list_is_not_painted_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(five_articles(), tmp_path, size=(100, 30)) as reader:
        await reader.do("query.edit")
        await reader.type("topic:")
        assert reader.screen.suggestions.display
        shown = Shown(reader, monkeypatch)
        reader.screen.article_list.move(1)
        reader.screen.article_list.paint_now()
        assert not shown.painted


async def test_a_sheet_is_not_painted_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(five_articles(), tmp_path, size=(100, 30)) as reader:
        await reader.do("app.help")
        shown = Shown(reader, monkeypatch)
        reader.screen.article_list.move(1)
        reader.screen.article_list.paint_now()
        assert not shown.painted
