"""Changing a query as picking in the sidebar does; printed into the query line, it stays the truth."""

from __future__ import annotations

from dataclasses import replace

from newstui.query.match import fold_value
from newstui.query.nodes import And, Node, OneOf, Query, Sort, SortName, ValueField


def has_value(query: Query, field: ValueField, value: str) -> bool:
    """Say whether a value is picked: a condition of the whole query, not of a part of it."""
    wanted = fold_value(field, value)
    return any(wanted in _folded(node) for node in _conditions(query) if _is_of(node, field))


def toggle(query: Query, field: ValueField, value: str) -> Query:
    """Pick a value, or take it back when it is picked. Several values of one field mean any of them."""
    wanted = fold_value(field, value)
    nodes = _conditions(query)
    for index, node in enumerate(nodes):
        if not (isinstance(node, OneOf) and node.field == field):
            continue
        if wanted in _folded(node):
            kept = tuple(each for each in node.values if fold_value(field, each) != wanted)
        else:
            kept = (*node.values, value)
        nodes[index : index + 1] = [OneOf(field, kept)] if kept else []
        return _with(query, nodes)
    return _with(query, [*nodes, OneOf(field, (value,))])


def picked_values(query: Query, field: ValueField) -> tuple[str, ...]:
    """Return the values of a field that are picked, as typed."""
    return tuple(
        value for node in _conditions(query) if isinstance(node, OneOf) and node.field == field for value in node.values
    )


def without_field(query: Query, field: ValueField) -> Query:
    """Return the query as it is without any value picked of a field: what facet counts of it are made over."""
    return _with(query, [node for node in _conditions(query) if not _is_of(node, field)])


def with_sort(query: Query, by: SortName, reverse: bool = False) -> Query:
    """Return the query in another order."""
    return replace(query, sort=Sort(by, reverse))


def both(first: Query, second: Query) -> Query:
    """Return what both queries match, in the order of the second, else of the first."""
    return _with(Query(None, second.sort or first.sort), [*_conditions(first), *_conditions(second)])


def _conditions(query: Query) -> list[Node]:
    """Return the parts that all have to hold."""
    if query.where is None:
        return []
    return list(query.where.nodes) if isinstance(query.where, And) else [query.where]


def _with(query: Query, nodes: list[Node]) -> Query:
    where = And(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else None
    return replace(query, where=where)


def _is_of(node: Node, field: ValueField) -> bool:
    return isinstance(node, OneOf) and node.field == field


def _folded(node: Node) -> set[str]:
    return {fold_value(node.field, value) for value in node.values} if isinstance(node, OneOf) else set()
