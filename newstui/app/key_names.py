"""What a key is called: as the table of commands writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.events import Key


def name_of(event: Key) -> str:
    """Return a key as the table of commands writes it: ``?``, ``comma``, ``ctrl+d``, ``alt+v``."""
    character = event.character
    if not event.is_printable or character in (None, " "):
        return event.key
    assert character is not None
    if event.key.startswith("alt+"):
        return f"alt+{character}"
    return "comma" if character == "," else character
