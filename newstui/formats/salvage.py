"""Front matter that is not valid YAML: first mended where the mistake is a usual one, then read line by line.

Whatever comes out is flagged by the caller; nothing here raises.
"""

from __future__ import annotations

import re

from newstui.errors import FormatError
from newstui.formats.tree import NULLS, Tree
from newstui.formats.yaml_full import BRACKET_RUN, read_yaml

_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)|^={7}$", re.MULTILINE)
_TAB_INDENT = re.compile(r"^ *\t+[^\s#]", re.MULTILINE)
_LINE = re.compile(r"( *(?:- )*)([A-Za-z_][A-Za-z0-9_-]*)(\s*:\s+)(\S.*?)\s*")
_ITEM = re.compile(r"( *- )(\S.*?)\s*")
_TOP_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)\s*:(?:\s+(.*?))?\s*")
_PLAIN_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:][^\s]")


def why_beyond_repair(matter: str, first_line: int) -> FormatError | None:
    """Return why this is not worth reading in parts: a conflict, indentation nobody can tell, or a trap."""
    if BRACKET_RUN.search(matter):
        return FormatError("nested too deep")
    conflict = _CONFLICT.search(matter)
    if conflict is not None:
        line = first_line + matter.count("\n", 0, conflict.start())
        return FormatError(f"holds an unresolved merge conflict (line {line})", line=line)
    tab = _TAB_INDENT.search(matter)
    if tab is not None:
        line = first_line + matter.count("\n", 0, tab.start())
        return FormatError(f"line {line} is indented with a tab, which YAML does not allow", line=line)
    return None


def salvage(matter: str) -> dict[str, Tree]:
    """Return what can be kept of a front matter that is not valid YAML; empty when nothing can."""
    mended = "\n".join(map(_mend, matter.split("\n")))
    if mended != matter:
        try:
            tree, _ = read_yaml(mended)
        except FormatError:
            pass
        else:
            if isinstance(tree, dict):
                return tree
    return _read_lines(matter)


def _mend(line: str) -> str:
    """Quote a value that had to be quoted, escape quotes that had to be escaped."""
    match = _LINE.fullmatch(line)
    if match is not None:
        return match[1] + match[2] + ": " + _mend_value(match[4])
    match = _ITEM.fullmatch(line)
    if match is not None and not match[2].endswith(":"):
        return match[1] + _mend_value(match[2])
    return line


def _mend_value(value: str) -> str:
    first = value[0]
    if first == '"':
        inner = value[1:-1] if len(value) > 1 and value[-1] == '"' else value[1:]
        return _quoted(_without_escapes(inner))
    if first == "'":
        return value if value[-1] == "'" and len(value) > 1 else _quoted(value[1:])
    if first in "[{":
        return value if value[-1] in "]}" else _quoted(value)
    if first in "|>&*!#":
        return value
    if not _PLAIN_START.match(value) or ": " in value or value[-1] == ":":
        return _quoted(value)
    return value


def _without_escapes(inner: str) -> str:
    return re.sub(r'\\(["\\/])', r"\1", inner)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_lines(matter: str) -> dict[str, Tree]:
    """Read ``key: value`` lines of the top level, and lists of plain items below a key."""
    tree: dict[str, Tree] = {}
    items: list[Tree] | None = None
    for line in matter.split("\n"):
        match = _TOP_LINE.fullmatch(line)
        if match is not None:
            key, value = match[1], match[2] or ""
            items = None
            if not value:
                items = []
                tree.setdefault(key, items)
            elif value[0] not in "[{|>&*!":
                tree.setdefault(key, _value(value))
            continue
        item = _ITEM.fullmatch(line)
        if item is not None and items is not None and not _LINE.fullmatch(line):
            items.append(_value(item[2]))
    return {key: value for key, value in tree.items() if value != []}


def _value(written: str) -> str:
    if written[0] in "\"'":
        closed = len(written) > 1 and written[-1] == written[0]
        return _without_escapes(written[1:-1] if closed else written[1:])
    return NULLS.get(written, written)
