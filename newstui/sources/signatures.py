"""Signatures of the files of a folder, and which of them are those of the last time."""

from __future__ import annotations

import os
from array import array
from zlib import crc32


class KnownSignatures:
    """The signatures of all known files, compared as a run of numbers as long as files are met in the same order."""

    def __init__(self, expected: array[int]) -> None:
        self._expected = expected
        """In the order of the last time; 0 of a file that was read, but may have changed since."""
        self.unchanged = 0
        """How many files are as they were; as long as they are met in the order of the last time, also the place of the
        signature that is expected next."""
        self._left: set[int] | None = None
        """Signatures that were not met yet, once another file than the expected one was."""
        self._met = array("q")
        """Signatures of unchanged files as they were met, from then on together with those before."""

    def __len__(self) -> int:
        return len(self._expected)

    def meet_all(self, signatures: array[int]) -> bool:
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

    def meet(self, signature: int) -> bool:
        """Say the same for one, as far as it can be said without giving up the order of the last time."""
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

    def meet_anywhere(self, signature: int) -> bool:
        """Say whether a file that was not expected here is unchanged, and go on without an order."""
        if self._left is None:
            self._left = set(self._expected[self.unchanged :])
            self._met = self._expected[: self.unchanged]
        return self.meet(signature)

    def left(self) -> set[int]:
        """Return the signatures that were not met."""
        return set(self._expected[self.unchanged :]) if self._left is None else self._left

    def new_order(self) -> array[int] | None:
        """Return the signatures in the order they were met, if it is another than the last time and none is left."""
        return None if self._left != set() or self._met == self._expected else self._met


def signatures_of(folder: int, names: list[bytes], base: int) -> array[int]:
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
    return array("q", found)
