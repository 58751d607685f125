"""Where front matter ends and the body begins, by hand: ``---`` inside bodies and values is left alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from newstui.errors import FormatError


class Split(NamedTuple):
    """A record cut in two."""

    matter: str
    """The lines between the fences. The first of them is line 2 of the file."""
    body: str
    """Everything after the closing fence."""
    encoded: bytes = b""
    """`matter` in UTF-8; empty where it was not at hand."""


_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


def split_bytes(data: bytes) -> Split | None:
    """Cut a record in two before it is decoded: the quick way for plain UTF-8, else None.

    A closing line of dots is not looked for: the fast reader of YAML stumbles over it, and the careful way finds it.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
        if b"\r" in data:
            return None
    end = data.find(b"\n---\n", 3)
    if data[:4] != b"---\n" or end < 0:
        return None
    try:
        matter = data[4 : end + 1]
        return Split(matter.decode(), data[end + 5 :].decode(), matter)
    except UnicodeDecodeError:
        return None


def split_front_matter(text: str) -> Split:
    """Cut a record in two. Raises FormatError with the reason when it has no front matter."""
    start = _open(text)
    close = _CLOSE.search(text, start)
    if close is None:
        raise FormatError("the front matter has no end: a closing --- line is missing")
    return Split(text[start : close.start()], text[close.end() + 1 :])


def _open(text: str) -> int:
    """Return where the front matter starts, or raise with what was found instead."""
    first, newline, _ = text.partition("\n")
    if first.rstrip(" \t") == "---" and newline:
        return len(first) + 1
    if not text.strip():
        raise FormatError("empty")
    if first.strip() == "---":
        raise FormatError("the front matter has no end: the file stops after its first line")
    if first.rstrip() == "+++":
        raise FormatError("front matter in another format (TOML, between +++ lines); --- and YAML were expected")
    if first.lstrip().startswith("<"):
        raise FormatError("no front matter: this looks like HTML or XML")
    raise FormatError("no front matter: the first line is not ---")


def has_front_matter(text: str) -> bool:
    """Say whether the first line opens front matter."""
    return text.startswith("---") and text.partition("\n")[0].rstrip() == "---"
