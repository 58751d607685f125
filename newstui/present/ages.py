"""How old an article is, in the few cells a row has for it. Pure: the time comes in as an argument."""

from __future__ import annotations

from datetime import UTC, datetime

TYPE_CHECKING = False  # `typing` takes 5 ms of the first picture's 30
if TYPE_CHECKING:
    from datetime import tzinfo
    from typing import Literal

    DateStyle = Literal["age", "date"]

AGE_CELLS = 8
"""No age or date in a row is wider: ``Aug 2020``, ``in 3 d``, ``28 Aug``."""

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_age(published: int | None, now: int, zone: tzinfo | None = None, style: DateStyle = "age") -> str:
    """Return the age of an article, or its date once it is older than four weeks; empty when it has no date.

    Args:
        published: Seconds since 1970-01-01 UTC.
        now: The same clock.
        zone: Where the reader is; None takes the machine's zone.
        style: ``date`` gives the time of today, the day of this year, else the month.
    """
    if published is None:
        return ""
    seconds = now - published
    if style == "age" and abs(seconds) < 4 * _WEEK:
        return f"in {_span(-seconds)}" if seconds < -_MINUTE else _span(max(seconds, 0))
    try:
        there = datetime.fromtimestamp(published, UTC).astimezone(zone)
        here = datetime.fromtimestamp(now, UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):  # years near 1 and 9999 have no local time
        return ""
    if style == "date" and there.date() == here.date():
        return f"{there:%H:%M}"
    if there.year == here.year or 0 <= seconds < 300 * _DAY:
        return f"{there.day} {_MONTHS[there.month - 1]}"
    return f"{_MONTHS[there.month - 1]} {there.year}"


def age_ago(age: str) -> str:
    """Return an age within a sentence: ``3 h ago``, ``just now``; a date stays as it is."""
    if age == "now":
        return "just now"
    return f"{age} ago" if age.rpartition(" ")[2] in ("min", "h", "d", "w") and not age.startswith("in") else age


def _span(seconds: int) -> str:
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h"
    if seconds < 2 * _WEEK:
        return f"{seconds // _DAY} d"
    return f"{seconds // _WEEK} w"
