"""Marks as lines of JSON: all of them leave with the reader, and come back. Both directions, tested together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from newstui.errors import FormatError
from newstui.formats import canonical_url
from newstui.identity import format_id, key_of, parse_id
from newstui.model import Mark
from newstui.text import clean_block, clean_line

MAX_LINE_CHARACTERS = 1_000_000


def write_mark(mark: Mark) -> str:
    """Return one mark as a line; keys in a fixed order, so that two exports can be compared."""
    return json.dumps(
        {
            "id": format_id(mark.key),
            "url": mark.url or None,
            "read": mark.read,
            "starred": mark.starred,
            "tags": list(mark.tags),
            "note": mark.note or None,
        },
        ensure_ascii=False,
    )


def read_mark(line: str) -> Mark:
    """Return the mark of one line. Raises FormatError."""
    if len(line) > MAX_LINE_CHARACTERS:
        raise FormatError("a line of more than a million characters")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FormatError("not a line of JSON") from error
    if not isinstance(told, dict):
        raise FormatError("not an object with id or url")
    url = clean_line(_text(told.get("url")))
    key = _key_of(_text(told.get("id")), url)
    tags = told.get("tags")
    return Mark(
        key,
        url,
        told.get("read") is True,
        told.get("starred") is True,
        tuple(dict.fromkeys(clean_line(_text(tag), 100) for tag in tags if _text(tag)))
        if isinstance(tags, list)
        else (),
        clean_block(_text(told.get("note"))).strip(),
    )


def read_marks(lines: Iterable[str]) -> Iterator[Mark]:
    """Yield the marks of lines; empty lines are passed over. Raises FormatError with the line."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield read_mark(line)
            except FormatError as error:
                error.line = number
                raise


def _key_of(id: str, url: str) -> int:
    span = parse_id(id) if len(id) == 13 else None
    if span is not None:
        number = span[0]
        return number - (1 << 64) if number >= 1 << 63 else number
    if not url:
        raise FormatError("neither id nor url")
    return key_of(canonical_url(url))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
