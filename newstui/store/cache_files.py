"""Where caches lie: one for the subscriptions, and one for each set of locations that was named instead."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

FILE_NAME = "cache.db"
FOLDER = "from"
"""Caches of locations that are not subscribed."""
UNUSED_DAYS = 30
"""A cache of named locations is deleted when it was not used for so long."""


def cache_path(folder: Path, locations: Sequence[str]) -> Path:
    """Return the file for these locations; none means the subscriptions."""
    if not locations:
        return folder / FILE_NAME
    named = "\n".join(sorted(set(locations))).encode("utf-8", "surrogateescape")
    ending = f"-{os.getpid()}" if "-" in locations else ""
    return folder / FOLDER / f"{blake2b(named, digest_size=8).hexdigest()}{ending}.db"


def discard_unused(folder: Path, keep: Path) -> None:
    """Delete caches of named locations that were not used for a month, and note that `keep` is used now."""
    try:
        now = time.time()
        if keep.stat().st_mtime < now - 86_400:
            os.utime(keep)
        oldest = now - UNUSED_DAYS * 86_400
        for path in (folder / FOLDER).glob("*.db"):
            if path != keep and not path.name.endswith(".coverage.db") and path.stat().st_mtime < oldest:
                discard(path)
    except OSError:
        return


def discard(path: Path) -> None:
    """Delete a cache that is not open, with what lies beside it: its log and its index of coverage."""
    for beside in [*path.parent.glob(f"{path.stem}.coverage.db*"), *path.parent.glob(f"{path.name}*")]:
        beside.unlink(missing_ok=True)
