"""A search from its first letter to the next day, in the real program: list, counts, snippets, view, marks, undo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command_line import write_record
from tests.reliability.home import QUIET, Home
from tests.terminal import Terminal

pytestmark = pytest.mark.screen

QUERY = 'harb topic:Sea,Ports provider:"The Daily"'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """24 records, half of them on a harbour; a quarter of these by another provider."""
    for number in range(24):
        kind = "Harbour" if number % 2 else "Mountain"
        weekly = {"provider": "The Weekly", "host": "weekly.example"} if number % 8 == 1 else {}
        topic = ("Sea", "Ports", "Town")[number % 3]
        write_record(
            tmp_path / "news", f"{kind} report {number}", topic=topic, date=f"2024-05-{number + 1:02}", **weekly
        )
    home = Home(tmp_path)
    home.configure(QUIET)
    return home


def opened(home: Home) -> Terminal:
    return home.open([home.folder / "news"], columns=140, rows=36)


def pick(terminal: Terminal, key: str, value: str, then: str) -> None:
    """Pick a value from the list that a key opens; wait for what shows then."""
    terminal.press(key, shows="Pick a ")
    terminal.press(*value, "enter", shows=then)


def unread_beside(terminal: Terminal, name: str) -> int:
    """Return the count of a line of the sidebar; 0 where it has none."""
    found = re.search(rf"^[ ▌▸]+{name} +(\d*) *│", terminal.text, re.MULTILINE)
    assert found, terminal.text
    return int(found[1] or 0)


def test_a_search_is_narrowed_kept_marked_and_taken_back_tomorrow(home: Home) -> None:
    with opened(home) as terminal:
        terminal.wait("24 articles, 24 unread")
        terminal.keys("/")
        for letters in ("h", "ha", "har", "harb"):
            terminal.keys(letters[-1])
            terminal.wait(rf"/ {letters}\b[^\n]*12 articles, 12 unread")
        terminal.wait(r"Providers\s*│.*\n.*The Daily +9 │")
        terminal.wait(r"▸ All +24 │")  # what completed a shorter word no longer lies on it
        assert [unread_beside(terminal, name) for name in ("All", "Sea", "Ports", "Town", "The Weekly")] == [
            24,
            4,
            4,
            4,
            3,
        ]
        assert "Mountain" not in terminal.text
        assert terminal.text.count("… Harbour report") >= 8, "every row shows where the word was found"
        terminal.keys("enter")
        pick(terminal, "t", "sea", r"topic:Sea[^\n]*4 articles")
        pick(terminal, "t", "ports", r"topic:Sea,Ports[^\n]*8 articles")
        pick(terminal, "p", "daily", re.escape(QUERY) + r"[^\n]*6 articles, 6 unread")
        terminal.wait(r"▸ Ports +3 │")
        assert unread_beside(terminal, "The Weekly") == 2, "what could be picked as well keeps its count"

        terminal.press("V", shows="Save as a view")
        terminal.press(*"Coast", "enter", shows="View Coast saved")
        terminal.wait(r"▸ Coast +6 │")
        terminal.press("A", shows=r"All +18 │")
        assert unread_beside(terminal, "Coast") == 0
        terminal.press("u", shows="Taken back: 6 articles marked read")
        terminal.wait(r"▸ Coast +6 │")
        terminal.press("A", shows=r"All +18 │")
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0

    with opened(home) as terminal:
        terminal.wait("Coast / " + re.escape(QUERY))
        terminal.wait(r"All +18 │")
        terminal.press("H", shows=r"▌ 6 articles marked read +now|▌ 6 articles marked read +\d")
        assert "6 articles marked read (taken back)" in terminal.text
        terminal.press("u", shows=r"▌ 6 articles marked read \(taken back\)")
        terminal.keys("escape")
        terminal.wait_gone("History")
        terminal.wait("6 articles, 6 unread")
        terminal.wait(r"▸ Coast +6 │")
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0

    listed = home.run("list", "view:Coast is:unread", "--from", str(home.folder / "news"), "--format", "ndjson")
    assert listed.stdout.count(b"\n") == 6
