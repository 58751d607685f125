"""Which terminal draws how, and what it is sent."""

from __future__ import annotations

import base64
import re

import pytest
from rich.style import Style

from newstui.app.widgets.graphics import (
    CellSize,
    choose_graphics,
    drop_kitty,
    is_worth_asking,
    kitty_row,
    measure_cell,
    new_number,
    send_kitty,
    sixel_segments,
)


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({"TERM": "xterm-kitty"}, "png"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "png"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, "png"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x"}, "blocks"),
        ({"TERM": "screen", "STY": "1"}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
        ({}, "blocks"),
    ],
)
def test_a_terminal_is_known_by_its_environment(environ, kind):
    assert choose_graphics(environ) == kind
    assert choose_graphics(environ, is_web=True) == "blocks"


@pytest.mark.parametrize(
    ("environ", "is_worth"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-kitty"}, False),  # known
        ({"TERM": "xterm-256color", "TMUX": "/tmp/x"}, False),  # the answer would be that of what is around it
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "linux"}, False),
        ({}, False),
    ],
)
def test_only_a_terminal_that_may_know_more_is_asked(environ, is_worth):
    assert is_worth_asking(environ) is is_worth


def test_a_picture_is_sent_whole_in_small_sequences():
    png = bytes(range(256)) * 60
    sent = send_kitty(png, 7, 40, 10)
    parts = re.findall("\x1b_Gi=7,f=100,q=2,m=([01]);([^\x1b]*)\x1b\\\\", sent)
    assert base64.b64decode("".join(data for _, data in parts)) == png
    assert [more for more, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    assert all(len(data) <= 4096 for _, data in parts)
    assert sent.endswith("\x1b_Ga=p,U=1,i=7,c=40,r=10,q=2;\x1b\\")
    assert "i=7" in drop_kitty(7)


def test_placeholders_are_as_wide_as_the_picture_and_name_it_by_colour():
    segment = kitty_row(0x010203, 2, 5, Style())
    assert segment.cell_length == 5
    assert segment.style.color.triplet == (1, 2, 3)
    assert kitty_row(1, 500, 5, Style()).text == "     "


def test_numbers_of_pictures_fit_into_a_colour_and_differ():
    numbers = {new_number() for _ in range(100)}
    assert len(numbers) == 100 and all(0 < number < 1 << 24 for number in numbers)


def test_sixels_take_no_cells_and_leave_the_cursor_behind_the_picture():
    segments = sixel_segments("DRAWN", 2, 5, 42, 14)
    assert "".join(segment.text for segment in segments) == "\x1b[6;3HDRAWN\x1b[15;43H"
    assert sum(segment.cell_length for segment in segments) == 0


def test_a_cell_has_a_size_even_without_a_terminal():
    assert isinstance(measure_cell(), CellSize)
    assert min(measure_cell()) > 0
