"""What an archive is made of, as its two readers hand it on."""

from __future__ import annotations

from collections.abc import Callable

from newstui.records import dataclass

_LISTS = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".xml", ".rss", ".atom")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold; what goes over one is named."""

    record_bytes: int = 2_000_000
    """One member."""
    page_bytes: int = 10_000_000
    """One member that holds many records, going by its name."""
    members: int = 200_000
    total_bytes: int = 1_000_000_000
    """All of it, unpacked."""

    def member_bytes(self, name: str) -> int:
        """Return the limit for a member of this name."""
        return self.page_bytes if name.lower().endswith(_LISTS) else self.record_bytes


DEFAULT_LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file in an archive that can be read."""

    name: str
    """As the archive says; may hold anything."""
    size: int
    """Bytes, as the archive says."""
    signature: int
    """Over content checksum, size and time; never 0."""
    read: Callable[[], bytes]
    """Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in an archive that is not read."""

    name: str
    """Empty when the archive itself is meant."""
    reason: str
