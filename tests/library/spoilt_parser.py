"""The parsing worker with a parser that crashes, stalls, eats memory or has a fault, as the bytes ask for."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

from newstui.formats import feeds
from newstui.formats.opml import Subscriptions
from newstui.formats.parsed import Parsed
from newstui.library import parse_worker

honest = feeds.parse_feed
honest_outline = parse_worker.parse_opml


def spoilt(data: bytes, **given: Any) -> Parsed:
    """Parse a feed, and do what the bytes ask for."""
    obey(data)
    return honest(data, **given)


def spoilt_outline(data: bytes, path: str) -> Subscriptions:
    """Parse a list of subscriptions, and do what the bytes ask for."""
    obey(data)
    return honest_outline(data, path)


def obey(data: bytes) -> None:
    """Do what the bytes ask for."""
    if b"CRASH" in data:
        ctypes.string_at(0)
    if b"ABORT" in data:
        os.abort()
    if b"SLEEP" in data:
        time.sleep(3_600)
    while b"SPIN" in data:
        pass
    if b"MEMORY" in data:
        _ = [bytes(10_000_000) for _ in range(1_000)]
    if b"MISTAKE" in data:
        raise RuntimeError("x")


def main() -> None:
    """Be the worker."""
    feeds.parse_feed = spoilt
    parse_worker.parse_opml = spoilt_outline
    parse_worker.main()
