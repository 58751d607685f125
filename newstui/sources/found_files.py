"""Files that were found new or changed in a folder, newest first: a million of them in little memory."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from time import gmtime
from typing import overload

from newstui.sources.base import Entry

_DATED_NAME = re.compile(rb"\d{4}-\d\d-\d\d-")


class FoundFiles:
    """As little of each file as can be."""

    def __init__(self) -> None:
        self.paths: list[bytes] = []
        """Inside the folder."""
        self.signatures = array("q")
        """0 where it was not asked for."""
        self._modified = array("q")
        """Time of the last change in ns, 0 where it was not asked for."""

    def add(self, path: bytes, signature: int, modified_ns: int) -> None:
        self.paths.append(path)
        self.signatures.append(signature)
        self._modified.append(modified_ns)

    def remove(self, path: bytes, start: int) -> None:
        """Take a file out if it was found as the `start`-th or later."""
        with suppress(ValueError):
            place = self.paths.index(path, start)
            for column in (self.paths, self.signatures, self._modified):
                del column[place]

    def sort(self) -> None:
        """Put the newest first."""
        keys = list(map(_age_of, self.paths, self._modified))
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
        self.paths = list(map(self.paths.__getitem__, order))
        self.signatures = array("q", map(self.signatures.__getitem__, order))
        self._modified = array("q")


def _age_of(path: bytes, modified_ns: int) -> bytes:
    """Return what to sort by: the date in the name, else that of the last change, then the name."""
    name = path[path.rfind(b"/") + 1 :]
    if _DATED_NAME.match(name):
        return name[:10] + b"\0" + name
    if not modified_ns:
        return b"0\0" + name
    when = gmtime(modified_ns // 1_000_000_000)
    return b"%04d-%02d-%02d\0%b" % (when.tm_year, when.tm_mon, when.tm_mday, name)


class LazyEntries(Sequence[Entry]):
    """Entries that are made each time one is asked for."""

    def __init__(self, found: FoundFiles, make: Callable[[bytes, int], Entry], places: range) -> None:
        self._found = found
        self._make = make
        """Path inside the folder and signature → entry."""
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return LazyEntries(self._found, self._make, self._places[index])
        place = self._places[index]
        return self._make(self._found.paths[place], self._found.signatures[place])

    def __iter__(self) -> Iterator[Entry]:
        paths, signatures = self._found.paths, self._found.signatures
        return (self._make(paths[place], signatures[place]) for place in self._places)
