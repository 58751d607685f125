"""The views that are always there, as queries; saved ones come from the configuration in the same form."""

from __future__ import annotations

from collections.abc import Mapping

from newstui.query.nodes import Query

BUILT_IN: Mapping[str, str] = {
    "All": "",
    "Unread": "is:unread",
    "Starred": "is:starred",
    "Today": "on:today",
    "New": "is:new",
    "Top": "sort:top",
    "Single-source": "is:single-source",
}
"""Name → query, in the order the sidebar shows them."""


def known_views(saved: Mapping[str, str]) -> dict[str, str]:
    """Return all views by name; a saved one takes the place of a built-in one of the same name."""
    taken = {name.casefold() for name in saved}
    return {name: text for name, text in BUILT_IN.items() if name.casefold() not in taken} | dict(saved)


def expand(text: str, saved: Mapping[str, str]) -> Query:
    """Return what a query means where ``view:NAME`` may name a built-in or a saved view. Raises QueryError."""
    from newstui.query.parse import parse  # the first page is shown before anything is parsed

    return parse(text, known_views(saved))
