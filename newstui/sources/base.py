"""What every source of bytes looks like, whatever lies behind it. Meaning is left to `formats/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from newstui.model import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a collection that can be read: a file, an archive member, a fetched page."""

    path: str
    """Inside the collection, with ``/``; clean enough to show. Never used to write anything."""
    signature: int
    """Changes when the bytes may have changed; 0 says: cannot be trusted, read again next time."""
    size: int
    """Bytes, or -1 when not known before reading."""
    read: Callable[[], bytes]
    """Gives the bytes. Raises SourceError (too big, vanished, unreadable)."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds now, compared with what was known."""

    changed: tuple[Entry, ...]
    """New or changed entries, newest first as far as names and times tell."""
    gone: tuple[str, ...]
    """Paths that were known and are not there any more. Empty when the source could not be seen whole."""
    unchanged: int
    problems: tuple[Problem, ...]
    """Unreadable folders, loops, special files, things over a limit."""


class Source(Protocol):
    """A location that has been recognised."""

    location: str
    kind: str
    """folder, site, file, archive, stdin, api, feed, …"""

    def list_entries(self, known: Mapping[str, int]) -> Listing:
        """Look at everything there is. `known` maps path to the signature of the last successful read."""
        ...

    def read_site(self) -> Iterator[tuple[str, bytes]]:
        """Yield (path, bytes) of the files that describe a site: ``_config.yml``, ``_data/…``; nothing elsewhere."""
        ...
