"""Where bytes come from: folders, files, archives, the web. What they mean is left to `formats/`.

`open_source` is fetched when it is first asked for: the list is on the screen before anything is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newstui.sources.base import Entry, FileHandle, KnownEntries, Listing, Source

if TYPE_CHECKING:
    from newstui.sources.opening import open_source

__all__ = ["Entry", "FileHandle", "KnownEntries", "Listing", "Source", "open_source"]


def __getattr__(name: str) -> Any:
    if name != "open_source":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from newstui.sources.opening import open_source

    return open_source
