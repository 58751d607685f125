"""``view:NAME`` in a query, where a script says which list it wants."""

from __future__ import annotations

from collections.abc import Sequence

from newstui.config.settings import SavedView


def expand_views(query: str, views: Sequence[SavedView]) -> str:
    """Return the query with each ``view:NAME`` replaced by the query it stands for. Raises QueryError."""
    if "view:" not in query:
        return query
    from newstui.query.views import expand

    return expand(query, {view.name: view.query for view in views})
