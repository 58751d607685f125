"""The verbs of newstui; needs no screen.

The names are fetched when they are first asked for: a worker process that only reads files starts with a module of
this room and needs none of them (it starts in 0.1 s instead of 0.2 s).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newstui.library.library import Library
    from newstui.library.listing import Listing
    from newstui.library.settings import LibraryPaths, LibrarySettings, Limits

__all__ = ["Library", "LibraryPaths", "LibrarySettings", "Limits", "Listing"]

_HOMES = {
    "Library": "library",
    "Listing": "listing",
    "LibraryPaths": "settings",
    "LibrarySettings": "settings",
    "Limits": "settings",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
