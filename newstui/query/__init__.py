"""The query language: text → `Query` → does it match? Pure.

The names are fetched when they are first asked for: the first rows of a list are there before anything is asked.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newstui.query.match import Facts, Moment, matches
    from newstui.query.nodes import Query
    from newstui.query.print import print_query

__all__ = ["Facts", "Moment", "Query", "matches", "print_query"]

_HOMES = {
    "Facts": "match",
    "Moment": "match",
    "matches": "match",
    "Query": "nodes",
    "print_query": "print",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
