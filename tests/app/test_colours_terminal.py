"""What colours the real program sends to terminals that have few, or none."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.screen

TRUE_COLOUR = re.compile(rb"[;\[][34]8;2;")
ANY_COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;[\d;]+)(?:;[\d;]*)?m")


def sent(folder: Path, theme: str, environment: dict[str, str]) -> bytes:
    """Return all that is sent until the sample is on the screen and an article is open."""
    (folder / "config").mkdir()
    (folder / "config" / "config.toml").write_text(f'[reader]\ntheme = "{theme}"\n', "utf-8")
    folders = {f"NEWSTUI_{kind}_DIR": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    command = [sys.executable, "-m", "newstui"]
    with Terminal(command, columns=120, rows=30, environment=folders | environment) as terminal:
        terminal.wait("100 articles")
        terminal.press("enter", shows="h back ")
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
        return bytes(terminal.raw)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_sixteen_colours_are_those_of_the_terminal_whatever_theme_was_chosen(tmp_path: Path, theme: str) -> None:
    raw = sent(tmp_path, theme, {"TERM": "xterm-16color", "COLORTERM": ""})
    assert not TRUE_COLOUR.search(raw.replace(b"\xe2\x96\x80", b""))
    assert b";1m" in raw or b"\x1b[1m" in raw or b"\x1b[1;" in raw, "weights tell the states apart"


def test_true_colours_are_those_of_the_theme(tmp_path: Path) -> None:
    assert TRUE_COLOUR.search(sent(tmp_path, "dark", {"TERM": "xterm-256color", "COLORTERM": "truecolor"}))


def test_no_colour_is_sent_where_none_is_wanted(tmp_path: Path) -> None:
    raw = sent(tmp_path, "dark", {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"})
    assert not ANY_COLOUR.search(raw)
