"""What long work says as it goes. The app posts these as messages, the command line prints them."""

from __future__ import annotations

from newstui.records import dataclass


@dataclass(frozen=True, slots=True)
class CollectionStarted:
    """Work on one collection begins."""

    name: str
    kind: str
    """What the location was recognised as; empty while unknown."""
    total: int | None
    """Entries to read, None when not known yet."""


@dataclass(frozen=True, slots=True)
class CollectionProgress:
    """Some of it is stored and the list can show it, or is on its way."""

    name: str
    done: int
    """Files or pages; bytes of a download."""
    total: int | None
    phase: str
    """``download`` (nothing is stored yet), ``fetch``, ``read`` or ``index`` (the search index, which follows)."""


@dataclass(frozen=True, slots=True)
class CollectionStored:
    """One collection is done."""

    name: str
    added: int
    changed: int
    removed: int
    unchanged: int
    problems: int


@dataclass(frozen=True, slots=True)
class CollectionFailed:
    """One collection could not be refreshed; what was known of it stays."""

    name: str
    reason: str
    """Clean, without credentials."""
    next_try: str
    """UTC, ISO 8601; empty when trying again by itself makes no sense."""


RefreshEvent = CollectionStarted | CollectionProgress | CollectionStored | CollectionFailed
