"""What the library is told when it opens: where to write, what is subscribed, how much to accept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newstui.model import Limits, Subscription
from newstui.records import dataclass, field
from newstui.sources.credentials import Credential
from newstui.sources.fetch_settings import RemoteSettings

__all__ = ["Credential", "LibraryPaths", "LibrarySettings", "Limits", "RemoteSettings"]


@dataclass(frozen=True, slots=True)
class LibraryPaths:
    """The two folders the library writes in. Both are created with mode 0700."""

    data: Path
    """Marks: precious."""
    cache: Path
    """Articles, indexes, pictures: may be deleted at any time."""


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Everything the library can be told; read from the configuration by `config/`."""

    subscriptions: tuple[Subscription, ...] = ()
    every_seconds: int = 1_800
    """How often remote collections are refreshed while the reader is open, unless they say otherwise."""
    limits: Limits = field(default_factory=Limits)
    """Bounds on what is read."""
    remote: RemoteSettings = field(default_factory=RemoteSettings)
    """How patiently the web is asked, and who the reader is there."""
    views: Mapping[str, str] = field(default_factory=dict)
    """Saved queries by name, for ``view:NAME``."""
    follow_quiet_days: int = 14
    """A followed story is let go after so many days without new coverage."""


DEFAULT_SETTINGS = LibrarySettings()
