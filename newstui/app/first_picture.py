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


class Picture:
    """The whole screen with the newest articles, and a cursor that can go from one row in view to another."""

    def __init__(
        self,
        headlines: Sequence[Headline | FirstRow],
        memory: Memory | Look,
        theme: str,
        columns: int,
        rows: int,
        now: int,
        *,
        zone: tzinfo | None = None,
        style: DateStyle = "age",
    ) -> None:
        """Args: columns, rows: The terminal's size. now: Seconds since 1970-01-01 UTC; ages count from it."""
        self._headlines = headlines
        self._columns, self._height = columns, rows - 2
        self._now, self._zone = now, zone
        self._palette = PALETTES[theme or DEFAULT_THEME]
        self._panes = arrange(
            columns,
            "list",
            sidebar=memory.sidebar,
            zoomed=memory.zoomed,
            sidebar_cells=memory.sidebar_cells,
            list_share=memory.list_share,
        )
        self._layout = choose_layout(self._panes.list_cells - 1, self._height, style=style)
        self.cursor = 0

    def lines(self) -> list[str]:
        """Return the lines of the screen, with their colours."""
        panes, palette, columns = self._panes, self._palette, self._columns
        paper, raised = palette["paper"], palette["paper-raised"]
        divider = _piece("│", palette["line"], paper)
        beside = ""
        if panes.sidebar == "beside":
            beside = _piece(" " * panes.sidebar_cells, palette["ink"], paper) + divider
        rest = columns - panes.list_cells - (panes.sidebar_cells + 1 if beside else 0)
        after = divider + _piece(" " * (rest - 1), palette["ink"], paper) if rest else ""
        bar = _piece(" " * columns, palette["ink"], raised)
        return [bar, *(beside + line + after for line in self._list_lines()), bar]

    def move(self, rows: int) -> str | None:
        """Move the cursor; return what is to be written to the terminal. None: the program must scroll, or know more.

        The list keeps a row in view around the cursor and scrolls for it, as `LineList.reveal` does.
        """
        old, new = self.cursor, max(self.cursor + rows, 0)
        height = self._layout.height
        around = height if self._height // height > 4 else 0
        if new >= len(self._headlines) or (new + 1) * height + around > self._height:
            return None
        self.cursor = new
        return "" if new == old else self._row_in_place(old) + self._row_in_place(new) + "\x1b[0m"

    def _list_lines(self) -> list[str]:
        """Return the lines of the list, the last column left to its scroll bar."""
        ink, paper = self._palette["ink"], self._palette["paper"]
        bar = _piece(" ", ink, paper)
        lines: list[str] = []
        for index in range(len(self._headlines)):
            if len(lines) >= self._height:
                break
            lines += [line + bar for line in self._row(index)]
        blank = _piece(" " * self._panes.list_cells, ink, paper)
        return (lines + [blank] * self._height)[: self._height]

    def _row(self, index: int) -> list[str]:
        is_current = index == self.cursor
        paper = self._palette["paper-cursor" if is_current else "paper"]
        state = RowState(cursor=is_current)
        painted = []
        for spans in article_row(self._headlines[index], self._layout, state, self._now, zone=self._zone):
            inks = [(span.text, *_INKS[span.role]) for span in spans]
            painted.append("".join(_piece(text, self._palette[ink], paper, bold=bold) for text, ink, bold in inks))
        return painted

    def _row_in_place(self, index: int) -> str:
        """Return a row with where it stands on the screen (CUP, ECMA-48 §8.3.21)."""
        column = self._panes.sidebar_cells + 2 if self._panes.sidebar == "beside" else 1
        top = index * self._layout.height + 2
        return "".join(f"\x1b[{top + line};{column}H{text}" for line, text in enumerate(self._row(index)))


def show_first_picture(
    headlines: Sequence[Headline | FirstRow],
    memory: Memory | Look,
    theme: str,
    now: int,
    *,
    zone: tzinfo | None,
    style: DateStyle,
) -> Picture | None:
    """Paint the picture on standard output, on the alternate screen; None when it cannot be, and nothing was done."""
    if not headlines or not can_be_shown(os.environ) or sys.stdout.encoding.lower() not in ("utf-8", "utf8"):
        return None
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return None
    if size.columns < LEAST_COLUMNS or size.lines < LEAST_ROWS:
        return None
    picture = Picture(headlines, memory, theme, size.columns, size.lines, now, zone=zone, style=style)
    sys.stdout.write(ENTER + "\r\n".join(picture.lines()) + "\x1b[0m")
    sys.stdout.flush()
    return picture


def _piece(text: str, ink: str, paper: str, *, bold: bool = False) -> str:
    """Return text in colours of 24 bits (ISO 8613-6, SGR 38 and 48)."""
    weight = "1;" if bold else ""
    return f"\x1b[0;{weight}38;2;{_rgb(ink)};48;2;{_rgb(paper)}m{text}"


def _rgb(colour: str) -> str:
    return ";".join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
