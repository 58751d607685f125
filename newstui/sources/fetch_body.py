"""The body of an answer, undone step by step so that a few hundred bytes cannot become a few hundred megabytes.

httpx would decompress whole chunks without a limit (measured: 304 bytes of brotli made 200 MB), so it hands
over the raw bytes and the counting is done here.
"""

from __future__ import annotations

import zlib

from newstui.errors import SourceError
from newstui.text import clean_line

_STEP = 65_536
"""Bytes decompressed at a time, so that memory follows the limit and not the bomb."""


class Inflater:
    """Collects a body, raw or gzip, up to a limit both before and after decompression."""

    def __init__(self, coding: str, limit_bytes: int) -> None:
        """`coding` is the Content-Encoding header. Raises SourceError for one that was not asked for."""
        self._gzip = coding.strip().lower() in ("gzip", "x-gzip")
        if not self._gzip and coding.strip().lower() not in ("", "identity"):
            raise SourceError(f"the answer is packed in a way nobody asked for ({clean_line(coding, 40)})")
        self._inflate = zlib.decompressobj(wbits=31)
        self._limit = limit_bytes
        self._came = False
        self._parts: list[bytes] = []
        self.size = 0
        """Bytes collected so far, decompressed."""

    def feed(self, chunk: bytes) -> None:
        """Take what came. Raises SourceError (too big, not gzip although it says so)."""
        self._came = self._came or bool(chunk)
        if not self._gzip:
            self._keep(chunk)
            return
        try:
            while chunk and not self._inflate.eof:
                self._keep(self._inflate.decompress(chunk, _STEP))
                chunk = self._inflate.unconsumed_tail
        except zlib.error as error:
            raise SourceError("the answer says it is gzip, and is not") from error

    def finish(self) -> bytes:
        """Return the whole body. Raises SourceError when the compressed data ends early."""
        if self._gzip and self._came and not self._inflate.eof:
            raise SourceError("the answer was cut off: its compressed data ends early")
        return b"".join(self._parts)

    def take(self) -> bytes:
        """Return what was collected since the last call and let go of it; the limit goes on counting."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data

    def peek(self) -> bytes:
        """Return what was collected since the last `take`."""
        return b"".join(self._parts)

    def raise_limit(self, limit_bytes: int) -> None:
        """Allow more: the answer turned out to be an archive."""
        self._limit = limit_bytes

    def _keep(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._limit:
            raise too_big(self._limit)
        self._parts.append(data)


def too_big(limit_bytes: int) -> SourceError:
    """Return the error that names the limit that was hit."""
    return SourceError(f"it is bigger than {limit_bytes // 1_000_000} MB", temporary=False)
