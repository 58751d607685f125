"""Is it an archive? Told by its first bytes alone; names and content types lie."""

from __future__ import annotations

from typing import Literal

ArchiveKind = Literal["zip", "tar", "gzip", "xz", "bzip2"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MAGIC_AT = 257
"""POSIX.1-1988 ustar header; GNU tar has the same five letters."""
LOOK_BYTES = 512
"""So many bytes tell."""


def archive_kind(beginning: bytes) -> ArchiveKind | None:
    """Return what kind of archive begins so, None when it is none."""
    if beginning.startswith(_ZIP):
        return "zip"
    if beginning.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if beginning.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    if beginning.startswith(b"BZh") and beginning[4:10] == b"1AY&SY":
        return "bzip2"
    if beginning[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return "tar"
    return None
