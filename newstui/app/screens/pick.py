"""Pick one of many: topics, providers, views, links, commands. Type to narrow, enter takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from newstui.app.choices import Choice, find_choices
from newstui.app.screens.sheet import Sheet
from newstui.app.turns import Hold
from newstui.app.widgets.line_list import LineList
from newstui.present.rows import Span
from newstui.text import cell_width, truncate

if TYPE_CHECKING:
    from newstui.app.app import ReaderApp

LEAST_DETAIL = 20
"""Cells from which what a choice is about stands beside its name, what is at the right included."""

_NOTHING_LEFT = Choice("Nothing fits", reason="fewer letters find more")


class ChoiceList(LineList, can_focus=False):
    """The choices that are left."""

    opens_on_click = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices: Sequence[Choice] = ()
        self.label_cells = 0
        """Width of the column of names, where details stand beside them."""

    def show(self, choices: Sequence[Choice]) -> None:
        """Show these choices, the cursor on the first."""
        self.choices = choices
        detailed = [choice for choice in choices[:500] if choice.detail]
        self.label_cells = min(max((cell_width(one.label) for one in detailed), default=0), 28)
        self.set_shape(len(choices))
        self.cursor = 0
        self.scroll_to(y=0, animate=False)

    @property
    def current(self) -> Choice | None:
        """The choice under the cursor."""
        return self.choices[self.cursor] if self.cursor < len(self.choices) else None

    def row_lines(self, index: int) -> Sequence[Sequence[Span]]:
        return [choice_line(self.choices[index], self.row_width, self.label_cells, cursor=index == self.cursor)]


def choice_line(choice: Choice, width: int, label_cells: int, *, cursor: bool) -> list[Span]:
    """Return one line: sign, name, detail, and what stands at the right."""
    right = truncate(choice.right, max(width // 3, 4))
    room = max(width - 5 - cell_width(right), 4)
    label = truncate(choice.label, room)
    if choice.detail or choice.reason:
        label += " " * min(label_cells - cell_width(label), room - cell_width(label))
    left = room - cell_width(label)
    has_room = width - 5 - max(label_cells, cell_width(label)) > LEAST_DETAIL  # for all rows alike
    detail = truncate(choice.reason or choice.detail, max(left - 2, 0)) if has_room else ""
    role = "dim" if choice.reason else ("value-picked" if choice.picked else "value")
    return [
        Span("▌" if cursor else " ", "gutter"),
        Span("✓ " if choice.picked else "  ", "value-picked"),
        Span(label, role),
        Span(f"  {detail}" if detail else "", "muted"),
        Span(" " * (left - (cell_width(detail) + 2 if detail else 0)), "blank"),
        Span(f" {right}", choice.right_role),
        Span(" ", "blank"),
    ]


class PickScreen(Sheet[Choice]):
    """Asks for one of the choices; dismissed with it, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n,tab", "move(1)", "Down", show=False),
        Binding("up,ctrl+p,shift+tab", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]
    hint = "type to narrow   ↑↓ move   enter takes it   esc closes"
    rows_besides = 2

    def __init__(
        self,
        heading: str,
        choices: Sequence[Choice] | None,
        *,
        empty: str = "Nothing to choose from",
        columns: str = "",
        classes: str | None = None,
    ) -> None:
        super().__init__(classes=classes)
        self.heading, self.columns = heading, columns
        self.choices = choices
        """None while they are not known yet."""
        self.empty = empty
        self._is_ready = False
        self.keys_must_wait = self._takes_first = Hold()
        """Enter was pressed before there was anything to choose from."""

    def compose_body(self) -> ComposeResult:
        yield Input(compact=True, id="narrow")
        yield ChoiceList(id="choices")

    def on_mount(self) -> None:
        self._is_ready = True
        if self.choices is not None:
            self.fill(self.choices)

    def fill(self, choices: Sequence[Choice]) -> None:
        """Offer these choices: known only after the sheet was opened, so that what is typed meanwhile goes here."""
        self.choices = choices
        if self._is_ready and self.is_current:  # not left meanwhile
            offered = self.query_one(ChoiceList)
            offered.styles.height = self.rows_for(len(choices))
            narrow = self.query_one("#narrow", Input)
            narrow.placeholder = "" if choices else self.empty
            self._offer()
            if self._takes_first.end():
                self._take_current()
                cast("ReaderApp", self.app).turns.go_on()

    def on_resize(self) -> None:
        for offered in self.query(ChoiceList):  # none when the sheet is being closed
            offered.styles.height = self.rows_for(len(self.choices or ()))

    def _offer(self) -> None:
        """Show what is left of the choices; a list of none would not say whether it is still looking."""
        choices = self.choices or ()
        found = find_choices(choices, self.query_one("#narrow", Input).value)
        self.query_one(ChoiceList).show(found or ([_NOTHING_LEFT] if choices else []))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._offer()

    @on(Input.Submitted)
    @on(LineList.Opened)
    def _take(self, event: Input.Submitted | LineList.Opened) -> None:
        event.stop()
        if self.choices is None:
            self._takes_first.begin()
        self._take_current()

    def _take_current(self) -> None:
        choice = self.query_one(ChoiceList).current
        if choice is not None and choice.reason:
            self.app.bell()
        elif choice is not None:
            self.dismiss(choice)

    def action_move(self, rows: int) -> None:
        self.query_one(ChoiceList).move(rows)

    def action_page(self, pages: int) -> None:
        self.query_one(ChoiceList).move_page(pages)
