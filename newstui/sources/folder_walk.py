"""Looking at a folder and everything below it: which files may be records, and which of them are not as they were.

Following links, it reads no folder twice, so loops end. What is not an ordinary file is never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from zlib import crc32

from newstui.errors import SourceError
from newstui.model import Problem, Severity
from newstui.sources.base import KnownEntries
from newstui.sources.file import kind_of, show_path, signature_of
from newstui.sources.found_files import FoundFiles
from newstui.sources.signatures import KnownSignatures, signatures_of
from newstui.text import clean_line

NOT_RECORDS = frozenset(
    b".png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .avif .mp3 .mp4 .m4a .webm .ogg .wav .pdf .zip .gz .xz .bz2 "
    b".tar .7z .css .scss .js .mjs .ts .py .pyc .rb .sh .woff .woff2 .ttf .otf .eot .db .sqlite .exe .so .dll".split()
)
"""Endings of files that are not even looked into."""
SITE_FOLDERS_LEFT_OUT = frozenset(
    b"_data _newsletters _layouts _includes _sass _site _plugins _assets _sponsorships".split()
)
"""Underscore folders of a site that hold no records; all other underscore folders are collections of records."""
MAX_DEPTH = 64
"""Folders within folders; deeper ones are left out with a note."""
_NAMES_AT_ONCE = 4_096
"""Of a folder of a million files, so many names are held at a time."""


class FolderWalk:
    """One look at a folder and everything below."""

    def __init__(self, root: bytes, known: KnownEntries, site: bool) -> None:
        self.root = root
        self.known = known
        self.site = site
        self.signatures = KnownSignatures(known.load_signatures())
        self.first_time = not self.signatures
        self.found = FoundFiles()
        """What is new or changed."""
        self.problems: list[Problem] = []
        self._unseen: list[str] = []
        """Folders that could not be read; what was known below them is not gone."""
        self._folders: set[tuple[int, int]] = set()

    def run(self) -> None:
        waiting: list[tuple[bytes, bytes, int]] = [(self.root, b"", 0)]
        while waiting:
            absolute, relative, depth = waiting.pop()
            if not self._enter(absolute, relative, depth):
                continue
            found_before = len(self.found.paths)
            folders = self._look_into(absolute, relative)
            if b"page" in folders and os.path.isfile(os.path.join(absolute, b"index.json")):
                folders = self._only_pages(relative, found_before)
            for name in sorted(folders, reverse=True):
                if not self._is_left_out(name, relative):
                    below = relative + b"/" + name if relative else name
                    waiting.append((os.path.join(absolute, name), below, depth + 1))

    def _enter(self, absolute: bytes, relative: bytes, depth: int) -> bool:
        """Say whether a folder is looked into; if not, the reason is noted where there is one to tell."""
        try:
            status = os.stat(absolute)
        except OSError as error:
            self._cannot_read(relative, error)
            return False
        if (status.st_dev, status.st_ino) in self._folders:
            self._note(relative, "a link to a folder that is read already; not followed")
            return False
        self._folders.add((status.st_dev, status.st_ino))
        if depth > MAX_DEPTH:
            self._note(relative, f"more than {MAX_DEPTH} folders deep; left out")
            self._unseen.append(path_of(relative))
            return False
        return True

    def _look_into(self, absolute: bytes, relative: bytes) -> list[bytes]:
        """Note what is in a folder; return the folders in it."""
        folders: list[bytes] = []
        look = self._look_first if self.first_time else self._look
        try:
            with os.scandir(absolute) as entries:
                look(absolute, relative, entries, folders)
        except OSError as error:
            self._cannot_read(relative, error)
        return folders

    def _cannot_read(self, relative: bytes, error: OSError) -> None:
        if not relative:
            raise SourceError(_why_not(error), location=show_path(self.root)) from error
        self._note(relative, f"the folder cannot be read: {_why_not(error)}", "refused")
        self._unseen.append(path_of(relative))

    def _look_first(
        self, absolute: bytes, relative: bytes, entries: Iterator[os.DirEntry[bytes]], folders: list[bytes]
    ) -> None:
        """Collect the files of a folder without asking for their times."""
        prefix = relative + b"/" if relative else b""
        for entry in entries:
            name = entry.name
            if name[:1] == b".":
                continue
            if entry.is_file(follow_symlinks=False):
                if name[name.rfind(b".") :].lower() not in NOT_RECORDS and self._is_wanted(relative):
                    self.found.add(prefix + name, 0, 0)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(name)
            else:
                self._look_closer(absolute, prefix + name, name, folders)

    def _look(
        self, absolute: bytes, relative: bytes, entries: Iterator[os.DirEntry[bytes]], folders: list[bytes]
    ) -> None:
        """Compare the files of a folder with what is known.

        Beyond a bare walk with stat, an unchanged file costs one hash, and nothing is kept of it but its signature; any
        other is asked for twice.
        """
        prefix = relative + b"/" if relative else b""
        base = crc32(prefix)
        descriptor = os.open(absolute, os.O_RDONLY)
        try:
            while names := [entry.name for entry in islice(entries, _NAMES_AT_ONCE)]:
                signatures = signatures_of(descriptor, names, base)
                if self.signatures.meet_all(signatures):
                    continue
                for name, signature in zip(names, signatures, strict=True):
                    if not self.signatures.meet(signature) and name[:1] != b".":
                        self._look_closer(absolute, prefix + name, name, folders)
        finally:
            os.close(descriptor)

    def _only_pages(self, relative: bytes, found_before: int) -> list[bytes]:
        """Leave of a published list its numbered pages.

        ``index.json`` is the first of them again, ``page2`` their old address, and what lies in other folders are lists
        of one topic and single articles: all of it is on the pages.
        """
        self.found.remove(relative + b"/index.json" if relative else b"index.json", found_before)
        return [b"page"]

    def _look_closer(self, absolute: bytes, inside: bytes, name: bytes, folders: list[bytes]) -> None:
        """Take links as what they lead to; note what leads nowhere and what is no file."""
        path = os.path.join(absolute, name)
        try:
            status = os.stat(path)
        except OSError as error:
            if os.path.islink(path):
                self._note(inside, f"a link that leads nowhere ({_why_not(error)})")
            return
        if stat.S_ISDIR(status.st_mode):
            if os.path.islink(path) and self._holds_us(path):
                self._note(inside, "a link to a folder that this collection lies in; not followed")
            else:
                folders.append(name)
        elif not stat.S_ISREG(status.st_mode):
            self._note(inside, f"{kind_of(status.st_mode)}, not a file")
        elif name[name.rfind(b".") :].lower() not in NOT_RECORDS and self._is_wanted(inside.rpartition(b"/")[0]):
            signature = 0 if self.first_time else signature_of(status, crc32(inside))
            if self.first_time or not self.signatures.meet_anywhere(signature):
                self.found.add(inside, signature, status.st_mtime_ns)

    def _holds_us(self, path: bytes) -> bool:
        """Say whether a link leads up: to the home folder, or to ``/``, with everything there is."""
        target, root = os.path.realpath(path), os.path.realpath(self.root)
        return root == target or root.startswith(target.rstrip(b"/") + b"/")

    def _is_wanted(self, relative: bytes) -> bool:
        """Say whether files of this folder may be records; those beside a site's configuration are not."""
        return bool(relative) or not self.site

    def _is_left_out(self, name: bytes, relative: bytes) -> bool:
        """Say whether a folder is none of ours: hidden, or a part of a site that is not a collection."""
        if name.startswith(b"."):
            return True
        if not self.site or relative:
            return False
        return not name.startswith(b"_") or name in SITE_FOLDERS_LEFT_OUT

    def gone(self) -> tuple[str, ...]:
        """Return the known paths that were not met, apart from those that changed or could not be seen."""
        left = self.signatures.left()
        if not left:
            return ()
        changed = set(map(path_of, self.found.paths))
        missing = [path for path in self.known.find_paths(left) if path not in changed]
        return tuple(path for path in missing if not any(path.startswith(folder + "/") for folder in self._unseen))

    def _note(self, relative: bytes, reason: str, severity: Severity = "note") -> None:
        self.problems.append(Problem("", path_of(relative) or ".", None, "", severity, reason))


def _why_not(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it does not exist"
    if isinstance(error, PermissionError):
        return "no permission"
    return error.strerror or str(error)


def path_of(relative: bytes) -> str:
    """Return the path by which a file is known and shown; odd names get a number, so that no two become one."""
    try:
        exact = relative.decode("utf-8")
    except UnicodeDecodeError:
        return f"{show_path(relative)}~{crc32(relative):08x}"
    shown = exact if exact.isascii() and exact.isprintable() else clean_line(exact)
    return exact if shown == exact else f"{shown}~{crc32(relative):08x}"
