"""Dates as feeds write them: RFC 822 in RSS, RFC 3339 in Atom and JSON Feed, and what people make of both."""

from __future__ import annotations

import re
from datetime import datetime

from newstui.formats.dates import parse_date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
"""Names RFC 822 §5 allows besides GMT and UT; letters are local or wrong and count as UTC (RFC 2822 §4.3)."""
_RFC_822 = re.compile(
    r"\s*(?:[A-Za-z]{2,9}[,.]?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?[\s-]+(\d{4}|\d{2})"
    r"(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:([+-]\d{2}):?(\d{2})|([A-Za-z]{1,5}))?"
)
_LONGEST = 100


def parse_feed_date(written: str, now: datetime) -> tuple[datetime | None, str]:
    """Return the moment in UTC and what is wrong with it, as `dates.parse_date` does."""
    if len(written) > _LONGEST:
        return None, f"not a date: {written[:40]}…"
    match = _RFC_822.match(written)
    if match is None:
        return parse_date(written.strip(), now)
    iso = _to_iso(match)
    return parse_date(iso, now) if iso else (None, f"not a date of the calendar: {written[:40]}")


def _to_iso(match: re.Match[str]) -> str:
    day, month, year, hour, minute, second, offset_hours, offset_minutes, name = match.groups()
    number = _MONTHS.get(month.lower())
    if number is None:
        return ""
    if len(year) == 2:
        year = f"{'19' if int(year) > 68 else '20'}{year}"
    clock = f"T{int(hour):02}:{minute}:{second or '00'}" if hour else "T00:00:00"
    zone = f"{offset_hours}:{offset_minutes}" if offset_hours else _zone(name or "")
    return f"{year}-{number:02}-{int(day):02}{clock}{zone}"


def _zone(name: str) -> str:
    hours = _ZONES.get(name.lower())
    return "+00:00" if hours is None else f"{hours:+03}:00"
