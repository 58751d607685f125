"""``30m``, ``2h``, ``1d`` as seconds, and back."""

from __future__ import annotations

import re

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def parse_duration(text: str) -> int:
    """Return seconds. Raises ValueError, in words, for anything but a whole number and one of s, m, h, d, w."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*([smhdw])\s*", text.lower())
    if not found or not int(found[1]):
        raise ValueError(f"{text!r} is not a time such as 30m, 2h or 1d")
    return int(found[1]) * _UNITS[found[2]]


def describe_duration(seconds: int) -> str:
    """Return the shortest text that `parse_duration` reads back as the same number."""
    for unit in ("w", "d", "h", "m"):
        if seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"
