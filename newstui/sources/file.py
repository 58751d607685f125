"""Reading files of the local disk, bounded and without being fooled; one file, or standard input, as a collection."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from zlib import crc32

from newstui.errors import SourceError
from newstui.sources.base import Entry, FileHandle, Listing
from newstui.text import clean_line

DEFAULT_RECORD_BYTES = 2_000_000
DEFAULT_PAGE_BYTES = 10_000_000
LIST_ENDINGS = (b".json", b".jsonl", b".ndjson", b".yaml", b".yml", b".xml", b".rss", b".atom", b".rdf")
"""Files of many articles: the larger limit holds for them."""
RACY_SECONDS = 2.0
"""A file changed this shortly before it was read may change again within the same time stamp (FAT counts in 2 s)."""
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Without O_NONBLOCK, opening a pipe waits for somebody to write into it, for ever."""


def signature_of(status: os.stat_result, name_check: int) -> int:
    """Return the 64-bit signature of a file as it is now; the hash of a tuple of ints is the same in every run."""
    return hash((name_check, status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns))


def read_file(handle: FileHandle, limit_bytes: int) -> tuple[bytes, int]:
    """Return the bytes of a regular file and its signature. Raises SourceError."""
    path = handle.absolute
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise SourceError(_why(error), location=show_path(path)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{kind_of(status.st_mode)}, not a file", location=show_path(path))
        if status.st_size > limit_bytes:
            raise SourceError(f"larger than {limit_bytes:,} bytes ({status.st_size:,})", location=show_path(path))
        data = os.read(descriptor, status.st_size + 1)  # one more than there should be: fewer bytes mean the end
        while len(data) != status.st_size and len(data) <= limit_bytes and (more := os.read(descriptor, 1 << 20)):
            data += more
    except OSError as error:
        raise SourceError(_why(error), location=show_path(path)) from error
    finally:
        os.close(descriptor)
    if len(data) > limit_bytes:
        raise SourceError(f"larger than {limit_bytes:,} bytes", location=show_path(path))
    racy = status.st_mtime_ns > (time.time() - RACY_SECONDS) * 1e9
    return data, 0 if racy else signature_of(status, handle.name_check)


def limit_for(path: bytes, record_bytes: int, page_bytes: int) -> int:
    """Return how many bytes a file of this name may have."""
    return page_bytes if path.lower().endswith(LIST_ENDINGS) else record_bytes


def kind_of(mode: int) -> str:
    """Say in words what a directory entry is."""
    for test, word in (
        (stat.S_ISREG, "a file"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if test(mode):
            return word
    return "something special"


def show_path(path: bytes) -> str:
    """Return a path as it may be shown and stored; bytes that are not UTF-8 are spelled out."""
    return clean_line(path.decode("utf-8", "backslashreplace"))


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "not there any more"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return error.strerror or str(error)


class FileSource:
    """One file: a record, or a list of records."""

    def __init__(
        self, location: str, *, record_bytes: int = DEFAULT_RECORD_BYTES, page_bytes: int = DEFAULT_PAGE_BYTES
    ) -> None:
        self.location = location
        self.kind = "file"
        self.title = clean_line(Path(location).stem) or "file"
        self._absolute = os.fsencode(location)
        self._name = os.path.basename(self._absolute)
        self._handle = FileHandle(self._absolute, crc32(self._name))
        self._limit = limit_for(self._name, record_bytes, page_bytes)

    def list_entries(self, known: Mapping[str, int]) -> Listing:
        path = show_path(self._name)
        try:
            signature = signature_of(os.stat(self._absolute), self._handle.name_check)
        except OSError as error:
            raise SourceError(_why(error), location=self.location) from error
        gone = tuple(other for other in known if other != path)
        if known.get(path) == signature:
            return Listing((), gone, 1, ())
        entry = Entry(path, signature, -1, lambda: read_file(self._handle, self._limit)[0], self._handle)
        return Listing((entry,), gone, 0, ())

    def site_signature(self) -> int:
        return 0

    def read_site(self) -> Iterator[tuple[str, bytes]]:
        return iter(())


class StandardInputSource:
    """Records on standard input: read once, whole, and then held."""

    def __init__(self, *, page_bytes: int = DEFAULT_PAGE_BYTES, stream: io.BufferedIOBase | None = None) -> None:
        self.location = "-"
        self.kind = "stdin"
        self.title = "standard input"
        self._stream = stream
        self._limit = page_bytes
        self._data: bytes | None = None

    def list_entries(self, known: Mapping[str, int]) -> Listing:
        return Listing((Entry("stdin", 0, -1, self._read),), tuple(path for path in known if path != "stdin"), 0, ())

    def site_signature(self) -> int:
        return 0

    def read_site(self) -> Iterator[tuple[str, bytes]]:
        return iter(())

    def _read(self) -> bytes:
        if self._data is None:
            stream = self._stream or getattr(sys.stdin, "buffer", None)
            if stream is None:
                raise SourceError("standard input is closed", location="-", temporary=False)
            data = stream.read(self._limit + 1)
            if len(data) > self._limit:
                raise SourceError(f"more than {self._limit:,} bytes on standard input", location="-", temporary=False)
            self._data = data
        return self._data
