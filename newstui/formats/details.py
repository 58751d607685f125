"""What courses, samples, people, communities and events say besides: people, things to do, facts worth a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from newstui.formats.fields import Reading, Record
from newstui.formats.tree import Nothing
from newstui.model import Action

Detail = tuple[str, str]


def read_authors(reading: Reading, record: Record) -> tuple[str, ...]:
    """Return who wrote it: ``authors`` or ``author`` of the record, else of its provider."""
    for name in ("authors", "author"):
        value = record.get(name)
        if value is not None:
            found = reading.names(name, [value] if isinstance(value, dict) else value)
            if found:
                return found
    provider = record.get("provider")
    if provider.__class__ is dict and "authors" in provider:
        return reading.names("provider.authors", provider["authors"])
    return ()


_PROFILES = (
    ("website", "Website"), ("twitter", "Twitter"), ("linkedin", "LinkedIn"), ("googleScholar", "Google Scholar"),
    ("youtube", "YouTube"), ("twitch", "Twitch"), ("wikipedia", "Wikipedia"), ("weibo", "Weibo"), ("github", "GitHub"),
)  # fmt: skip
"""Where else a person or an event can be found: key, and how it is called."""


def read_actions(reading: Reading, record: Record) -> tuple[Action, ...]:
    """Return what can be done besides reading: downloads, and profiles elsewhere."""
    actions: list[Action] = []
    own = record.get("actions")
    if own is not None:
        for item in reading.items("actions", own, reading.limits.names):
            entry = reading.mapping("actions", item)
            address = reading.address("actions.url", entry.get("url"))
            if address is not None:
                actions.append(
                    Action(
                        address,
                        reading.name("actions.title", entry.get("title")),
                        reading.name("actions.attribution", entry.get("attribution")),
                        reading.name("actions.type", entry.get("type")),
                    )
                )
    if not _PROFILE_KEYS.isdisjoint(record):
        for key, called in _PROFILES:
            value = record.get(key)
            if isinstance(value, dict):
                value = value.get("url")
            if isinstance(value, str) and value:
                address = reading.address(key, value)
                if address is not None:
                    actions.append(Action(address, called, type="profile"))
    return tuple(actions)


_PROFILE_KEYS = frozenset(key for key, _ in _PROFILES)


def read_details(reading: Reading, record: Record) -> tuple[Detail, ...]:
    """Return other facts worth a line, in a fixed order."""
    if _DETAIL_KEYS.isdisjoint(record):
        provider = record.get("provider")
        if provider.__class__ is not dict or "publishers" not in provider:
            return ()
    found: list[Detail] = []
    for key, called, read in _DETAILS:
        value = record.get(key)
        if value is not None and value != "" and value.__class__ is not Nothing:
            said = read(reading, key, value)
            if said:
                found.append((called, said))
    provider = record.get("provider")
    if provider.__class__ is dict:
        publishers = ", ".join(reading.names("provider.publishers", provider.get("publishers")))
        if publishers:
            found.append(("Publisher", publishers))
    return tuple(found)


def _text(reading: Reading, key: str, value: Any) -> str | None:
    return reading.line(key, value, 300)


def _length(reading: Reading, key: str, value: Any) -> str | None:
    text = reading.line(key, value, 100)
    return describe_duration(text) if text else None


def _names(reading: Reading, key: str, value: Any) -> str:
    return ", ".join(reading.names(key, value))


def _count(reading: Reading, key: str, value: Any) -> str | None:
    number = reading.number(key, value, 0)
    return None if number is None else f"{number:,}"


def _rating(reading: Reading, key: str, value: Any) -> str | None:
    ratings = reading.mapping(key, value)
    average = reading.name(f"{key}.average", ratings.get("average"))
    count = reading.number(f"{key}.count", ratings.get("count"), 0)
    if not average:
        return None
    return average if count is None else f"{average} ({count:,} ratings)"


def _name_of(reading: Reading, key: str, value: Any) -> str | None:
    return reading.name(key, value.get("name") if isinstance(value, dict) else value)


def _moment(reading: Reading, key: str, value: Any) -> str | None:
    moment: datetime | None = reading.date(key, value, may_be_ahead=True)
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _contents(reading: Reading, key: str, value: Any) -> str | None:
    count = len(reading.items(key, value, 100_000))
    return f"{count} item{'' if count == 1 else 's'}" if count else None


def _size(reading: Reading, key: str, value: Any) -> str | None:
    """Return how much a collection contains when the API gives the number alone; other sizes are words."""
    count = reading.number(key, value, 0) if isinstance(value, int) else None
    return None if count is None else f"{count:,} item{'' if count == 1 else 's'}"


def _profile(number: str, unit: str) -> Callable[[Reading, str, Any], str | None]:
    """Return a reader of ``{username, url, followers}``: the name if there is one, and how many follow."""

    def read(reading: Reading, key: str, value: Any) -> str | None:
        if not isinstance(value, dict):
            return None
        username = reading.name(f"{key}.username", value.get("username"))
        count = reading.number(f"{key}.{number}", value.get(number), 0)
        parts = [f"@{username.removeprefix('@')}"] if username else []
        if count is not None:
            parts.append(f"{count:,} {unit}")
        return ", ".join(parts)

    return read


_DETAILS: tuple[tuple[str, str, Callable[[Reading, str, Any], str | None]], ...] = (
    ("length", "Length", _length),
    ("price", "Price", _text),
    ("levels", "Level", _names),
    ("ratings", "Rating", _rating),
    ("startDateTime", "Starts", _moment),
    ("endDateTime", "Ends", _moment),
    ("location", "Location", _name_of),
    ("affiliation", "Affiliation", _name_of),
    ("members", "Members", _count),
    ("items", "Contains", _contents),
    ("size", "Contains", _size),
    ("query", "Query", _text),
    ("twitter", "Twitter", _profile("followers", "followers")),
    ("googleScholar", "Google Scholar", _profile("citations", "citations")),
    ("youtube", "YouTube", _profile("subscribers", "subscribers")),
    ("twitch", "Twitch", _profile("followers", "followers")),
    ("weibo", "Weibo", _profile("followers", "followers")),
)
_DETAIL_KEYS = frozenset(key for key, _, _ in _DETAILS)

_ISO_DURATION = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?", re.IGNORECASE
)


def describe_duration(written: str) -> str:
    """Return an ISO 8601 duration as people say it (``PT1H5M`` is 1 h 5 min); other texts as they are."""
    match = _ISO_DURATION.fullmatch(written)
    if match is None or not any(match.groups()):
        return written
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    minutes, seconds = minutes + seconds // 60, seconds % 60
    hours, minutes = hours + minutes // 60, minutes % 60
    parts = ((weeks, "wk"), (days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
