"""Moments in words for the article and its coverage; the ages of rows are in `ages.py`. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800


def describe_moment(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return a UTC moment as the reader's local time: ``Fri 28 Aug 2020, 13:17``. `zone` None is the machine's."""
    local = _localise(moment, zone)
    return f"{_DAYS[local.weekday()]} {describe_day(moment, zone)}, {local:%H:%M}"


def describe_day(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return the local day of a UTC moment: ``28 Aug 2020``."""
    local = _localise(moment, zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def describe_time(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return the local time of day of a UTC moment: ``13:17``."""
    return f"{_localise(moment, zone):%H:%M}"


def describe_offset(seconds: float) -> str:
    """Return how much later (or earlier) something was: ``+26 min``, ``−2 h``, ``same time``."""
    size = abs(int(seconds))
    if size < _MINUTE:
        return "same time"
    sign = "+" if seconds > 0 else "−"
    for unit, name, most in ((_MINUTE, "min", 2 * _HOUR), (_HOUR, "h", 2 * _DAY), (_DAY, "d", 8 * _WEEK)):
        if size < most:
            return f"{sign}{size // unit} {name}"
    return f"{sign}{size // _WEEK} w"


def _localise(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):  # the years 1 and 9999 have moments without a local time
        return moment
