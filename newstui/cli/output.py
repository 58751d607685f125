"""Results on standard output in the four formats; everything else on standard error."""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from newstui.text import cell_width, clean_line, truncate

Row = Mapping[str, Any]


def write_rows(
    format: str, rows: Iterable[Row], columns: Sequence[str], write_text: Callable[[Iterable[Row]], None]
) -> bool:
    """Write rows as they come and return whether there were any. `columns` are those of ``tsv``."""
    rows = iter(rows)
    first = next(rows, None)
    some = first is not None
    rows = itertools.chain([first], rows) if first is not None else iter(())
    if format == "json":
        _write_array(rows)
    elif format == "ndjson":
        for row in rows:
            write(_json(row))
    elif format == "tsv":
        write("\t".join(columns))
        for row in rows:
            write("\t".join(_cell(row, column) for column in columns))
    elif some:
        write_text(rows)
    return some


def write(line: str) -> None:
    """Write one line of a result."""
    sys.stdout.write(line + "\n")


def say(line: str) -> None:
    """Say one line that is not a result."""
    sys.stdout.flush()
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _write_array(rows: Iterable[Row]) -> None:
    sys.stdout.write("[")
    separator = "\n"
    for row in rows:
        sys.stdout.write(separator + _json(row))
        separator = ",\n"
    write("\n]" if separator != "\n" else "]")


def _json(row: Row) -> str:
    unicode_out = (sys.stdout.encoding or "ascii").lower().replace("-", "") == "utf8"
    return json.dumps(row, ensure_ascii=not unicode_out, separators=(",", ":"))


def _cell(row: Row, column: str) -> str:
    value = _look_up(row, column)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_named(item) for item in value)
    return clean_line(str(value))


def _look_up(value: Any, path: str) -> Any:
    """Return what a path such as ``provider.name`` leads to; in a list, what it leads to from each of its objects."""
    name, _, rest = path.partition(".")
    found = [_look_up(one, name) for one in value] if isinstance(value, list) else None
    if found is None:
        found = value.get(name) if isinstance(value, Mapping) else None
    return _look_up(found, rest) if rest else found


def _named(item: Any) -> str:
    """Return an object of a list by what it is known by, its id or address; anything else as it is."""
    if isinstance(item, Mapping):
        item = item.get("id") or item.get("url") or item.get("title")
    return "" if item is None else clean_line(str(item))


class Terminal:
    """What standard output can show."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.width_cells = _columns() if self.is_terminal else 0
        """0 when lines are not cut: a pipe or a file."""
        self.has_style = self.is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def style(self, text: str, code: str) -> str:
        """Return text in a style (SGR number), or as it is where styles are not wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.has_style and text else text


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        return 80


def table(rows: Sequence[Sequence[str]], terminal: Terminal, widest: Mapping[int, int] = {}) -> list[str]:
    """Return aligned lines; on a terminal columns in `widest` are cut to so many cells and lines fit the screen."""
    if not rows:
        return []
    cut = [
        [truncate(cell, widest[column]) if terminal.width_cells and column in widest else cell
         for column, cell in enumerate(row)]
        for row in rows
    ]  # fmt: skip
    widths = [max(cell_width(row[column]) for row in cut) for column in range(len(cut[0]))]
    lines = []
    for row in cut:
        cells = [cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        lines.append(truncate(line, terminal.width_cells) if terminal.width_cells else line)
    return lines
