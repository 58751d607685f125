"""Zip archives, read in place member by member: nothing is unpacked to disk, nothing grows beyond its limit.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. Stored and deflated members only: with other
methods a small read can take hundreds of megabytes in Python's zipfile.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import IO

from newstui.errors import SourceError
from newstui.sources.archive_member import ArchiveLimits, Member, Refused

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_RATIO = 200
_RATIO_FROM = 10_000_000


def read_zip(file: IO[bytes], limits: ArchiveLimits) -> Iterator[Member | Refused]:
    """Yield what the directory lists, the last of several members with one name. Raises SourceError for the whole."""
    try:
        archive = zipfile.ZipFile(file)
        listed = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SourceError("the archive is incomplete or damaged", temporary=False) from error
    _check_whole(listed, limits)
    last = {info.filename: info for info in listed}
    for info in listed:
        if last[info.filename] is not info:
            yield Refused(info.filename, "a later member has the same name; that one counts")
        elif not info.is_dir():
            yield _judge(archive, info, limits)


def _check_whole(listed: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(listed) > limits.members:
        raise SourceError(f"the archive has more than {limits.members} members", temporary=False)
    by_place = sorted(listed, key=lambda info: info.header_offset)
    for before, after in pairwise(by_place):
        if before.header_offset + before.compress_size > after.header_offset:
            raise SourceError("members of the archive share the same bytes, as only bombs do", temporary=False)
    unpacked = sum(min(info.file_size, limits.member_bytes(info.filename)) for info in listed)
    packed = sum(info.compress_size for info in listed)
    if unpacked > limits.total_bytes:
        raise SourceError(f"the archive holds more than {limits.total_bytes // 1_000_000} MB", temporary=False)
    if unpacked > _RATIO_FROM and unpacked > packed * _RATIO:
        raise SourceError("the archive would grow more than two hundredfold, as only bombs do", temporary=False)


def _judge(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: ArchiveLimits) -> Member | Refused:
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Refused(info.filename, "it is a link or device, not a file")
    if info.flag_bits & _ENCRYPTED:
        return Refused(info.filename, "it needs a password")
    if info.compress_type not in _METHODS:
        return Refused(info.filename, "it is compressed in a way newstui does not read")
    limit = limits.member_bytes(info.filename)
    if info.file_size > limit:
        return Refused(info.filename, f"it is bigger than {limit // 1_000_000} MB")
    signature = hash((info.CRC, info.file_size, *info.date_time)) or 1
    return Member(info.filename, info.file_size, signature, partial(_read, archive, info, limit))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    try:
        with archive.open(info) as member:
            data = member.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise SourceError("it is damaged inside the archive", temporary=False) from error
    if len(data) > limit:
        raise SourceError(f"it is bigger than {limit // 1_000_000} MB", temporary=False)
    return data
