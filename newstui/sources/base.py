"""What every source of bytes looks like, whatever lies behind it. Meaning is left to `formats/`."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from newstui.model import Problem
from newstui.records import dataclass


class FileHandle(NamedTuple):
    """Where another process finds the bytes of an entry; only plain values, cheap to send by the thousand."""

    absolute: bytes
    """Path as the system spells it."""
    name_check: int
    """CRC-32 of the path inside the collection; part of the signature, so that a moved file is noticed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of a collection that can be read: a file, an archive member, a fetched page."""

    path: str
    """Inside the collection, with ``/``; clean enough to show. Never used to write anything."""
    signature: int
    """Changes when the bytes may have changed; 0 says: not known, or cannot be trusted; read again next time."""
    size: int
    """Bytes, or -1 when not known before reading."""
    read: Callable[[], bytes]
    """Gives the bytes. Raises SourceError (too big, vanished, unreadable)."""
    file: FileHandle | None = None
    """Set when the entry is a file that a worker process can read by itself."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds now, compared with what was known."""

    changed: Sequence[Entry]
    """New or changed entries, newest first as far as names and times tell. A million may be made as they are asked
    for, so keep none."""
    gone: tuple[str, ...]
    """Paths that were known and are not there any more. Empty when the source could not be seen whole."""
    unchanged: int
    problems: tuple[Problem, ...]
    """Unreadable folders, loops, special files, things over a limit."""
    are_files: bool = False
    """Whether every changed entry is a file that a worker process can read by itself."""
    order: array[int] | None = None
    """Signatures of all entries as they were met, if nothing has changed but this order: known in it, they are compared
    quicker the next time."""


class KnownEntries(Mapping[str, int]):
    """What was read before, path → signature, fetched only as far as it is asked for.

    100,000 signatures compared as a run of bytes cost 1 ms, as a set 28, as a mapping from paths as much as the walk.
    """

    def __init__(
        self,
        load_signatures: Callable[[], array[int]],
        find_paths: Callable[[set[int]], dict[str, int]],
        load_all: Callable[[], dict[str, int]],
    ) -> None:
        self.load_signatures = load_signatures
        """Gives the signatures of all entries, in the order they were met the last time where that is known."""
        self.find_paths = find_paths
        """Gives path → signature of the entries that have one of these signatures, or that have 0."""
        self._load_all = load_all
        self._all: dict[str, int] | None = None

    def _everything(self) -> dict[str, int]:
        if self._all is None:
            self._all = self._load_all()
        return self._all

    def __getitem__(self, path: str) -> int:
        return self._everything()[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._everything())

    def __len__(self) -> int:
        return len(self._everything())


def known_entries(signature_by_path: Mapping[str, int]) -> KnownEntries:
    """Return what is known in the form sources take, from a plain mapping."""
    if isinstance(signature_by_path, KnownEntries):
        return signature_by_path
    known = dict(signature_by_path)
    return KnownEntries(
        lambda: array("q", known.values()),
        lambda wanted: {path: value for path, value in known.items() if not value or value in wanted},
        lambda: known,
    )


class Source(Protocol):
    """A location that has been recognised."""

    location: str
    kind: str
    """folder, site, file, archive, stdin, api, feed, …"""
    title: str
    """What to call the collection when nobody named it; clean."""

    def list_entries(self, known: Mapping[str, int]) -> Listing:
        """Look at everything there is. `known` maps path to the signature of the last successful read.

        Raises SourceError when the location cannot be looked at as a whole.
        """
        ...

    def site_signature(self) -> int:
        """Return a number that changes when the files that describe a site may have changed; 0 for no site."""
        ...

    def read_site(self) -> Iterator[tuple[str, bytes]]:
        """Yield (path, bytes) of the files that describe a site: ``_config.yml``, ``_data/…``; nothing elsewhere."""
        ...
