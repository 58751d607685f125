"""What the screen remembers from one session to the next: panes, view, place. Losing it loses nothing else."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, fields
from pathlib import Path

from newstui.records import dataclass

MEMORY_FILE = "screen.json"
"""In the data folder."""


@dataclass(slots=True)
class Memory:
    """How the reader left the screen."""

    sidebar_cells: int = 28
    """Width of the sidebar."""
    list_share: float = 0.42
    """The list's part of the width list and article share, 0.15 to 0.85."""
    sidebar: bool = True
    """Whether a wide screen shows the sidebar."""
    view: str = "All"
    """Name of the view that was open."""
    query: str = ""
    """The query line."""
    stories: bool = False
    """Whether the list showed a row per story."""
    zoomed: bool = False
    """Whether the article had the whole screen."""
    article: str = ""
    """Id of the article the cursor was on."""


def load_memory(file: Path) -> Memory:
    """Read what was remembered; anything unusable is as if it had never been written."""
    memory = Memory()
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return memory
    if isinstance(found, dict):
        for entry in fields(Memory):
            default = getattr(memory, entry.name)
            value = found.get(entry.name)
            if type(value) is type(default):
                setattr(memory, entry.name, value)
    memory.sidebar_cells = min(max(memory.sidebar_cells, 16), 60)
    memory.list_share = min(max(memory.list_share, 0.15), 0.85) if memory.list_share == memory.list_share else 0.42
    return memory


def save_memory(file: Path, memory: Memory) -> None:
    """Write it whole or not at all. A disk that refuses is passed over: there is nothing to lose."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".screen")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(asdict(memory), out)
            os.replace(name, file)
        except OSError:
            os.unlink(name)
    except OSError:
        return
