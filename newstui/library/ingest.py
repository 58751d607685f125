"""From the bytes of one file to what the cache stores of it. Runs in this process or in a worker.

Light to import: a worker process starts with this module and `formats` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from newstui.errors import SourceError
from newstui.formats import DEFAULT_LIMITS, NO_SITE, Limits, Parsed, Site, parse
from newstui.records import dataclass
from newstui.sources.base import FileHandle
from newstui.sources.file import LIST_ENDINGS, limit_for, read_file
from newstui.store.packing import Packed, pack
from newstui.text import clean_line

_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?(?:\n|$)|\xff\xfe-\x00-\x00-\x00|\xfe\xff\x00-\x00-\x00-")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_PROSE_ENDINGS = (".md", ".markdown", ".txt")
_LIST_ENDINGS = tuple(ending.decode() for ending in LIST_ENDINGS)
_COMPANIONS = re.compile(
    r"(?:readme|license|licence|copying|notice|authors|contributing|changelog|changes|code_of_conduct|security)"
    r"(?:[._-].*)?$",
    re.IGNORECASE,
)
"""Names of files that lie beside records and are none."""


class FileProblem(NamedTuple):
    """A `Problem` without the collection and the file."""

    line: int | None
    field: str
    severity: str
    reason: str


class FileResult(NamedTuple):
    """What one file gave. Plain values only, so that it travels between processes."""

    path: str
    signature: int
    """Of what was read; 0 when it may change unnoticed."""
    articles: list[Packed]
    problems: list[FileProblem]
    doubtful: bool = False
    """The file looks like a record by its ending only: a problem where records lie beside it, or where there are none
    at all; among other files of a big folder it is none of our business."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What reading a file depends on besides its bytes."""

    now: datetime
    site: Site = NO_SITE
    limits: Limits = DEFAULT_LIMITS
    everything: bool = False
    """The file was named by the reader: it is read whatever it looks like."""
    sheltered: bool = False
    """What needs a parser that could crash is not read here: NeedsShelterError says so."""


class NeedsShelterError(Exception):
    """The file is markup, whose parser is a big library in C: it is to be read by `parse_apart.py`."""

    def __init__(self, path: str, signature: int, data: bytes) -> None:
        super().__init__(path)
        self.order = ("file", path, signature, data)
        """As `parse_worker.py` takes it."""


def ingest_file(path: str, handle: FileHandle, circumstances: Circumstances) -> FileResult:
    """Read one file and return what it gives. Never raises for what is in it."""
    limits = circumstances.limits
    try:
        data, signature = read_file(handle, limit_for(handle.absolute, limits.record_bytes, limits.page_bytes))
    except SourceError as error:
        return refused_file(path, 0, error.reason)
    return ingest_bytes(path, signature, data, circumstances)


def ingest_entry(path: str, signature: int, read: Callable[[], bytes], circumstances: Circumstances) -> FileResult:
    """Read one entry of any source and return what it gives."""
    try:
        data = read()
    except SourceError as error:
        return refused_file(path, 0, error.reason)
    return ingest_bytes(path, signature, data, circumstances)


def ingest_bytes(path: str, signature: int, data: bytes, circumstances: Circumstances) -> FileResult:
    """Return what some bytes give; nothing at all when they are plainly no record.

    Raises NeedsShelterError where the circumstances say so.
    """
    begins_like_one = _FRONT_MATTER.match(data) is not None
    doubtful = False
    if not begins_like_one and not circumstances.everything:
        if path.endswith(_PROSE_ENDINGS):
            if _COMPANIONS.match(path.rpartition("/")[2]):
                return FileResult(path, signature, [], [])
            doubtful = True
        elif path.lower().endswith(".xml") and not _is_feed(data):
            doubtful = True
        elif not path.lower().endswith(_LIST_ENDINGS):
            return FileResult(path, signature, [], [])
    if circumstances.sheltered and not begins_like_one and _MARKUP.match(data):
        raise NeedsShelterError(path, signature, data)
    parsed = parse(data, path=path, now=circumstances.now, site=circumstances.site, limits=circumstances.limits)
    return packed_result(path, signature, parsed, doubtful=doubtful)


def packed_result(path: str, signature: int, parsed: Parsed, *, doubtful: bool = False) -> FileResult:
    """Return what was parsed in the form that is stored."""
    problems = [FileProblem(p.line, p.field, p.severity, p.reason) for p in parsed.problems]
    return FileResult(path, signature, [pack(article, path) for article in parsed.articles], problems, doubtful)


def refused_file(path: str, signature: int, reason: str) -> FileResult:
    """Return the result of a file that could not be read."""
    return FileResult(path, signature, [], [FileProblem(None, "", "refused", clean_line(reason))])


def _is_feed(data: bytes) -> bool:
    """Say whether XML is of articles; most XML that lies about is not (site maps, project files)."""
    return re.search(rb"<(?:rss|feed|rdf:RDF)[\s>]", data[:4096]) is not None
