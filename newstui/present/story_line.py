"""A story over time in one line: each report where it was published, the open article among them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from newstui.present.times import describe_day, describe_time
from newstui.present.typeset import Line, Span

NARROWEST = 48
FEWEST = 3
"""Reports below which a line tells nothing that the list does not."""
_DOTS = "─●◉"
"""No report at a place, one, two; where there are more somewhere, columns show the peaks instead."""
_COLUMNS = "▁▂▃▄▅▆▇█"


def draw_story(times: Sequence[datetime], own: datetime, width: int, zone: tzinfo | None = None) -> Line | None:
    """Return the line, or None when there is too little to show or no room.

    Args:
        times: When the other reports were published, UTC, in any order.
        own: When the open article was published.
    """
    every = [*times, own]
    first, last = min(every), max(every)
    if len(every) < FEWEST or width < NARROWEST or first == last:
        return None
    left, right = _labels(first, last, zone)
    room = width - len(left) - len(right) - 2
    seconds = (last - first).total_seconds()
    counts = [0] * room
    for moment in times:
        counts[_place(moment, first, seconds, room)] += 1
    most = max(counts)
    cells = [_DOTS[count] if most < len(_DOTS) else _COLUMNS[-(-count * 7 // most)] for count in counts]
    index = _place(own, first, seconds, room)
    return (
        Span(left + " ", "timeline-label"),
        Span("".join(cells[:index]), "timeline"),
        Span("◆", "timeline-own"),
        Span("".join(cells[index + 1 :]), "timeline"),
        Span(" " + right, "timeline-label"),
    )


def _place(moment: datetime, first: datetime, seconds: float, room: int) -> int:
    return min(int((moment - first).total_seconds() / seconds * (room - 1) + 0.5), room - 1)


def _labels(first: datetime, last: datetime, zone: tzinfo | None) -> tuple[str, str]:
    """Days at the ends, times of day when it is the same day, the year only once."""
    one, other = describe_day(first, zone), describe_day(last, zone)
    if one == other:
        return describe_time(first, zone), describe_time(last, zone)
    if one.split()[-1] == other.split()[-1]:
        one = one.rpartition(" ")[0]
    return one, other
