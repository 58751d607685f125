"""Numbers as people read them."""

from __future__ import annotations

from newstui.present.meters import draw_meter

_IRREGULAR = {
    "followed story": "followed stories",
    "address": "addresses",
    "story": "stories",
    "copy": "copies",
    "entry": "entries",
    "match": "matches",
}


def describe_number(number: int) -> str:
    """Return a number with its thousands set apart: ``1,284,003``."""
    return f"{number:,}"


def describe_count(number: int, noun: str) -> str:
    """Return a number and what it counts: ``1 article``, ``1,284 articles``."""
    return f"{number:,} {noun if number == 1 else _IRREGULAR.get(noun, noun + 's')}"


def describe_size(size: int) -> str:
    """Return a number of bytes: ``640 kB``, ``12.3 MB``."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{size // 1_000} kB"


def short_count(number: int) -> str:
    """Return a number in at most four cells: ``999``, ``12k``, ``1.2M``."""
    if number < 10_000:
        return str(number)
    if number < 1_000_000:
        return f"{number // 1000}k"
    return f"{number / 1_000_000:.1f}M" if number < 10_000_000 else f"{number // 1_000_000}M"


def progress_cells(done: int, total: int, cells: int) -> tuple[str, str]:
    """Return a line of so many cells: its filled part to the half of a cell, and the rest."""
    return draw_meter(min(max(done, 0), total), total, cells)
