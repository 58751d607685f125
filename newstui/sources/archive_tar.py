"""Tar archives, plain or packed with gzip, xz or bzip2, read member by member; nothing is unpacked to disk.

Python's tarfile parses the headers only. A packed one is first decompressed, within limits, into memory or
(above 32 MB) a file without a name, because reading single members out of a packed stream starts over each time.
"""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol, cast

from newstui.errors import SourceError
from newstui.sources.archive_kind import ArchiveKind
from newstui.sources.archive_member import ArchiveLimits, Member, Refused

_STEP = 65_536
_IN_MEMORY = 32_000_000
_RATIO = 200
_RATIO_FROM = 10_000_000
_LZMA_MEMORY = 128_000_000
"""Bytes a dictionary may take; ``xz -9`` needs 65 MB to unpack."""
_BLOCK = 512


class _Decompressor(Protocol):
    """What bz2, lzma and the gzip wrapper below have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gunzip:
    """zlib with the interface of bz2 and lzma."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


def read_tar(file: IO[bytes], limits: ArchiveLimits, trouble: str = "") -> Iterator[Member | Refused]:
    """Yield what a plain tar archive holds, in its order. Raises SourceError when it is none.

    `trouble` says why it is known to end early.
    """
    yield from _members(file, limits, complete=not trouble)
    if trouble:
        yield Refused("", trouble)


def unpack(file: IO[bytes], kind: ArchiveKind, limits: ArchiveLimits) -> tuple[IO[bytes], str]:
    """Decompress as far as limits and damage allow; returns what came out and why there is no more.

    Whoever gets the file closes it. Raises SourceError when nothing comes out.
    """
    out = cast(IO[bytes], SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
    try:
        return out, _unpack_into(out, file, kind, limits)
    except BaseException:
        out.close()
        raise


def _unpack_into(out: IO[bytes], file: IO[bytes], kind: ArchiveKind, limits: ArchiveLimits) -> str:
    unpacker = _new_decompressor(kind)
    read = written = 0
    try:
        while not unpacker.eof:
            chunk = file.read(_STEP) if unpacker.needs_input else b""
            if not chunk and unpacker.needs_input:
                return "the archive is cut short: its compressed data ends early"
            read += len(chunk)
            data = unpacker.decompress(chunk, _STEP)
            written += len(data)
            if written > limits.total_bytes:
                return f"the archive holds more than {limits.total_bytes // 1_000_000} MB; the rest is not read"
            if written > _RATIO_FROM and written > read * _RATIO:
                return "the archive grows more than two hundredfold, as only bombs do; the rest is not read"
            out.write(data)
    except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
        if not written:
            raise SourceError("the archive is damaged", temporary=False) from error
        return "the archive is damaged; the rest cannot be read"
    return ""


def _new_decompressor(kind: ArchiveKind) -> _Decompressor:
    if kind == "xz":
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)
    return bz2.BZ2Decompressor() if kind == "bzip2" else _Gunzip()


def _members(file: IO[bytes], limits: ArchiveLimits, complete: bool) -> Iterator[Member | Refused]:
    """Walk the headers. tarfile ends silently at a damaged or missing one, so the end is looked at here."""
    size = file.seek(0, 2)
    file.seek(0)
    try:
        archive = tarfile.TarFile(fileobj=file, mode="r", errors="surrogateescape")
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise SourceError("it is not an archive of files", temporary=False) from error
    found: dict[str, Member | Refused] = {}
    total = 0
    while (info := _next(archive)) is not None:
        vars(archive)["members"] = []  # tarfile remembers every header; 200,000 of them take 300 MB
        if len(found) >= limits.members:
            raise SourceError(f"the archive has more than {limits.members} members", temporary=False)
        if info.isdir():
            continue
        if info.name in found:
            yield Refused(info.name, "a later member has the same name; that one counts")
        if info.offset_data + info.size > size:
            found[info.name] = Refused(info.name, "it is cut off: the archive ends before it does")
            complete = False
            break
        found[info.name] = judged = _judge(file, info, limits)
        total += judged.size if isinstance(judged, Member) else 0
        if total > limits.total_bytes:
            raise SourceError(f"the archive holds more than {limits.total_bytes // 1_000_000} MB", temporary=False)
    else:
        if complete and not _ends_properly(file, archive.offset, size):
            yield Refused("", "the archive has no end mark; it may be cut short")
    yield from found.values()
    if not complete and found and isinstance(list(found.values())[-1], Refused):
        yield Refused("", "the archive is cut short")


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        return archive.next()
    except (tarfile.TarError, OSError, ValueError, EOFError, OverflowError, MemoryError):
        return None


def _ends_properly(file: IO[bytes], offset: int, size: int) -> bool:
    """Say whether a block of zeros stands where the next header would be (POSIX pax, "end-of-archive")."""
    if offset >= size:
        return False
    file.seek(offset)
    block = file.read(_BLOCK)
    return len(block) == _BLOCK and not block.strip(b"\0")


def _judge(file: IO[bytes], info: tarfile.TarInfo, limits: ArchiveLimits) -> Member | Refused:
    if not info.isreg() or info.issparse():
        return Refused(info.name, "it is a link, device or pipe, not a file")
    limit = limits.member_bytes(info.name)
    if info.size > limit:
        return Refused(info.name, f"it is bigger than {limit // 1_000_000} MB")
    place = info.offset_data
    file.seek(place)
    checksum = zlib.crc32(file.read(info.size))
    signature = hash((checksum, info.size, int(info.mtime))) or 1
    return Member(info.name, info.size, signature, partial(_read, file, place, info.size))


def _read(file: IO[bytes], place: int, size: int) -> bytes:
    try:
        file.seek(place)
        data = file.read(size)
    except (OSError, ValueError) as error:
        raise SourceError("it cannot be read from the archive", temporary=False) from error
    if len(data) < size:
        raise SourceError("it is cut off", temporary=False)
    return data
