"""The picture painted before Textual is there is what Textual paints afterwards, cell for cell."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pyte
import pytest

from newstui.app.first_picture import LEAVE, Picture, is_possible
from newstui.app.memory import Memory
from newstui.library import Library, LibraryPaths
from newstui.text import cell_width
from tests.command_line import write_record
from tests.terminal import Terminal

SIZES = [(160, 45), (120, 35), (100, 30), (80, 24), (60, 20), (40, 12)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {f"NEWSTUI_{kind}_DIR": str(tmp_path / "own" / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}


def cells(screen: pyte.Screen, columns: range, rows: range) -> list[list[pyte.screens.Char]]:
    return [[screen.buffer[row][column] for column in columns] for row in rows]


@pytest.mark.screen
@pytest.mark.parametrize(
    ("columns", "rows", "theme"),
    [*((columns, rows, "dark") for columns, rows in SIZES), (100, 30, "light"), (160, 45, "high-contrast")],
)
def test_the_picture_is_what_textual_paints(
    columns: int, rows: int, theme: str, sample_feed: Path, tmp_path: Path, environment: dict[str, str]
):
    subprocess.run(
        [sys.executable, "-m", "newstui", "list", "--stories", "--from", str(sample_feed)],
        env=os.environ | environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    paths = LibraryPaths(tmp_path / "own" / "data", tmp_path / "own" / "cache")
    library = Library.open(paths, locations=[str(sample_feed)])
    now = int(time.time())
    lines = Picture(library.first_page(100), Memory(), theme, columns, rows, now).lines()
    library.close()
    picture = pyte.Screen(columns, rows)
    pyte.Stream(picture).feed("\r\n".join(lines))
    memory = Memory()
    command = [sys.executable, "-m", "newstui", "--theme", theme, str(sample_feed)]
    with Terminal(command, columns=columns, rows=rows, environment=environment) as terminal:
        terminal.wait_live()
        terminal.wait(r"\d+ (articles|unread)")  # the line at the top, which the picture has not
        start = memory.sidebar_cells + 1 if columns >= 120 else 0
        title = picture.display[1][start + 4 : start + 20].strip()
        assert title
        assert title in terminal.text
        wide = range(start, start + 30)

        def differing() -> int | None:
            return next(
                (row for row in range(1, rows - 1) if row_of(terminal.screen, row) != row_of(picture, row)), None
            )

        def row_of(screen: pyte.Screen, row: int) -> list[list[pyte.screens.Char]]:
            return cells(screen, wide, range(row, row + 1))

        with suppress(AssertionError):
            terminal.wait_until(lambda: differing() is None)
        row = differing()
        assert row is None, f"line {row}:\n{terminal.screen.display[row]}\n{picture.display[row]}"
        assert bytes(terminal.raw).count(b"\x1b[?1049h") == 1
        terminal.keys("q")
        assert terminal.wait_exit() == 0
        assert LEAVE.split("\x1b")[1].encode() in terminal.raw


@pytest.mark.screen
def test_keys_typed_at_the_first_picture_arrive_in_order(sample_feed: Path, environment: dict[str, str]):
    command = [sys.executable, "-m", "newstui", str(sample_feed)]
    with Terminal(command, environment=environment) as terminal:
        terminal.wait("100 articles, 100 unread")
        terminal.keys("q")
        assert terminal.wait_exit() == 0
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_until(lambda: b"\x1b[?1049h" in terminal.raw)
        terminal.keys("/", *"asteroid")
        terminal.wait("All / asteroid")
        terminal.wait(r"\b[1-9] articles")


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_every_line_is_exactly_as_wide_as_the_screen(columns: int, rows: int, tmp_path: Path):
    folder = tmp_path / "news"
    for title in ("Plain", "速報 宇宙 " * 20, "Émile 🚀 " * 20):
        write_record(folder, title.strip()[:40].replace("/", "-"))
    library = Library.open(LibraryPaths(tmp_path / "d", tmp_path / "c"), locations=[str(folder)])
    list(library.refresh())
    for line in Picture(library.first_page(100), Memory(), "dark", columns, rows, 0).lines():
        text = "".join(part.partition("m")[2] for part in line.split("\x1b")[1:])
        assert cell_width(text) == columns
    library.close()


@pytest.mark.parametrize(
    ("memory", "theme", "environment"),
    [
        (Memory(query="is:unread"), "dark", {}),
        (Memory(stories=True), "dark", {}),
        (Memory(view="Top"), "dark", {}),
        (Memory(), "mine", {}),
        (Memory(), "terminal", {}),
        (Memory(), "dark", {"NO_COLOR": "1"}),
        (Memory(), "dark", {"COLORTERM": ""}),
        (Memory(), "dark", {"TERM": "dumb"}),
    ],
)
def test_where_it_could_be_wrong_there_is_no_picture(memory: Memory, theme: str, environment: dict[str, str]):
    usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    assert is_possible(Memory(), "dark", usual)
    assert not is_possible(memory, theme, usual | environment)
