"""Which collections a library is about, what they are called, and what lies at their locations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newstui.library.settings import LibrarySettings
from newstui.model import Subscription
from newstui.sources import Source, open_source
from newstui.store.cache import ArticleCache
from newstui.text import clean_line


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was found at a location."""

    location: str
    """As it should be subscribed: absolute, or after a page named its feed."""
    kind: str
    """folder, site, file, archive, api, rss, atom, …"""
    title: str
    """What to call it."""


def chosen_collections(
    cache: ArticleCache, subscriptions: Sequence[Subscription], locations: Sequence[str]
) -> tuple[Subscription, ...]:
    """Return the collections of this library, and make the cache hold exactly these."""
    if not locations:
        cache.arrange(subscriptions)
        return tuple(subscriptions)
    names = {state.location: state.name for state in cache.collections()}
    chosen: list[Subscription] = []
    for location in dict.fromkeys(absolute_location(location) for location in locations):
        name = names.get(location) or _free_name(_title_of(location), [*names.values(), *(it.name for it in chosen)])
        chosen.append(Subscription(name, location))
    cache.arrange(chosen)
    return tuple(chosen)


def absolute_location(location: str) -> str:
    """Return a location that means the same from any working folder."""
    if location == "-" or is_remote(location):
        return location
    return str(Path(location).expanduser().absolute())


def is_remote(location: str) -> bool:
    """Say whether a location is fetched rather than read."""
    return location.startswith(("http://", "https://", "feed:", "github:"))


def open_location(location: str, settings: LibrarySettings) -> Source:
    """Recognise a location of this machine. Raises SourceError."""
    limits = settings.limits
    return open_source(
        location,
        record_bytes=limits.record_bytes,
        page_bytes=limits.page_bytes,
        archive_members=limits.archive_members,
        archive_bytes=limits.archive_bytes,
    )


def recognise(location: str, settings: LibrarySettings) -> Recognition:
    """Look what a location is. Raises SourceError."""
    location = absolute_location(location)
    source = open_location(location, settings)
    return Recognition(location, source.kind, source.title)


def _title_of(location: str) -> str:
    try:
        return open_source(location).title
    except Exception:  # whatever is wrong with it, the refresh will say
        return clean_line(Path(location).name) or clean_line(location) or "collection"


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    folded = {name.casefold() for name in taken}
    number, name = 1, wanted
    while name.casefold() in folded:
        number += 1
        name = f"{wanted} {number}"
    return name
