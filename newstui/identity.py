"""Who an article is: one 64-bit key from its address, the same everywhere; and the short id people type.

The key is what marks hang on, so `canonical_url` may only change together with a migration of the marks
store (which keeps the address beside the key for that purpose).
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from newstui.text import fold, words

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, lower case: no i, l, o, u (https://www.crockford.com/base32.html)."""
_ID_LENGTH = 13
"""64 bits in 5-bit digits."""


def key_of(identity: str) -> int:
    """Return the signed 64-bit key of an identity (a canonical address, or a ``name:`` for records without)."""
    digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def format_id(key: int) -> str:
    """Return the id people see and type: 13 lower-case letters and digits."""
    number = key & 0xFFFF_FFFF_FFFF_FFFF
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_ID_LENGTH - 1), -1, -5))


def parse_id(text: str) -> tuple[int, int] | None:
    """Return the lowest and highest unsigned 64-bit number whose id begins with `text`, or None if none can."""
    if not text or len(text) > _ID_LENGTH:
        return None
    number = 0
    for letter in text.lower():
        digit = _ALPHABET.find(letter)
        if digit < 0:
            return None
        number = number << 5 | digit
    shift = 5 * (_ID_LENGTH - len(text))
    low, high = number << shift, (number + 1 << shift) - 1
    return (low, min(high, 0xFFFF_FFFF_FFFF_FFFF)) if low <= 0xFFFF_FFFF_FFFF_FFFF else None


def identity_of_name(kind: str, title: str, published: datetime | None) -> str:
    """Return the identity of an article without an address: its kind, its title as compared, its day."""
    day = "" if published is None else published.date().isoformat()
    return f"name:{fold(kind)}/{' '.join(words(fold(title))) or title}/{day}"
