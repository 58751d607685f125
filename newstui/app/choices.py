"""Finding one of many things by a few letters of its name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newstui.records import dataclass, field
from newstui.text import fold


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    label: str
    value: Any = None
    """What is handed back when it is chosen."""
    detail: str = ""
    """Shown muted beside it."""
    right: str = ""
    """Shown at the right end: a key, a count."""
    right_role: str = "count"
    """``count`` or ``key``."""
    picked: bool = False
    """It is chosen already; choosing it again takes it back."""
    reason: str = ""
    """Why it cannot be chosen now; empty when it can."""
    folded: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(f"{self.label} {self.detail}"))


def find_choices(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Return the choices that hold every word typed, those that begin with it first; else those with its letters."""
    wanted = fold(typed).split()
    if not wanted:
        return list(choices)
    ranked = [
        (_rank(choice.folded, wanted), place, choice)
        for place, choice in enumerate(choices)
        if all(word in choice.folded for word in wanted)
    ]
    if not ranked:
        letters = "".join(wanted)
        ranked = [(0, place, one) for place, one in enumerate(choices) if _has_letters(one.folded, letters)]
    return [choice for _, _, choice in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(text: str, wanted: Sequence[str]) -> int:
    if text.startswith(wanted[0]):
        return 0
    return 1 if all(f" {word}" in f" {text}" for word in wanted) else 2


def _has_letters(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
