"""The raw tree every reader of YAML builds: mappings, lists and text. Meaning comes later, from the schema."""

from __future__ import annotations

from typing import TypeAlias

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
"""What a document holds. Numbers, dates and truth values are text as written: a provider called 343 stays text."""


class Nothing(str):
    """An unquoted scalar that YAML reads as null, as written: ``null``, ``~``, or nothing at all.

    Equal to its text, so trees compare; told apart by its type from a quoted "null", which is a title like any other.
    """

    __slots__ = ()


NULLS = {written: Nothing(written) for written in ("", "~", "null", "Null", "NULL")}
"""Every way to write nothing (YAML 1.1, type null)."""
EMPTY = NULLS[""]
