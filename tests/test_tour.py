"""The tour of the documentation, walked through: the real program in a pseudo-terminal, on its own sample.

One sitting, in the order of the page; then the program is left and started again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

REPOSITORY = Path(__file__).resolve().parent.parent
DART = "It moved! DART shortens"
DART_ADDRESS = "https://www.nasa.gov/news-release/nasa-confirms-dart-mission-impact-changed-asteroids-motion-in-space/"

pytestmark = pytest.mark.screen


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who has never opened newstui, with a browser that writes down what it is given."""
    folder = tmp_path_factory.mktemp("home")
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s|" "$#" "$@" >> "{folder}/opened"\n', "utf-8")
    browser.chmod(0o755)
    return folder


def start(home: Path, *, shows: str, columns: int = 140, rows: int = 40) -> Terminal:
    folders = {f"NEWSTUI_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    environment = {"HOME": str(home), "TZ": "UTC", "BROWSER": str(home / "browser"), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "newstui"]
    terminal = Terminal(command, columns=columns, rows=rows, environment=folders | environment)
    terminal.wait(shows, 30)
    return terminal


@pytest.fixture(scope="module")
def sitting(home: Path) -> Iterator[Terminal]:
    """The program, opened for the first time."""
    with start(home, shows="SLIM wakes up") as terminal:
        yield terminal


@pytest.fixture
def newstui(sitting: Terminal) -> Terminal:
    """The same program, back at its whole list."""
    for _ in range(6):
        sitting.keys("escape")
        sitting.settle()
        if "100 articles" in sitting.text:
            break
    sitting.keys("g")
    sitting.wait("SLIM wakes up")
    return sitting


def search(terminal: Terminal, words: str, shows: str) -> None:
    """Type a query and wait for what it finds."""
    terminal.keys("/")
    terminal.wait(r"(?m)^.*/\s*$|esc")
    terminal.settle()
    terminal.keys(*words)
    terminal.wait(shows)
    terminal.keys("enter")
    terminal.settle()


def test_the_first_start_opens_the_sample_and_says_how_to_add_ones_own(sitting):
    sitting.wait("This is the sample .* adds a collection of your own")
    sitting.wait("Astronomy")
    sitting.wait("100 articles")


def test_space_alone_reads_on_to_the_next_article(newstui):
    newstui.keys("enter")
    newstui.wait("Nine days later")
    for _ in range(6):
        newstui.keys("space")
        newstui.settle()
        if "On the flight before" in newstui.text:
            break
    newstui.wait("On the flight before")


def test_picking_a_topic_narrows_the_list(newstui):
    newstui.keys("t")
    newstui.wait("Pick a topic")
    newstui.keys(*"Databases")
    newstui.settle()
    newstui.keys("enter")
    newstui.wait("topic:Databases")
    newstui.wait("5 articles")
    newstui.wait("PostgreSQL 16")
    newstui.wait(r"(?s)^(?!.*JAXA)")


def test_an_article_is_read_when_it_was_opened_and_starred_with_a_key(newstui):
    search(newstui, "title:shortens", shows="1 article")
    newstui.keys("enter")
    newstui.wait("Twenty-five times better")
    newstui.keys("s")
    newstui.wait("★")


def test_related_coverage_opens_in_place(newstui):
    search(newstui, "title:shortens", shows="1 article")
    newstui.keys("enter", "G")
    newstui.wait("Related coverage")
    newstui.keys("J")
    newstui.settle()
    newstui.keys("enter")
    newstui.wait(r"Nature · Wed 1 Mar 2023|ESA · Tue 27 Sep 2022|NASA · Mon 26 Sep 2022")


def test_the_browser_gets_exactly_the_address(newstui, home):
    search(newstui, "title:shortens", shows="1 article")
    newstui.keys("o")
    deadline = time.monotonic() + 10
    while not (home / "opened").exists() and time.monotonic() < deadline:
        newstui.read(0.05)
    assert (home / "opened").read_text("utf-8") == f"1|{DART_ADDRESS}|"


def test_marking_everything_read_can_be_taken_back(newstui):
    search(newstui, "topic:Mathematics", shows="6 articles")
    assert "6 unread" in newstui.text
    newstui.keys("A")
    newstui.wait(r"6 articles\s*\n")
    newstui.keys("u")
    newstui.wait("6 articles, 6 unread")


def test_stories_are_one_row_each(newstui):
    newstui.keys("i")
    newstui.wait("stories")
    newstui.wait("2 providers")
    newstui.keys("i")
    newstui.wait("100 articles")


def test_help_shows_the_keys_and_the_palette_does_anything_by_name(newstui):
    newstui.keys("?")
    newstui.wait("Half a page down")
    newstui.keys("escape")
    newstui.settle()
    newstui.keys("ctrl+p")
    newstui.wait("Commands")
    newstui.keys(*"theme")
    newstui.wait("Choose how newstui looks")


def test_what_was_read_and_starred_is_so_at_the_next_start(newstui, home):
    newstui.keys("ctrl+q")
    assert newstui.wait_exit() == 0
    with start(home, shows="Sky & Workbench") as again:
        again.wait("read on")
        again.keys("escape")
        again.settle()
        search(again, "is:starred is:read", shows="1 article")
        again.wait(DART)
        again.keys("ctrl+q")
        assert again.wait_exit() == 0


@pytest.mark.parametrize(("columns", "rows"), [(40, 12), (80, 24), (100, 30)])
def test_it_works_in_a_small_terminal(home, columns, rows):
    with start(home, shows="is:starred", columns=columns, rows=rows) as terminal:
        terminal.wait("open")
        for key in ("enter", "space", "h", "j", "G", "g"):
            terminal.keys(key)
            terminal.settle(0.05)
        assert os.fsencode("Traceback") not in terminal.raw
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
