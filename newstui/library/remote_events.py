"""What refreshing remote collections says as it goes; `refresh.py` stores it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from newstui.model import Problem
from newstui.records import dataclass, field
from newstui.store.packing import Packed

if TYPE_CHECKING:  # a worker that only needs `place_of` starts sooner
    from newstui.sources.archive import ArchiveSource
    from newstui.sources.credentials import Credential
    from newstui.store.fetch_state import FetchState


@dataclass(frozen=True, slots=True)
class RemoteJob:
    """One remote collection to refresh."""

    name: str
    location: str
    """As subscribed; may hold a user name and password."""
    state: FetchState
    """What is known of it, by `fetch_state.load(connection, remote.state_location(location))`."""
    every_seconds: int = 1_800
    credential: Credential | None = field(default=None, repr=False)
    """Who the reader is there; one inside the location is used when this is None."""


@dataclass(frozen=True, slots=True)
class RemoteWish:
    """What a reader wants fetched."""

    names: tuple[str, ...]
    """Collections, all of them remote."""
    asked: bool
    """The reader wants them now, due or not; only what a server asked for still counts."""
    insisted: bool
    """The reader named these very collections: nothing counts."""
    force: bool
    """Read everything of an archive again, changed or not."""


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """Articles of a collection, parsed; one page or the whole feed."""

    name: str
    kind: str
    """api, rss, atom, rdf, jsonfeed, record, list …"""
    articles: tuple[Packed, ...]
    """In the order of the bytes; the path of their file is `parse_worker.WHOLE`."""
    problems: tuple[Problem, ...]
    done: int
    """Pages so far."""
    total: int | None
    """Pages in all; None when not known yet."""
    title: str = ""
    """What the collection calls itself; empty when it does not say."""


@dataclass(frozen=True, slots=True)
class RemoteDownload:
    """An archive is on its way."""

    name: str
    done: int
    """Bytes that came so far, as they are sent."""
    total: int | None
    """Bytes in all; None when the server does not say."""


@dataclass(frozen=True, slots=True)
class RemoteSource:
    """A downloaded archive: read it as any other source, then close it."""

    name: str
    source: ArchiveSource


@dataclass(frozen=True, slots=True)
class RemoteDone:
    """A collection went well. Nothing more comes of it."""

    name: str
    state: FetchState
    """To save together with the last of its articles."""
    unchanged: bool
    """The server says, or its bytes show, that nothing changed; there were no batches."""
    present: frozenset[int] | None
    """`place_of` everything the collection holds now; what else was known of it is gone. None: it does not say
    all it ever said (a feed), so what is missing stays."""


@dataclass(frozen=True, slots=True)
class RemoteFailed:
    """A collection could not be refreshed, or not wholly; what was known of it stays."""

    name: str
    reason: str
    """In words, clean, without secrets."""
    temporary: bool
    """False when trying again without changing something is pointless."""
    state: FetchState
    """To save: failures, next try."""
    hint: str = ""
    """What the reader can do about it; empty when there is nothing to say."""


def place_of(key: int, path: str) -> int:
    """Return a number for one record of a collection; two records with one address lie at different paths."""
    return hash((key, crc32(path.encode("utf-8", "surrogatepass"))))


RemoteEvent = RemoteBatch | RemoteDownload | RemoteSource | RemoteDone | RemoteFailed
