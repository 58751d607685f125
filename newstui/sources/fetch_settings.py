"""How patient, how many and how much: everything fetching can be told. Light: nothing of the network is here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newstui.records import dataclass, field
from newstui.sources.archive_member import DEFAULT_LIMITS, ArchiveLimits
from newstui.sources.credentials import Credential


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """What a reader may set about remote collections."""

    connections: int = 16
    """At most so many at once over all hosts (httpx's pool gets slower with more: 7x curl at 16, 16x at 32)."""
    connections_per_host: int = 4
    timeout_seconds: float = 30.0
    """For a whole answer, not for a pause in it."""
    patience_seconds: float = 2.0
    """What has not come after this makes room while others wait for the same host, and is asked again last."""
    page_bytes: int = 10_000_000
    """A feed or page, before and after decompression."""
    download_bytes: int = 300_000_000
    """An archive as it is sent."""
    download_seconds: float = 600.0
    """For a whole archive."""
    pages: int = 2_000
    """Pages of one API (the longest seen has 1,163 of 25 items each over a whole site family)."""
    feed_articles: int = 5_000
    archive: ArchiveLimits = DEFAULT_LIMITS
    """What an archive may hold."""
    github: str = "https://codeload.github.com"
    """Where archives of github: locations come from: ``<github>/<owner>/<repo>/zip/<ref>``."""
    spool_folder: Path | None = None
    """Where an archive lies, without a name, while it is read. None: the system's temporary folder."""
    credentials: Mapping[str, Credential] = field(default_factory=dict, repr=False)
    """Collection name → who the reader is there."""
