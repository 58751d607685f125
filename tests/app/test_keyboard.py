"""Escape from a terminal that has no key of its own for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from newstui.app.keyboard import EscapeParser
from tests.terminal import Terminal


def keys(*chunks: str, alt: str = "") -> list[str]:
    """Return the keys read from what a terminal sends in pieces, without a pause between them."""
    parser = EscapeParser(lambda character: character in alt)
    messages = [message for chunk in chunks for message in parser.feed(chunk)]
    parser._timeout_time = 0.0 if parser._timeout_time is not None else None
    messages += parser.tick()
    return [f"paste {one.text}" if isinstance(one, events.Paste) else one.key for one in messages]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("chunks", "wanted"),
    [
        (["\x1bj"], ["escape", "j"]),
        (["\x1b", "j"], ["escape", "j"]),
        (["\x1b/x"], ["escape", "slash", "x"]),
        (["\x1bf"], ["escape", "f"]),
        (["\x1b\r"], ["escape", "enter"]),
        (["\x1b\x1bj"], ["escape", "escape", "j"]),
        (["\x1b"], ["escape"]),
        (["\x1b[A"], ["up"]),
        (["\x1b", "[A"], ["up"]),
        (["\x1b[", "A", "j"], ["up", "j"]),
        (["\x1bOP"], ["f1"]),
        (["\x1b[1;3A"], ["alt+up"]),
        (["\x1b[200~a b", "c\x1b[201~l"], ["paste a bc", "l"]),
    ],
)  # fmt: skip
def test_escape_and_a_key_right_after_it_are_two_keys(chunks: Sequence[str], wanted: Sequence[str]) -> None:
    assert keys(*chunks) == wanted


@pytest.mark.parametrize("chunks", [["\x1bv"], ["\x1b", "v"]])
def test_a_key_with_a_meaning_together_with_alt_keeps_it(chunks: Sequence[str]) -> None:
    assert keys(*chunks, alt="v") == ["alt+v"]
    assert keys(*chunks, alt="w") == ["escape", "v"]


def test_pasted_text_is_read_as_textual_reads_it() -> None:
    chunks = ["\x1b[200~a\x1bj", "b\x1b", "k\x1b[201~", "\x1bj"]
    theirs = XTermParser()
    ours = EscapeParser(lambda character: False)
    for chunk in chunks[:-1]:
        assert [repr(one) for one in ours.feed(chunk)] == [repr(one) for one in theirs.feed(chunk)]


@pytest.mark.screen
def test_ctrl_q_while_newstui_starts_leaves_it_quietly(tmp_path: Path) -> None:
    """Not a sign for the terminal to go on writing, nor the end of a screen that is half there."""
    environment = {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    for _ in range(2):  # the second start shows its list before Textual is there
        with Terminal([sys.executable, "-m", "newstui"], columns=130, rows=30, environment=environment) as terminal:
            terminal.wait("SLIM wakes up")
            terminal.keys("ctrl+q")
            assert terminal.wait_exit() == 0
            assert b"Traceback" not in bytes(terminal.raw)
