"""Many small numbers out of SQLite at once: as one JSON array of equally long numbers, never as Python numbers of SQL.

A million of them take 0.15 s so, 0.20 s through the JSON reader, 0.36 s as rows (SQLite 3.40, 2026-11-28).
"""

from __future__ import annotations

import json
import sys
from array import array
from binascii import unhexlify

FIRST = 1_000_000
"""What SQL adds to each number, so that all have seven digits."""
REACH = 1_000_000
"""Numbers are less than this."""
_SLICE = 8 << 16
"""Characters turned at once, so that no other thread waits long for Python."""
_SPARSE = 10
"""Where fewer than one in so many is there, the JSON reader is quicker than cutting out gaps."""
_ZEROS = bytes(0x30 if code in b"[," else code for code in range(256))


def flags_of_distances(text: str, size: int) -> bytes:
    """Return one byte per number 0 … size-1: 1 where `text`, the JSON array, holds it with `FIRST` added.

    Decimal digits are read as hexadecimal ones, four bytes a number: so places have gaps, which are cut out at the
    end. Numbers from `size` to `REACH` are left out. There has to be one at least.
    """
    if count_of(text) * _SPARSE < size:
        few = bytearray(size)
        for number in json.loads(text):
            if number - FIRST < size:
                few[number - FIRST] = 1
        return bytes(few)
    digits = text[:-1].encode().translate(_ZEROS)
    highest = max(size - 1, int(text[1:8]) - FIRST, last_distance(text))  # they come in order, either way
    flags = bytearray(int(str(highest), 16) + 0x200)
    for start in range(0, len(digits), _SLICE):
        raw = bytearray(unhexlify(digits[start : start + _SLICE]))
        raw[0::4] = bytes(len(raw) // 4)
        places = array("I", raw)
        if sys.byteorder == "little":
            places.byteswap()
        for place in places:
            flags[place] = 1
    hundreds = [int(f"{hundred}00", 16) for hundred in range(size // 100 + 1)]
    tens = b"".join([flags[start : start + 0xA0] for start in hundreds])
    found = bytearray(len(tens) // 16 * 10)
    for digit in range(10):
        found[digit::10] = tens[digit::16]
    return bytes(found[:size])


def last_distance(text: str) -> int:
    """Return the last number of an array that is not empty."""
    return int(text[-8:-1]) - FIRST


def count_of(text: str) -> int:
    """Return how many numbers an array holds."""
    return len(text) // 8
