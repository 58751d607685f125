"""An archive of records as a source: local, or downloaded into a file without a name. Never unpacked to disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO
from weakref import finalize
from zlib import crc32

from newstui.errors import SourceError
from newstui.model import Problem
from newstui.sources.archive_kind import LOOK_BYTES, archive_kind
from newstui.sources.archive_member import DEFAULT_LIMITS, ArchiveLimits, Member, Refused
from newstui.sources.archive_names import (
    common_top,
    is_archive_name,
    is_site,
    is_site_file,
    may_be_record,
    newest_first,
    shown_name,
    why_refused,
)
from newstui.sources.archive_tar import read_tar, unpack
from newstui.sources.archive_zip import read_zip
from newstui.sources.base import Entry, Listing
from newstui.text import clean_line

_PROBLEMS = 1_000


def is_archive(path: Path) -> bool:
    """Say whether a file is an archive, by its first bytes. Reads them."""
    try:
        with path.open("rb") as file:
            return archive_kind(file.read(LOOK_BYTES)) is not None
    except OSError:
        return False


def open_archive(path: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> ArchiveSource:
    """Open a local archive. Raises SourceError."""
    try:
        return ArchiveSource(path.open("rb"), str(path), limits=limits)
    except OSError as error:
        raise SourceError("the archive cannot be opened", location=str(path)) from error


class ArchiveSource:
    """The records of one archive. Owns the file it reads; close it when done."""

    kind = "archive"

    def __init__(
        self, file: IO[bytes], location: str, *, folder: str = "", limits: ArchiveLimits = DEFAULT_LIMITS
    ) -> None:
        """`folder`: only what is below this folder (github:owner/repo/folder), without the archive's own top folder."""
        self.location = location
        self.title = clean_line(PurePosixPath(location).name.partition(".")[0]) or "archive"
        self._files = [file]
        self._close = finalize(self, _close_all, self._files)
        self._folder = folder.strip("/")
        self._limits = limits
        self._members: dict[str, Member] | None = None
        self._problems: list[Problem] = []
        self._whole = True
        self._is_site = False

    def close(self) -> None:
        """Let go of the archive; its entries cannot be read after this. Happens by itself in the end."""
        self._close()

    def list_entries(self, known: Mapping[str, int]) -> Listing:
        """Compare the archive's directory with what is known. Raises SourceError when it cannot be read at all."""
        members = self._read_directory()
        records = {path: member for path, member in members.items() if may_be_record(path, self._is_site)}
        changed = [
            # The entry holds on to the source, whose end closes the file.
            Entry(path, member.signature, member.size, partial(self._read_member, member))
            for path, member in records.items()
            if known.get(path) != member.signature
        ]
        changed.sort(key=lambda entry: newest_first(entry.path), reverse=True)
        gone = tuple(path for path in known if path not in records) if self._whole else ()
        return Listing(tuple(changed), gone, len(records) - len(changed), tuple(self._problems))

    def site_signature(self) -> int:
        members = self._site_members()
        return hash(tuple((crc32(path.encode()), member.signature) for path, member in members)) if members else 0

    def read_site(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files that describe a site; one that cannot be read is left out."""
        for path, member in self._site_members():
            try:
                yield path, member.read()
            except SourceError:
                continue

    def _read_member(self, member: Member) -> bytes:
        return member.read()

    def _site_members(self) -> list[tuple[str, Member]]:
        members = self._read_directory()
        return sorted((path, members[path]) for path in members if self._is_site and is_site_file(path))

    def _read_directory(self) -> dict[str, Member]:
        if self._members is None:
            self._members = self._sorted_out(list(self._read_archive(self._files[0])))
            self._is_site = is_site(self._members)
        return self._members

    def _read_archive(self, file: IO[bytes]) -> Iterator[Member | Refused]:
        file.seek(0)
        kind = archive_kind(file.read(LOOK_BYTES))
        file.seek(0)
        if kind is None:
            raise SourceError("it is not an archive", location=self.location, temporary=False)
        if kind == "zip":
            return read_zip(file, self._limits)
        if kind == "tar":
            return read_tar(file, self._limits)
        unpacked, trouble = unpack(file, kind, self._limits)
        self._files.append(unpacked)
        return read_tar(unpacked, self._limits, trouble)

    def _sorted_out(self, found: list[Member | Refused]) -> dict[str, Member]:
        top = common_top([item.name for item in found if item.name and not why_refused(item.name)])
        members: dict[str, Member] = {}
        for item in found:
            name = item.name.removeprefix("./").removeprefix(top)
            path = shown_name(name)
            if self._folder:
                if not path.startswith(f"{self._folder}/"):
                    continue
                path = path.removeprefix(f"{self._folder}/")
            reason = item.reason if isinstance(item, Refused) else _why_not(name)
            if reason:
                self._whole = self._whole and bool(item.name)
                self._note(path if item.name else "", reason)
            elif isinstance(item, Member) and not _is_hidden(name):
                members[_free(path, members)] = replace(item, name=path)
        return members

    def _note(self, path: str, reason: str) -> None:
        if len(self._problems) < _PROBLEMS:
            self._problems.append(Problem("", path or clean_line(self.location), None, "", "refused", reason))


def _close_all(files: list[IO[bytes]]) -> None:
    for file in files:
        file.close()


def _why_not(name: str) -> str:
    return why_refused(name) or ("archives inside archives are not opened" if is_archive_name(name) else "")


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _free(path: str, taken: Mapping[str, object]) -> str:
    """Return a path nobody has: two names may look the same once they are clean."""
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{path} ({number})"
    return free
