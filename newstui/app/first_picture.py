"""The list on the screen before Textual is imported: one plain frame, which Textual then paints over with the same.

Importing and starting Textual takes 0.3 s; the first rows are known after 30 ms. What is painted here is what the
reading screen shows there when it opens, cell for cell (`tests/app/test_first_picture.py` compares them), or
nothing at all: where colours are not sure to come out alike, or another view than the newest articles is open.
"""

from __future__ import annotations

import os
import sys

from newstui.app.arrangement import arrange
from newstui.present.palettes import DEFAULT_THEME, PALETTES
from newstui.present.rows import RowState, article_row, choose_layout

TYPE_CHECKING = False  # `typing` alone would double the time from here to the picture
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from newstui.app.first_rows import FirstRow, Look
    from newstui.app.memory import Memory
    from newstui.model import Headline
    from newstui.present.ages import DateStyle
    from newstui.present.rows import Span

ENTER = "\x1b[?1049h\x1b[?25l\x1b[H"
"""The alternate screen, without a cursor (xterm control sequences, DECSET 1049 and DECRST 25)."""
LEAVE = "\x1b[?1049l\x1b[?25h"

LEAST_COLUMNS, LEAST_ROWS = 40, 12

_INKS: Mapping[str, tuple[str, bool]] = {
    "gutter": ("line-focus", False),
    "dot": ("unread", False),
    "fresh": ("fresh", False),
    "star": ("star", False),
    "title": ("ink-strong", True),
    "title-read": ("ink-dim", False),
    "provider": ("ink-muted", False),
    "age": ("ink-muted", False),
    "coverage": ("coverage", False),
    "quality": ("quality", False),
    "heat": ("heat", False),
    "bar-empty": ("bar-empty", False),
    "blank": ("ink", False),
}
"""Role of a piece of a row → its colour, and whether it is bold: what newstui.tcss says of ``line--…``."""


def is_possible(memory: Memory, theme: str, environment: Mapping[str, str]) -> bool:
    """Say whether the picture would be exactly what Textual paints."""
    return is_plain_list(memory, theme) and can_be_shown(environment)


def is_plain_list(memory: Memory, theme: str) -> bool:
    """Say whether the reader opens on the newest articles, in colours that are known here."""
    return (
        memory.view == "All" and not memory.query and not memory.stories and theme in PALETTES and theme != "terminal"
    )


def can_be_shown(environment: Mapping[str, str]) -> bool:
    """Say whether this terminal takes the colours as they are."""
    return (
        "NO_COLOR" not in environment
        and "TEXTUAL_DRIVER" not in environment
        and environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
        and environment.get("TERM", "dumb") not in ("dumb", "unknown")
    )


def show_first_picture(
    headlines: Sequence[Headline | FirstRow],
    memory: Memory | Look,
    theme: str,
    now: int,
    *,
    zone: tzinfo | None,
    style: DateStyle,
) -> bool:
    """Paint the picture on standard output; return whether it was, and so the alternate screen entered."""
    if not headlines or not can_be_shown(os.environ) or sys.stdout.encoding.lower() not in ("utf-8", "utf8"):
        return False
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return False
    if size.columns < LEAST_COLUMNS or size.lines < LEAST_ROWS:
        return False
    lines = picture_lines(headlines, memory, theme, size.columns, size.lines, now, zone=zone, style=style)
    sys.stdout.write(ENTER + "\r\n".join(lines) + "\x1b[0m")
    sys.stdout.flush()
    return True


def picture_lines(
    headlines: Sequence[Headline | FirstRow],
    memory: Memory | Look,
    theme: str,
    columns: int,
    rows: int,
    now: int,
    *,
    zone: tzinfo | None = None,
    style: DateStyle = "age",
) -> list[str]:
    """Return the lines of the whole screen, with their colours."""
    palette = PALETTES[theme or DEFAULT_THEME]
    panes = arrange(
        columns,
        "list",
        sidebar=memory.sidebar,
        zoomed=memory.zoomed,
        sidebar_cells=memory.sidebar_cells,
        list_share=memory.list_share,
    )
    height = rows - 2
    paint = _Painter(palette)
    listed = _list_lines(headlines, panes.list_cells, height, paint, now, zone, style)
    paper, raised = palette["paper"], palette["paper-raised"]
    divider = paint.piece("│", palette["line"], paper)
    lines = [paint.piece(" " * columns, palette["ink"], raised)]
    for line in listed:
        beside = ""
        if panes.sidebar == "beside":
            beside = paint.piece(" " * panes.sidebar_cells, palette["ink"], paper) + divider
        rest = columns - panes.list_cells - (panes.sidebar_cells + 1 if beside else 0)
        after = divider + paint.piece(" " * (rest - 1), palette["ink"], paper) if rest else ""
        lines.append(beside + line + after)
    lines.append(paint.piece(" " * columns, palette["ink"], raised))
    return lines


def _list_lines(
    headlines: Sequence[Headline | FirstRow],
    cells: int,
    height: int,
    paint: _Painter,
    now: int,
    zone: tzinfo | None,
    style: DateStyle,
) -> list[str]:
    """Return the lines of the list, the last column left to its scroll bar."""
    layout = choose_layout(cells - 1, height, style=style)
    paper = paint.palette["paper"]
    bar = paint.piece(" ", paint.palette["ink"], paper)
    lines: list[str] = []
    for index, headline in enumerate(headlines):
        if len(lines) >= height:
            break
        ground = paint.palette["paper-cursor"] if index == 0 else paper
        row = article_row(headline, layout, RowState(cursor=index == 0), now, zone=zone)
        lines += [paint.row(line, ground) + bar for line in row]
    blank = paint.piece(" " * cells, paint.palette["ink"], paper)
    return (lines + [blank] * height)[:height]


class _Painter:
    """Text in colours of 24 bits (ISO 8613-6, SGR 38 and 48)."""

    def __init__(self, palette: Mapping[str, str]) -> None:
        self.palette = palette

    def row(self, spans: Sequence[Span], paper: str) -> str:
        pieces = []
        for span in spans:
            ink, bold = _INKS[span.role]
            pieces.append(self.piece(span.text, self.palette[ink], paper, bold=bold))
        return "".join(pieces)

    def piece(self, text: str, ink: str, paper: str, *, bold: bool = False) -> str:
        weight = "1;" if bold else ""
        return f"\x1b[0;{weight}38;2;{_rgb(ink)};48;2;{_rgb(paper)}m{text}"


def _rgb(colour: str) -> str:
    return ";".join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
