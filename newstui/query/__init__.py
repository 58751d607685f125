"""The query language: text → `Query` → does it match. Pure."""

from newstui.query.nodes import Query

__all__ = ["Query"]
