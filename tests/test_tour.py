"""The tour of the documentation, walked through: the real program in a pseudo-terminal, on its own sample.

One sitting, in the order of the page; then the program is left and started again.
"""

from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.home import catch_up
from tests.terminal import Terminal

REPOSITORY = Path(__file__).resolve().parent.parent
FIRST, SECOND = "SLIM wakes up", "What happened on flight 72"
"""The two newest articles of the sample."""
HINTS_OF_LIST, HINTS_OF_ARTICLE, HINTS_OF_QUERY = "enter open ", "h back ", "enter to the list"
"""What the last line of the screen says where the keys go there."""
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
    terminal.wait(shows)
    return terminal


@pytest.fixture(scope="module")
def sitting(home: Path) -> Iterator[Terminal]:
    """The program, opened for the first time."""
    with start(home, shows="SLIM wakes up") as terminal:
        yield terminal


@pytest.fixture
def newstui(sitting: Terminal) -> Terminal:
    """The same program, back at the first row of its whole list."""
    sitting.keys(*["escape"] * 6, "g")
    catch_up(sitting)
    sitting.wait("100 articles")
    sitting.wait(rf"│▌.*{FIRST}")
    return sitting


def search(terminal: Terminal, words: str, shows: str) -> None:
    """Type a query, wait for what it finds, and go to the list."""
    terminal.press("/", shows=HINTS_OF_QUERY)
    terminal.press(*words, shows=shows)
    terminal.press("enter", shows=HINTS_OF_LIST)


def test_the_first_start_opens_the_sample_and_says_how_to_add_ones_own(sitting):
    sitting.wait("This is a sample · a adds your own collection")
    sitting.wait("Astronomy")
    sitting.wait("100 articles")


def test_space_alone_reads_on_to_the_next_article(newstui):
    newstui.press("enter", shows=HINTS_OF_ARTICLE)
    for _ in range(6):
        newstui.keys("space")
        catch_up(newstui)
        if re.search(rf"│▌.*{SECOND}", newstui.text):
            break
    newstui.wait("On the flight before")


def test_the_way_back_is_one_key(newstui):
    newstui.press("enter", shows=HINTS_OF_ARTICLE)
    newstui.press("h", "j", "j", "k", shows=rf"│▌.*{SECOND}")
    newstui.press("/", *"shortens", shows="1 article")
    newstui.press("\x1bj", shows="100 articles")  # escape and j, faster than a hand can
    newstui.wait(rf"│▌.*{SECOND}")


def test_read_and_unread_are_one_key(newstui):
    search(newstui, "title:shortens", shows="1 article")
    newstui.wait("▌[●·]? +It moved")
    was_unread = "1 article, 1 unread" in newstui.text
    newstui.press("m", shows=r"1 article *\n" if was_unread else "1 article, 1 unread")
    newstui.press("m", shows="1 article, 1 unread" if was_unread else r"1 article *\n")


def test_what_was_picked_is_a_query_to_go_on_with(newstui):
    newstui.press("t", shows="Pick a topic")
    newstui.press(*"Astronomy", "enter", shows=r"topic:Astronomy .*\d+ articles")
    newstui.press("/", *"image", shows=r"topic:Astronomy image .*\b[1-9] articles")
    newstui.press("escape", shows="100 articles")


def test_picking_a_topic_narrows_the_list(newstui):
    newstui.press("t", shows="Pick a topic")
    newstui.press(*"Databases", "enter", shows=r"topic:Databases .*\b5 articles")
    newstui.wait("PostgreSQL 16")
    newstui.wait_gone("JAXA")


def test_an_article_is_read_when_it_was_opened_and_starred_with_a_key(newstui):
    search(newstui, "title:shortens", shows="1 article")
    newstui.press("enter", shows=HINTS_OF_ARTICLE)
    newstui.wait("Twenty-five times better")
    newstui.press("s", shows="★")


def test_related_coverage_opens_in_place(newstui):
    search(newstui, "title:shortens", shows="1 article")
    newstui.press("enter", shows=HINTS_OF_ARTICLE)
    newstui.wait("J next source")  # said once it is known who else wrote about it
    newstui.press("G", shows="Related coverage")
    newstui.press("J", "enter", shows=r"Nature · Wed 1 Mar 2023|ESA · Tue 27 Sep 2022|NASA · Mon 26 Sep 2022")


