"""What the terminal can draw, and how it is told: kitty's protocol, sixels, or two pixels a cell in colour.

The terminal is recognised by its environment; one that this says nothing of may be asked (`app/answers.py`). Inside
tmux or screen, and in a browser, cells are the only sure thing.
"""

from __future__ import annotations

import base64
import struct
import sys
from collections.abc import Mapping
from itertools import count
from typing import Literal, NamedTuple

from rich.color import Color
from rich.segment import ControlType, Segment
from rich.style import Style

Kind = Literal["blocks", "png", "sixel"]
"""``png`` is kitty's protocol with Unicode placeholders."""

_KITTY_TERMS = ("xterm-kitty", "xterm-ghostty")
_KITTY_PROGRAMS = ("kitty", "ghostty")
_SIXEL_TERMS = ("foot", "foot-extra", "mlterm", "contour", "yaft-256color")
_SIXEL_PROGRAMS = ("WezTerm", "mlterm", "contour")

_PLAIN_TERMS = ("", "dumb", "linux", "unknown")
"""Terminals without pictures that might print a question."""

_PLACEHOLDER = "\U0010eeee"
_ROW_COLUMN = (
    0x305, 0x30D, 0x30E, 0x310, 0x312, 0x33D, 0x33E, 0x33F, 0x346, 0x34A, 0x34B, 0x34C, 0x350, 0x351, 0x352, 0x357,
    0x35B, 0x363, 0x364, 0x365, 0x366, 0x367, 0x368, 0x369, 0x36A, 0x36B, 0x36C, 0x36D, 0x36E, 0x36F, 0x483, 0x484,
    0x485, 0x486, 0x487, 0x592, 0x593, 0x594, 0x595, 0x597, 0x598, 0x599, 0x59C, 0x59D, 0x59E, 0x59F, 0x5A0, 0x5A1,
    0x5A8, 0x5A9, 0x5AB, 0x5AC, 0x5AF, 0x5C4, 0x610, 0x611, 0x612, 0x613, 0x614, 0x615, 0x616, 0x617, 0x657, 0x658,
)  # fmt: skip
"""Marks that number rows and columns from 0 (https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders)."""
_CHUNK = 4_096
"""Bytes of one escape sequence, by the same page."""
_numbers = count(1)


class CellSize(NamedTuple):
    """A terminal cell in pixels."""

    width: int
    height: int


def choose_graphics(environ: Mapping[str, str], *, is_web: bool = False) -> Kind:
    """Return how pictures are drawn in the terminal that this environment describes."""
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if is_web or "TMUX" in environ or "STY" in environ or term.startswith(("screen", "tmux")):
        return "blocks"
    if term in _KITTY_TERMS or program in _KITTY_PROGRAMS or "KITTY_WINDOW_ID" in environ:
        return "png"
    return "sixel" if term in _SIXEL_TERMS or program in _SIXEL_PROGRAMS else "blocks"


def is_worth_asking(environ: Mapping[str, str]) -> bool:
    """Say whether the terminal itself knows more than this environment does."""
    term = environ.get("TERM", "")
    if environ.get("TERM_PROGRAM") == "Apple_Terminal" or term in _PLAIN_TERMS or term.startswith(("screen", "tmux")):
        return False
    return choose_graphics(environ) == "blocks" and "TMUX" not in environ and "STY" not in environ


def measure_cell() -> CellSize:
    """Return the size of a cell as the terminal's driver knows it, else a usual one."""
    try:
        import fcntl
        import termios

        answer = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8)) if sys.__stdout__ else bytes(8)
        rows, columns, width, height = struct.unpack("HHHH", answer)
        if rows and columns and width >= columns and height >= rows:
            return CellSize(width // columns, height // rows)
    except (ImportError, OSError, ValueError):
        pass
    return CellSize(8, 16)


def new_number() -> int:
    """Return a number for a picture that the terminal does not hold yet. 24 bits: it is told as a colour."""
    return next(_numbers) % 0xFFFFFF + 1


def send_kitty(png: bytes, number: int, columns: int, rows: int) -> str:
    """Return what makes the terminal hold a picture and place it where its placeholders stand."""
    data = base64.standard_b64encode(png).decode("ascii")
    parts = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)] or [""]
    sequences = [
        f"\x1b_Gi={number},f=100,q=2,m={int(index + 1 < len(parts))};{part}\x1b\\" for index, part in enumerate(parts)
    ]
    return "".join(sequences) + f"\x1b_Ga=p,U=1,i={number},c={columns},r={rows},q=2;\x1b\\"


def drop_kitty(number: int) -> str:
    """Return what makes the terminal forget a picture."""
    return f"\x1b_Ga=d,d=I,i={number},q=2;\x1b\\"


def kitty_row(number: int, row: int, columns: int, paper: Style) -> Segment:
    """Return the placeholders of one row of a picture: ordinary text, so it scrolls and is covered like text."""
    if row >= len(_ROW_COLUMN):
        return Segment(" " * columns, paper)
    mark = chr(_ROW_COLUMN[row])
    cells = "".join(f"{_PLACEHOLDER}{mark}{chr(column)}" for column in _ROW_COLUMN[:columns])
    ink = Color.from_rgb(number >> 16 & 255, number >> 8 & 255, number & 255)
    return Segment(cells, Style(color=ink, bgcolor=paper.bgcolor))


def sixel_segments(sixels: str, x: int, y: int, x_after: int, y_after: int) -> list[Segment]:
    """Return segments without width that draw sixels at a place of the screen and go on behind them."""
    hidden = ((ControlType.CURSOR_FORWARD, 0),)
    return [
        Segment(f"\x1b[{y + 1};{x + 1}H", Style(), hidden),
        Segment(sixels, Style(), hidden),
        Segment(f"\x1b[{y_after + 1};{x_after + 1}H", Style(), hidden),
    ]
