"""Recognising a location of this machine by looking at it."""

from __future__ import annotations

import os
from pathlib import Path

from newstui.errors import SourceError
from newstui.sources.archive_kind import LOOK_BYTES, archive_kind
from newstui.sources.base import Source
from newstui.sources.file import DEFAULT_PAGE_BYTES, DEFAULT_RECORD_BYTES, FileSource, StandardInputSource
from newstui.sources.folder import FolderSource
from newstui.text import clean_line


def open_source(
    location: str,
    *,
    record_bytes: int = DEFAULT_RECORD_BYTES,
    page_bytes: int = DEFAULT_PAGE_BYTES,
    archive_members: int = 200_000,
    archive_bytes: int = 1_000_000_000,
) -> Source:
    """Recognise a location of this machine by looking at it. Raises SourceError."""
    if location == "-":
        return StandardInputSource(page_bytes=page_bytes)
    path = Path(location).expanduser()
    try:
        if path.is_dir():
            return FolderSource(str(path), record_bytes=record_bytes, page_bytes=page_bytes)
        if not path.exists():
            raise SourceError(
                f"{clean_line(location)} does not exist",
                location=location,
                hint="a location is a folder, a file, an archive, http(s)://…, github:owner/repo or -",
            )
        if not path.is_file():
            raise SourceError("neither a file nor a folder", location=location, temporary=False)
        beginning = _beginning_of(path)
    except OSError as error:
        raise SourceError(error.strerror or str(error), location=location) from error
    if archive_kind(beginning):
        from newstui.sources.archive import open_archive
        from newstui.sources.archive_member import ArchiveLimits

        return open_archive(path, ArchiveLimits(record_bytes, page_bytes, archive_members, archive_bytes))
    return FileSource(str(path), record_bytes=record_bytes, page_bytes=page_bytes)


def _beginning_of(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        return os.read(descriptor, LOOK_BYTES)
    finally:
        os.close(descriptor)