def test_the_browser_gets_exactly_the_address(newstui, home):
    search(newstui, "title:shortens", shows="1 article")
    newstui.keys("o")
    newstui.wait_until(lambda: opened(home).endswith("|"), "no browser was started")
    assert opened(home) == f"1|{DART_ADDRESS}|"


def test_numbered_links_and_the_clipboard_get_the_address(newstui, home):
    search(newstui, "title:shortens", shows="1 article")
    newstui.press("enter", shows=HINTS_OF_ARTICLE)
    newstui.keys("g", "space")  # wherever the article was left: the first link stands below its picture
    newstui.wait(r"\[1\]")
    before = opened(home)
    newstui.press("1", shows="Opened http")
    newstui.wait_until(lambda: opened(home) != before, "no browser was started")
    assert opened(home).startswith(before + "1|http")
    start = len(newstui.raw)
    newstui.press("y", shows="Copied https")
    copied = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", bytes(newstui.raw[start:]))
    assert copied and base64.b64decode(copied[1]).decode() == DART_ADDRESS


def opened(home: Path) -> str:
    """Return what browsers were given so far: how many words, and each, a bar after it."""
    file = home / "opened"
    return file.read_text("utf-8") if file.exists() else ""


def test_marking_everything_read_can_be_taken_back(newstui):
    search(newstui, "topic:Mathematics", shows="6 articles, 6 unread")
    newstui.press("A", shows=r"6 articles\s*\n")
    newstui.press("u", shows="6 articles, 6 unread")


def test_stories_are_one_row_each(newstui):
    newstui.press("i", shows=r"\d+ stories,")
    newstui.wait("2 providers")
    newstui.press("i", shows="100 articles")


def test_help_shows_the_keys_and_the_palette_does_anything_by_name(newstui):
    newstui.press("?", shows="Half a page down")
    newstui.press("escape", "ctrl+p", shows="Commands")
    newstui.press(*"theme", shows="Choose how newstui looks")


def test_what_was_read_and_starred_is_so_at_the_next_start(newstui, home):
    newstui.keys("ctrl+q")
    assert newstui.wait_exit() == 0
    with start(home, shows="Sky & Workbench") as again:
        search(again, "is:starred is:read", shows="1 article")
        again.wait(DART)
        again.keys("ctrl+q")
        assert again.wait_exit() == 0


def test_a_collection_is_added_by_its_place(tmp_path):
    record = '---\ntitle: "A lamp of our own"\nwebUrl: "https://lamps.example/1"\n---\nIt shines.\n'
    (tmp_path / "lamps").mkdir()
    (tmp_path / "lamps" / "one.md").write_text(record, "utf-8")
    with start(tmp_path, shows="100 articles") as terminal:
        terminal.press("a", shows="Add a collection")
        terminal.press(*str(tmp_path / "lamps"), shows="✓ folder: lamps, 1 record")
        terminal.keys("enter")
        search(terminal, "lamp of our own", shows="A lamp of our own")
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0


def test_a_collection_is_added_and_searched_by_keys_that_come_all_at_once(tmp_path):
    record = '---\ntitle: "A lamp of our own"\nwebUrl: "https://lamps.example/1"\n---\nIt shines.\n'
    (tmp_path / "lamps").mkdir()
    (tmp_path / "lamps" / "one.md").write_text(record, "utf-8")
    with start(tmp_path, shows="100 articles") as terminal:
        terminal.keys("a", *str(tmp_path / "lamps"), "enter", "/", *"lamp of our own", "enter")
        terminal.wait("A lamp of our own")
        terminal.press("s", shows="★")
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
        terminal.wait("100 articles, 100 unread")
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
    with start(tmp_path, shows="enter open", columns=columns, rows=rows) as terminal:
        terminal.wait("SLIM")
        for key in ("enter", "space", "h", "j", "G", "g"):
            terminal.keys(key)
            catch_up(terminal)
        assert os.fsencode("Traceback") not in terminal.raw
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
