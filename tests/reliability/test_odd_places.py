"""Unusual terminals and rough treatment: no traceback, and the terminal is as it was when the program is gone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.reliability.home import QUIET, Home, catch_up, write_news
from tests.terminal import Terminal

MODES = re.compile(rb"\x1b\[\?(\d+)([hl])")
LEFT_ON = {b"25", b"7"}
"""Modes that are on in a terminal at rest: the cursor shows, lines wrap."""

pytestmark = pytest.mark.screen


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.configure(QUIET)
    write_news(tmp_path / "news", 30)
    return home


def check_restored(terminal: Terminal) -> None:
    """Check by the bytes the program wrote that every mode it set is as in a terminal at rest."""
    assert b"Traceback" not in terminal.raw
    modes = dict(MODES.findall(bytes(terminal.raw)))
    wrong = {mode: way for mode, way in modes.items() if way != (b"h" if mode in LEFT_ON else b"l")}
    assert not wrong


def echo(terminal: Terminal) -> int:
    """Return how the terminal treats what is typed: whether it shows it, and waits for the end of a line."""
    mode: int = termios.tcgetattr(terminal._fd)[3]
    return mode & (termios.ECHO | termios.ICANON)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="ascii"),
        pytest.param({"NO_COLOR": "1"}, id="no colour"),
        pytest.param({"LANG": "C", "LC_ALL": "C"}, id="C", marks=pytest.mark.full),
        pytest.param({"LANG": "POSIX", "LC_ALL": "POSIX"}, id="POSIX", marks=pytest.mark.full),
        pytest.param({"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}, id="latin-1", marks=pytest.mark.full),
        pytest.param({"TERM": "vt100", "COLORTERM": ""}, id="vt100", marks=pytest.mark.full),
    ],
)
def test_the_reader_opens_and_leaves_whatever_the_terminal_says_of_itself(home: Home, place: dict[str, str]):
    with home.open([home.folder.parent / "news"], **place) as terminal:
        terminal.wait("Report number")
        terminal.keys("j", "enter", "escape", "ctrl+q")
        assert terminal.wait_exit() == 0
        check_restored(terminal)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_commands_print_titles_in_any_encoding(home: Home, encoding: str):
    (home.folder.parent / "news" / "more.md").write_text(
        '---\ntitle: "Zürich → 東京 “quoted”"\nwebUrl: "https://a.example/"\n---\n', "utf-8"
    )
    for form in ("text", "ndjson", "tsv") if encoding == "ascii" else ("text",):
        done = home.run(
            "list", "--format", form, "--from", str(home.folder.parent / "news"),
            LC_ALL="C", PYTHONIOENCODING=encoding, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
        )  # fmt: skip
        assert done.returncode == 0
        assert done.stdout.decode(encoding).count("Report number") >= 30


def test_a_screen_of_ten_by_three_can_be_read_and_left(home: Home):
    walk = (
        "j",
        "enter",
        "space",
        "escape",
        "?",
        "escape",
        "/",
        "a",
        "escape",
        "t",
        "escape",
        ":",
        "escape",
        "!",
        "escape",
    )
    with home.open([home.folder.parent / "news"], columns=10, rows=3) as terminal:
        terminal.wait("[1-9]")  # something is listed
        for key in walk:
            terminal.keys(key)
            terminal.settle(0.05, 2)  # each has a frame of its own, unless the machine is busy
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
        check_restored(terminal)


def test_a_storm_of_resizes_is_survived(home: Home):
    with home.open([home.folder.parent / "news"]) as terminal:
        terminal.wait("Report number")
        for turn in range(120):
            terminal.resize(10 + turn * 37 % 190, 3 + turn * 13 % 60)
            terminal.read(0.01)
        terminal.resize(120, 36)
        catch_up(terminal)  # and the keys still work
        terminal.wait("Report number")
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
        check_restored(terminal)


def test_stopping_gives_the_terminal_back_and_going_on_draws_again(home: Home):
    with home.open([home.folder.parent / "news"]) as terminal:
        before = echo(terminal)
        terminal.wait("Report number")
        terminal.wait_live()
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.wait_until(lambda: is_stopped(terminal.pid), "it did not stop")
        terminal.settle()
        assert echo(terminal) == before
        terminal.screen.reset()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait("Report number")
        terminal.keys("j", "ctrl+q")
        assert terminal.wait_exit() == 0
        check_restored(terminal)


def is_stopped(pid: int) -> bool:
    """Say whether a process has been stopped (proc(5), the third word of stat)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_a_signal_ends_the_reader_with_the_terminal_restored_and_the_marks_saved(home: Home, name: str):
    with home.open([home.folder.parent / "news"]) as terminal:
        before = echo(terminal)
        terminal.wait("Report number")
        terminal.press("s", shows="★")
        os.kill(terminal.pid, getattr(signal, name))
        assert terminal.wait_exit() >= 0, "the system had to end it"
        check_restored(terminal)
        assert echo(terminal) == before
    done = home.run("export", "marks")
    assert b'"starred":true' in done.stdout.replace(b" ", b"")


def test_a_terminal_that_is_closed_ends_the_reader(home: Home):
    with home.open([home.folder.parent / "news"]) as terminal:
        terminal.wait("Report number")
        terminal.wait_live()
        os.close(terminal._fd)
        deadline, ended = time.monotonic() + 30, 0
        while not ended and time.monotonic() < deadline:
            ended = os.waitpid(terminal.pid, os.WNOHANG)[0]
            time.sleep(0.05)
        assert ended
        terminal.exit_status = 0
        terminal._fd = os.open(os.devnull, os.O_RDONLY)


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_closed_standard_streams_are_no_reason_to_crash(home: Home, closed: tuple[int, ...]):
    shell = " ".join([f'exec "{sys.executable}" -m newstui list --from "$1"', *(f"{number}>&-" for number in closed)])
    done = subprocess.run(
        ["/bin/sh", "-c", shell, "sh", str(home.folder.parent / "news")], capture_output=True, check=False, timeout=60,
        env=os.environ | home.environment(),
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert done.returncode >= 0
    if 1 not in closed:
        assert done.stdout.count(b"Report number") == 30


def test_a_pipe_that_is_closed_early_ends_quietly(home: Home):
    folder = write_news(home.folder.parent / "many", 400)
    command = f'"{sys.executable}" -m newstui list --format ndjson --from "{folder}" | head -n 1'
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, check=False, timeout=60, env=os.environ | home.environment()
    )
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr


def test_without_a_terminal_the_reader_says_what_works_instead(home: Home):
    done = home.run(str(home.folder.parent / "news"))
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr
