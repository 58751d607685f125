"""Lists to look at: what was marked when, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from newstui.app.screens.leafing import LeafSheet
from newstui.app.turns import Hold
from newstui.app.widgets.line_list import LineList
from newstui.model import Change, CollectionHealth, Problem
from newstui.present.ages import short_age
from newstui.present.rows import Span, break_line
from newstui.present.sentences import describe_change, describe_health_at
from newstui.records import dataclass
from newstui.text import cell_width, clean_line, truncate

if TYPE_CHECKING:
    from newstui.app.app import ReaderApp


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a report."""

    text: str
    right: str = ""
    role: str = "value"
    """``heading``, ``value``, ``muted``, ``failed`` or ``dim``."""


class ReportList(LineList):
    """Lines to scroll through."""

    def __init__(self, lines: Sequence[ReportLine], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines = lines
        self._rows: Sequence[ReportLine] = ()
        """The lines as broken to fit."""

    def on_resize(self) -> None:
        self._wrap()

    def show(self, lines: Sequence[ReportLine]) -> None:
        """Show other lines."""
        self.lines = lines
        self._wrap()

    def _wrap(self) -> None:
        self._rows = wrap_lines(self.lines, self.row_width)
        self.set_shape(len(self._rows))
        self.cursor = self.validate_cursor(self.cursor)
        self.reveal(self.cursor)

    def row_lines(self, index: int) -> Sequence[Sequence[Span]]:
        line, width = self._rows[index], self.row_width
        right = truncate(line.right, max(width // 3, 6))
        text = truncate(line.text, max(width - cell_width(right) - 4, 1))
        gap = " " * max(width - cell_width(text) - cell_width(right) - 3, 0)
        cursor = "▌ " if index == self.cursor else "  "
        return [
            [
                Span(cursor, "gutter"),
                Span(text, line.role),
                Span(gap, "blank"),
                Span(right, "muted"),
                Span(" ", "blank"),
            ]
        ]


def wrap_lines(lines: Sequence[ReportLine], width: int) -> list[ReportLine]:
    """Break lines of words that do not fit beside what stands at the right; what goes on is set in by two cells."""
    rows: list[ReportLine] = []
    for line in lines:
        text = line.text.lstrip()
        indent = " " * (len(line.text) - len(text))
        room = max(width - cell_width(truncate(line.right, max(width // 3, 6))) - 4 - len(indent), 8)
        first, rest = _break(text, room)
        rows.append(ReportLine(indent + first, line.right, line.role))
        while rest:
            part, rest = _break(rest, max(width - 6 - len(indent), 8))
            rows.append(ReportLine(f"{indent}  {part}", "", line.role))
    return rows


def _break(text: str, cells: int) -> tuple[str, str]:
    """Return what of a line fits, and the rest; broken between two facts where there are some."""
    first, rest = break_line(text, cells)
    if rest and (at := text.rfind(_BETWEEN, 0, len(first) + len(_BETWEEN))) > 0:
        return text[:at], text[at + len(_BETWEEN) :]
    return first, rest


_BETWEEN = " · "
_SHEET_CELLS = 92
"""As newstui.tcss has it."""


class ReportScreen(LeafSheet[str]):
    """Shows a report; dismissed with the id of a command to run next, or with None."""

    hint = "j k move   esc closes"

    def __init__(self, heading: str, lines: Sequence[ReportLine] | None, hint: str = "") -> None:
        """`lines`: None while they are not known yet; the keys that follow wait for them."""
        super().__init__()
        self.heading = heading
        self.lines = lines or ()
        self.hint = hint or type(self).hint
        self.keys_must_wait = self._awaited = Hold()
        if lines is None:
            self._awaited.begin()
        self._is_ready = False

    def compose_body(self) -> ComposeResult:
        yield ReportList(self.lines, id="report")

    def fill(self, lines: Sequence[ReportLine], heading: str = "") -> None:
        """Show these lines: known only after the sheet was opened, or other ones now."""
        if not self.is_current:  # left meanwhile
            return
        self.lines, self.heading = lines, heading or self.heading
        if self._is_ready:
            self._show()
        if self._awaited.end():
            cast("ReaderApp", self.app).turns.go_on()

    def on_mount(self) -> None:
        self._is_ready = True
        self.query_one(ReportList).focus()
        self._show()

    def _show(self) -> None:
        self.query_one(".sheet-title", Static).update(Content(self.heading))
        self.on_resize()
        self.query_one(ReportList).show(self.lines)

    def on_resize(self) -> None:
        width = min(self.size.width * 96 // 100, _SHEET_CELLS) - 5  # less frame, air and scroll bar
        for report in self.query(ReportList):  # none when the sheet is being closed
            report.styles.height = self.rows_for(len(wrap_lines(self.lines, width)), most=24)

    @property
    def leaves(self) -> ReportList:
        return self.query_one(ReportList)


class HistoryScreen(ReportScreen):
    """What was marked when; undo and redo work from here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "run('marks.undo')", "Undo", show=False),
        Binding("ctrl+r", "run('marks.redo')", "Redo", show=False),
    ]

    def __init__(self, run: Callable[[str], None]) -> None:
        super().__init__("History", None, "u takes the newest back   ctrl+r does it again   esc closes")
        self._run = run

    def action_run(self, command: str) -> None:
        self._run(command)

    def show(self, changes: Sequence[Change], now: datetime, zone: tzinfo | None) -> None:
        """Show what was marked, as it is known now."""
        self.fill(history_lines(changes, now, zone))


def history_lines(changes: Sequence[Change], now: datetime, zone: tzinfo | None) -> list[ReportLine]:
    """Return one line per change, newest first."""
    if not changes:
        return [ReportLine("Nothing has been marked yet", role="muted")]
    seconds = int(now.timestamp())
    return [
        ReportLine(
            describe_change(change) + (" (taken back)" if change.undone else ""),
            short_age(int(change.at.timestamp()), seconds, zone),
            "dim" if change.undone else "value",
        )
        for change in changes
    ]


def mistake_lines(mistakes: Sequence[str]) -> list[ReportLine]:
    """Return what is wrong with the configuration, a line each."""
    if not mistakes:
        return []
    return [ReportLine("Configuration", role="failed"), *(ReportLine(f"  ✗ {clean_line(one)}") for one in mistakes)]


def problem_lines(
    health: Sequence[CollectionHealth], problems: Sequence[Problem], now: datetime, zone: tzinfo | None
) -> list[ReportLine]:
    """Return every collection with how it does, and under it what of it could not be read."""
    by_collection: dict[str, list[Problem]] = {}
    for problem in problems:
        by_collection.setdefault(problem.collection, []).append(problem)
    lines: list[ReportLine] = []
    for one in health:
        lines.append(
            ReportLine(f"{'✗ ' if one.failure else ''}{one.name}", one.kind, "failed" if one.failure else "heading")
        )
        lines.append(ReportLine(f"  {describe_health_at(one, now, zone)}", role="failed" if one.failure else "muted"))
        for problem in by_collection.pop(one.name, []):
            lines += _problem(problem)
    for rest in by_collection.values():
        for problem in rest:
            lines += _problem(problem)
    return lines or [ReportLine("No collection yet", role="muted")]


def _problem(problem: Problem) -> list[ReportLine]:
    place = clean_line(problem.file) + (f":{problem.line}" if problem.line else "")
    field = f"{problem.field}: " if problem.field else ""
    sign = "✗" if problem.severity == "refused" else "·"
    return [
        ReportLine(f"  {sign} {clean_line(field + problem.reason)}", problem.severity),
        ReportLine(f"    {place}", role="dim"),
    ]
