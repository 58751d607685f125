"""What stands in a pane that has nothing to show: what that means, and what to do next."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from newstui.present.sentences import EmptyPane


class EmptyNote(Static):
    """A title and some hints."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)

    def tell(self, empty: EmptyPane | None) -> None:
        """Say it; None hides the note."""
        self.display = empty is not None
        if empty is not None:
            lines = [(empty.title, "bold"), *((f"\n\n{hint}", "") for hint in empty.hints)]
            self.update(Content.assemble(*lines))
