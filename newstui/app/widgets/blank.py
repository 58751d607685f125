"""What stands in a pane that has nothing to show: what that means, and what to do next."""

from __future__ import annotations

from collections.abc import Collection

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
            pieces: list[tuple[str, str]] = [(empty.title, "bold $ink-strong"), ("\n", "")]
            for hint in empty.hints:
                pieces += [("\n", ""), *keys_apart(hint, empty.keys)]
            self.update(Content.assemble(*pieces))


def keys_apart(hint: str, keys: Collection[str]) -> list[tuple[str, str]]:
    """Return a sentence in pieces, the first key it names set apart as keys are elsewhere."""
    words = hint.split(" ")
    index = next((index for index, word in enumerate(words) if word in keys), None)
    if index is None:
        return [(hint, "")]
    before, after = words[:index], words[index + 1 :]
    return [
        (" ".join(before) + " " if before else "", ""),
        (words[index], "bold $unread"),
        (" " + " ".join(after) if after else "", ""),
    ]
