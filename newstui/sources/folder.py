"""A folder of records at any depth, or the folder of a whole site. Only looks; what files mean is left to `formats/`.

Following links, it reads no folder twice, so loops end. What is not an ordinary file is never opened.
"""

from __future__ import annotations

import os
import re
import stat
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import gmtime
from typing import overload
from zlib import crc32

from newstui.errors import SourceError
from newstui.model import Problem, Severity
from newstui.sources.base import Entry, FileHandle, KnownEntries, Listing, known_entries
from newstui.sources.file import (
    DEFAULT_PAGE_BYTES,
    DEFAULT_RECORD_BYTES,
    kind_of,
    limit_for,
    read_file,
    show_path,
    signature_of,
)
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
_TITLE_LINE = re.compile(rb"""^title:[ \t]*(["']?)(.*?)\1[ \t]*\r?$""", re.MULTILINE)
_DATED_NAME = re.compile(rb"\d{4}-\d\d-\d\d-")


class FolderSource:
    """A folder of the local disk."""

    def __init__(
        self, location: str, *, record_bytes: int = DEFAULT_RECORD_BYTES, page_bytes: int = DEFAULT_PAGE_BYTES
    ) -> None:
        self.location = location
        self._root = os.fsencode(location)
        self.kind = "site" if is_site(self._root) else "folder"
        self._record_bytes = record_bytes
        self._page_bytes = page_bytes
        self.title = self._site_title() or clean_line(Path(location).name) or "folder"

    def _site_title(self) -> str:
        """Return the title line of a site's configuration without reading the rest of it; empty for none."""
        for path in self._site_files() if self.kind == "site" else ():
            if path.rpartition(b"/")[2].startswith(b"_config"):
                with suppress(SourceError):
                    found = _TITLE_LINE.search(read_file(FileHandle(path, 0), self._record_bytes)[0])
                    if found:
                        return clean_line(found[2].decode("utf-8", "replace"), 100)
            break
        return ""

    def list_entries(self, known: Mapping[str, int]) -> Listing:
        walk = _Walk(self._root, known_entries(known), self.kind == "site")
        walk.run()
        gone = walk.gone()
        walk.found.sort()
        changed = _Entries(walk.found, self._entry, range(len(walk.found.paths))) if walk.found.paths else ()
        order = None if changed or gone else walk.new_order()
        return Listing(changed, gone, walk.unchanged, tuple(walk.problems), are_files=True, order=order)

    def has_more_than(self, count: int) -> bool:
        """Say, as soon as it is known, whether there are more files and folders than that; hidden ones do not count."""
        waiting = [self._root]
        while waiting:
            with suppress(OSError), os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.name[:1] != b".":
                        count -= 1
                        if count < 0:
                            return True
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
        return False

    def _entry(self, relative: bytes, signature: int) -> Entry:
        absolute = os.path.join(self._root, relative)
        handle = FileHandle(absolute, crc32(relative))
        limit = limit_for(absolute, self._record_bytes, self._page_bytes)
        return Entry(path_of(relative), signature, -1, lambda: read_file(handle, limit)[0], handle)

    def site_signature(self) -> int:
        if self.kind != "site":
            return 0
        return hash(
            tuple(signature_of(os.stat(path), crc32(path)) for path in self._site_files() if os.path.isfile(path))
        )

    def read_site(self) -> Iterator[tuple[str, bytes]]:
        if self.kind != "site":
            return
        for path in self._site_files():
            try:
                data, _ = read_file(FileHandle(path, 0), self._record_bytes)
            except SourceError:
                continue
            yield path_of(path[len(self._root) :].lstrip(b"/")), data

    def _site_files(self) -> Iterator[bytes]:
        for name in (b"_config.yml", b"_config.yaml"):
            if os.path.isfile(os.path.join(self._root, name)):
                yield os.path.join(self._root, name)
                break
        for folder in (b"_data/topics", b"_data/organizations"):
            try:
                names = sorted(os.listdir(os.path.join(self._root, folder)))
            except OSError:
                continue
            for name in names:
                if name.endswith((b".yaml", b".yml", b".md")):
                    yield os.path.join(self._root, folder, name)


def is_site(root: bytes) -> bool:
    """Say whether a folder is laid out as a site: its configuration with at least one folder of records."""
    if not any(os.path.isfile(os.path.join(root, name)) for name in (b"_config.yml", b"_config.yaml")):
        return False
    with os.scandir(root) as entries:
        return any(
            entry.name.startswith(b"_") and entry.name not in SITE_FOLDERS_LEFT_OUT and entry.is_dir()
            for entry in entries
        )


def path_of(relative: bytes) -> str:
    """Return the path by which a file is known and shown; odd names get a number, so that no two become one."""
    try:
        exact = relative.decode("utf-8")
    except UnicodeDecodeError:
        return f"{show_path(relative)}~{crc32(relative):08x}"
    shown = exact if exact.isascii() and exact.isprintable() else clean_line(exact)
    return exact if shown == exact else f"{shown}~{crc32(relative):08x}"


