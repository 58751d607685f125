"""Which collections a library is about, what they are called, and what lies at their locations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newstui.errors import SourceError
from newstui.library.settings import LibrarySettings
from newstui.model import Subscription
from newstui.records import dataclass, replace
from newstui.store.cache import ArticleCache
from newstui.text import clean_line

if TYPE_CHECKING:
    from newstui.sources import Source


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was found at a location."""

    location: str
    """As it should be subscribed: absolute, or after a page named its feed."""
    kind: str
    """folder, site, file, archive, api, rss, atom, …"""
    title: str
    """What to call it."""
    records: int | None = None
    """How many were counted there; None when they were not."""
    topics: int = 0
    """How many different ones the counted records name."""
    is_whole: bool = True
    """Everything was counted; else there is more."""


def chosen_collections(
    cache: ArticleCache, subscriptions: Sequence[Subscription], locations: Sequence[str]
) -> tuple[Subscription, ...]:
    """Return the collections of this library, and make the cache hold exactly these."""
    chosen = list(subscriptions)
    if locations:
        chosen = []
        names = {state.location: state.name for state in cache.collections()}
        for location in dict.fromkeys(locations):
            name = names.get(_stored_location(location)) or _free_name(
                _title_of(location), [*names.values(), *(it.name for it in chosen)]
            )
            chosen.append(Subscription(name, location))
    arrange_collections(cache, chosen)
    return tuple(chosen)


def arrange_collections(cache: ArticleCache, subscriptions: Sequence[Subscription]) -> None:
    """Make the cache hold exactly these collections; it never learns user names and passwords."""
    cache.arrange([replace(one, location=_stored_location(one.location)) for one in subscriptions])


def _stored_location(location: str) -> str:
    if not is_remote(location):
        return location
    from newstui.sources.fetch_address import split_credentials

    return split_credentials(location)[0]


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
    from newstui.sources import open_source

    limits = settings.limits
    return open_source(
        location,
        record_bytes=limits.record_bytes,
        page_bytes=limits.page_bytes,
        archive_members=limits.archive_members,
        archive_bytes=limits.archive_bytes,
    )


def recognise(
    location: str,
    settings: LibrarySettings,
    clock: Callable[[], datetime],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Recognition:
    """Look what a location is, and how much it holds. Raises SourceError; UsageError when a page names several feeds.

    Of a large collection only what can be read within a second is counted.
    """
    location = absolute_location(location)
    if is_remote(location):
        from newstui.library.remote import recognise_remote

        found = recognise_remote(location, settings=settings.remote, now=clock, is_cancelled=is_cancelled)
        title = found.title or _title_of(location)
        return Recognition(location, found.kind, title, found.articles, is_whole=found.is_whole)
    from newstui.library.survey import survey

    source = open_location(location, settings)
    held = survey(source, settings.limits, clock(), is_cancelled=is_cancelled)
    return Recognition(location, source.kind, source.title, held.records, held.topics, held.is_whole)


def _title_of(location: str) -> str:
    """Return what to call a collection before anything of it was read."""
    if is_remote(location):
        from newstui.sources.fetch_address import shown_address

        shown = shown_address(location)
        return clean_line(urlsplit(shown).hostname or shown)
    from newstui.sources import open_source

    try:
        return open_source(location).title
    except SourceError:  # the refresh will say what is wrong with it
        return clean_line(Path(location).name) or clean_line(location) or "collection"


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    folded = {name.casefold() for name in taken}
    number, name = 1, wanted
    while name.casefold() in folded:
        number += 1
        name = f"{wanted} {number}"
    return name
