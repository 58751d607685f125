"""Every key, made from the table of commands and the keys in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from newstui.app.screens.leafing import LeafSheet
from newstui.commands import COMMANDS, describe_key


def help_lines(keys: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Return (keys, title, sentence) for every command; a group begins with a line that has no keys."""
    lines: list[tuple[str, str, str]] = []
    group = ""
    for command in COMMANDS:
        if command.group != group:
            group = command.group
            lines.append(("", group, ""))
        shown = _ranges([describe_key(key) for key in keys.get(command.id, ())])
        lines.append((" ".join(shown) or "–", command.title, command.tooltip))
    return lines


def _ranges(keys: Sequence[str]) -> list[str]:
    """Return ``1…9`` for the nine digits."""
    return ["1…9"] if list(keys) == list("123456789") else list(keys)


class KeyPages(VerticalScroll, can_focus=True):
    """The lines of it: nothing is chosen here, so they scroll and have no cursor."""

    def move(self, rows: int) -> None:
        self.scroll_relative(y=rows, animate=False)

    def move_page(self, pages: float) -> None:
        self.scroll_relative(y=int(pages * max(self.size.height - 2, 1)), animate=False)

    def go_home(self) -> None:
        self.scroll_home(animate=False)

    def go_end(self) -> None:
        self.scroll_end(animate=False)


class HelpScreen(LeafSheet[None]):
    """The keys, group by group."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,f1", "leave", "Close", show=False)]
    heading = "Keys"
    hint = "j k scroll   : does anything by its name   esc closes"

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.keys = keys

    def compose_body(self) -> ComposeResult:
        with KeyPages(id="help"):
            yield Static("", id="help-text", markup=False)

    def on_mount(self) -> None:
        self.leaves.focus()

    def on_resize(self) -> None:
        if not self.query("#help-text"):  # a sheet that is being closed has lost what was in it
            return
        content = self._content()
        self.query_one("#help").styles.height = self.rows_for(content.plain.count("\n"), most=self.size.height)
        self.query_one("#help-text", Static).update(content)

    def _content(self) -> Content:
        lines = help_lines(self.keys)
        wide = self.size.width >= 70
        key_cells = min(max(len(keys) for keys, _, _ in lines), 18 if wide else 14)
        title_cells = max(len(title) for _, title, _ in lines)
        parts: list[Content | tuple[str, str]] = []
        for keys, title, sentence in lines:
            if not sentence:
                parts.append((f"\n{title}\n", "bold $ink-strong"))
            elif wide:
                parts += [(f"{keys:>{key_cells}}  ", "bold $unread"), (f"{title:<{title_cells}}  ", "$ink")]
                # four blanks between columns, one on each side, and the scroll bar, which comes later
                room = max(self.query_one("#help").size.width - key_cells - title_cells - 7, 20)
                indent = "\n" + " " * (key_cells + title_cells + 4)
                parts.append((indent.join(wrap(sentence, room)) + "\n", "$ink-muted"))
            else:
                parts += [(f"{keys:>{key_cells}}  ", "bold $unread"), (title + "\n", "$ink")]
        return Content.assemble(*parts)

    @property
    def leaves(self) -> KeyPages:
        return self.query_one(KeyPages)
