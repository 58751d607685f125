"""The program that parses bytes of strangers, so that bytes which kill or stall a parser cost one file and no reader.

Takes one order after the other on standard input and gives the answers, in order, on standard output: frames of
`marshal`, as `ingest_worker.py` has them. Limits its own memory and processor time, and ends with its parent.
Starting and replacing it is `parse_apart.py`.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from newstui import formats
from newstui.errors import FormatError
from newstui.formats import feeds
from newstui.formats.opml import parse_opml
from newstui.formats.parsed import Parsed
from newstui.formats.site import Site, parse_site
from newstui.library.ingest import Circumstances, ingest_bytes
from newstui.library.ingest_worker import flatten, read_frames, write_frame
from newstui.library.remote_events import place_of
from newstui.library.remote_rescue import rewrite
from newstui.model import Problem
from newstui.store.packing import pack

MOST_SECONDS = 5
"""Of processor time for one order; the worst good page of 10 MB takes 2."""
MOST_MEMORY = 1_000_000_000
"""Bytes of address space; a page of 10 MB needs 300 million."""
MEMORY_STATUS = 77
"""Exit status of a worker that wanted more than `MOST_MEMORY`."""
READY = b"ready"
"""The first frame: everything is imported."""
WHOLE = ""
"""Path of what has no files: all that is fetched of a remote collection."""


class Page(NamedTuple):
    """What a feed or page holds, in plain values."""

    kind: str
    """As `Parsed.kind`."""
    title: str
    """What it calls itself; empty when it does not say."""
    next_page: int | str | None
    """Where the list goes on: a page number or an address."""
    refusal: str
    """Why nothing was read; empty when something was, or when there was nothing to read."""
    articles: list[tuple[object, ...]]
    """`Packed`, with `WHOLE` as the path of their file."""
    problems: list[tuple[str, int | None, str, str, str]]
    """(file, line, field, severity, reason)."""
    places: list[int]
    """`place_of` each article."""


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever prints cannot disturb the answers
    frames = read_frames(0)
    work = _Work(pickle.loads(next(frames)))  # noqa: S301  # from our own parent
    gc.freeze()
    gc.set_threshold(100_000)  # what is made here has next to no cycles
    write_frame(answers, READY)
    for frame in frames:
        _limit_time()
        try:
            name, *given = marshal.loads(frame)  # noqa: S302
            answer: tuple[str, Any] = ("done", work.orders[name](*given))
        except MemoryError:
            os._exit(MEMORY_STATUS)
        except Exception as error:  # a mistake of ours costs what it was made with
            answer = ("mistake", type(error).__name__)
        write_frame(answers, marshal.dumps(answer))


class _Work:
    """What can be ordered. Arguments and answers are what `marshal` takes."""

    def __init__(self, circumstances: Circumstances | None) -> None:
        self._circumstances = circumstances
        self.orders: dict[str, Callable[..., object]] = {
            "feed": self.feed,
            "rescue": self.rescue,
            "page": self.page,
            "topics": self.topics,
            "file": self.file,
            "outline": self.outline,
        }

    def feed(self, data: bytes, path: str, address: str, charset: str, now: float, most: int) -> tuple[object, ...]:
        """Read a feed."""
        moment = datetime.fromtimestamp(now, UTC)
        return _plain(feeds.parse_feed(data, path=path, address=address, charset=charset, now=moment, most=most))

    def rescue(self, data: bytes, *given: Any) -> tuple[object, ...] | None:
        """Read what is no feed we know, by the parser that knows them all."""
        rewritten = rewrite(data)
        return self.feed(rewritten.encode("utf-8", "replace"), *given) if "<item>" in rewritten else None

    def page(self, data: bytes, path: str, address: str, base: str, now: float) -> tuple[object, ...]:
        """Read a page of an API, a list, or a record."""
        moment = datetime.fromtimestamp(now, UTC)
        return _plain(formats.parse(data, path=path, now=moment, site=Site(base=base), address=address))

    def topics(self, files: list[tuple[str, bytes]]) -> list[tuple[str, str]]:
        """Read the topic files of a site: (kind, address) of each service, in the order of the topics."""
        return [service for topic in parse_site(files).topics for service in topic.services]

    def outline(self, data: bytes, path: str) -> tuple[object, ...]:
        """Read an OPML file: why it is none and at which line, else its subscriptions and what was lost."""
        try:
            read = parse_opml(data, path)
        except FormatError as error:
            return error.reason, error.line, [], []
        found = [(one.name, one.location, one.every_seconds, one.group) for one in read.found]
        return "", None, found, [_plain_problem(one) for one in read.problems]

    def file(self, path: str, signature: int, data: bytes) -> tuple[object, ...]:
        """Read a file of a local collection."""
        assert self._circumstances is not None
        return flatten(ingest_bytes(path, signature, data, replace(self._circumstances, sheltered=False)))


def _plain_problem(one: Problem) -> tuple[str, int | None, str, str, str]:
    return one.file, one.line, one.field, one.severity, one.reason


def _plain(parsed: Parsed) -> tuple[object, ...]:
    refusal = parsed.refusal
    return tuple(
        Page(
            parsed.kind,
            parsed.title or "",
            parsed.next_page,
            "" if refusal is None else refusal.reason,
            [tuple(pack(article, WHOLE)) for article in parsed.articles],
            [_plain_problem(one) for one in parsed.problems],
            [place_of(article.key, article.path) for article in parsed.articles],
        )
    )


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the time limit of the parent remains
        return
    for name, limit in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        _set_limit(name, limit)


def _limit_time() -> None:
    """Let the system end this program when the next order takes too long, also when no parent is left to do it."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + MOST_SECONDS + 1)


def _set_limit(name: int, limit: int) -> None:
    import resource

    _, hard = resource.getrlimit(name)
    try:
        resource.setrlimit(name, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    except (OSError, ValueError):
        return  # macOS refuses some; the time limit of the parent remains
