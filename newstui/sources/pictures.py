"""The bytes of pictures: from a collection's own folder, from the web when it may be asked, kept in the cache.

Whether the web may be asked is decided above (`library/pictures.py`). Decoding happens in a program of its own.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from newstui.errors import SourceError
from newstui.sources import picture_decoder
from newstui.sources.picture_decoder import MOST_BYTES, Decoded

Fetch = Callable[[str], bytes]
"""Gets a picture from the web. Raises SourceError. Called from a thread, never unasked."""

_DECODE_SECONDS = 8.0
"""Start of the program (0.2 s) and decoding; 16 million pixels take about 1 s."""
_MOST_CACHED_BYTES = 100_000_000
_ASSETS = "/assets/"
"""Where a site of the record format keeps its pictures, below its folder and below its address alike."""


class Graphics(NamedTuple):
    """What a graphics terminal wants besides the pixels."""

    form: Literal["png", "sixel"]
    width: int
    """Pixels, at most."""
    height: int


def find_local(url: str, root: Path | None) -> Path | None:
    """Return the file of a collection's own folder that a picture's address means; None when there is none.

    Nothing outside of the folder is ever found, whatever links and dots the address is made of.
    """
    if root is None:
        return None
    path = unquote(urlsplit(url).path) if "://" in url else unquote(url)
    if "://" in url or not path.startswith("/"):
        at = path.find(_ASSETS)
        if at < 0:
            return None
        path = path[at:]
    try:
        home = root.resolve(strict=True)
        file = (home / path.lstrip("/")).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return file if file.is_relative_to(home) and file.is_file() else None


def read_local(file: Path) -> bytes:
    """Return the bytes of a picture file. Raises SourceError."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError("not a file", location=str(file), temporary=False)
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read", location=str(file)) from error
    return _checked(data)


def _checked(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise SourceError(f"larger than {MOST_BYTES // 1_000_000} MB", temporary=False)
    return data


class PictureCache:
    """Pictures of the web as they came, in files named by their address."""

    def __init__(self, folder: Path, most_bytes: int = _MOST_CACHED_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def get(self, url: str, fetch: Fetch) -> bytes:
        """Return a picture from the cache, else fetch and keep it. Raises SourceError."""
        file = self._folder / blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        if file.is_file():
            try:
                data = read_local(file)
                os.utime(file)
                return data
            except (SourceError, OSError):
                pass  # a cache may be gone or damaged at any time: fetch it again
        data = _checked(fetch(url))
        self._keep(file, data)
        return data

    def _keep(self, file: Path, data: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = file.with_name(f"{file.name}.{os.getpid()}.part")
            part.write_bytes(data)
            os.replace(part, file)
            self._prune()
        except OSError:
            return  # a full or read-only disk costs the cache, not the picture

    def _prune(self) -> None:
        """Drop what was not looked at for longest until the folder is small enough."""
        files = sorted(((entry.stat(), entry.path) for entry in os.scandir(self._folder) if entry.is_file()),
                       key=lambda found: found[0].st_mtime)  # fmt: skip
        total = sum(status.st_size for status, _ in files)
        for status, path in files:
            if total <= self._most_bytes:
                return
            os.unlink(path)
            total -= status.st_size


def decode_apart(data: bytes, width: int, height: int, graphics: Graphics | None = None) -> Decoded:
    """Decode and scale a picture to at most so many pixels, in a program that can be killed. Raises SourceError."""
    command = [sys.executable, "-P", picture_decoder.__file__, str(width), str(height)]  # -P: nothing of the cwd
    if graphics is not None:
        command += [str(value) for value in graphics]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_DECODE_SECONDS, start_new_session=True, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError("decoding it takes too long", temporary=False) from error
    except OSError as error:
        raise SourceError(f"it cannot be decoded: {error.strerror}") from error
    head, _, rest = done.stdout.partition(b"\n")
    words = head.decode("utf-8", "replace").split(" ", 1)
    if words[0] == "no":
        raise SourceError(words[1], temporary=False)
    if words[0] != "ok" or done.returncode:
        raise SourceError("decoding it failed", temporary=False)
    got_width, got_height = (int(number) for number in words[1].split())
    size = 3 * got_width * got_height
    if len(rest) < size:
        raise SourceError("decoding it failed", temporary=False)
    return Decoded(got_width, got_height, rest[:size], rest[size:])