class _Found:
    """Files that are new or changed: as little of each as can be, for there may be a million."""

    def __init__(self) -> None:
        self.paths: list[bytes] = []
        """Inside the folder."""
        self.signatures = array("q")
        """0 where it was not asked for."""
        self.modified = array("q")
        """Time of the last change in ns, 0 where it was not asked for."""

    def add(self, path: bytes, signature: int, modified_ns: int) -> None:
        self.paths.append(path)
        self.signatures.append(signature)
        self.modified.append(modified_ns)

    def remove(self, path: bytes, start: int) -> None:
        """Take a file out if it was found as the `start`-th or later."""
        with suppress(ValueError):
            place = self.paths.index(path, start)
            for column in (self.paths, self.signatures, self.modified):
                del column[place]

    def sort(self) -> None:
        """Put the newest first."""
        keys = list(map(_age_of, self.paths, self.modified))
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
        self.paths = list(map(self.paths.__getitem__, order))
        self.signatures = array("q", map(self.signatures.__getitem__, order))
        self.modified = array("q")


class _Entries(Sequence[Entry]):
    """Entries that are made each time one is asked for."""

    def __init__(self, found: _Found, make: Callable[[bytes, int], Entry], places: range) -> None:
        self._found = found
        self._make = make
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return _Entries(self._found, self._make, self._places[index])
        place = self._places[index]
        return self._make(self._found.paths[place], self._found.signatures[place])

    def __iter__(self) -> Iterator[Entry]:
        paths, signatures = self._found.paths, self._found.signatures
        return (self._make(paths[place], signatures[place]) for place in self._places)


def _age_of(path: bytes, modified_ns: int) -> bytes:
    """Return what to sort by: the date in the name, else that of the last change, then the name."""
    name = path[path.rfind(b"/") + 1 :]
    if _DATED_NAME.match(name):
        return name[:10] + b"\0" + name
    if not modified_ns:
        return b"0\0" + name
    when = gmtime(modified_ns // 1_000_000_000)
    return b"%04d-%02d-%02d\0%b" % (when.tm_year, when.tm_mon, when.tm_mday, name)


class _Walk:
    """One look at a folder and everything below."""

    def __init__(self, root: bytes, known: KnownEntries, site: bool) -> None:
        self.root = root
        self.known = known
        self.site = site
        self._expected = known.load_signatures()
        """Of all known files; 0 of one that was read, but may have changed since."""
        self.first_time = not self._expected
        self.unchanged = 0
        """How many files are as they were; as long as they are met in the order of the last time, also the place of the
        signature that is expected next."""
        self._left: set[int] | None = None
        """Signatures that were not met yet, once another file than the expected one was."""
        self._met = array("q")
        """Signatures of unchanged files as they were met, from then on together with those before."""
        self.found = _Found()
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
                signatures = array("q", _signatures(descriptor, names, base))
                if self._are_unchanged(signatures):
                    continue
                for name, signature in zip(names, signatures, strict=True):
                    if not self._is_unchanged(signature) and name[:1] != b".":
                        self._look_closer(absolute, prefix + name, name, folders)
        finally:
            os.close(descriptor)

    def _are_unchanged(self, signatures: array[int]) -> bool:
        """Say whether all these are of unchanged files; if so they are counted."""
        left, start = self._left, self.unchanged
        if left is None:
            if self._expected[start : start + len(signatures)] != signatures:
                return False
        elif left.issuperset(signatures):  # which brings near what is then taken out
            left.difference_update(signatures)
            self._met.extend(signatures)
        else:
            return False
        self.unchanged += len(signatures)
        return True

    def _is_unchanged(self, signature: int) -> bool:
        """The same for one, as far as it can be said without giving up the order of the last time."""
        if self._left is None:
            if self.unchanged == len(self._expected) or self._expected[self.unchanged] != signature:
                return False
        elif signature in self._left:
            self._left.discard(signature)
            self._met.append(signature)
        else:
            return False
        self.unchanged += 1
        return True

    def _is_elsewhere(self, signature: int) -> bool:
        """Say whether a file that was not expected here is unchanged, and go on without an order."""
        if self._left is None:
            self._left = set(self._expected[self.unchanged :])
            self._met = self._expected[: self.unchanged]
        return self._is_unchanged(signature)

    def new_order(self) -> array[int] | None:
        """Return the signatures in the order they were met, if it is another than the last time and none is left."""
        return None if self._left != set() or self._met == self._expected else self._met

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
            if self.first_time or not self._is_elsewhere(signature):
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
        left = set(self._expected[self.unchanged :]) if self._left is None else self._left
        if not left:
            return ()
        changed = set(map(path_of, self.found.paths))
        missing = [path for path in self.known.find_paths(left) if path not in changed]
        return tuple(path for path in missing if not any(path.startswith(folder + "/") for folder in self._unseen))

    def _note(self, relative: bytes, reason: str, severity: Severity = "note") -> None:
        self.problems.append(Problem("", path_of(relative) or ".", None, "", severity, reason))


def _signatures(folder: int, names: list[bytes], base: int) -> list[int]:
    """Return the signature of whatever has these names now; -1, which no hash is, for what cannot be asked for.

    The body of the loop is `signature_of`: a call would cost as much as the hash.

    Args:
        folder: its descriptor.
        base: CRC-32 of what stands before the names in the path inside the collection.
    """
    found: list[int] = []
    add, look, waiting = found.append, os.stat, iter(names)
    while len(found) < len(names):
        try:
            for name in waiting:
                now = look(name, dir_fd=folder)
                add(hash((crc32(name, base), now.st_mtime_ns, now.st_size, now.st_ino, now.st_ctime_ns)))
        except OSError:
            add(-1)
    return found


def _why_not(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it does not exist"
    if isinstance(error, PermissionError):
        return "no permission"
    return error.strerror or str(error)
