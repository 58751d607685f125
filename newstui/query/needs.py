"""What a query has to know before it can be answered."""

from __future__ import annotations

from newstui.query.nodes import And, Between, Has, Is, Node, Not, Or, Query


def needs_coverage(query: Query) -> bool:
    """Say whether the answer depends on which articles tell of the same story."""
    by_coverage = query.sort is not None and query.sort.by == "coverage"
    return by_coverage or (query.where is not None and _names_coverage(query.where))


def _names_coverage(node: Node) -> bool:
    match node:
        case Between("coverage") | Is("single-source" | "followed") | Has("related"):
            return True
        case Not(inner):
            return _names_coverage(inner)
        case And(nodes) | Or(nodes):
            return any(map(_names_coverage, nodes))
        case _:
            return False
