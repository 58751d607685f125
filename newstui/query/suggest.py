"""The nearest known value to one that nothing has: ``topic:Astronmy`` is no mistake, but hardly what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from newstui.query.fields import nearest
from newstui.query.match import fold_value, is_under
from newstui.query.nodes import And, Node, Not, OneOf, Or, Query, ValueField
from newstui.query.print import print_node

_LONGER = 3
"""Letters by which the value meant may be longer or shorter."""


def nearest_values(query: Query, known: Callable[[ValueField], Iterable[str]]) -> list[str]:
    """Return conditions such as ``topic:Astronomy`` to be tried instead of those with a value that nothing has.

    Args:
        known: field → all its values as written. Asked only for the fields that the query names.
    """
    found = []
    for node in _value_nodes(query.where):
        by_folded = {fold_value(node.field, name): name for name in known(node.field) if name}
        for value in node.values:
            wanted = fold_value(node.field, value)
            if wanted in by_folded or (node.field == "domain" and any(is_under(name, wanted) for name in by_folded)):
                continue
            like = [
                name
                for folded, name in by_folded.items()
                if abs(len(folded) - len(wanted)) <= _LONGER and set(folded[:2]) & set(wanted[:2])
            ]
            if near := nearest(value, like):
                found.append(print_node(OneOf(node.field, (near,))))
    return list(dict.fromkeys(found))


def _value_nodes(node: Node | None) -> Iterator[OneOf]:
    match node:
        case OneOf():
            yield node
        case Not(inner):
            yield from _value_nodes(inner)
        case And(nodes) | Or(nodes):
            for inner in nodes:
                yield from _value_nodes(inner)
