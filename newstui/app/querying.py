"""What is typed in the query line: asked while it is typed, completed, and told what is wrong with it.

What the query gives is `results.py`; the line itself and its suggestions are `widgets/query_line.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Input, Static

from newstui.app.turns import Hold
from newstui.present.sentences import describe_query_error
from newstui.text import cell_width

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.app.widgets.query_line import QueryLine, Suggestions
    from newstui.errors import QueryError
    from newstui.query.complete import Candidate

TYPING_SECONDS = 0.06
"""A query is asked once no key came for this long."""


class Querying:
    """The query line, its suggestions, and the mistake below it."""

    def __init__(self, screen: ReadingScreen) -> None:
        self.screen = screen
        self._mistaken: QueryError | None = None
        """What is wrong with what the line holds."""
        self._is_completed = True
        """Whether the suggestions are for what stands in the line."""
        self.steering = Hold()
        """A step among the suggestions that waits for them."""
        self._step = 0

    @property
    def line(self) -> QueryLine:
        return self.screen.query_line

    @property
    def suggestions(self) -> Suggestions:
        return self.screen.suggestions

    @property
    def mistake(self) -> Static:
        return self.screen.query_one("#mistake", Static)

    def begin(self) -> None:
        """Show what is asked, and nothing below it."""
        self.suggestions.display = self.mistake.display = False
        self.show()

    def show(self) -> None:
        """Let the line say what is asked."""
        with self.line.prevent(Input.Changed):
            self.line.value = self.screen.results.query_text

    # -- typing ---
    def typed(self, text: str) -> None:
        """Ask what the line holds now, once the reader pauses."""
        self.screen.results.query_text = text
        self.suggestions.let_go()
        self._is_completed = False
        self.screen.later("typing", TYPING_SECONDS, self._ask)

    def _ask(self) -> None:
        self.screen.results.leave_view()
        self.screen.results.find(at_top=True, awaited=True)
        text, column, library = self.line.value, self.line.cursor_position, self.screen.library
        self.screen.in_thread(
            lambda: library.complete(text, column), lambda found: self._suggest(text, found), group="complete",
            failed=lambda error: self._suggest(text, ()),
        )  # fmt: skip

    def leave(self, *, keep: bool) -> None:
        """Hear that the reader is done with the suggestions, else with the line."""
        if not (self.suggestions.display and self.suggestions.active):
            self._leave_line(keep=keep)
        elif keep:
            self.take_suggestion()
        else:
            self.suggestions.display = False

    def _leave_line(self, *, keep: bool) -> None:
        """Go back to the list; without `keep` the query is that of the view again."""
        results = self.screen.results
        self.suggestions.display = False
        if self.screen.give_up("typing") and keep:
            self._ask()  # now: the next key is for its answer
        if not keep:
            results.set_query(results.query_of_view)
        elif self._mistaken is not None:  # what cannot be asked does not stay: the line says what the list shows
            from newstui.query.print import print_query

            results.set_query(print_query(results.asked))
        self.screen.go_to_pane("list")

    # -- completing ---
    def _suggest(self, text: str, candidates: Sequence[Candidate]) -> None:
        if self.line.value != text:
            return
        self._is_completed = True
        if self.line.has_focus:
            self._show_suggestions(text, candidates)
        if self.steering.end():
            if self.suggestions.display:
                self._steer_among_suggestions(self._step)
            self.screen.keys_may_go_on()

    def _show_suggestions(self, text: str, candidates: Sequence[Candidate]) -> None:
        word = text[: self.line.cursor_position].rpartition(" ")[2].lstrip('-!("')
        shown = [one for one in candidates if one.text.strip() != text.strip()] if word else []
        before = text[: self.line.cursor_position - len(word)]
        self.suggestions.show(shown, self.line.column_on_screen + cell_width(before))
        self.mistake.display = self._mistaken is not None and not shown  # what is being completed need not be right yet

    def steer(self, step: int) -> None:
        """Go down (1) or up (-1) among the suggestions, or take one (0), once they are for what stands in the line."""
        if not self._is_completed:  # what is offered completes what stood in the line before
            self._step = step
            self.steering.begin()
        elif self.suggestions.display:
            self._steer_among_suggestions(step)
        elif step > 0:
            self._leave_line(keep=True)

    def _steer_among_suggestions(self, step: int) -> None:
        if step:
            self.suggestions.steer(step)
        else:
            self.take_suggestion()

    def take_suggestion(self) -> None:
        """Write the suggestion under the cursor into the line."""
        if (one := self.suggestions.current) is not None:
            self.line.value = one.text
            self.line.cursor_position = one.column
            self.suggestions.display = False

    # -- mistakes ---
    def show_mistake(self, error: QueryError) -> None:
        """Say what is wrong with the query, under the place; the last good result stays."""
        self._mistaken = error
        found = describe_query_error(error)
        column = self.line.column_on_screen + cell_width(error.text[: found.column])
        width = self.screen.size.width
        if column + 2 + cell_width(found.message) < width:
            text = f"{' ' * column}▲ {found.message}"
        else:
            fits = cell_width(found.message) + 2 < width
            message = found.message if fits else found.message.replace(" · ", "\n ")
            text = f"{' ' * max(min(column, width - 1), 0)}▲\n {message}"
        self.mistake.update(Content(text))
        self.mistake.display = not self.suggestions.display

    def hide_mistake(self) -> None:
        """Take the mistake away."""
        self._mistaken = None
        self.mistake.display = False

    def fit(self) -> None:
        """Take up another size of the screen."""
        if self._mistaken is not None:
            self.show_mistake(self._mistaken)
