"""The parsing worker with a parser that crashes, stalls, eats memory or has a fault, as the bytes ask for."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

from newstui.formats import feeds
from newstui.formats.parsed import Parsed
from newstui.library import parse_worker

honest = feeds.parse_feed


def spoilt(data: bytes, **given: Any) -> Parsed:
    """Parse, and do what the bytes ask for."""
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
    return honest(data, **given)


def main() -> None:
    """Be the worker."""
    feeds.parse_feed = spoilt
    parse_worker.main()
