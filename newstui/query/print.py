"""`Query` → text that reads back as the same query."""

from __future__ import annotations

from newstui.query.dates import describe_when
from newstui.query.nodes import And, Between, Has, Is, Node, Not, OneOf, Or, Phrase, Query, Regex, Sort, When, Word


def print_query(query: Query) -> str:
    """Return the text of a query, without a bracket more than it needs."""
    parts = []
    if query.where is not None:
        parts.append(print_node(query.where))
    if query.sort is not None:
        parts.append(print_sort(query.sort))
    return " ".join(parts)


def print_sort(sort: Sort) -> str:
    """Return ``sort:date`` and the like."""
    return f"sort:{'-' if sort.reverse else ''}{sort.by}"


def print_node(node: Node) -> str:
    """Return the text of one node."""
    match node:
        case Word(text, field):
            if field == "any":
                return text
            return f"{field}:{quote(text) if field == 'url' else text}"
        case Phrase(text, field):
            return _quoted(text) if field == "any" else f"{field}:{_quoted(text)}"
        case Regex(pattern):
            return f"/{_escape_slashes(pattern)}/"
        case OneOf(field, values):
            return f"{field}:{','.join(map(quote, values))}"
        case Between(field, low, high):
            return f"{field}:{_range(low, high)}"
        case When():
            return f"{node.operator}:{describe_when(node)}"
        case Is(state):
            return f"is:{state}"
        case Has(thing):
            return f"has:{thing}"
        case Not(inner):
            return f"-{_bracketed(inner, (And, Or))}"
        case And(nodes):
            return " ".join(_bracketed(inner, (Or,)) for inner in nodes)
        case Or(nodes):
            return " OR ".join(print_node(inner) for inner in nodes)


def quote(value: str) -> str:
    """Return a value as it stands after a colon: in quotes when a blank, comma, bracket or quote asks for it."""
    if value and not any(letter.isspace() or letter in ',()"\\' for letter in value):
        return value
    return _quoted(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bracketed(node: Node, kinds: tuple[type, ...]) -> str:
    text = print_node(node)
    return f"({text})" if isinstance(node, kinds) else text


def _range(low: int | None, high: int | None) -> str:
    if high is None:
        return f">={low}"
    if low is None:
        return f"<={high}"
    return str(low) if low == high else f"{low}..{high}"


def _escape_slashes(pattern: str) -> str:
    """Escape the slashes of a pattern that are not escaped yet."""
    escaped, at = "", 0
    while at < len(pattern):
        step = 2 if pattern[at] == "\\" else 1
        escaped += "\\/" if pattern[at] == "/" else pattern[at : at + step]
        at += step
    return escaped
