"""The query language: text → `Query` → does it match? Pure."""

from newstui.query.match import Facts, Moment, matches
from newstui.query.nodes import Query
from newstui.query.parse import parse
from newstui.query.print import print_query

__all__ = ["Facts", "Moment", "Query", "matches", "parse", "print_query"]
