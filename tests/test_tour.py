"""The tour of the documentation, walked through: the real program in a pseudo-terminal, on its own sample.

One sitting, in the order of the page; then the program is left and started again.
"""

from __future__ import annotations

import base64
import os
import re
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
    sitting.wait("This is a sample · a adds your own collection")
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


def test_the_way_back_is_one_key(newstui):
    newstui.keys("enter")
    newstui.wait("Nine days later")
    newstui.settle()
    newstui.keys("h", "j", "j", "k")
    newstui.settle()
    newstui.wait(r"(?m)^.*│▌.*What happened on flight 72.*")
    newstui.keys("/")
    newstui.settle()
    newstui.keys(*"shortens")
    newstui.wait("1 article")
    newstui.keys("\x1bj")  # escape and j, faster than a hand can
    newstui.wait("100 articles")
    newstui.wait(r"(?m)^.*│▌(?!.*SLIM wakes up).*$")


def test_read_and_unread_are_one_key(newstui):
    search(newstui, "title:shortens", shows="1 article")
    newstui.wait("▌ +It moved|▌[●·] +It moved")
    was_unread = "1 article, 1 unread" in newstui.text
    newstui.keys("m")
    newstui.wait(r"1 article *\n" if was_unread else "1 article, 1 unread")
    newstui.keys("m")
    newstui.wait("1 article, 1 unread" if was_unread else r"1 article *\n")


def test_what_was_picked_is_a_query_to_go_on_with(newstui):
    newstui.keys("t")
    newstui.wait("Pick a topic")
    newstui.keys(*"Astronomy", "enter")
    newstui.wait("topic:Astronomy")
    newstui.keys("/")
    newstui.settle()
    newstui.keys(*"image")
    newstui.wait(r"topic:Astronomy image[\s\S]*\d+ articles?")
    newstui.settle(0.3)
    assert "100 articles" not in newstui.text
    newstui.keys("escape")
    newstui.wait("100 articles")


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


def test_numbered_links_and_the_clipboard_get_the_address(newstui, home):
    search(newstui, "title:shortens", shows="1 article")
    newstui.keys("enter")
    newstui.wait(r"\[1\]")
    before = (home / "opened").read_text("utf-8")
    newstui.keys("1")
    newstui.wait("Opened http|2")
    if "Opened http" not in newstui.text:
        newstui.keys("enter")
    deadline = time.monotonic() + 10
    while (home / "opened").read_text("utf-8") == before and time.monotonic() < deadline:
        newstui.read(0.05)
    assert (home / "opened").read_text("utf-8").startswith(before + "1|http")
    start = len(newstui.raw)
    newstui.keys("y")
    newstui.wait("Copied https")
    copied = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", bytes(newstui.raw[start:]))
    assert copied and base64.b64decode(copied[1]).decode() == DART_ADDRESS


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


def test_a_collection_is_added_by_its_place(home, tmp_path):
    record = '---\ntitle: "A lamp of our own"\nwebUrl: "https://lamps.example/1"\n---\nIt shines.\n'
    (tmp_path / "lamps").mkdir()
    (tmp_path / "lamps" / "one.md").write_text(record, "utf-8")
    with start(tmp_path, shows="SLIM wakes up") as terminal:
        terminal.settle(0.5)
        terminal.keys("a")
        terminal.wait("Add a collection")
        terminal.settle()
        terminal.keys(*str(tmp_path / "lamps"))
        terminal.wait("✓ folder: lamps, 1 record")
        terminal.keys("enter")
        terminal.wait("lamps")
        search(terminal, "lamp of our own", shows="A lamp of our own")
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0


JOURNEYS = {
    "Read": (test_space_alone_reads_on_to_the_next_article, test_the_way_back_is_one_key),
    "Mark": (
        test_an_article_is_read_when_it_was_opened_and_starred_with_a_key,
        test_read_and_unread_are_one_key,
        test_marking_everything_read_can_be_taken_back,
    ),
    "Narrow": (test_picking_a_topic_narrows_the_list, test_what_was_picked_is_a_query_to_go_on_with),
    "See who else wrote about it": (test_related_coverage_opens_in_place, test_stories_are_one_row_each),
    "Go out": (test_the_browser_gets_exactly_the_address, test_numbered_links_and_the_clipboard_get_the_address),
    "Ask": (test_help_shows_the_keys_and_the_palette_does_anything_by_name,),
    "Leave": (test_what_was_read_and_starred_is_so_at_the_next_start,),
}
"""What the tour promises, by the words each promise begins with → the tests that walk it."""


def test_every_journey_of_the_tour_is_walked():
    tour = (REPOSITORY / "docs" / "tour.md").read_text("utf-8")
    assert set(re.findall(r"^\*\*(.+?)\.?\*\*", tour, re.M)) == set(JOURNEYS)


@pytest.mark.parametrize("answers", [("1", "", "star 1", "/topic:Databases", "more 1", "undo", "help", "quit")])
def test_the_plain_reader_takes_the_same_way_in_lines(tmp_path, answers):
    folders = {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    environment = folders | {"HOME": str(tmp_path), "TZ": "UTC", "PYTHONPATH": str(REPOSITORY)}
    with Terminal(
        [sys.executable, "-m", "newstui", "--plain"], columns=90, rows=40, environment=environment
    ) as terminal:
        terminal.wait("100 articles, 100 unread", 30)
        terminal.wait(r"1\. unread: .*SLIM")
        for answer, shows in zip(
            answers,
            ("Marked read", "Marked read", "1 article starred", "5 articles", "others? wrote|Nobody|found|given",
             "Taken back", "refresh looks for new articles", ""),
            strict=True,
        ):  # fmt: skip
            terminal.settle()
            terminal.screen.reset()
            terminal.keys(answer, "enter")
            if shows:
                terminal.wait(shows)
        assert terminal.wait_exit() == 0
        text = bytes(terminal.raw)
        assert b"\x1b" not in text  # nothing is drawn, coloured or moved
        assert not re.search("[─-▟]", text.decode())


@pytest.mark.parametrize(("columns", "rows"), [(40, 12), (80, 24), (100, 30)])
def test_it_works_in_a_small_terminal(tmp_path, columns, rows):
    with start(tmp_path, shows="SLIM", columns=columns, rows=rows) as terminal:
        terminal.wait("open")
        for key in ("enter", "space", "h", "j", "G", "g"):
            terminal.keys(key)
            terminal.settle(0.05)
        assert os.fsencode("Traceback") not in terminal.raw
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
