"""Days, months, years and ages of the query language as instants. Pure: now and the zone are handed in."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo

from newstui.query.nodes import When

AGE_UNITS = {"h": "hours", "d": "days", "w": "weeks", "m": "months", "y": "years"}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_AGE = re.compile(r"(\d{1,6})([hdwmy])", re.ASCII)

Span = tuple[int | None, int | None]
"""Seconds since 1970 UTC: from (included) and until (excluded); None is open."""


def parse_when(text: str) -> dict[str, object] | None:
    """Return the fields of a `When` that a date, an age or a word means; None when it is none of them."""
    lowered = text.lower()
    if lowered in ("today", "yesterday"):
        return {"day": None, "word": lowered}
    if age := _AGE.fullmatch(lowered):
        return {"day": None, "age": (int(age[1]), age[2])}
    if not (match := _DATE.fullmatch(text)):
        return None
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return {"day": first, "precision": "day" if day else "month" if month else "year"}


def describe_when(when: When) -> str:
    """Return the text `parse_when` reads back."""
    if when.age:
        return f"{when.age[0]}{when.age[1]}"
    if when.day is None:
        return when.word
    return when.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[when.precision]]


def span_of(when: When, now: datetime, zone: tzinfo | None) -> Span:
    """Return the instants that a `When` accepts.

    `zone` is where the reader lives, None for the zone of the system. `now` knows its zone.
    """
    start, end = _period(when, now.astimezone(zone), zone)
    if when.operator == "after":
        return start, None
    if when.operator == "before":
        return None, start
    return start, end


def _period(when: When, now: datetime, zone: tzinfo | None) -> tuple[int, int]:
    """Return first and last (excluded) instant of what was named."""
    if when.age and when.age[1] == "h":
        return _hour(when.age[0], now, zone)
    first = when.day or _day_ago(when, now.date())
    if when.precision == "year":
        after = _next(first.year + 1, 1)
    elif when.precision == "month":
        after = _next(first.year + first.month // 12, first.month % 12 + 1)
    else:
        after = first + timedelta(days=1) if first < date.max else first
    return _instant(first, zone), _instant(after, zone)


def _hour(hours: int, now: datetime, zone: tzinfo | None) -> tuple[int, int]:
    """Return the local hour that long ago. Counted in instants, so a change of the clocks loses none."""
    try:
        then = (now.astimezone(UTC) - timedelta(hours=hours)).astimezone(zone)
    except OverflowError:
        return _instant(date.min, zone), _instant(date.min, zone)
    start = int(then.timestamp()) - then.minute * 60 - then.second
    return start, start + 3600


def _day_ago(when: When, today: date) -> date:
    if when.age is None:
        return today - timedelta(days=when.word == "yesterday")
    count, unit = when.age
    try:
        if unit in "dw":
            return today - timedelta(days=count * (7 if unit == "w" else 1))
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return date.min


def _next(year: int, month: int) -> date:
    return date(year, month, 1) if year <= date.max.year else date.max


def _instant(day: date, zone: tzinfo | None) -> int:
    """Return the first instant of a local day; where the clock skips midnight, the one after the gap."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    try:
        return int(midnight.timestamp())
    except (OverflowError, ValueError, OSError):  # the first and last days there are, seen from another zone
        return int(midnight.replace(tzinfo=UTC).timestamp())
