"""Dates as records, pages and feeds write them, to UTC. The clock is an argument."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
"""Year 1 is how several programs write "unknown"."""
_AHEAD = timedelta(hours=26)
"""Clocks and zones are wrong by up to a day; what lies further in the future would stay on top of every list."""

_LOOSE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?"
)
"""YAML 1.1 timestamps, ISO 8601 and what Jekyll writes (``2020-08-28 11:17:00 +0200``)."""
_DIGITS = re.compile(r"-?\d{9,20}")


def parse_date(written: str, now: datetime, *, may_be_ahead: bool = False) -> tuple[datetime | None, str]:
    """Return the moment in UTC, and what is wrong with it (empty when nothing is).

    A date without a zone is UTC. None when it cannot be read, lies outside the calendar or, unless
    `may_be_ahead`, too far after `now` to be true.
    """
    try:
        moment = datetime.fromisoformat(written)
        if written[-1] == "Z" and _EARLIEST <= moment <= now and not moment.microsecond:
            return moment, ""  # nearly always
    except ValueError:
        found, reason = _parse_loosely(written)
        return (None, reason) if found is None else _plausible(found, now, may_be_ahead, reason)
    if written.isdigit():
        return None, f"not a date: {written}"
    return _plausible(moment, now, may_be_ahead, "")


def _plausible(moment: datetime, now: datetime, may_be_ahead: bool, reason: str) -> tuple[datetime | None, str]:
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        else:
            try:
                moment = moment.astimezone(UTC)
            except (OverflowError, ValueError):
                return None, "the date lies outside the calendar"
    if moment.microsecond:
        moment = moment.replace(microsecond=0)
    if moment < _EARLIEST:
        return None, f"the year {moment.year} cannot be right"
    if moment > now and moment > now + _AHEAD and not may_be_ahead:
        return None, f"the date {moment:%Y-%m-%d} lies in the future"
    return moment, reason


def _parse_loosely(written: str) -> tuple[datetime | None, str]:
    text = written.strip()
    if _DIGITS.fullmatch(text):
        return _from_epoch(int(text))
    match = _LOOSE.fullmatch(text)
    if match is None:
        return None, f"not a date: {text[:40]}"
    year, month, day, hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3, 4, 5, 6))
    try:
        if (hour, minute, second) == (24, 0, 0):
            moment = datetime(year, month, day, tzinfo=_zone(match[8])) + timedelta(days=1)
        elif second == 60:
            moment = datetime(year, month, day, hour, minute, 59, tzinfo=_zone(match[8])) + timedelta(seconds=1)
        else:
            moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[8]))
    except (ValueError, OverflowError):
        return None, f"not a date of the calendar: {text[:40]}"
    return moment, ""


def _zone(written: str | None) -> timezone:
    if written is None or written.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = written[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if minutes > 59:
        raise ValueError(written)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)


def _from_epoch(number: int) -> tuple[datetime | None, str]:
    """Read seconds, or milli-, micro- or nanoseconds, since 1970."""
    seconds = number
    while abs(seconds) >= 100_000_000_000:
        seconds //= 1000
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None, f"not a date: {number}"
    return moment, "a number instead of a date, read as time since 1970"
