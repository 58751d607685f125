"""``view:NAME`` in a query, where a script says which list it wants."""

from __future__ import annotations

from collections.abc import Sequence

from newstui.config.settings import SavedView
from newstui.query import Query


def expand_views(query: str, views: Sequence[SavedView]) -> Query | str:
    """Return what a query means where ``view:NAME`` stands for a query that is kept. Raises QueryError."""
    if "view:" not in query:
        return query
    from newstui.query.views import expand

    return expand(query, {view.name: view.query for view in views})
