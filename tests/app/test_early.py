"""Keys typed at the first picture: answered in it, handed on where it cannot, and none of them lost."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from newstui.app.early import EarlyKeys
from newstui.app.first_picture import Picture
from newstui.app.first_rows import FILE_NAME
from newstui.app.memory import Memory
from newstui.model import Headline
from newstui.present.palettes import PALETTES
from tests.terminal import KEYS, Terminal

ROWS = [
    Headline(n, n, f"Title number {n}", "Sky & Co", 1_700_000_000 - n, 80, 300, 4, False, True, "news", "Bright.", "c")
    for n in range(100)
]
COLUMNS, LINES = 100, 30
NOW = 1_700_003_600


class Told:
    """A picture that says which rows were asked of it; three rows fit."""

    def __init__(self) -> None:
        self.cursor = 0

    def move(self, rows: int) -> str | None:
        if not 0 <= self.cursor + rows < 3:
            return None
        self.cursor += rows
        return f"<{self.cursor}>"


class Desk:
    """Early keys on a terminal of their own."""

    def __init__(self) -> None:
        self.person, self.program = pty.openpty()
        import tty

        tty.setraw(self.program)
        self.picture = Told()
        self.keys = EarlyKeys(self.picture, ("j", "down"), ("k", "up"), self.program, self.program)

    def type(self, *data: bytes) -> None:
        for one in data:
            os.write(self.person, one)

    def shows(self, count: int) -> str:
        """Return what was painted, once it is so many characters."""
        seen = b""
        while len(seen) < count:
            seen += os.read(self.person, 100)
        return seen.decode()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.keys.stop_reading()
    os.close(desk.person)
    os.close(desk.program)


def test_movements_show_at_once_and_are_dealt_with(desk: Desk):
    desk.type(b"j", b"\x1b[B", b"k")
    assert desk.shows(9) == "<1><2><1>"
    assert desk.keys.stop_reading() == b""
    assert desk.keys.end() == 1


def test_the_first_key_that_asks_for_more_ends_it_and_waits_with_all_after_it(desk: Desk):
    desk.type(b"jsjj\xc3\xa9")
    assert desk.shows(3) == "<1>"
    deadline = time.monotonic() + 20
    typed = b""
    while len(typed) < 5 and time.monotonic() < deadline:
        typed += desk.keys._typed[len(typed) :]
    assert desk.keys.stop_reading() == b"sjj\xc3\xa9"
    assert not desk.keys.answer("j")
    assert desk.keys.end() == 1


def test_a_row_out_of_sight_is_the_programs_to_show(desk: Desk):
    desk.type(b"jjj")
    assert desk.shows(6) == "<1><2>"
    assert desk.keys.end() == 2


def test_an_arrow_that_comes_in_two_pieces_is_one(desk: Desk):
    desk.type(b"\x1b[")
    time.sleep(0.05)
    desk.type(b"B")
    assert desk.shows(3) == "<1>"
    assert desk.keys.stop_reading() == b""


def test_keys_by_name_move_it_too_until_it_is_over(desk: Desk):
    assert desk.keys.stop_reading() == b""
    assert desk.keys.answer("down")
    assert desk.shows(3) == "<1>"
    assert desk.keys.end() == 1
    assert not desk.keys.answer("down")


@pytest.mark.parametrize(("columns", "lines"), [(160, 45), (100, 30), (60, 20), (40, 12)])
def test_moving_paints_what_a_picture_with_the_cursor_there_shows(columns: int, lines: int):
    picture = Picture(ROWS, Memory(), "dark", columns, lines, NOW)
    screen, there = pyte.Screen(columns, lines), pyte.Screen(columns, lines)
    stream = pyte.Stream(screen)
    stream.feed("\r\n".join(picture.lines()))
    for step in (1, 1, -1, 1):
        painted = picture.move(step)
        assert painted
        stream.feed(painted)
        pyte.Stream(there).feed("\x1b[H" + "\r\n".join(picture.lines()))
        assert screen.buffer == there.buffer
    assert picture.move(-5) is not None
    assert picture.cursor == 0
    assert picture.move(40) is None


def start(sample_feed: Path, environment: dict[str, str]) -> Terminal:
    command = [sys.executable, "-m", "newstui", str(sample_feed)]
    return Terminal(command, columns=COLUMNS, rows=LINES, environment=environment)


@pytest.fixture
def environment(tmp_path: Path, sample_feed: Path) -> dict[str, str]:
    """A home where the next start has a first picture."""
    environment = {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("[refresh]\non_start = false\n")
    subprocess.run(
        [sys.executable, "-m", "newstui", "refresh", "--from", str(sample_feed)],
        env=os.environ | environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with start(sample_feed, environment) as terminal:
        terminal.wait_live()
        terminal.wait("100 articles")
        terminal.keys("q")
        assert terminal.wait_exit() == 0
    assert (tmp_path / "cache" / FILE_NAME).exists()
    return environment


def rows_of_the_list(terminal: Terminal) -> list[list[pyte.screens.Char]]:
    return [[terminal.screen.buffer[row][column] for column in range(40)] for row in range(1, LINES - 1)]


def lines_of_the_cursor(terminal: Terminal) -> set[int]:
    """Return the lines whose ground is the cursor's from the first cell to the last; half a line is none."""
    ground = PALETTES["dark"]["paper-cursor"].lstrip("#").lower()
    lit = {
        line: {terminal.screen.buffer[line][column].bg == ground for column in (0, 1, 20, 36)}
        for line in range(1, LINES - 1)
    }
    return {line for line, grounds in lit.items() if True in grounds} if {True, False} not in lit.values() else set()


@pytest.mark.screen
@pytest.mark.parametrize("keys", [("j", "j"), ("j", "k", "down", "down")])
def test_a_key_is_answered_before_the_program_paints_and_exactly_as_it_does(
    keys: tuple[str, ...], sample_feed: Path, environment: dict[str, str]
):
    line = 1 + 3 * sum(-1 if key == "k" else 1 for key in keys)  # it comes there last
    with start(sample_feed, environment) as terminal:
        terminal.wait("●")
        terminal.keys(*keys)
        terminal.wait_until(lambda: lines_of_the_cursor(terminal) == {line, line + 1, line + 2}, "it never moved")
        if terminal.frames:
            pytest.skip("the program was faster than the keys")
        shown = rows_of_the_list(terminal)
        terminal.wait_live()
        assert rows_of_the_list(terminal) == shown
        terminal.wait("100 articles")
        assert rows_of_the_list(terminal) == shown


@pytest.mark.screen
@pytest.mark.parametrize("milliseconds", [0, 20, 50, 100, 200, 400])
def test_no_key_is_lost_or_dealt_with_twice_whenever_it_comes(
    milliseconds: int, sample_feed: Path, environment: dict[str, str]
):
    typed = ["j", "down", "x", "j", "k", "x", "j"]  # x selects a row and goes on to the next
    with start(sample_feed, environment) as terminal:
        terminal.wait("●")

        def type_slowly() -> None:
            time.sleep(milliseconds / 1000)
            for key in typed:
                os.write(terminal._fd, KEYS.get(key, key).encode())
                time.sleep(0.01)

        person = threading.Thread(target=type_slowly)
        person.start()
        terminal.wait("100 articles")
        person.join()

        def signs() -> str:
            return "".join(terminal.screen.buffer[1 + 3 * row][0].data for row in range(7))

        terminal.wait_until(lambda: signs() == "  ✓✓ ▌ ", "keys are missing, or came twice")
