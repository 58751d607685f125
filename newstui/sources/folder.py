"""A folder of records at any depth, or the folder of a whole site. Only looks; what files mean is left to `formats/`.

Walking through it is `folder_walk.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from newstui.errors import SourceError
from newstui.sources.base import Entry, FileHandle, Listing, known_entries
from newstui.sources.file import DEFAULT_PAGE_BYTES, DEFAULT_RECORD_BYTES, limit_for, read_file, signature_of
from newstui.sources.folder_walk import SITE_FOLDERS_LEFT_OUT, FolderWalk, path_of
from newstui.sources.found_files import LazyEntries
from newstui.text import clean_line

_TITLE_LINE = re.compile(rb"""^title:[ \t]*(["']?)(.*?)\1[ \t]*\r?$""", re.MULTILINE)


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
        walk = FolderWalk(self._root, known_entries(known), self.kind == "site")
        walk.run()
        found, gone = walk.found, walk.gone()
        found.sort()
        changed = LazyEntries(found, self._entry, range(len(found.paths))) if found.paths else ()
        order = None if changed or gone else walk.signatures.new_order()
        return Listing(changed, gone, walk.signatures.unchanged, tuple(walk.problems), are_files=True, order=order)

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
