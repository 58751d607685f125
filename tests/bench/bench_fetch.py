"""A thousand feeds from loopback: fetched, parsed and stored; and the same again with nothing changed.

The baseline is what cannot be avoided: a bare httpx loop over the same addresses with the same number of
connections, plus parsing the same bytes on one core.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from newstui.formats.feeds import parse_feed
from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.library.events import CollectionFailed, CollectionStored
from newstui.library.remote import RemoteSettings
from newstui.model import Subscription
from tests.bench.data import Bench
from tests.bench.report import Row

FEEDS = 1_000
ARTICLES = 25
CONNECTIONS = 16
ROUNDS = 3


def run(bench: Bench) -> list[Row]:
    """Time everything in turns, and report the medians."""
    folder = bench.feeds(ARTICLES, FEEDS)
    files = sorted(folder.iterdir())
    with served(folder) as address:
        addresses = [f"{address}/{file.name}" for file in files]
        bodies = [file.read_bytes() for file in files]
        rounds = [one_round(addresses, bodies, bench.scratch(f"fetch-{number}")) for number in range(ROUNDS)]
    bare, parsing, whole, bare_again, again = zip(*rounds, strict=True)
    middle = statistics.median
    return [
        Row(f"fetch, parse and store {len(files):,} feeds", "bare httpx loop + parsing", middle(bare) + middle(parsing),
            middle(whole), "s", "<= 1.3x", faster=False),
        Row(f"the same {len(files):,} unchanged (304)", "bare conditional httpx loop", middle(bare_again),
            middle(again), "s", "<= 1.2x", faster=False),
        Row(f"of that, parsing {len(files):,} feeds", "bare httpx loop", middle(bare), middle(parsing), "s", "",
            faster=False),
    ]  # fmt: skip


def one_round(addresses: Sequence[str], bodies: Sequence[bytes], folder: Path) -> tuple[float, ...]:
    """Return the seconds of each of the five jobs."""
    bare, tags = timed(lambda: asyncio.run(fetch_bare(addresses, {})))
    parsing, _ = timed(lambda: parse_all(bodies))
    library = an_empty_library(folder, addresses)
    whole, stored = timed(lambda: refresh(library))
    bare_again, _ = timed(lambda: asyncio.run(fetch_bare(addresses, tags)))
    again, stored_again = timed(lambda: refresh(library))
    library.close()
    assert stored == stored_again == (len(addresses), 0), (stored, stored_again)
    return bare, parsing, whole, bare_again, again


@contextmanager
def served(folder: Path) -> Any:
    """Serve a folder from another process; gives its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.feed_server", str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


async def fetch_bare(addresses: Sequence[str], tags: Mapping[str, str]) -> dict[str, str]:
    """Fetch everything with nothing around it; returns ETag by address."""
    found = dict(tags)
    turns = asyncio.Semaphore(CONNECTIONS)
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=CONNECTIONS)) as client:

        async def one(address: str) -> None:
            async with turns:
                headers = {"If-None-Match": tags[address]} if address in tags else {}
                answer = await client.get(address, headers=headers)
                found[address] = answer.headers["etag"]

        await asyncio.gather(*map(one, addresses))
    return found


def parse_all(bodies: Sequence[bytes]) -> None:
    """Parse everything on one core."""
    now = datetime.now(UTC)
    for body in bodies:
        parse_feed(body, address="http://127.0.0.1/", now=now)


def an_empty_library(folder: Path, addresses: Sequence[str]) -> Library:
    """Return a library that subscribes to all addresses and has seen none of them."""
    shutil.rmtree(folder)
    settings = LibrarySettings(
        subscriptions=tuple(Subscription(f"feed {number}", address) for number, address in enumerate(addresses)),
        remote=replace(RemoteSettings(), connections=CONNECTIONS, connections_per_host=CONNECTIONS),
    )
    return Library.open(LibraryPaths(folder / "data", folder / "cache"), settings)


def refresh(library: Library) -> tuple[int, int]:
    """Refresh everything; return how many collections were stored, and how many failed."""
    events = list(library.refresh(force=True))
    return sum(isinstance(e, CollectionStored) for e in events), sum(isinstance(e, CollectionFailed) for e in events)


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result
